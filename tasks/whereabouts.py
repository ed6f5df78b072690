"""Where cases stand now: which step waits, for which office or person, until when; as far as the reader may know it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from engine import definitions
from engine.cases import sight
from engine.waits import Timer, Wait
from ground import clock
from ground.database import Session
from ground.people import Actor, Person


@dataclass(frozen=True)
class Standing:
    """One thing that a case waits for: a task in a queue, or (`queue` None) a period that runs until `due_on`."""

    element: str
    queue: str | None
    holder: str
    holder_en: str
    due_on: date | None
    due_kind: str | None
    clause: str | None


def of(session: Session, rows: Iterable[Any], by: Actor) -> Mapping[int, list[Standing]]:
    """What each of these cases waits for, the most urgent first; two statements for all of them.

    Of a case that stands at steps whose holders this person may not know of there is nothing.
    """
    releases = {row.case_id: row.release_id for row in rows if row.status != "closed"}
    found: dict[int, list[Standing]] = defaultdict(list)
    for task in session.execute(_TASKS.where(Wait.case_id.in_(releases))).all() if releases else ():
        folder = definitions.pinned(session, releases[task.case_id])
        if task.held_by == by.person or not sight.withheld(task.element, task.held_by, by, folder):
            found[task.case_id].append(Standing(*tuple(task)[2:]))
    for period in session.execute(_PERIODS.where(Timer.case_id.in_(releases))).all() if releases else ():
        element = definitions.pinned(session, releases[period.case_id]).element(period.element)
        if element is not None and element.attached is None:
            last = clock.local_day(period.due_at - clock.DAY)
            found[period.case_id].append(Standing(period.element, None, "", "", last, period.due_kind, None))
    return found


_TASKS = (
    select(
        Wait.case_id,
        Wait.held_by,
        Wait.element,
        Wait.queue,
        Person.name,
        Person.name_en,
        Wait.due_on,
        Wait.due_kind,
        Wait.clause,
    )
    .outerjoin(Person, Person.id == Wait.held_by)
    .order_by(Wait.due_at, Wait.id)
)
_PERIODS = select(Timer.case_id, Timer.element, Timer.due_at, Timer.due_kind).order_by(Timer.due_at, Timer.id)
