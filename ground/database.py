"""The one place that opens, commits and rolls back: `transaction()` to write, `reading()` to read.

SQLite is one file in WAL with synchronous=FULL, and its writers queue in the order they came: its own busy handler
starves them (p99 2.7 s with 32 clients, 0.18 s behind a fair lock). PostgreSQL serves any number of nodes.
"""

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, cast

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    MetaData,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

from ground.errors import Busy, Refused
from ground.writes import Statement, Values, Write, once, run

WAIT_SECONDS = 5.0
CACHE_KIB = 8_000
# A frozen node's locks end with its session, and nobody waits for a lock longer than a writer of SQLite would.
POSTGRESQL = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
# Who only reads takes one core: an analysis spread over all of them would stand in the way of work on cases.
POSTGRESQL_READER = "-c max_parallel_workers_per_gather=0 -c jit=off"
# Rows are read by name, never by the column of a statement, so that a result need not learn each statement's columns
# anew: a tenth of what a short statement costs. The mapper of SQLAlchemy sets the same for its own.
BY_NAME = {"_result_disable_adapt_to_context": True}
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """A table, declared in the module that writes it; statements on it run on a plain connection."""

    metadata = MetaData(naming_convention=NAMES)


def table(row: type[Row]) -> Table:
    """The table behind a declaration: a statement on it needs nothing of the mapper."""
    return cast("Table", row.__table__)


class StorageFull(Refused):
    """The disk is full or does not answer; nothing was stored, reading goes on."""

    code = "storage.full"
    status = 503


class StorageLost(Refused):
    """The store went away, perhaps after it had committed; asking again with the same key finds out, or does it."""

    code = "storage.lost"
    status = 503


class Session:
    """One open transaction. It has no `commit`: only `transaction()` ends it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.afterwards: list[Callable[[], None]] = []
        self._gathered: list[Write] = []

    def execute(self, statement: Executable, rows: Values | Sequence[Values] | None = None) -> CursorResult[Any]:
        """Run one statement, after what was gathered; with `rows`, once for each."""
        self.flush()
        return self.connection.execute(statement, rows)

    def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, or None; after what was gathered."""
        self.flush()
        return self.connection.execute(statement).scalar()

    def peek(self, statement: Executable, values: Values) -> CursorResult[Any]:
        """Read what no gathered write changes, such as who holds a role or when a term ends."""
        return self.connection.execute(statement, values)

    def later(
        self, statement: Statement, rows: Sequence[Values], otherwise: Callable[[], Refused] | None = None
    ) -> None:
        """Gather a write for the end of the transaction, or for the next statement that might read it.

        `otherwise` makes the refusal that is raised unless as many rows are touched as are given.
        """
        if rows:
            self._gathered.append(Write(statement, rows, otherwise))

    def later_once(self, row: type[Row], values: Values, otherwise: Callable[[], Refused] | None = None) -> None:
        """Gather an insert that leaves alone what is there under the same key."""
        self.later(once(table(row), self.connection.dialect.name), [values], otherwise)

    def flush(self) -> None:
        """Do now what was gathered."""
        if self._gathered:
            writes, self._gathered = self._gathered, []
            run(self.connection, writes)

    def put_once(self, row: type[Row], values: Values) -> bool:
        """Insert a row unless one with the same key is there; True if it is new."""
        self.flush()
        statement = once(table(row), self.connection.dialect.name)
        # Without this option an insert says -1 on PostgreSQL, whatever happened.
        return self.connection.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount == 1

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call this once the transaction stands; it must not fail and must not write."""
        self.afterwards.append(call)


class Turnstile:
    """A lock that lets writers through in the order they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Event] = deque()

    def enter(self, timeout: float) -> None:
        """Wait for our turn; Busy after `timeout` seconds."""
        turn = threading.Event()
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            self._queue.append(turn)
        if turn.wait(timeout):
            return
        with self._guard:
            if not turn.is_set():
                self._queue.remove(turn)
                raise Busy(waited=timeout)

    def leave(self) -> None:
        """Hand the turn to whoever has waited longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._taken = False


class Database:
    """Two engines on one store: one that writes, one that cannot."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.turnstile = Turnstile() if self.is_sqlite else None
        self.writer = (
            _sqlite(self.url.render_as_string(hide_password=False), "BEGIN IMMEDIATE")
            if self.is_sqlite
            else _postgresql(url)
        )
        self.reader = (
            _sqlite(self.url.render_as_string(hide_password=False), "BEGIN")
            if self.is_sqlite
            else _postgresql_reader(url)
        )

    @contextlib.contextmanager
    def in_haste(self) -> Iterator[None]:
        """Inside, commits of SQLite reach the disk when the system pleases, and all of them when this ends.

        Only for a house that is thrown away unless it gets that far.
        """
        if not self.is_sqlite:
            yield
            return
        event.listen(self.writer, "connect", _unsynced)
        self.writer.dispose()
        try:
            yield
        finally:
            event.remove(self.writer, "connect", _unsynced)
            self.writer.dispose()
            os.sync()

    def close(self) -> None:
        """Let every connection go."""
        self.writer.dispose()
        self.reader.dispose()


def _sqlite(url: str, begin: str) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        execution_options=BY_NAME,
        connect_args={"check_same_thread": False, "timeout": WAIT_SECONDS},
        pool_size=40,
        max_overflow=40,
    )

    event.listen(engine, "connect", partial(_prepare, only_reads=begin == "BEGIN"))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry, *, only_reads: bool) -> None:
    connection.isolation_level = None  # pysqlite: BEGIN is ours to say
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{CACHE_KIB}",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    if only_reads:
        cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def _unsynced(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _postgresql(url: str, options: str = POSTGRESQL, **more: Any) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        execution_options=BY_NAME,
        pool_size=20,
        max_overflow=20,
        connect_args={"options": options},
        **more,
    )


def _postgresql_reader(url: str) -> Engine:
    return _postgresql(url, POSTGRESQL_READER, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)


_current: list[Database] = []
_open = threading.local()


def use(database: Database) -> None:
    """Make this the database of the process."""
    _current[:] = [database]


def current() -> Database:
    """The database of the process; an error of ours if none was opened."""
    return _current[0]


@contextlib.contextmanager
def transaction() -> Iterator[Session]:
    """The one commit of the house: everything inside stands together or not at all."""
    if getattr(_open, "session", None) is not None:
        message = "a transaction is already open in this thread: pass its session on"
        raise RuntimeError(message)
    database = current()
    if database.turnstile:
        database.turnstile.enter(WAIT_SECONDS)
    try:
        with _named_failures(), database.writer.connect() as connection, connection.begin():
            session = _open.session = Session(connection)
            yield session
            session.flush()
    finally:
        _open.session = None
        if database.turnstile:
            database.turnstile.leave()
    for call in session.afterwards:
        call()


@contextlib.contextmanager
def reading() -> Iterator[Session]:
    """A look that never queues behind writers and cannot write."""
    with _named_failures(), current().reader.connect() as connection:
        yield Session(connection)


@contextlib.contextmanager
def _named_failures() -> Iterator[None]:
    """What the store says of itself becomes a refusal that a person can act on."""
    try:
        yield
    except OperationalError as failure:
        words = str(failure.orig).lower()
        if "locked" in words or "busy" in words or "lock timeout" in words:
            raise Busy(waited=WAIT_SECONDS) from failure
        if "full" in words or "i/o error" in words or "readonly" in words or "no space" in words:
            raise StorageFull from failure
        if failure.connection_invalidated or "connection" in words:
            raise StorageLost from failure
        raise
