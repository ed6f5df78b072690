"""Flow A, a start and five tasks with a form: how long a completion takes, and what an instance costs in CPU."""

import sqlite3
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from engine import cases, definitions
from engine.spiff.instance import Instance
from engine.waits import Wait
from ground import clock
from ground.database import reading, transaction
from ground.people import Actor
from tasks import queue
from tests.bench import house
from tests.engine import flows

ROUNDS = 9
PER_ROUND = 20
TASKS = 5
KEY = "flow-a"


@dataclass(frozen=True)
class Figures:
    """Medians over the rounds: milliseconds a completion, CPU milliseconds an instance, and the floor of both."""

    completion_ms: float
    floor_ms: float
    cpu_ms: float
    state_bytes: int


class Host:
    """The least that an instance needs around it."""

    def names(self) -> dict[str, object]:
        """Nothing beside the data."""
        return {}


def measure() -> Figures:
    """Run rounds of ours and of the bare floor in turn, so that a slow minute slows both."""
    with house.laid():
        by = house.officer()
        house.published(flows.in_a_row(KEY, TASKS))
        _instance(by, "warm")
        ours, floor, cpu = [], [], []
        for number in range(ROUNDS):
            took, spent = _round(by, number)
            ours.append(took)
            cpu.append(spent)
            floor.append(_floor_round())
        return Figures(statistics.median(ours), statistics.median(floor), statistics.median(cpu), _state_bytes())


def _round(by: Actor, number: int) -> tuple[float, float]:
    times: list[float] = []
    before = time.process_time()
    for place in range(PER_ROUND):
        times += _instance(by, f"{number}-{place}")
    spent = time.process_time() - before
    return statistics.median(times) * 1000, spent / PER_ROUND * 1000


def _instance(by: Actor, name: str) -> list[float]:
    """One instance from start to end; the seconds that each completion took. The claim is not in the figure."""
    ref = house.start(KEY, by, name)
    times = []
    for place in range(TASKS):
        with transaction() as session:
            wait = session.scalar(
                select(Wait.ref).join(cases.Case, cases.Case.id == Wait.case_id).where(cases.Case.ref == ref)
            )
            queue.claim(session, wait, by, clock.now())
        began = time.perf_counter()
        cases.complete(wait, house.ANSWERS, by=by, key=f"{name}-{place}")
        times.append(time.perf_counter() - began)
    return times


def _floor_round() -> float:
    """The bare floor: thaw, one engine step, freeze, one row in a transaction of its own."""
    with reading() as session:
        row = definitions.current(session, KEY)
        diagram = definitions.folder(session, row.version_id).diagram
    with tempfile.TemporaryDirectory() as folder:
        store = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=FULL")
        store.execute("CREATE TABLE state (id INTEGER PRIMARY KEY, body BLOB)")
        times = []
        for number in range(PER_ROUND):
            state = Instance.start(diagram, {}, Host())
            state.advance()
            store.execute("INSERT INTO state VALUES (?, ?)", (number, state.freeze()))
            for _ in range(TASKS):
                began = time.perf_counter()
                store.execute("BEGIN IMMEDIATE")
                body = store.execute("SELECT body FROM state WHERE id = ?", (number,)).fetchone()[0]
                state = Instance.thaw(body, diagram, Host())
                state.complete(next(token.id for token in state.tokens() if token.kind == "user"), {})
                state.advance()
                store.execute("UPDATE state SET body = ? WHERE id = ?", (state.freeze(), number))
                store.execute("COMMIT")
                times.append(time.perf_counter() - began)
        store.close()
    return statistics.median(times) * 1000


def _state_bytes() -> int:
    with reading() as session:
        return max(len(row.state) for row in session.execute(select(cases.Case.state)))
