"""A hundred thousand timers that are due at once: how long one process takes to move all their cases."""

import time
from collections.abc import Iterator

from sqlalchemy import func, select

from engine.waits import Timer, Wait
from ground.database import reading
from tasks import timers
from tests.bench import bulk, floor, house
from tests.bench.figures import Figure
from tests.bench.flows import A
from tests.engine import flows

DUE = 100_000
KEY = "overdue"


def measure() -> Iterator[Figure]:
    """Load the cases by SQL, then one sweep at the instant at which all are due."""
    for kind in house.KINDS:
        with house.laid(kind):
            by = house.officer()
            house.published(flows.in_a_row(A, 5))
            house.published(flows.waiting(KEY))
            bulk.cases(house.start(KEY, by, "one"), DUE - 1, Timer)
            yield Figure(f"timers, {house.NAMES[kind]}: {DUE:,} due at once", _sweep(), floor.work() * 1e3)


def _sweep() -> float:
    with reading() as session:
        now = session.scalar(select(func.max(Timer.due_at)))
        assert session.scalar(select(func.count()).select_from(Timer)) == DUE
    began = time.perf_counter()
    assert timers.fire_due(now) == DUE
    took = time.perf_counter() - began
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Timer)) == 0
        assert session.scalar(select(func.count()).select_from(Wait)) == DUE
    return took
