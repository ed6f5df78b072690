"""Due dates: from a parameter `deadline.<key>` and the calendar to a day, with its kind and its clause.

The start day is not counted unless the parameter says so; months end at most on the month's last day; a due day
is over when the next one begins in Shanghai.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ground import calendar, clock, parameters
from ground.calendar import Calendar
from ground.database import Session
from ground.errors import Refused
from ground.parameters import ON_DAY, Parameter

COUNT_START = "wd.count_start_day"


class UnitUnknown(Refused):
    """A deadline counts working_days, days or months."""

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


def due(session: Session, key: str, start: datetime) -> Due:
    """When what begins at `start` is due under `deadline.<key>`; one statement while the calendar stands."""
    day = clock.local_day(start)
    name = parameters.DEADLINE + key
    rows = session.peek(_TERMS, {"keys": [name, COUNT_START], "on": day}).all()
    terms = {row.key: Parameter(*tuple(row)[:-1]) for row in rows}
    if name not in terms:
        raise parameters.Unknown(key=name, on=day)
    known = calendar.read(session, rows[0].digest)
    count_start = COUNT_START in terms and terms[COUNT_START].value is True
    return reckon(known, terms[name], key, day, count_start=count_start)


def reckon(known: Calendar, term: Parameter, key: str, start: date, *, count_start: bool) -> Due:
    """The same without a database: the due day of one term."""
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


def of(value: Any) -> Due | None:
    """What a timer's expression may give: a deadline, a day (until its end), or a moment; None for anything else."""
    if isinstance(value, Due):
        return value
    if isinstance(value, datetime):
        return Due("", clock.local_day(value), value, "notice", None, provisional=False)
    if isinstance(value, date):
        return Due("", value, clock.end_of(value), "notice", None, provisional=False)
    return None


_TERMS = ON_DAY.add_columns(calendar.DIGEST.scalar_subquery().label("digest"))
