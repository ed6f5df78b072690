"""Which keys the file of a form may have, and what may stand under each; everything else is refused with its path."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import re2

from engine.spiff.expressions import Expression, ExpressionRefused, compile_expression, unwrap
from ground.errors import Refused

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
NUMERAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,12})?", re.ASCII)
RESERVED = frozenset({"explanations", "year", "before", "case", "true", "false", "null", "na"})
LARGEST = 999_999_999_999
LARGEST_DECIMAL = Decimal(99_999_999_999_999)
PLACES = 12
ROWS = 1_000

_re2: Any = re2  # it carries no types
NEEDED = object()
Read = Callable[[Any, str], Any]


class BadForm(Refused):
    """This file describes no form; `path` says where, `reason` why."""

    code = "form.definition"
    status = 422


@dataclass(frozen=True, slots=True)
class Key:
    """How one key is read, what it is without being given, and under which name it is kept."""

    read: Read
    default: Any = NEEDED
    kept_as: str = ""


Keys = Mapping[str, Key]


def take(given: Any, keys: Keys, path: str) -> dict[str, Any]:
    """Every key of a record read, and the defaults of those not given."""
    if not isinstance(given, dict):
        raise BadForm(path=path, reason="record_wanted")
    unknown = sorted(set(given) - set(keys))
    if unknown:
        raise BadForm(path=path, reason="unknown_key", value=unknown)
    facts = {}
    for name, key in keys.items():
        if name not in given and key.default is NEEDED:
            raise BadForm(path=path, reason="missing_key", value=name)
        facts[key.kept_as or name] = key.read(given[name], f"{path}.{name}") if name in given else key.default
    for least, most in (("min", "max"), ("min_rows", "max_rows")):
        low, high = facts.get(least), facts.get(most)
        if type(low) is type(high) and low is not None and "today" not in {low, high} and low > high:
            raise BadForm(path=path, reason="min_above_max")
    return facts


def field_keys(given: Any, path: str, inside: str) -> Keys:
    """The keys of a field of this type; inside rows or years some make no sense."""
    kind = given.get("type") if isinstance(given, dict) else None
    if not isinstance(kind, str) or kind not in TYPES:
        raise BadForm(path=path, reason="unknown_type", value=kind)
    if inside == "years":
        common = INSIDE_YEARS
    elif kind == "note":
        common = NOTE
    else:
        common = COMMON
    return {**common, **{name: key for name, key in TYPES[kind].items() if not (inside and name == "count_of")}}


def text(most: int) -> Read:
    """Text without control characters, in NFC."""

    def read(value: Any, path: str) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise BadForm(path=path, reason="text_wanted", most=most)
        if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in "\n\t" for each in value):
            raise BadForm(path=path, reason="control_characters")
        return unicodedata.normalize("NFC", value).strip()

    return read


def one_of(*words: str) -> Read:
    """One of a few words."""

    def read(value: Any, path: str) -> str:
        if value not in words:
            raise BadForm(path=path, reason="word_wanted", value=list(words))
        return str(value)

    return read


def several(least: int, most: int) -> Read:
    """A list of so many things, which others read."""

    def read(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise BadForm(path=path, reason="list_wanted", least=least, most=most)
        return value

    return read


def whole(least: int, most: int) -> Read:
    """A whole number between two others."""

    def read(value: Any, path: str) -> int:
        if type(value) is not int or not least <= value <= most:
            raise BadForm(path=path, reason="whole_number_wanted", least=least, most=most)
        return value

    return read


def names(value: Any, path: str) -> tuple[str, ...]:
    """A list of names."""
    return tuple(_name_in(each, path) for each in several(0, 50)(value, path))


def _name_in(value: Any, path: str) -> str:
    return str(text(60)(value, path)) or _refuse(path, "text_wanted")


def _refuse(path: str, reason: str) -> Any:
    raise BadForm(path=path, reason=reason)


def name(value: Any, path: str) -> str:
    """A field's name."""
    if not isinstance(value, str) or not NAME.fullmatch(value) or value in RESERVED:
        raise BadForm(path=path, reason="name_wanted", value=value)
    return value


def flag(value: Any, path: str) -> bool:
    """True or false."""
    return value if isinstance(value, bool) else bool(_refuse(path, "flag_wanted"))


def number(value: Any, path: str) -> Decimal:
    """An exact number, as a number or as text."""
    exact = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not exact and not (isinstance(value, str) and NUMERAL.fullmatch(value)):
        raise BadForm(path=path, reason="number_wanted")
    found = Decimal(value)
    if not -LARGEST_DECIMAL <= found <= LARGEST_DECIMAL:
        raise BadForm(path=path, reason="too_large", most=str(LARGEST_DECIMAL))
    return found


def day(value: Any, path: str) -> str:
    """A date as text, or the word today."""
    try:
        return "today" if value == "today" else date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise BadForm(path=path, reason="date_wanted") from None


