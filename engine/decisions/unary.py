"""Cells of a table: unary tests of FEEL, each read into the set of values that it matches."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NoReturn

from engine.decisions.refusals import BadCell
from engine.decisions.spans import EVERYTHING, Span, Spans, complement, meet, point, union
from engine.spiff.reckoning import LARGEST

CHARACTERS = 2_000
ITEMS = 100
ONE_DAY = timedelta(days=1)
FIRST, LAST = date(1000, 1, 1), date(9000, 1, 1)

TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>date\s*\(\s*"(?P<day>[^"]*)"\s*\))
    | (?P<text>"[^"]*")
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_.]*[A-Za-z_]))
    | (?P<word>true|false|null|not)\b
    | (?P<sign>\.\.|<=|>=|!=|<|>|=|\[|\]|\(|\)|,|-)
    )""",
    re.VERBOSE | re.ASCII,
)
COMPARISONS = frozenset({"<", "<=", ">", ">=", "=", "!="})
OPENING: Mapping[str, bool] = MappingProxyType({"[": True, "(": False, "]": False})
CLOSING: Mapping[str, bool] = MappingProxyType({"]": True, ")": False, "[": False})
KINDS: Mapping[type, str] = MappingProxyType({bool: "boolean", Decimal: "number", str: "string", date: "date"})
BOOLEANS: Spans = (point(False), point(True))


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell matches: values in its spans, and perhaps nothing at all."""

    text: str
    spans: Spans
    nothing: bool = False
    kind: str = ""
    whole: bool = False

    def matches(self, value: Any) -> bool:
        """Whether a value, already of the input's type, passes."""
        return self.nothing if value is None else any(span.has(value) for span in self.spans)

    def overlaps(self, other: "Cell", domain: Spans) -> bool:
        """Whether some value of the domain passes both."""
        return (self.nothing and other.nothing) or bool(meet(meet(self.spans, other.spans), domain))


ANYTHING = Cell("-", EVERYTHING, nothing=True)


def cell(text: str, kind: str = "") -> Cell:
    """The test that this cell writes; `kind` is the input's type, if it has one."""
    bare = text.strip()
    if bare in {"", "-"}:
        return ANYTHING
    if len(bare) > CHARACTERS:
        raise BadCell(reason="too_long", most=CHARACTERS)
    return _Reader(bare, kind).read()


def narrowed(spans: Spans) -> Spans:
    """Between two whole numbers, or two days, there is nothing: (3..5) is [4..4], and (3..4) is empty."""
    return union(_narrow(span) for span in spans)


def _narrow(span: Span) -> Span:
    step: Any = ONE_DAY if isinstance(span.low or span.high, date) else 1
    low = span.low if span.low is None or span.low_in else span.low + step
    high = span.high if span.high is None or span.high_in else span.high - step
    return Span(low, low is not None, high, high is not None)


class _Reader:
    """One cell while it is read: its tokens, and the kind that its literals must share."""

    def __init__(self, text: str, kind: str) -> None:
        self.text = text
        self.whole = kind == "integer"
        self.kind = "number" if self.whole else kind
        self.tokens = list(_tokens(text))
        self.at = 0

    def read(self) -> Cell:
        """The whole cell; nothing may be left over."""
        turned = self._next("word", "not")
        if turned:
            self._want("(")
        spans, nothing = self._items()
        if turned:
            self._want(")")
        if self.at < len(self.tokens):
            self._refuse("not_understood")
        found = complement(union(spans)) if turned else union(spans)
        whole = self.whole or self.kind == "date"
        if whole:
            found = narrowed(found)
        # A value that is missing is no value that differs: not(…) does not match it.
        return Cell(self.text, found, nothing and not turned, self.kind, whole)

    def _items(self) -> tuple[list[Span], bool]:
        spans: list[Span] = []
        nothing = False
        for _ in range(ITEMS):
            if self._next("word", "null"):
                nothing = True
            else:
                spans += self._item()
            if not self._next("sign", ","):
                return spans, nothing
        raise BadCell(reason="too_many", most=ITEMS, cell=self.text[:200])

    def _item(self) -> list[Span]:
        sign = self._next("sign")
        if sign in COMPARISONS:
            return _compared(sign, self._literal())
        if sign in OPENING:
            return [self._range(OPENING[sign])]
        if sign:
            self._refuse("not_understood")
        return [point(self._literal())]

    def _range(self, low_in: bool) -> Span:  # noqa: FBT001  an end of a range belongs to it or not
        low = self._literal()
        self._want("..")
        high = self._literal()
        closing = self._next("sign")
        if closing not in CLOSING:
            self._refuse("range_unfinished")
        span = Span(low, low_in, high, CLOSING[closing])
        return span if low <= high else self._refuse("range_backwards")

    def _literal(self) -> Any:
        kind, value = self.tokens[self.at] if self.at < len(self.tokens) else ("", None)
        if kind != "value" or value is None:
            self._refuse("literal_wanted")
        self.at += 1
        found = KINDS[type(value)]
        if self.kind and found != self.kind:
            self._refuse("other_type", wanted=self.kind, found=found)
        if self.whole and value != value.to_integral_value():
            self._refuse("other_type", wanted="integer", found=found)
        self.kind = found
        return value

    def _next(self, kind: str, value: str = "") -> str:
        """The next token if it is of this kind (and this one), else nothing."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if token[0] != kind or (value and token[1] != value):
            return ""
        self.at += 1
        return str(token[1])

    def _want(self, sign: str) -> None:
        if not self._next("sign", sign):
            self._refuse("sign_wanted", wanted=sign)

    def _refuse(self, reason: str, **facts: Any) -> NoReturn:
        raise BadCell(reason=reason, cell=self.text, **facts)


def _tokens(text: str) -> Iterator[tuple[str, Any]]:
    at = 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if not found:
            raise BadCell(reason="not_understood", cell=text, at=at + 1)
        yield _token(found, text)
        at = found.end()


def _token(found: re.Match[str], text: str) -> tuple[str, Any]:
    if found["day"] is not None:
        try:
            day = date.fromisoformat(found["day"])
        except ValueError:
            raise BadCell(reason="no_such_day", cell=text) from None
        return ("value", day) if FIRST <= day <= LAST else _no_such_day(text)
    if found["number"]:
        number = Decimal(found["number"])
        if abs(number) > LARGEST:
            raise BadCell(reason="too_large", cell=text)
        return "value", number
    if found["text"]:
        return "value", found["text"][1:-1]
    if found["word"] in {"true", "false"}:
        return "value", found["word"] == "true"
    return ("word", found["word"]) if found["word"] else ("sign", found["sign"])


def _no_such_day(text: str) -> NoReturn:
    raise BadCell(reason="no_such_day", cell=text)


def _compared(sign: str, value: Any) -> list[Span]:
    if sign == "!=":
        return list(complement((point(value),)))
    if sign == "=":
        return [point(value)]
    inclusive = sign.endswith("=")
    return [Span(None, False, value, inclusive) if sign.startswith("<") else Span(value, inclusive, None, False)]
