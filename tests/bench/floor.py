"""The bare floor: what the same engine step and one row cost with nothing around them, on either database."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from engine import definitions
from engine.spiff.diagrams import Diagram
from engine.spiff.instance import Instance
from ground.database import Database, reading

STEPS = 5
INSTANCES = 20


class Host:
    """The least that an instance needs around it."""

    def names(self) -> dict[str, object]:
        """Nothing beside the data."""
        return {}


def diagram(process: str) -> Diagram:
    """The diagram that new cases of this process run on."""
    with reading() as session:
        return definitions.folder(session, definitions.current(session, process).version_id).diagram


def step(body: bytes, of: Diagram) -> bytes:
    """Thaw, complete the one open task, run until it waits, freeze."""
    state = Instance.thaw(body, of, Host())
    state.complete(next(token.id for token in state.tokens() if token.kind == "user"), {})
    state.advance()
    state.tokens()
    return state.freeze()


def begun(of: Diagram) -> bytes:
    """A new instance at its first task."""
    state = Instance.start(of, {}, Host())
    state.advance()
    return state.freeze()


@contextmanager
def bare(store: Database, of: Diagram) -> Iterator[Callable[[], float]]:
    """What measures one round of the floor on this kind of database: seconds a step with its row, the median."""
    with _sqlite() if store.is_sqlite else _postgresql(store) as move:
        yield lambda: statistics.median(_round(of, move))


def work() -> float:
    """Seconds of CPU for a fixed piece of plain Python: the floor of what touches no database."""
    best = []
    for _ in range(9):
        began = time.process_time()
        total = 0
        for number in range(10_000):
            total += number % 7
        best.append(time.process_time() - began)
    return statistics.median(best)


Move = Callable[[int, Callable[[bytes], bytes] | bytes], None]


def _round(of: Diagram, move: Move) -> list[float]:
    times = []
    for number in range(INSTANCES):
        move(number, begun(of))
        for _ in range(STEPS):
            began = time.perf_counter()
            move(number, lambda body: step(body, of))
            times.append(time.perf_counter() - began)
    return times


@contextmanager
def _sqlite() -> Iterator[Move]:
    with tempfile.TemporaryDirectory(prefix="jidi-floor-") as folder:
        store = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=FULL")
        store.execute("CREATE TABLE state (id INTEGER PRIMARY KEY, body BLOB)")

        def move(number: int, act: Callable[[bytes], bytes] | bytes) -> None:
            store.execute("BEGIN IMMEDIATE")
            if isinstance(act, bytes):
                store.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (number, act))
            else:
                body = store.execute("SELECT body FROM state WHERE id = ?", (number,)).fetchone()[0]
                store.execute("UPDATE state SET body = ? WHERE id = ?", (act(body), number))
            store.execute("COMMIT")

        yield move
        store.close()


@contextmanager
def _postgresql(store: Database) -> Iterator[Move]:
    address = make_url(store.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS floor (id int PRIMARY KEY, body bytea)")
        connection.commit()

        def move(number: int, act: Callable[[bytes], bytes] | bytes) -> None:
            if isinstance(act, bytes):
                connection.execute("DELETE FROM floor WHERE id = %s", (number,))
                connection.execute("INSERT INTO floor VALUES (%s, %s)", (number, act))
            else:
                row = connection.execute("SELECT body FROM floor WHERE id = %s FOR UPDATE", (number,)).fetchone()
                assert row is not None
                connection.execute("UPDATE floor SET body = %s WHERE id = %s", (act(row[0]), number))
            connection.commit()

        yield move
