"""Work after the commit: a row written in the transaction that asks for it, run by its kind's handler.

A handler gets the payload alone, opens its own transactions and may be called again after a crash, so it is written
to be repeated. The store of an embedded house is a table of its own; on PostgreSQL it is Procrastinate's. Both keep
the same contract, but for one thing: Procrastinate runs what is due in the order in which it was asked for.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from sqlalchemy import Row as Record

from ground import clock, database
from ground.database import Session
from ground.jobs import embedded, shared
from ground.jobs.running import MOST_ATTEMPTS, TOO_MANY_ATTEMPTS, UNKNOWN_KIND, Handler, handler
from ground.jobs.shared import Runner, schema

__all__ = [
    "MOST_ATTEMPTS",
    "TOO_MANY_ATTEMPTS",
    "UNKNOWN_KIND",
    "Handler",
    "Runner",
    "about",
    "bring_forward",
    "enqueue",
    "failed",
    "forget_done",
    "hand_over",
    "handler",
    "next_due",
    "on_enqueue",
    "retry",
    "retrying",
    "run_due",
    "schema",
]

_bell: list[Callable[[], None]] = []


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
    asked: bool = _store(session).enqueue(session, kind, payload, run_at or clock.now(), dedupe)
    if asked and _ring not in session.afterwards:
        session.after_commit(_ring)
    return asked


def run_due(now: datetime, limit: int = 100) -> int:
    """Run what is due, at most `limit` jobs, and say how many that were."""
    if database.current().is_sqlite:
        return embedded.run_due(now, limit)
    return shared.run_due(limit)


def next_due(session: Session) -> datetime | None:
    """The instant at which a runner should look again."""
    due: datetime | None = _store(session).next_due(session)
    return due


def failed(session: Session, limit: int = 100) -> Sequence[Record[Any]]:
    """What was given up, newest first: id, kind, payload, attempts, error."""
    rows: Sequence[Record[Any]] = _store(session).failed(session, limit)
    return rows


def retrying(session: Session, limit: int = 100) -> Sequence[Record[Any]]:
    """What failed and is tried again, the next one first: kind, payload, attempts."""
    rows: Sequence[Record[Any]] = _store(session).retrying(session, limit)
    return rows


def about(session: Session, refs: Collection[str], limit: int = 100) -> Sequence[Record[Any]]:
    """What names one of these refs and is not done, newest first: kind, payload, state, attempts, run_at.

    `state` is waiting, running or failed; `run_at` is empty where nothing is planned. A ref may follow a colon.
    """
    rows: Sequence[Record[Any]] = _store(session).about(session, sorted(refs), limit) if refs else []
    return [row for row in rows if any(_names(value, refs) for value in row.payload.values())]


def retry(session: Session, job_id: int, now: datetime) -> None:
    """Let a job that was given up begin anew; Missing if there is no such job."""
    _store(session).retry(session, job_id, now)
    session.after_commit(_ring)


def forget_done(session: Session, before: datetime) -> int:
    """Forget the dedupe keys of work that was done for an instant before this one: they may be used again."""
    forgotten: int = _store(session).forget_done(session, before)
    return forgotten


def bring_forward(session: Session, by: timedelta) -> None:
    """The house's clock has jumped ahead by so much (demo): what is planned comes nearer where it keeps other time."""
    if _store(session) is shared:
        shared.bring_forward(session, by)


def hand_over(embedded_house: Session, nodes: Session, now: datetime) -> int:
    """Give every job of an embedded house to the store of nodes, as it stands: waiting, given up, or done; how many."""
    rows = embedded.everything(embedded_house)
    for row in rows:
        shared.take_over(nodes, row, now)
    return len(rows)


def _names(value: object, refs: Collection[str]) -> bool:
    return value in refs or str(value).rpartition(":")[2] in refs


def _ring() -> None:
    for call in _bell:
        call()


def _store(session: Session) -> ModuleType:
    return embedded if session.connection.dialect.name == "sqlite" else shared
