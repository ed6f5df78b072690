"""Answers as they are read: 1,234.5 · 是 · 成都市 · 不适用; and what a page may work out while somebody types."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import orjson

from web.door.language import _
from web.words import dates

if TYPE_CHECKING:
    from engine.forms import Field, Section
    from web.fields.sheet import Sheet

NUMBERS = frozenset({"integer", "decimal", "half", "computed"})
COMPARISON = re.compile(r"""\s*([a-z_][a-z0-9_]*)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|(true|false))\s*""", re.IGNORECASE)
SUM = re.compile(r"\s*(?:number\()?([a-z_][a-z0-9_]*)\)?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Condition:
    """When a field is answered: as a page reads it, and in words for whoever has no JavaScript."""

    compact: str
    words: str


def words(value: Any, known: "Field", sheet: "Sheet") -> str:
    """One answer as text."""
    if value in {None, "", "n/a"} if not isinstance(value, list | dict) else not value:
        return _("不适用") if value == "n/a" else ""
    if isinstance(value, bool) or known.type == "flag":
        return _yes_no(value)
    if known.type in NUMBERS:
        return number(value)
    if known.type in {"choice", "choices", "region"}:
        return _("、").join(_label(code, known, sheet) for code in (value if isinstance(value, list) else [value]))
    if known.type == "date":
        return _day(value)
    return _("、").join(map(str, value)) if isinstance(value, list) else str(value)


def number(value: Any) -> str:
    """1,234.5: grouped, without noughts that say nothing; whatever is no number stays as it is."""
    if value is None:
        return ""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return str(value)
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def condition(known: "Field | Section", sheet: "Sheet") -> Condition | None:
    """`outcome == "return" and agreed == true` and the like; any other condition is left to the server alone."""
    source = _source(known.show_when)
    if not source:
        return None
    found = [COMPARISON.fullmatch(part) for part in re.split(r"\s+and\s+", source)]
    tests = [(one[1], one[2], one[3] or one[4] or one[5].lower()) for one in found if one]
    if len(tests) != len(found):
        return None
    return Condition(orjson.dumps(tests).decode(), _("；").join(_in_words(*test, sheet) for test in tests))


def plain_sum(known: "Field") -> str:
    """The names in a formula that only adds: `a + b + c` as "a b c"; of any other formula nothing."""
    parts = [SUM.fullmatch(part) for part in _source(known.formula).split("+")]
    return " ".join(one[1] for one in parts if one) if all(parts) else ""


def _source(expression: Any) -> str:
    return str(getattr(expression, "source", expression) or "")


def _in_words(name: str, sign: str, wanted: str, sheet: "Sheet") -> str:
    known = sheet.form.fields.get(name)
    label = sheet.say(known.label) if known else name
    value = words({"true": True, "false": False}.get(wanted, wanted), known, sheet) if known else wanted
    if sign == "==":
        return _("“%(label)s”为“%(value)s”时填写", label=label, value=value)
    return _("“%(label)s”不为“%(value)s”时填写", label=label, value=value)


def _yes_no(value: Any) -> str:
    return _("是") if value in {True, "true"} else _("否")


def _label(code: Any, known: "Field", sheet: "Sheet") -> str:
    if known.type == "region":
        places = (one for group in sheet.regions(known.level or "city") for one in group.options)
        return next((one.label for one in places if one.code == code), str(code))
    return next((one.label for one in sheet.options(known) if one.code == code), str(code))


def _day(value: Any) -> str:
    try:
        return dates.day(date.fromisoformat(str(value)), weekday=False)
    except ValueError:
        return str(value)
