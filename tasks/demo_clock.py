"""The demo's own clock: the machine's time plus an offset that the reader moves from the head of the page.

The offset is a row, so a second start goes on where the first one stood. It only ever goes forward: history stays
in order.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.waits import Timer, Wait
from ground import bell, calendar, clock, jobs
from ground.database import Row, Session, reading, transaction
from ground.types import Id, Instant, Whole
from tasks import reminders, timers

OFFICE_OPENS = time(9)


class DemoClock(Row):
    """How far the demo's clock is ahead, in microseconds."""

    __tablename__ = "demo_clock"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ahead: Mapped[int] = mapped_column(Whole)
    played: Mapped[int] = mapped_column(Whole)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)


_ahead: list[timedelta] = [timedelta()]
_started: list[bool] = [False]


def start() -> None:
    """Put the demo's clock in place of the machine's, as far ahead as it stood."""
    with transaction() as session:
        session.put_once(DemoClock, {"id": 1, "ahead": 0, "played": 0})
        _ahead[0] = timedelta(microseconds=session.scalar(select(DemoClock.ahead)))
    _started[0] = True
    clock.use(lambda: clock.wall() + _ahead[0])


def follow() -> None:
    """Go as far ahead as the reader has moved the clock on another node."""
    if _started[0]:
        with reading() as session:
            ahead = session.scalar(select(DemoClock.ahead)) or 0
        _ahead[0] = max(timedelta(microseconds=ahead), _ahead[0])


def played() -> int:
    """How many acts of the demo's play are behind it."""
    with reading() as session:
        return session.scalar(select(DemoClock.played)) or 0


def note_played(acts: int) -> None:
    """So many are behind it now."""
    with transaction() as session:
        session.execute(update(DemoClock).values(played=acts))


def open_doors() -> None:
    """From here on, what is done here was done by its readers; said once."""
    with transaction() as session:
        session.execute(update(DemoClock).where(DemoClock.opened_at.is_(None)).values(opened_at=clock.now()))


def opened_at(session: Session) -> datetime | None:
    """Since when readers have been at it; None outside a demo."""
    since: datetime | None = session.scalar(select(DemoClock.opened_at))
    return since


def catch_up(now: datetime) -> None:
    """Let everything happen that is due by now."""
    while timers.fire_due(now):
        pass
    with transaction() as session:
        reminders.send_due(session, now)
        reminders.send_unclaimed(session, now)
    jobs.run_due(now, 1_000)


def advance_working_day() -> datetime:
    """To nine in the morning of the next working day."""
    follow()
    with reading() as session:
        day = calendar.load(session).add_working_days(clock.today(), 1)
    return _set(datetime.combine(day, OFFICE_OPENS, clock.SHANGHAI))


def to_next_deadline() -> datetime:
    """To the first instant after the next deadline, of a task or of a timer; stays where it is if there is none."""
    follow()
    with reading() as session:
        due = _next_deadline(session, clock.now())
    return _set(due) if due else clock.now()


def _next_deadline(session: Session, now: datetime) -> datetime | None:
    firsts = [
        session.scalar(select(func.min(Wait.due_at)).where(Wait.due_at > now, Wait.due_at < clock.NEVER)),
        session.scalar(select(func.min(Timer.due_at)).where(Timer.due_at > now, Timer.stopped.is_(False))),
    ]
    return min((first for first in firsts if first is not None), default=None)


def _set(moment: datetime) -> datetime:
    """Move the clock, then let everything that this makes due happen before the page is shown."""
    before, ahead = _ahead[0], moment - clock.wall()
    _ahead[0] = max(ahead, before)
    with transaction() as session:
        jobs.bring_forward(session, _ahead[0] - before)
        session.execute(update(DemoClock).values(ahead=_ahead[0] // timedelta(microseconds=1)))
        bell.ring(session)
    now = clock.now()
    catch_up(now)
    return now
