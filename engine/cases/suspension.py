"""中止 and 恢复: a suspended case stands still, and when it is resumed its dates have moved on by the days it stood.

Nothing in it is claimed, completed or fired, and what is sent to it waits. Tasks keep their holder, their draft and
the kind of their deadline. A day is a day of Shanghai's calendar; an instant moves by the time that has passed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import messages, waits
from engine.cases.case import Case
from engine.cases.hand import by_hand, standing
from engine.cases.moving import Moved
from engine.cases.under_way import Moving
from ground import clock
from ground.database import Row, Session
from ground.errors import Refused
from ground.people import Actor
from ground.types import Id, Instant, Whole


class Suspension(Row):
    """A time in which a case was suspended, and by how many days that moved its dates; open until it is resumed."""

    __tablename__ = "suspension"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    days: Mapped[int | None] = mapped_column(Whole)


class NotSuspended(Refused):
    """The case is not suspended, so it cannot be resumed."""

    code = "case.not_suspended"


def suspend(
    case_ref: str,
    *,
    by: Actor,
    reason: str,
    key: str,
    received_at: datetime | None = None,
    confirm: Callable[[Moving], None] = lambda _: None,
) -> Moved:
    """Let a case stand still from now on; what was due before has fired. `confirm` may write into its transaction."""

    def doing(move: Moving) -> None:
        now = standing(move)
        move.record("case.suspended", before=now, after=now, reason=reason)
        _set(move, "suspended")
        move.session.execute(insert(Suspension).values(case_id=move.case.id, began_at=move.now))
        confirm(move)

    return by_hand("suspend", doing, case_ref, by, reason, key, received_at)


def resume(
    case_ref: str,
    *,
    by: Actor,
    reason: str,
    key: str,
    received_at: datetime | None = None,
    confirm: Callable[[Moving], None] = lambda _: None,
) -> Moved:
    """Let it go on: its dates move on, and what was sent to it meanwhile arrives. `confirm` as in `suspend`."""

    def doing(move: Moving) -> None:
        if move.status != "suspended":
            raise NotSuspended(case=move.case.number)
        now, days = standing(move), _end(move)
        move.record("case.resumed", days=days, before=now, after=now, reason=reason)
        _set(move, "open")
        confirm(move)

    return by_hand("resume", doing, case_ref, by, reason, key, received_at, asleep=True)


def days_stood(session: Session, until: Mapping[int, datetime]) -> dict[int, int]:
    """By how many days these cases have stood still, each up to its own moment; none where there is no entry."""
    stood: dict[int, int] = {}
    for row in session.execute(select(Suspension).where(Suspension.case_id.in_(list(until)))):
        last = until[row.case_id] if row.ended_at is None else min(row.ended_at, until[row.case_id])
        days = (clock.local_day(last) - clock.local_day(row.began_at)).days
        stood[row.case_id] = stood.get(row.case_id, 0) + max(days, 0)
    return stood


def _end(move: Moving) -> int:
    """Close the suspension and move the dates on; by how many days."""
    mine = (Suspension.case_id == move.case.id, Suspension.ended_at.is_(None))
    began: datetime = move.session.scalar(select(Suspension.began_at).where(*mine))
    days = (clock.local_day(move.now) - clock.local_day(began)).days
    move.session.execute(update(Suspension).where(*mine).values(ended_at=move.now, days=days))
    waits.take_up(move.session, move.case.id, move.now - began, days)
    messages.keep_longer(move.session, [move.case.ref, move.case.subject], began, move.now - began)
    return days


def _set(move: Moving, status: str) -> None:
    """The row is locked; nobody else sees the new status before the commit."""
    move.session.execute(update(Case).where(Case.id == move.case.id).values(status=status))
    move.status = status
