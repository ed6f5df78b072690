"""Procrastinate, and nothing of it beyond this folder: the jobs of nodes that share one PostgreSQL.

A job is deferred on the connection of the transaction that asks for it, so that it stands or falls with the case.
Its runner is a worker of Procrastinate in a thread of each node; jobs of a node that died are taken up by another
once its heartbeat has been missing for twenty seconds. Procrastinate goes by the database's clock: what is planned
is handed over by its distance from now. Beside its tables stand two of ours: which dedupe keys were used, and why a
job failed.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import orjson
import procrastinate
import psycopg
from procrastinate import exceptions, manager
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.schema import SchemaManager
from procrastinate.worker import Worker
from sqlalchemy import (
    BigInteger,
    Integer,
    Row as Record,
    String,
    case,
    column,
    delete,
    func,
    null,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import ENUM, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from ground import clock, database
from ground.database import Database, Row, Session, transaction
from ground.errors import Missing
from ground.jobs import running
from ground.jobs.running import LONGEST_ERROR, MOST_ATTEMPTS
from ground.types import Id, Instant, Text

QUEUE = "jidi"
TASK = "jidi.job"
UNDONE = ("todo", "doing", "failed")
AT_ONCE = 2
LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0
EVERY_TEN_SECONDS = "* * * * * */10"

log = logging.getLogger(__name__)


class JobKey(Row):
    """A dedupe key that was used, and for when; Procrastinate itself forgets one as soon as its job begins."""

    __tablename__ = "job_key"

    key: Mapped[str] = mapped_column(Text(200), primary_key=True)
    run_at: Mapped[datetime] = mapped_column(Instant)


class JobFault(Row):
    """Why a job failed the last time; Procrastinate keeps that it did."""

    __tablename__ = "job_fault"

    job_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    error: Mapped[str] = mapped_column(Text(LONGEST_ERROR))


class Failed(Exception):  # noqa: N818  said to Procrastinate alone, which keeps the job for another time or for good
    """A job that failed, and whether trying it again makes sense."""

    def __init__(self, error: str, *, again: bool) -> None:
        super().__init__(error)
        self.again = again


class Pauses(BaseRetryStrategy):
    """Later and later, then never."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """What Procrastinate does after this failure; `attempts` counts those before it."""
        if isinstance(exception, Failed) and not exception.again:
            return None
        return RetryDecision(retry_in={"seconds": int(running.pause(job.attempts + 1).total_seconds())})


def schema() -> str:
    """The statements that lay Procrastinate's own tables, for the step of the schema that does so."""
    return SchemaManager.get_schema()


def enqueue(session: Session, kind: str, payload: Mapping[str, Any], run_at: datetime, dedupe: str | None) -> bool:
    """Defer the job on this transaction's connection; False if the dedupe key is known."""
    if dedupe is not None and not session.put_once(JobKey, {"key": dedupe, "run_at": run_at}):
        return False
    _defer(session, kind, payload, run_at)
    return True


def run_due(limit: int) -> int:
    """Run what is due here and now, at most `limit` jobs; how many. The caller's thread may have a loop of its own."""
    ran, store = _Counter(limit), database.current()
    with ThreadPoolExecutor(1, "jobs") as aside:
        aside.submit(lambda: asyncio.run(_work(_app(_connector(store)), wait=False, task_middleware=[ran]))).result()
    return ran.count


def next_due(session: Session) -> datetime | None:
    """When the first job is due, by the house's clock."""
    first: datetime | None = session.scalar(
        select(func.min(func.coalesce(_JOBS.c.scheduled_at, clock.wall()))).where(_MINE, _is("todo"))
    )
    return None if first is None else clock.now() + (first - clock.wall())


