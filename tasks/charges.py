"""An open task as the head of its unit may act on it: found in sight, locked, the right checked, and no one's sheet.

What a diagram asks of one person by name (an expert's sheet) and what is signed are nobody else's to give away or to
put off. Every act on such a task begins here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from engine import cases, definitions
from engine.cases import Case, heads
from engine.folders import Folder
from engine.holding import Gone
from engine.waits import Wait
from ground import clock, people
from ground.database import Session
from ground.errors import Missing, Refused
from ground.people import Actor

NAMED = "person:"


class ByName(Refused):
    """The diagram asks one person by name; that is changed by the process itself, not by a head."""

    code = "task.by_name"


def taken(session: Session, wait_ref: str, by: Actor, now: datetime) -> tuple[Record[Any], Folder]:
    """The open task under its case's lock, for the head of its unit; Gone, Missing, Forbidden, Suspended, ByName."""
    case_id = session.scalar(select(Wait.case_id).where(Wait.ref == wait_ref))
    if case_id is None:
        raise Gone(wait=wait_ref)
    cases.lock(session, case_id)
    row = session.execute(_TASK.where(Wait.ref == wait_ref, cases.visible(by))).one_or_none()
    if row is None:
        raise _gone(session, wait_ref)
    folder = definitions.pinned(session, row.release_id)
    check(session, row, folder, by, now)
    return row, folder


def check(session: Session, row: Record[Any], folder: Folder, by: Actor, now: datetime) -> None:
    """Refuse whoever does not answer for this task, and what no head may touch."""
    heads.check(session, by, row.queue, clock.local_day(now))
    element = folder.element(row.element)
    form = folder.form(row.element, row.form)
    if row.queue.startswith(NAMED) or (form is not None and form.sealed):
        raise ByName(wait=row.ref)
    if element is not None and element.signed:
        raise cases.Signed(elements=[row.element])
    if row.status == "suspended":
        raise cases.Suspended(case=row.number)


def of_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """Every open task of a case, with what `check` reads."""
    return session.execute(_TASK.where(Wait.case_id == case_id).order_by(Wait.due_at, Wait.id)).all()


def asked(session: Session, row: Record[Any], now: datetime) -> list[int]:
    """Whoever holds the task; if nobody does, everybody who could."""
    if row.held_by is not None:
        return [row.held_by]
    return [holder.id for holder in people.holders(session, row.queue, clock.local_day(now))]


def facts(row: Record[Any], **more: Any) -> dict[str, Any]:
    """What a letter about this task is made from."""
    due = row.due_on.isoformat() if row.due_on else ""
    return {"number": row.number, "title": row.title, "element": row.element, "due": due, **more}


def _gone(session: Session, wait_ref: str) -> Refused:
    """It was done while we waited for the case, or it is none that this person may know of."""
    there = session.scalar(select(Wait.id).where(Wait.ref == wait_ref)) is not None
    return Missing(wait=wait_ref) if there else Gone(wait=wait_ref)


_TASK = select(
    *Wait.__table__.columns,
    Case.ref.label("case_ref"),
    Case.number,
    Case.title,
    Case.status,
    Case.region,
    Case.release_id,
    Case.started_by,
    Case.organ_id.label("case_organ"),
).join(Case, Case.id == Wait.case_id)
