"""Work after the commit: a row written in the transaction that asks for it, run once by its kind's handler.

A handler gets the payload alone, opens its own transactions and may be called again after a crash, so it is written
to be repeated. A lease with a fencing number keeps two runners from ending the same job.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, Row as Record, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground import clock
from ground.database import Row, Session, reading, transaction
from ground.errors import Missing, Refused
from ground.types import Code, Document, Id, Instant, Text, Whole

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
UNKNOWN_KIND = "job.unknown_kind"
TOO_MANY_ATTEMPTS = "job.too_many_attempts"
LONGEST_ERROR = 500

Handler = Callable[[Mapping[str, Any]], None]

log = logging.getLogger(__name__)


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


_handlers: dict[str, Handler] = {}
_bell: list[Callable[[], None]] = []


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register what runs the jobs of this kind."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def on_enqueue(call: Callable[[], None]) -> None:
    """Call this after each commit that asked for work."""
    _bell[:] = [call]


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    *,
    run_at: datetime | None = None,
    dedupe: str | None = None,
) -> bool:
    """Ask for work in this transaction; False if the same dedupe key was asked before."""
    values = {"kind": kind, "payload": dict(payload), "run_at": run_at or clock.now(), "dedupe": dedupe}
    fresh = {"state": "waiting", "attempts": 0, "fence": 0}
    if dedupe is None:
        session.execute(insert(Job).values(**values, **fresh))
    elif not session.put_once(Job, values | fresh):
        return False
    if _ring not in session.afterwards:
        session.after_commit(_ring)
    return True


def run_due(now: datetime, limit: int = 100) -> int:
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


def failed(session: Session, limit: int = 100) -> Sequence[Record[Any]]:
    """What was given up, newest first: id, kind, payload, attempts, error."""
    given_up = select(Job.id, Job.kind, Job.payload, Job.attempts, Job.error).where(Job.state == "failed")
    return session.execute(given_up.order_by(Job.id.desc()).limit(limit)).all()


def retry(session: Session, job_id: int, now: datetime) -> None:
    """Let a job that was given up begin anew."""
    again = {"state": "waiting", "attempts": 0, "run_at": now, "error": None}
    if session.execute(update(Job).where(Job.id == job_id, Job.state == "failed").values(**again)).rowcount == 0:
        raise Missing(job=job_id)
    session.after_commit(_ring)


def forget_done(session: Session, before: datetime) -> int:
    """Delete jobs that were done for an instant before this one; their dedupe keys may then be used again."""
    return session.execute(delete(Job).where(Job.state == "done", Job.run_at < before)).rowcount


def _ring() -> None:
    for call in _bell:
        call()


def _take(now: datetime) -> Record[Any] | None:
    """Claim the oldest due job for one lease; looking costs no write."""
    with reading() as session:
        if session.execute(_DUE, {"now": now}).first() is None:
            return None
    with transaction() as session:
        return session.execute(_CLAIM, {"now": now, "until": now + LEASE}).first()


def _run(job: Record[Any], now: datetime) -> None:
    run = _handlers.get(job.kind)
    if run is None or job.attempts > MOST_ATTEMPTS:
        # More attempts than failures: this job takes its runner down with it.
        _settle(job, {"state": "failed", "error": UNKNOWN_KIND if run is None else TOO_MANY_ATTEMPTS})
        return
    try:
        run(job.payload)
    except Exception as failure:
        log.warning("job %s (%s) failed for the %s. time", job.id, job.kind, job.attempts, exc_info=True)
        _put_back(job, failure, now)
    else:
        _settle(job, {"state": "done", "error": None})


def _put_back(job: Record[Any], failure: Exception, now: datetime) -> None:
    if job.attempts >= MOST_ATTEMPTS:
        _settle(job, {"state": "failed", "error": _name_of(failure)})
        return
    pause = min(FIRST_PAUSE * 2 ** (job.attempts - 1), LONGEST_PAUSE)
    _settle(job, {"state": "waiting", "run_at": now + pause, "error": _name_of(failure)})


def _settle(job: Record[Any], values: Mapping[str, Any]) -> None:
    """End this run unless the lease has run out and another runner holds the job."""
    mine = (Job.id == job.id, Job.fence == job.fence)
    with transaction() as session:
        if values["state"] == "done" and job.dedupe is None:
            session.execute(delete(Job).where(*mine))
        else:
            session.execute(update(Job).where(*mine).values(lease_until=None, **values))


def _name_of(failure: Exception) -> str:
    """The code of a refusal; of anything else its kind and first line, which hold no bound values."""
    if isinstance(failure, Refused):
        return failure.code
    lines = str(failure).splitlines() or [""]
    return f"{type(failure).__name__}: {lines[0]}"[:LONGEST_ERROR]


_NOW = bindparam("now", type_=Instant())
_DUE = (
    select(Job.id)
    .where(
        or_(
            (Job.state == "waiting") & (Job.run_at <= _NOW),
            (Job.state == "running") & (Job.lease_until <= _NOW),
        )
    )
    .order_by(Job.run_at, Job.id)
    .limit(1)
)
_CLAIM = (
    update(Job)
    .where(Job.id == _DUE.with_for_update(skip_locked=True).scalar_subquery())
    .values(
        state="running",
        attempts=Job.attempts + 1,
        fence=Job.fence + 1,
        lease_until=bindparam("until", type_=Instant()),
    )
    .returning(Job.id, Job.kind, Job.payload, Job.attempts, Job.fence, Job.dedupe)
)
