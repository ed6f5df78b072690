"""Before a deadline, once; once when it has passed; once when nobody has claimed it. Reminders never move a case.

Once means once for each due date: a task whose date was put off is reminded of again. Of a day that the text fixes
(2月15日前) people are told 20, 7 and 1 working days before, with the last working day, since it does not roll.
A passed 系统默认时限 is no breach: it is told as what it is, and nothing follows from it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import ColumnElement, ForeignKey, Row as Record, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases import Case
from engine.steps import Move, step
from engine.waits import Wait
from ground import calendar, clock, deadlines, parameters, people
from ground.calendar import Calendar
from ground.database import Row, Session
from ground.types import Code, Id, Instant
from tasks import letters

REMIND_LEFT, UNCLAIMED_DAYS = "supervise.remind_left", "supervise.unclaimed"
REMIND_BEFORE = "report.remind_before"
BATCH = 500
OPEN = "open"
OVERDUE, SOON, UNCLAIMED = "overdue", "soon", "unclaimed"


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


@step("reminders.overdue", parameters=Overdue, again=True)
def overdue(move: Move, task: str) -> None:
    """The time of a task is over: a line in the history, and a letter to whoever is asked.

    Of several tasks of this element only those whose own time is over, and each once for its date.
    """
    place = move.place(task)
    over = or_(Wait.due_at.is_(None), and_(Wait.due_at <= move.now, ~_told(OVERDUE)))
    rows = move.session.execute(_OPEN.where(Wait.case_id == move.case.id, Wait.element == place, over)).all()
    for row in rows:
        if row.due_at is not None:
            told = {"wait_ref": row.ref, "kind": OVERDUE, "due_at": row.due_at}
            move.session.put_once(Reminder, told | {"case_id": row.case_id, "sent_at": move.now})
        move.record("deadline.passed", element=place, due_on=row.due_on, due_kind=row.due_kind, clause=row.clause)
        letters.write(move.session, _asked(move.session, row, move.now), row.case_id, "overdue", _facts(row), move.now)


def send_due(session: Session, now: datetime) -> int:
    """Remind whoever is asked of every task that is due within so many working days; how many tasks."""
    days, today = calendar.load(session), clock.local_day(now)
    last = days.add_working_days(today, int(parameters.value(session, REMIND_LEFT, today).value))
    fixed = {"fixed": list(deadlines.fixed_by_the_text(session, today)), "now": now}
    rows = session.execute(_DUE_SOON, {**fixed, "last": clock.end_of(last)}).all()
    for row in rows:
        _remind(session, row, SOON, "due_soon", _facts(row), now)
    return len(rows) + _send_ahead(session, days, fixed, now)


def send_unclaimed(session: Session, now: datetime) -> int:
    """Tell everybody who could that a task has lain in their queue for more than so many working days; how many."""
    days, today = calendar.load(session), clock.local_day(now)
    most = int(parameters.value(session, UNCLAIMED_DAYS, today).value)
    since = clock.end_of(days.add_working_days(today, -most - 1))
    rows = session.execute(_LYING, {"since": since}).all()
    for row in rows:
        n = days.working_days_between(clock.local_day(row.opened_at), today)
        _remind(session, row, UNCLAIMED, "unclaimed", {**_facts(row), "n": n}, now)
    return len(rows)


def _send_ahead(session: Session, days: Calendar, fixed: Mapping[str, Any], now: datetime) -> int:
    """Tell of the days that the text fixes, so many working days before; of several that are due only the last."""
    today = clock.local_day(now)
    count = 0
    for due_on in session.execute(_FIXED_DAYS, fixed).scalars():
        kind = _ahead(days, due_on, today, parameters.value(session, REMIND_BEFORE, today).value)
        if kind is None:
            continue
        rows = session.execute(_AHEAD, {**fixed, "due_on": due_on, "kind": kind}).all()
        for row in rows:
            facts = {**_facts(row), "last_workday": days.last_workday_until(due_on).isoformat()}
            _remind(session, row, kind, "report_due", facts, now)
        count += len(rows)
    return count


def _ahead(days: Calendar, due_on: date, today: date, before: Sequence[int]) -> str | None:
    """Which reminder it is time for: the nearest to the day whose working day has come."""
    come = [number for number in before if days.add_working_days(due_on, -number) <= today]
    return f"ahead_{min(come)}" if come else None


def _told(kind: Any) -> ColumnElement[bool]:
    return exists().where(Reminder.wait_ref == Wait.ref, Reminder.kind == kind, Reminder.due_at == Wait.due_at)


def _remind(
    session: Session, row: Record[Any], kind: str, template: str, facts: Mapping[str, Any], now: datetime
) -> None:
    told = {"wait_ref": row.ref, "kind": kind, "due_at": row.due_at, "case_id": row.case_id, "sent_at": now}
    if session.put_once(Reminder, told):
        letters.write(session, _asked(session, row, now), row.case_id, template, facts, now)


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
_NOW, _LAST = bindparam("now", type_=Instant()), bindparam("last", type_=Instant())
_FIXED = and_(Wait.deadline.in_(bindparam("fixed", expanding=True)), Wait.due_kind == "text")
_DUE_SOON = _OPEN.where(
    Wait.due_at > _NOW, Wait.due_at <= _LAST, or_(Wait.deadline.is_(None), ~_FIXED), ~_told(SOON)
).limit(BATCH)
_FIXED_DAYS = select(Wait.due_on).where(_FIXED, Wait.due_at > _NOW).distinct()
_AHEAD = _OPEN.where(_FIXED, Wait.due_on == bindparam("due_on"), ~_told(bindparam("kind"))).limit(BATCH)
_LYING = (
    _OPEN.add_columns(Wait.opened_at)
    .where(Wait.held_by.is_(None), Wait.opened_at < bindparam("since", type_=Instant()))
    .where(Case.status == OPEN, ~_told(UNCLAIMED))
    .limit(BATCH)
)
