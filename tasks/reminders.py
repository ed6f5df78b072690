"""Before a deadline, once; and once when it has passed. Reminders read rows in sets and never move a case.

Once means once for each due date: a task whose date was put off is reminded of again.
A passed 系统默认时限 is no breach: it is told as what it is, and nothing follows from it.
"""

from datetime import date, datetime
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import ForeignKey, Row as Record, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases import Case
from engine.steps import Move, step
from engine.waits import Wait
from ground import calendar, clock, people
from ground.database import Row, Session
from ground.types import Code, Id, Instant
from tasks import letters

SOON_DAYS = 3
BATCH = 500


class Reminder(Row):
    """A reminder that was sent for a due date of an open task, so that it is sent once."""

    __tablename__ = "reminder"

    wait_ref: Mapped[str] = mapped_column(Code(12), primary_key=True)
    kind: Mapped[str] = mapped_column(Code(), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    sent_at: Mapped[datetime] = mapped_column(Instant)


class Overdue(Schema):
    """What `reminders.overdue` takes: the id of the task whose time is over."""

    task = fields.String(required=True)


@step("reminders.overdue", parameters=Overdue)
def overdue(move: Move, task: str) -> None:
    """The time of a task is over: a line in the history, and a letter to whoever is asked."""
    place = move.place(task)
    rows = move.session.execute(_OPEN.where(Wait.case_id == move.case.id, Wait.element == place)).all()
    for row in rows:
        move.record("deadline.passed", element=place, due_on=row.due_on, due_kind=row.due_kind, clause=row.clause)
        letters.write(move.session, _asked(move.session, row, move.now), row.case_id, "overdue", _facts(row), move.now)


def send_due(session: Session, now: datetime) -> int:
    """Remind whoever is asked of every task that is due within three working days; how many tasks."""
    days = calendar.load(session)
    last = days.add_working_days(clock.local_day(now), SOON_DAYS)
    sent = exists().where(Reminder.wait_ref == Wait.ref, Reminder.kind == "soon", Reminder.due_at == Wait.due_at)
    rows = session.execute(_OPEN.where(Wait.due_at > now, Wait.due_at <= clock.end_of(last), ~sent).limit(BATCH)).all()
    for row in rows:
        told = {"wait_ref": row.ref, "kind": "soon", "due_at": row.due_at, "case_id": row.case_id, "sent_at": now}
        if session.put_once(Reminder, told):
            letters.write(session, _asked(session, row, now), row.case_id, "due_soon", _facts(row), now)
    return len(rows)


def _asked(session: Session, row: Record[Any], now: datetime) -> list[int]:
    """Whoever holds the task; if nobody does, everybody who could."""
    if row.held_by is not None:
        return [row.held_by]
    return [holder.id for holder in people.holders(session, row.queue, clock.local_day(now))]


def _facts(row: Record[Any]) -> dict[str, Any]:
    due: date | None = row.due_on
    return {"number": row.number, "title": row.title, "element": row.element, "due": due.isoformat() if due else ""}


_OPEN = select(
    Wait.ref,
    Wait.case_id,
    Wait.element,
    Wait.queue,
    Wait.held_by,
    Wait.due_at,
    Wait.due_on,
    Wait.due_kind,
    Wait.clause,
    Case.number,
    Case.title,
).join(Case, Case.id == Wait.case_id)
