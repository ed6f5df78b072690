"""Doing the work that was asked for, on both stores of jobs, as if a dead runner had been gone for long."""

import asyncio
from types import SimpleNamespace

from sqlalchemy import text

from ground import clock, database, jobs
from ground.database import Session, transaction
from ground.jobs import embedded, shared

_LONG_GONE = text("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")
_KEPT = text("SELECT args->>'kind' AS kind, status::text AS state FROM procrastinate_jobs")


def work() -> None:
    """Do what is due, and what a runner that was killed had begun."""
    if not database.current().is_sqlite:
        with transaction() as session:
            session.execute(_LONG_GONE)
        asyncio.run(_take_up())
    while jobs.run_due(clock.now()):
        pass


def standing(session: Session) -> list[str]:
    """Kind and state of every job that is kept."""
    embeds = session.connection.dialect.name == "sqlite"
    rows = session.execute(embedded.Job.__table__.select() if embeds else _KEPT)
    return sorted(f"{row.kind} {row.state}" for row in rows)


async def _take_up() -> None:
    app = shared._app(shared._connector(database.current()))
    async with app.open_async():
        await shared.take_up(SimpleNamespace(app=app), 0)  # type: ignore[arg-type]  # all that it looks at
