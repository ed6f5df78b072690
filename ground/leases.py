"""What only one node does at a time: a row says who holds it, until when, and with which fencing number.

Whoever takes a lease raises its number, and every write under it ends with a look at the number, in the same
transaction: a node that was frozen past its lease finds a higher one, and its write is taken back. Turns come by
the row as well, so that work "once a day" is done once a day whatever restarts.
"""

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground import clock
from ground.database import Row, Session, reading, transaction
from ground.errors import Refused
from ground.types import Code, Instant, Text, Whole

TERM = timedelta(seconds=30)
MOST_APART = timedelta(seconds=5)


class Lease(Row):
    """One kind of work that is never done twice at a time."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(Code(), primary_key=True)
    holder: Mapped[str] = mapped_column(Text(100))
    until: Mapped[datetime] = mapped_column(Instant)
    fence: Mapped[int] = mapped_column(Whole)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class Lost(Refused):
    """The lease ran out while this node was away, and another one holds it; what this node wrote is taken back."""

    code = "lease.lost"


class Adrift(Refused):
    """This machine's clock is more than five seconds off the database's: it takes no lease until that is mended."""

    code = "lease.adrift"
    status = 503


@dataclass(frozen=True, slots=True)
class Held:
    """A lease that this node has taken, with the number that its writes must show."""

    name: str
    fence: int


def take(name: str, now: datetime, *, every: timedelta = timedelta(), term: timedelta = TERM) -> Held | None:
    """Take a lease that nobody holds and whose work is not yet done in this period; None if it is another's turn.

    Adrift if the machine's clock and the database's differ too much.
    """
    with transaction() as session:
        _check_clock(session)
        if session.scalar(select(Lease.name).where(Lease.name == name)) is None:
            session.put_once(Lease, {"name": name, "holder": "", "until": now, "fence": 0, "done_at": None})
        # A row that another node is just taking is passed over, not waited for.
        free = (
            select(Lease.name)
            .where(Lease.name == name, Lease.until <= now, or_(Lease.done_at.is_(None), Lease.done_at <= now - every))
            .with_for_update(skip_locked=True)
        )
        fence = session.scalar(
            update(Lease)
            .where(Lease.name == free.scalar_subquery())
            .values(holder=_holder(), until=now + term, fence=Lease.fence + 1)
            .returning(Lease.fence)
        )
    return None if fence is None else Held(name, fence)


@contextmanager
def writing(held: Held) -> Iterator[Session]:
    """A transaction that stands only if the lease is still this node's when it ends; else Lost, and nothing of it."""
    with transaction() as session:
        yield session
        # The row stays locked up to the commit, so that nobody takes the lease in between.
        _settle(session, held, {"fence": held.fence})


def renew(held: Held, now: datetime, *, term: timedelta = TERM) -> None:
    """Hold on for another term; Lost if it is too late."""
    with transaction() as session:
        _settle(session, held, {"until": now + term})


def done(held: Held, now: datetime) -> None:
    """The work of this period is done: let the lease go until the next one."""
    with transaction() as session:
        _settle(session, held, {"until": now, "done_at": now})


def alone(name: str, every: timedelta, work: Callable[[Held], None]) -> bool:
    """Do this work if it is due and nobody else is at it; True if it was done here."""
    if not _is_due(name, every):
        return False
    held = take(name, clock.now(), every=every)
    if held is None:
        return False
    work(held)
    done(held, clock.now())
    return True


def check_clock() -> None:
    """Adrift if this machine's clock and the database's differ too much: what it would do by its clock is not due."""
    with reading() as session:
        _check_clock(session)


def _is_due(name: str, every: timedelta) -> bool:
    """A look that writes nothing, since most looks find nothing to do."""
    now = clock.now()
    with reading() as session:
        row = session.execute(select(Lease.until, Lease.done_at).where(Lease.name == name)).one_or_none()
    return row is None or (row.until <= now and (row.done_at is None or row.done_at <= now - every))


def _settle(session: Session, held: Held, values: dict[str, object]) -> None:
    mine = update(Lease).where(Lease.name == held.name, Lease.fence == held.fence)
    if session.execute(mine.values(**values)).rowcount != 1:
        raise Lost(lease=held.name, fence=held.fence)


def _check_clock(session: Session) -> None:
    """The one place that asks the database for its time: nodes agree on a term only if their clocks agree."""
    if session.connection.dialect.name == "sqlite":
        return
    theirs: datetime = session.scalar(select(func.clock_timestamp()))
    apart = abs(theirs - clock.wall())
    if apart > MOST_APART:
        raise Adrift(seconds=round(apart.total_seconds(), 1))


def _holder() -> str:
    """Machine and process, for the people who look at the row."""
    return f"{platform.node()}:{os.getpid()}"[:100]