def failed(session: Session, limit: int) -> Sequence[Record[Any]]:
    """What was given up, newest first."""
    return session.execute(
        select(
            _JOBS.c.id,
            _JOBS.c.args["kind"].astext.label("kind"),
            _JOBS.c.args["payload"].label("payload"),
            _JOBS.c.attempts,
            JobFault.error,
        )
        .outerjoin(JobFault, JobFault.job_id == _JOBS.c.id)
        .where(_MINE, _is("failed"))
        .order_by(_JOBS.c.id.desc())
        .limit(limit)
    ).all()


def retrying(session: Session, limit: int) -> Sequence[Record[Any]]:
    """What failed and is tried again."""
    kind, payload = _JOBS.c.args["kind"].astext.label("kind"), _JOBS.c.args["payload"].label("payload")
    again = select(kind, payload, _JOBS.c.attempts).where(_MINE, _is("todo"), _JOBS.c.attempts > 0)
    return session.execute(again.order_by(_JOBS.c.scheduled_at, _JOBS.c.id).limit(limit)).all()


def about(session: Session, refs: Sequence[str], limit: int) -> Sequence[Record[Any]]:
    """What may name one of these and is not done, newest first; Procrastinate plans by its own clock, so no instant."""
    kind, payload = _JOBS.c.args["kind"].astext.label("kind"), _JOBS.c.args["payload"].label("payload")
    named = or_(*[_JOBS.c.args["payload"].astext.contains(f'{ref}"', autoescape=True) for ref in refs])
    state = case((_is("todo"), "waiting"), (_is("doing"), "running"), else_="failed").label("state")
    at = null().label("run_at")
    wanted = select(kind, payload, state, _JOBS.c.attempts, at).where(_MINE, _JOBS.c.status.in_(UNDONE), named)
    return session.execute(wanted.order_by(_JOBS.c.id.desc()).limit(limit)).all()


def retry(session: Session, job_id: int, now: datetime) -> None:
    """Begin anew, with all attempts to come: a new job in place of the one that was given up."""
    given_up = delete(_JOBS).where(_MINE, _is("failed"), _JOBS.c.id == job_id).returning(_JOBS.c.args)
    row = session.execute(given_up).one_or_none()
    if row is None:
        raise Missing(job=job_id)
    session.execute(delete(JobFault).where(JobFault.job_id == job_id))
    _defer(session, row.args["kind"], row.args["payload"], now)


def forget_done(session: Session, before: datetime) -> int:
    """Forget dedupe keys, and the faults of jobs that are no more."""
    session.execute(delete(JobFault).where(JobFault.job_id.not_in(select(_JOBS.c.id))))
    return session.execute(delete(JobKey).where(JobKey.run_at < before)).rowcount


def take_over(session: Session, job: Record[Any], now: datetime) -> None:
    """Go on with a job of an embedded house; what was given up there is given up here."""
    if job.dedupe is not None:
        session.put_once(JobKey, {"key": job.dedupe, "run_at": job.run_at})
    if job.state == "done":
        return
    number = _defer(session, job.kind, job.payload, max(job.run_at, now))
    if job.state == "failed":
        given_up = {"status": "failed", "attempts": job.attempts}
        session.execute(update(_JOBS).where(_JOBS.c.id == number).values(**given_up))
        session.put_once(JobFault, {"job_id": number, "error": job.error or ""})


def bring_forward(session: Session, by: timedelta) -> None:
    """What is planned comes nearer by so much."""
    session.execute(update(_JOBS).where(_MINE, _is("todo")).values(scheduled_at=_JOBS.c.scheduled_at - by))


