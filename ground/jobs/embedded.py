"""The jobs of an embedded house: a table of its own, claimed for a lease; its fencing number lets one runner end a job.

It serves SQLite, where one process writes; nodes on PostgreSQL share Procrastinate's.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, Row as Record, String, bindparam, delete, func, insert, or_, select, type_coerce, update
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session, reading, table, transaction
from ground.errors import Missing
from ground.jobs import running
from ground.jobs.running import LONGEST_ERROR, MOST_ATTEMPTS
from ground.types import Code, Document, Id, Instant, Text, Whole

LEASE = timedelta(minutes=5)


class Job(Row):
    """One piece of work: `waiting`, `running`, `done` (kept for its dedupe key) or `failed` (for a person to see)."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "state", "run_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Code(60))
    payload: Mapped[Any] = mapped_column(Document)
    run_at: Mapped[datetime] = mapped_column(Instant)
    dedupe: Mapped[str | None] = mapped_column(Text(200), unique=True)
    state: Mapped[str] = mapped_column(Code(10))
    attempts: Mapped[int] = mapped_column(Whole)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    fence: Mapped[int] = mapped_column(Whole)
    error: Mapped[str | None] = mapped_column(Text(LONGEST_ERROR))


def enqueue(session: Session, kind: str, payload: Mapping[str, Any], run_at: datetime, dedupe: str | None) -> bool:
    """Write the row; False if the dedupe key is known."""
    values = {"kind": kind, "payload": dict(payload), "run_at": run_at, "dedupe": dedupe}
    fresh = {"state": "waiting", "attempts": 0, "fence": 0}
    if dedupe is not None:
        return session.put_once(Job, values | fresh)
    session.execute(insert(Job).values(**values, **fresh))
    return True


def run_due(now: datetime, limit: int) -> int:
    """Run what is due, oldest first, at most `limit` jobs, and say how many that were."""
    ran = 0
    while ran < limit and (job := _take(now)) is not None:
        _run(job, now)
        ran += 1
    return ran


def next_due(session: Session) -> datetime | None:
    """The instant at which a runner should look again."""
    waiting = select(func.min(Job.run_at)).where(Job.state == "waiting")
    running = select(func.min(Job.lease_until)).where(Job.state == "running")
    moments = [moment for moment in (session.scalar(waiting), session.scalar(running)) if moment is not None]
    return min(moments, default=None)


def failed(session: Session, limit: int) -> Sequence[Record[Any]]:
    """What was given up, newest first: id, kind, payload, attempts, error."""
    given_up = select(Job.id, Job.kind, Job.payload, Job.attempts, Job.error).where(Job.state == "failed")
    return session.execute(given_up.order_by(Job.id.desc()).limit(limit)).all()


def retrying(session: Session, limit: int) -> Sequence[Record[Any]]:
    """What failed and is tried again: kind, payload, attempts."""
    again = select(Job.kind, Job.payload, Job.attempts).where(Job.state == "waiting", Job.attempts > 0)
    return session.execute(again.order_by(Job.run_at, Job.id).limit(limit)).all()


def about(session: Session, refs: Sequence[str], limit: int) -> Sequence[Record[Any]]:
    """What may name one of these and is not done, newest first: kind, payload, state, attempts, run_at."""
    text = type_coerce(Job.payload, String)
    named = or_(*[text.contains(f'{ref}"', autoescape=True) for ref in refs])
    wanted = select(Job.kind, Job.payload, Job.state, Job.attempts, Job.run_at).where(Job.state != "done", named)
    return session.execute(wanted.order_by(Job.id.desc()).limit(limit)).all()


def retry(session: Session, job_id: int, now: datetime) -> None:
    """Let a job that was given up begin anew."""
    again = {"state": "waiting", "attempts": 0, "run_at": now, "error": None}
    if session.execute(update(Job).where(Job.id == job_id, Job.state == "failed").values(**again)).rowcount == 0:
        raise Missing(job=job_id)


def forget_done(session: Session, before: datetime) -> int:
    """Delete jobs that were done for an instant before this one; their dedupe keys may then be used again."""
    return session.execute(delete(Job).where(Job.state == "done", Job.run_at < before)).rowcount


def everything(session: Session) -> Sequence[Record[Any]]:
    """Every row, oldest first, for the store that takes this one's place."""
    return session.execute(select(Job).order_by(Job.id)).all()


def _take(now: datetime) -> Record[Any] | None:
    """Claim the oldest due job for one lease; looking costs no write."""
    with reading() as session:
        if session.execute(_DUE, {"now": now}).first() is None:
            return None
    with transaction() as session:
        return session.execute(_CLAIM, {"now": now, "until": now + LEASE}).first()


def _run(job: Record[Any], now: datetime) -> None:
    if reason := running.refusal(job.kind, job.attempts):
        _settle(job, {"state": "failed", "error": reason})
        return
    error = running.run(job.kind, job.payload, job.attempts)
    if error is None:
        _settle(job, {"state": "done", "error": None})
    elif job.attempts >= MOST_ATTEMPTS:
        _settle(job, {"state": "failed", "error": error})
    else:
        _settle(job, {"state": "waiting", "run_at": now + running.pause(job.attempts), "error": error})


def _settle(job: Record[Any], values: Mapping[str, Any]) -> None:
    """End this run unless the lease has run out and another runner holds the job."""
    mine = {"job": job.id, "held": job.fence}
    with transaction() as session:
        if values["state"] == "done" and job.dedupe is None:
            session.execute(_END, mine)
        else:
            session.execute(_SETTLE, {**mine, "lease_until": None, **values})


_MINE = (Job.id == bindparam("job"), Job.fence == bindparam("held"))
_END = delete(table(Job)).where(*_MINE)
_SETTLE = update(table(Job)).where(*_MINE)
_NOW = bindparam("now", type_=Instant())
_DUE = (
    select(Job.id)
    .where(
        or_(
            (Job.state == "waiting") & (Job.run_at <= _NOW),
            (Job.state == "running") & (Job.lease_until <= _NOW),
        )
    )
    # What took its runner down with it comes after everything that waits, so that it stops nobody else.
    .order_by(Job.state.desc(), Job.run_at, Job.id)
    .limit(1)
)
_CLAIM = (
    update(Job)
    .where(Job.id == _DUE.scalar_subquery())
    .values(
        state="running",
        attempts=Job.attempts + 1,
        fence=Job.fence + 1,
        lease_until=bindparam("until", type_=Instant()),
    )
    .returning(Job.id, Job.kind, Job.payload, Job.attempts, Job.fence, Job.dedupe)
)
