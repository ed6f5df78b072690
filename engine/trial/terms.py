"""When something is due in a trial: by the parameters and the calendar that every house begins with."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from engine.spiff.elements import Element
from engine.spiff.instance import StuckAt
from ground import clock, deadlines, parameters, seed
from ground.calendar import Calendar
from ground.deadlines import Due
from ground.errors import Refused
from ground.parameters import Parameter


def keys() -> frozenset[str]:
    """The deadlines that a diagram may name."""
    return frozenset(key.removeprefix(parameters.DEADLINE) for key in _terms() if key.startswith(parameters.DEADLINE))


def due_of(element: Element, names: Mapping[str, Any], now: datetime, own: Mapping[str, Any]) -> datetime:
    """The moment of a timer event that begins to wait now; `own` are the terms that the folder brings itself."""
    if element.timer is None:
        raise StuckAt(element.id, "timer.not_a_date")
    functions: Mapping[str, Callable[..., Any]] = {
        "deadline": partial(_deadline, own, clock.local_day(now)),
        "end_of": _day,
        "in_text": _day,
        "in_notice": _day,
        "notice_or_default": lambda day, _fixed: _day(day),
    }
    try:
        due = deadlines.of(value := element.timer.evaluate(names, functions, now))
    except Refused as no:
        raise StuckAt(element.id, no.code, no.detail) from no
    if due is None:
        raise StuckAt(element.id, "timer.not_a_date", {"value": repr(value)})
    return due.at


def _deadline(own: Mapping[str, Any], start: date, key: str) -> Due:
    term, count_start = _terms().get(parameters.DEADLINE + key), _terms()[deadlines.COUNT_START].value is True
    if term is None:
        raise parameters.Unknown(key=key, on=start)
    if term.key in own:
        term = replace(term, value=own[term.key])
    return deadlines.reckon(_calendar(), term, key, start, count_start=count_start)


def _day(day: Any) -> Any:
    return date.fromisoformat(day) if isinstance(day, str) else day


@cache
def _terms() -> dict[str, Parameter]:
    return {one.key: one for one in seed.terms()}


@cache
def _calendar() -> Calendar:
    return Calendar(seed.days())