class Runner:
    """A worker of Procrastinate in a thread of this process; it looks every second, and at once when a job is new."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = threading.Event()
        self._work: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._go_on, name="jobs", daemon=True)

    def start(self) -> None:
        """Run jobs in the background, until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more jobs; those that are running are finished first."""
        self._stop.set()
        if self._loop and self._work:
            with contextlib.suppress(RuntimeError):  # the loop has just ended by itself
                self._loop.call_soon_threadsafe(self._work.cancel)
        self._thread.join()

    def _go_on(self) -> None:
        while not self._stop.is_set():
            try:
                asyncio.run(self._run())
            except asyncio.CancelledError:
                return
            except (exceptions.ConnectorException, psycopg.Error) as failure:
                log.warning("jobs wait for the database: %s", type(failure).__name__)
            self._stop.wait(LOOK_SECONDS)

    async def _run(self) -> None:
        self._loop, self._work = asyncio.get_running_loop(), asyncio.current_task()
        app = _app(_connector(self._store))
        app.periodic(cron=EVERY_TEN_SECONDS)(app.task(name="jidi.stalled", queue=QUEUE, pass_context=True)(take_up))
        await _work(app, wait=True)


async def take_up(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  Procrastinate's shape of a periodic task
    """Give the jobs of workers that died to whoever is next, after what waits: one may have killed its worker."""
    jobs: manager.JobManager = context.app.job_manager
    for job in await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_SECONDS):
        with contextlib.suppress(exceptions.ConnectorException):  # it has just ended after all
            await jobs.retry_job(job, priority=job.priority - 1)


class _Counter:
    """Counts our jobs, and stops the worker after the last that was asked for."""

    def __init__(self, limit: int) -> None:
        self.count = 0
        self._limit = limit

    def __call__(self, call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
        if context.job.task_name == TASK:
            self.count += 1
        if self.count >= self._limit:
            worker.stop()  # type: ignore[no-untyped-call]  # Procrastinate says no types here
        return call_next()


async def _work(app: procrastinate.App, **options: Any) -> None:
    async with app.open_async():
        await app.run_worker_async(
            queues=[QUEUE],
            concurrency=AT_ONCE if options["wait"] else 1,
            listen_notify=options["wait"],
            install_signal_handlers=False,
            fetch_job_polling_interval=LOOK_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            delete_jobs="successful",
            **options,
        )


def _app(connector: Any) -> procrastinate.App:
    app = procrastinate.App(connector=connector)
    app.task(name=TASK, queue=QUEUE, pass_context=True, retry=Pauses())(_run)
    return app


def _connector(store: Database) -> procrastinate.PsycopgConnector:
    address = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=AT_ONCE + 2)


def _run(context: JobContext, kind: str, payload: Mapping[str, Any]) -> None:
    """The one task that Procrastinate knows of: run a job of ours."""
    attempt = context.job.attempts + 1
    if reason := running.refusal(kind, attempt):
        _note(context.job.id or 0, reason)
        raise Failed(reason, again=False)
    error = running.run(kind, payload, attempt)
    if error is not None:
        _note(context.job.id or 0, error)
        raise Failed(error, again=attempt < MOST_ATTEMPTS)


def _note(job_id: int, error: str) -> None:
    with transaction() as session:
        if not session.put_once(JobFault, {"job_id": job_id, "error": error}):
            session.execute(update(JobFault).where(JobFault.job_id == job_id).values(error=error))


def _defer(session: Session, kind: str, payload: Mapping[str, Any], run_at: datetime) -> int:
    wait = run_at - clock.now()
    return _ASKING.configure_task(
        TASK,
        queue=QUEUE,
        connection=session.connection.connection.driver_connection,
        schedule_at=clock.wall() + wait if wait > timedelta() else None,
    ).defer(kind=kind, payload=orjson.loads(orjson.dumps(dict(payload))))


def _is(status: str) -> Any:
    return _JOBS.c.status == status


# Asks only on connections that it is given, and never opens one.
_ASKING = _app(procrastinate.SyncPsycopgConnector())
_JOBS = table(
    "procrastinate_jobs",
    column("id", BigInteger),
    column("task_name", String),
    column("args", JSONB),
    column("status", ENUM(name="procrastinate_job_status", create_type=False)),
    column("scheduled_at", TIMESTAMP(timezone=True)),
    column("attempts", Integer),
)
_MINE = _JOBS.c.task_name == TASK