def expression(value: Any, path: str) -> Expression:
    """An expression, refused here and not when somebody has typed for an hour."""
    try:
        return compile_expression(unwrap(value) if isinstance(value, str) else value)
    except ExpressionRefused as refused:
        raise BadForm(**{**refused.detail, "path": path, "reason": refused.code}) from None


def pattern(value: Any, path: str) -> Any:
    """A pattern that RE2 can run: in linear time, whatever it is and whatever it meets."""
    options = _re2.Options()
    options.log_errors = False
    try:
        return _re2.compile(text(500)(value, path), options)
    except re2.error:
        raise BadForm(path=path, reason="pattern", value=value) from None


def comment_at(value: Any, path: str) -> dict[str, Decimal]:
    """From which and below which part of the full mark a comment is wanted."""
    return take(value, {"high": Key(number, Decimal("0.9")), "low": Key(number, Decimal("0.6"))}, path)


def admits(value: Any, path: str) -> Mapping[str, str]:
    """By role: the outcome with which this form lets its author read the papers of the case."""
    if not isinstance(value, dict) or not value or not all(isinstance(each, str) for each in value.values()):
        return dict(_refuse(path, "record_wanted"))
    return MappingProxyType(dict(value))


def _record(value: Any, path: str) -> dict[str, Any]:
    return value if isinstance(value, dict) else dict(_refuse(path, "record_wanted"))


def _keys(**keys: Key) -> Keys:
    return MappingProxyType(keys)


HEADING = _keys(title=Key(text(200)), help=Key(text(5000), ""), clause=Key(text(60), ""))
OPTION = _keys(code=Key(_name_in), label=Key(text(200)), help=Key(text(1000), ""))
SECTION = _keys(
    **{**HEADING, "title": Key(text(200), "")}, show_when=Key(expression, None), fields=Key(several(1, 200))
)
FORM = _keys(
    **HEADING,
    readers=Key(names, ()),
    sealed=Key(flag, False),
    admits=Key(admits, MappingProxyType({})),
    checks=Key(names, ()),
    prefill=Key(_name_in, None),
    remarks=Key(_name_in, None),
    locks=Key(flag, False),
    bulk=Key(names, ()),
    scalars=Key(names, ()),
    sections=Key(several(1, 40)),
)

INSIDE_YEARS = _keys(name=Key(name), type=Key(text(20)), help=Key(text(1000), ""), unit=Key(text(60), ""))
COMMON = _keys(
    **{**INSIDE_YEARS, "help": Key(text(5000), "")},
    label=Key(text(500)),
    clause=Key(text(60), ""),
    indicator=Key(text(20), ""),
    required=Key(flag, False),
    fixed=Key(flag, False),
    show_when=Key(expression, None),
    not_applicable=Key(flag, False),
)
NOTE = _keys(
    name=Key(name, ""),
    type=Key(text(20)),
    label=Key(text(5000), ""),
    help=Key(text(5000), ""),
    clause=Key(text(60), ""),
    show_when=Key(expression, None),
)

COUNT_OF = Key(name, "")
OPTIONS = Key(several(1, 500))
COLUMNS = _keys(columns=Key(several(1, 50)), min_rows=Key(whole(0, ROWS), 0), max_rows=Key(whole(1, ROWS), 200))
TYPES: Mapping[str, Keys] = MappingProxyType(
    {
        "text": _keys(min=Key(whole(0, 5000), 0), max=Key(whole(1, 5000), 200), pattern=Key(pattern, None)),
        "prose": _keys(min=Key(whole(0, 20000), 0), max=Key(whole(1, 20000), 5000)),
        "integer": _keys(
            min=Key(whole(-LARGEST, LARGEST), 0), max=Key(whole(-LARGEST, LARGEST), LARGEST), count_of=COUNT_OF
        ),
        "decimal": _keys(
            min=Key(number, Decimal(0)), max=Key(number, LARGEST_DECIMAL), places=Key(whole(0, PLACES), 2)
        ),
        "half": _keys(
            min=Key(number, Decimal(0)), max=Key(number), comment_field=Key(name, ""), comment_at=Key(comment_at, None)
        ),
        "date": _keys(min=Key(day, None), max=Key(day, None)),
        "flag": _keys(),
        "choice": _keys(
            options=Key(several(1, 500), ()),
            choices_from=Key(_name_in, ""),
            **{"as": Key(one_of("decision", "radio", "select"), "", "display")},
        ),
        "choices": _keys(options=OPTIONS, min=Key(whole(0, 500), 0), max=Key(whole(1, 500), 500)),
        "region": _keys(level=Key(one_of("county", "city"), "county")),
        "hs_codes": _keys(max=Key(whole(1, 500), 50)),
        "phone": _keys(),
        "email": _keys(),
        "file": _keys(),
        "files": _keys(max_files=Key(whole(1, 50), 10), **{"as": Key(one_of("files", "camera"), "", "display")}),
        "rows": COLUMNS,
        "list": COLUMNS,
        "years": _keys(of=Key(_record), first_optional=Key(flag, False), count_of=COUNT_OF),
        "computed": _keys(formula=Key(expression), places=Key(whole(0, PLACES), 2)),
        "note": _keys(),
    }
)
