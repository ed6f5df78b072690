"""延期: the head of a unit puts off what the house itself has fixed, once and by at most half of the time given.

How often and how much are parameters (文件未规定，系统默认). 文件时限 and 通知时限 are not put off: the first stands in
the measures, the second in a notice that was served. The reminders and timers at the edge of the task go with it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from engine import cases, history, waits
from engine.folders import Folder
from engine.waits import Timer
from ground import calendar, clock, parameters
from ground.calendar import Calendar
from ground.database import Row, Session
from ground.errors import Refused
from ground.people import Actor
from ground.types import Code, Day, Id, Instant, Text, Whole
from tasks import charges, letters

TIMES, SHARE = "extend.times", "extend.share"
OURS = "default"


class Extension(Row):
    """One time that a task was put off: its days before and after, by how many working days, by whom and why."""

    __tablename__ = "extension"

    wait_ref: Mapped[str] = mapped_column(Code(12), primary_key=True)
    number: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    element: Mapped[str] = mapped_column(Code(120))
    before_on: Mapped[date] = mapped_column(Day)
    after_on: Mapped[date] = mapped_column(Day)
    days: Mapped[int] = mapped_column(Whole)
    reason: Mapped[str] = mapped_column(Text(500))
    by_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class NotOurs(Refused):
    """The text or a served notice fixes this date; no head puts it off."""

    code = "extend.not_ours"


class NoDate(Refused):
    """The task has no date, so there is nothing to put off."""

    code = "extend.no_date"


class OftenEnough(Refused):
    """It was put off as often as the parameter allows (`most`)."""

    code = "extend.often_enough"


class TooLong(Refused):
    """By between one and `most` working days: no more than the parameter's share of the time that was given."""

    code = "extend.too_long"
    status = 422


class StillPast(Refused):
    """The new day would have passed, too."""

    code = "extend.still_past"
    status = 422


def extend(session: Session, wait_ref: str, days: int, *, by: Actor, reason: str, now: datetime) -> date:
    """Put a task off by so many working days, with a reason; the new day. Refused by name, see above."""
    cases.check_reason("extend", reason)
    row, folder = charges.taken(session, wait_ref, by, now)
    return put_off(session, row, folder, days, by, reason.strip(), now)


def put_off(
    session: Session, row: Record[Any], folder: Folder, days: int, by: Actor, reason: str, now: datetime
) -> date:
    """The same for a task that is locked and for which the right was checked."""
    after = planned(session, row, days, now)
    dates = {"due_at": clock.end_of(after), "due_on": after}
    waits.put_off(session, "wait", row.id, dates)
    for timer in _beside(session, row, folder):
        waits.put_off(session, "timer", timer, dates)
    values = {"wait_ref": row.ref, "number": _times(session, row.ref) + 1, "case_id": row.case_id}
    told = {"element": row.element, "before_on": row.due_on, "after_on": after, "days": days, "reason": reason}
    session.execute(insert(Extension).values(**values, **told, by_person=by.person, at=now))
    detail = {"before_on": str(row.due_on), "after_on": str(after), "days": days, "reason": reason}
    cases.note(session, row.case_id, history.Fact("task.extended", now, by.person, row.element, detail))
    facts = charges.facts(row, reason=reason, was=row.due_on.isoformat()) | {"due": after.isoformat()}
    waiting = {row.started_by} if row.started_by else set()
    letters.write(session, sorted({*charges.asked(session, row, now), *waiting}), row.case_id, "extended", facts, now)
    return after


def planned(session: Session, row: Record[Any], days: int, now: datetime) -> date:
    """The day until which it would be put off, or why not."""
    workdays = calendar.load(session)
    most = _longest(session, row, workdays, now)
    if not 1 <= days <= most:
        raise TooLong(wait=row.ref, most=most)
    after = workdays.add_working_days(row.due_on, days)
    if clock.end_of(after) <= now:
        raise StillPast(wait=row.ref, on=after.isoformat())
    return after


def longest(session: Session, row: Record[Any], now: datetime) -> int:
    """By how many working days at most this task may be put off now; refused where it may not at all."""
    return _longest(session, row, calendar.load(session), now)


def _longest(session: Session, row: Record[Any], workdays: Calendar, now: datetime) -> int:
    if row.due_on is None:
        raise NoDate(wait=row.ref)
    if (row.due_kind or OURS) != OURS:
        raise NotOurs(wait=row.ref, kind=row.due_kind)
    known = parameters.values(session, (TIMES, SHARE), clock.local_day(now))
    if _times(session, row.ref) >= known[TIMES].value:
        raise OftenEnough(wait=row.ref, most=known[TIMES].value)
    given = workdays.working_days_between(clock.local_day(row.opened_at), row.due_on)
    return max(1, given * int(known[SHARE].value) // 100)


def _times(session: Session, wait_ref: str) -> int:
    return int(session.scalar(select(func.count()).select_from(Extension).where(Extension.wait_ref == wait_ref)))


def _beside(session: Session, row: Record[Any], folder: Folder) -> list[int]:
    """The timers at the edge of this task that end with it."""
    element = folder.element(row.element)
    rows = session.execute(
        select(Timer.id, Timer.element).where(Timer.case_id == row.case_id, Timer.due_on == row.due_on)
    ).all()
    found = [(each.id, folder.element(each.element)) for each in rows]
    return [
        number
        for number, edge in found
        if edge and element and edge.attached == element.id and edge.process == element.process
    ]
