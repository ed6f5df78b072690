"""Parameters changed by people: another value from a day to come on, with its ground, seen before it is saved.

A deadline is worked out when its task or timer opens, with the value that holds on that day, whatever release the
case is pinned to. So a change moves nothing that is open; it holds for all that opens from its day on, also in cases
that run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, func, insert, literal, select, union_all
from sqlalchemy.orm import Mapped, mapped_column

from bases.measures import rulers, tables
from engine import definitions
from engine.cases import Case
from engine.spiff.diagrams import Element
from engine.waits import Timer, Wait
from ground import calendar, clock, deadlines, parameters
from ground.calendar import Calendar
from ground.database import Row, Session
from ground.deadlines import Due
from ground.errors import Refused
from ground.parameters import DEADLINE, Parameter
from ground.people import Actor
from ground.types import Code, Day, Id, Instant, Text


class ParameterChange(Row):
    """Why a value begins on its day, and who entered it; the values that a house begins with have none."""

    __tablename__ = "parameter_change"

    key: Mapped[str] = mapped_column(Code(60), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    note: Mapped[str] = mapped_column(Text(500))
    by_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Past(Refused):
    """A value begins tomorrow at the earliest: today's and earlier dates were worked out with the one that held."""

    code = "parameter.past"
    status = 422


class Same(Refused):
    """This is the value that holds already."""

    code = "parameter.same"
    status = 422


@dataclass(frozen=True)
class Name:
    """What a parameter is called."""

    zh: str
    en: str


@dataclass(frozen=True)
class Preview:
    """What a change would do: the values, what begins on its day before and after, what is open, which steps ask."""

    present: Parameter
    new: Any
    on: date
    before: Due | None
    after: Due | None
    standing: Sequence[Record[Any]]
    steps: Sequence[tuple[str, Element]]


def name(key: str) -> Name:
    """Its name; one that nobody has named is called by its key."""
    return _names().get(key) or Name(key, key)


def latest(session: Session, key: str) -> Parameter:
    """The value that a change would follow: the last one, which may begin only in time to come."""
    known = parameters.history(session, key)
    if not known:
        raise parameters.Unknown(key=key)
    return known[-1]


def grounds(session: Session, key: str) -> Mapping[date, Record[Any]]:
    """Who entered each value of this parameter and why, by its first day."""
    rows = session.execute(select(ParameterChange).where(ParameterChange.key == key))
    return {row.valid_from: row for row in rows}


def preview(session: Session, key: str, new: Any, on: date, today: date) -> Preview:
    """What this change would do, or why it is refused; nothing is written."""
    present = latest(session, key)
    _check(present, new, on, today)
    before = after = None
    if key.startswith(DEADLINE):
        known, count_start = calendar.load(session), parameters.value(session, deadlines.COUNT_START, on).value is True
        before = _due(known, present, present.value, on, count_start=count_start)
        after = _due(known, present, new, on, count_start=count_start)
    short = key.removeprefix(DEADLINE)
    asked = key.startswith(DEADLINE)
    return Preview(
        present,
        new,
        on,
        before,
        after,
        _standing(session, short) if asked else (),
        _steps(session, short) if asked else (),
    )


def change(session: Session, key: str, new: Any, on: date, *, by: Actor, note: str, now: datetime) -> None:
    """From this day on the parameter has this value; what held before keeps its days."""
    ground = rulers.check(by, note)
    _check(latest(session, key), new, on, clock.local_day(now))
    parameters.change(session, key, new, on)
    session.execute(insert(ParameterChange).values(key=key, valid_from=on, note=ground, by_person=by.person, at=now))


def _check(present: Parameter, new: Any, on: date, today: date) -> None:
    if on <= today:
        raise Past(key=present.key, on=on)
    if on <= present.valid_from:
        raise parameters.TooEarly(key=present.key, on=on, after=present.valid_from)
    if new == present.value:
        raise Same(key=present.key)


def _due(known: Calendar, term: Parameter, value: Any, start: date, *, count_start: bool) -> Due:
    as_typed = Parameter(term.key, value, term.unit, term.clause, term.kind, term.valid_from, None)
    return deadlines.reckon(known, as_typed, term.key.removeprefix(DEADLINE), start, count_start=count_start)


def _standing(session: Session, short: str) -> Sequence[Record[Any]]:
    """What is open under this deadline, by process and step: kind, how many, and between which days they are due."""
    rows = [
        select(
            literal(kind).label("kind"),
            Case.version_id,
            row.element,
            func.count().label("number"),
            func.min(row.due_on).label("first_on"),
            func.max(row.due_on).label("last_on"),
        )
        .join(Case, Case.id == row.case_id)
        .where(row.deadline == short)
        .group_by(Case.version_id, row.element)
        for kind, row in (("wait", Wait), ("timer", Timer))
    ]
    return session.execute(union_all(*rows)).all()


def _steps(session: Session, short: str) -> list[tuple[str, Element]]:
    """The steps of the processes, as new cases run them, that ask for this deadline."""
    return [
        (row.key, element)
        for row in definitions.processes(session)
        for element in definitions.pinned(session, row.release_id).diagram.elements.values()
        if _asks(element, short)
    ]


def _asks(element: Element, short: str) -> bool:
    timers = [each.source for each in (element.due, element.timer) if each is not None]
    return element.deadline == short or any(f'deadline("{short}")' in source for source in timers)


@cache
def _names() -> Mapping[str, Name]:
    return {row["key"]: Name(row["zh"], row["en"]) for row in tables.read(__file__, "parameters.csv")}
