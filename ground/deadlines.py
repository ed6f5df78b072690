"""Due dates: from a parameter `deadline.<key>` and the calendar to a day, with its kind and its clause.

The start day is not counted unless the parameter says so; months end at most on the month's last day; a due day
is over when the next one begins in Shanghai. A day of the year (2月15日前) does not roll onto a working day; what
begins after it has passed gets the term that its parameter names for that, as a default of ours.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from ground import almanac, calendar, clock, parameters
from ground.calendar import Calendar
from ground.database import Session
from ground.errors import Refused
from ground.parameters import ON_DAY, Parameter

COUNT_START = "wd.count_start_day"
DAY_OF_YEAR = "day_of_year"


class UnitUnknown(Refused):
    """A deadline counts working_days, days or months, or is a day of the year."""

    code = "deadline.unit_unknown"
    status = 422


@dataclass(frozen=True, slots=True)
class Due:
    """A due day and the instant it is over; kind is `text`, `notice` or `default`."""

    key: str
    on: date
    at: datetime
    kind: str
    clause: str | None
    provisional: bool


def due(session: Session, key: str, start: datetime, year: int | None = None) -> Due:
    """When what begins at `start` is due under `deadline.<key>`; one statement while the calendar stands.

    `year` is the one whose day is meant where the deadline is a day of the year; without it that of the start.
    """
    day = clock.local_day(start)
    name = parameters.DEADLINE + key
    rows = session.peek(_TERMS, {"keys": [name, COUNT_START], "on": day}).all()
    terms = {row.key: Parameter(*tuple(row)[:-1]) for row in rows}
    if name not in terms:
        raise parameters.Unknown(key=name, on=day)
    known = calendar.read(session, rows[0].digest)
    count_start = COUNT_START in terms and terms[COUNT_START].value is True
    return reckon(known, terms[name], key, day, count_start=count_start, year=year)


def reckon(
    known: Calendar, term: Parameter, key: str, start: date, *, count_start: bool, year: int | None = None
) -> Due:
    """The same without a database: the due day of one term."""
    if term.value["unit"] == DAY_OF_YEAR:
        return _of_the_year(known, term, key, start, year or start.year)
    number, unit = term.value["n"], term.value["unit"]
    provisional = False
    if unit == "working_days":
        on = known.add_working_days(start, number, count_start=count_start)
        provisional = known.touches_provisional(start, on)
    elif unit == "months":
        on = known.add_months(start, number)
    elif unit == "days":
        on = start + timedelta(days=number)
    else:
        raise UnitUnknown(key=key, unit=unit)
    return Due(key, on, clock.end_of(on), term.kind, term.clause, provisional)


def named(day: date, kind: str) -> Due:
    """A day that the text fixes, that a served notice names, or that is a default of ours: nothing is reckoned."""
    return Due(kind, day, clock.end_of(day), kind, None, provisional=False)


def fixed_by_the_text(session: Session, on: date) -> frozenset[str]:
    """The deadlines that the text fixes as days of the year: 2月15日前, 3月1日前 (Article 8)."""
    return frozenset(
        one.key.removeprefix(parameters.DEADLINE)
        for one in parameters.terms(session, "text", on)
        if one.value["unit"] == DAY_OF_YEAR
    )


def of(value: Any) -> Due | None:
    """What a timer's expression may give: a deadline, a day (until its end), or a moment; None for anything else."""
    if isinstance(value, Due):
        return value
    if isinstance(value, datetime):
        return Due("", clock.local_day(value), value, "notice", None, provisional=False)
    if isinstance(value, date):
        return Due("", value, clock.end_of(value), "notice", None, provisional=False)
    return None


def _of_the_year(known: Calendar, term: Parameter, key: str, start: date, year: int) -> Due:
    on = almanac.day_of(term.value["on"], year)
    if start <= on:
        return Due(key, on, clock.end_of(on), term.kind, term.clause, provisional=False)
    after = replace(term, value=term.value["after"], kind="default", clause=None)
    return reckon(known, after, key, start, count_start=False)


_TERMS = ON_DAY.add_columns(calendar.DIGEST.scalar_subquery().label("digest"))
