"""跟进日期: the day on which a person wishes to look at a task again; their own, seen by nobody else."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ForeignKey, Index, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.waits import Wait
from ground import clock
from ground.database import Row, Session
from ground.errors import Refused
from ground.people import Actor
from ground.types import Code, Day, Id
from tasks import open_task, pages, walks
from tasks.pages import Page


class FollowUp(Row):
    """One person's day for one open task; it goes with the task."""

    __tablename__ = "follow_up"
    __table_args__ = (Index(None, "person_id", "follow_on"),)

    wait_ref: Mapped[str] = mapped_column(Code(12), ForeignKey("wait.ref", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    follow_on: Mapped[date] = mapped_column(Day)


class DayPassed(Refused):
    """A day on which to look again is today or later."""

    code = "follow_up.passed"
    status = 422


def mark(session: Session, wait_ref: str, by: Actor, on: date | None, today: date) -> None:
    """Look at this task again on that day; on None, no more. Missing for whoever has nothing to do with it."""
    open_task.look(session, wait_ref, by)
    own = (FollowUp.wait_ref == wait_ref, FollowUp.person_id == by.person)
    if on is None:
        session.execute(delete(FollowUp).where(*own))
        return
    if on < today:
        raise DayPassed
    if session.execute(update(FollowUp).where(*own).values(follow_on=on)).rowcount == 0:
        session.put_once(FollowUp, {"wait_ref": wait_ref, "person_id": by.person, "follow_on": on})


def page(session: Session, by: Actor, *, after: str | None = None, limit: int = 20) -> Page:
    """This person's tasks by the day on which they wish to look again; what they may not open any more is left out."""
    theirs = or_(Wait.held_by == by.person, Wait.queue.in_([*by.keys, *(lent.key for lent in by.lent)]))
    wanted = (
        walks.ITEMS.add_columns(FollowUp.follow_on)
        .join(FollowUp, FollowUp.wait_ref == Wait.ref)
        .where(FollowUp.person_id == by.person, theirs)
        .order_by(FollowUp.follow_on, Wait.id)
        .limit(limit + 1)
    )
    if after:
        at, number = pages.place(after)
        day = clock.local_day(at)
        wanted = wanted.where(or_(FollowUp.follow_on > day, (FollowUp.follow_on == day) & (Wait.id > number)))
    rows = session.execute(wanted).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], pages.behind(clock.start_of(last.follow_on), last.id) if last else None)


def of(session: Session, by: Actor, wait_refs: Iterable[str]) -> dict[str, date]:
    """This person's days for these tasks."""
    wanted = select(FollowUp.wait_ref, FollowUp.follow_on).where(
        FollowUp.person_id == by.person, FollowUp.wait_ref.in_(list(wait_refs))
    )
    return {row.wait_ref: row.follow_on for row in session.execute(wanted)}
