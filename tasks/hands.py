"""In whose hands each case lies and until when, as far as the reader may know who holds it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from engine import definitions
from engine.cases import sight
from engine.waits import Wait
from ground.database import Session
from ground.people import Actor, Person


@dataclass(frozen=True)
class Hand:
    """One open task: its queue, its holder's name (empty where it is free, or not for this reader), its due day."""

    element: str
    queue: str
    name: str
    name_en: str
    due_on: date | None
    due_kind: str


def of(session: Session, rows: Iterable[Any], by: Actor) -> Mapping[int, Sequence[Hand]]:
    """The open tasks of each of these cases, what is due first in front; one statement."""
    releases = {row.case_id: row.release_id for row in rows}
    found: dict[int, list[Hand]] = defaultdict(list)
    for row in session.execute(TASKS.where(Wait.case_id.in_(releases))) if releases else ():
        folder = definitions.pinned(session, releases[row.case_id])
        hidden = row.held_by != by.person and sight.withheld(row.element, row.held_by, by, folder)
        name, english = ("", "") if hidden else (row.name or "", row.name_en or "")
        found[row.case_id].append(Hand(row.element, row.queue, name, english, row.due_on, row.due_kind or "default"))
    return found


# The open tasks with whoever holds them, what is due first in front.
TASKS = (
    select(
        Wait.case_id,
        Wait.element,
        Wait.queue,
        Wait.held_by,
        Wait.held_at,
        Wait.opened_at,
        Wait.due_at,
        Wait.due_on,
        Wait.due_kind,
        Wait.provisional,
        Person.name,
        Person.name_en,
    )
    .outerjoin(Person, Person.id == Wait.held_by)
    .order_by(Wait.due_at, Wait.id)
)
