"""Answers as they are read: 1,234.5 · 是 · 成都市 · 不适用; and what a page may work out while somebody types."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.forms import Field
from web.door.language import _
from web.words import dates

NUMBERS = frozenset({"integer", "decimal", "half", "computed"})
PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,8})?", re.ASCII)
SUM = re.compile(r"\s*(?:number\()?([a-z_][a-z0-9_]*)\)?\s*", re.IGNORECASE)


def words(value: Any, known: Field, label_of: Callable[[Field, str], str]) -> str:
    """One answer as text; `label_of` names what was chosen."""
    if value in {None, "", "n/a"} if not isinstance(value, list | dict) else not value:
        return _("不适用") if value == "n/a" else ""
    if isinstance(value, bool) or known.type == "flag":
        return _yes_no(value)
    if known.type in NUMBERS:
        return number(value)
    if known.type in {"choice", "choices", "region"}:
        return _("、").join(label_of(known, code) for code in (value if isinstance(value, list) else [value]))
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


def total(values: Iterable[Any]) -> str:
    """The exact sum of what are plain numbers; nothing without any."""
    exact = [Decimal(text) for value in values if PLAIN.fullmatch(text := str(value).strip())]
    return f"{sum(exact).normalize():f}" if exact else ""


def plain_sum(known: Field) -> str:
    """The names in a formula that only adds: `a + b + c` as "a b c"; of any other formula nothing."""
    parts = [SUM.fullmatch(part) for part in _source(known.formula).split("+")]
    return " ".join(one[1] for one in parts if one) if all(parts) else ""


def _source(expression: Any) -> str:
    return str(getattr(expression, "source", expression) or "")


def _yes_no(value: Any) -> str:
    return _("是") if value in {True, "true"} else _("否")


def _day(value: Any) -> str:
    try:
        return dates.day(date.fromisoformat(str(value)), weekday=False)
    except ValueError:
        return str(value)
