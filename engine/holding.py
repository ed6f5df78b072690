"""In whose hands an open task is: held, given back, passed on, or asked of another queue.

One conditional statement claims a task, so of two who take it at once the second is told who was quicker.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, bindparam, or_, select, update

from engine.waits import Wait
from ground.database import Session
from ground.errors import Refused
from ground.types import Id


class Taken(Refused):
    """Somebody else has claimed this task."""

    code = "task.taken"


class Gone(Refused):
    """The task is no longer open: it was completed, or the case has moved on."""

    code = "task.gone"


def hold(
    session: Session,
    wait_ref: str,
    person: int,
    keys: Collection[str],
    now: datetime,
    *,
    behalf: int | None = None,
    out_of: int | None = None,
) -> Record[Any]:
    """Claim a free task of one of these queues, in one conditional statement; Taken tells who was quicker.

    A substitute holds it on `behalf` of somebody; `out_of` is the one other person out of whose hands it may be taken.
    """
    asked = {"wait": wait_ref, "keys": list(keys), "person": person, "now": now, "behalf": behalf}
    row = session.execute(_HOLD, {**asked, "from_person": out_of}).one_or_none()
    if row is None:
        raise _why_not(session, wait_ref, person)
    return row


def let_go(session: Session, wait_ref: str, person: int) -> Record[Any]:
    """Give a held task back to its queue."""
    row = session.execute(
        update(Wait)
        .where(Wait.ref == wait_ref, Wait.held_by == person)
        .values(held_by=None, held_at=None, held_for=None)
        .returning(Wait.id, Wait.case_id, Wait.element)
    ).one_or_none()
    if row is None:
        raise _why_not(session, wait_ref, person)
    return row


def address(session: Session, id_: int, queue: str, holder: int | None, at: datetime) -> None:
    """Another queue is asked for a task; who holds it, if anybody, and since when."""
    held_at = None if holder is None else at
    values = {"queue": queue, "held_by": holder, "held_at": held_at, "held_for": None}
    session.execute(update(Wait).where(Wait.id == id_).values(**values))


def pass_on(session: Session, id_: int, holder: int, at: datetime) -> None:
    """Somebody else holds a task from now on; the queue stays."""
    session.execute(update(Wait).where(Wait.id == id_).values(held_by=holder, held_at=at, held_for=None))


def _why_not(session: Session, wait_ref: str, person: int) -> Refused:
    row = session.execute(select(Wait.held_by, Wait.held_at).where(Wait.ref == wait_ref)).one_or_none()
    if row is None:
        return Gone(wait=wait_ref)
    return Taken(wait=wait_ref, held_by=row.held_by, at=row.held_at, mine=row.held_by == person)


_HOLD = (
    update(Wait)
    .where(
        Wait.ref == bindparam("wait"),
        or_(Wait.held_by.is_(None), Wait.held_by == bindparam("from_person", type_=Id)),
        Wait.queue.in_(bindparam("keys", expanding=True)),
    )
    .values(held_by=bindparam("person"), held_at=bindparam("now"), held_for=bindparam("behalf", type_=Id))
    .returning(Wait.id, Wait.case_id, Wait.element)
)
