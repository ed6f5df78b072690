"""The queue at 10,000 open tasks: its first and its last page; and what an idle minute over them costs."""

import statistics
import time
from dataclasses import dataclass

from sqlalchemy import select

from engine.waits import Wait
from ground.database import reading
from ground.people import Actor
from tasks import queue
from tasks.scheduler import Scheduler
from tests.bench import house
from tests.engine import flows

OPEN = 10_000
ROUNDS = 40
IDLE_SECONDS = 60
KEY = "flow-a"


@dataclass(frozen=True)
class Figures:
    """Milliseconds a page, and CPU milliseconds of an idle minute."""

    first_ms: float
    last_ms: float
    idle_cpu_ms: float


def measure() -> Figures:
    """Open the tasks, walk to the last page once, then time both ends in turn."""
    with house.laid():
        by = house.officer()
        house.published(flows.in_a_row(KEY, 5))
        for number in range(OPEN):
            house.start(KEY, by, str(number))
        last = _last_cursor()
        first_page, last_page = [], []
        for _ in range(ROUNDS):
            first_page.append(_page(by, None))
            last_page.append(_page(by, last))
        return Figures(statistics.median(first_page) * 1000, statistics.median(last_page) * 1000, _idle())


def _page(by: Actor, after: str | None) -> float:
    began = time.perf_counter()
    with reading() as session:
        page = queue.page(session, by, queue.Filters(), after=after)
        queue.counts(session, by)
    took = time.perf_counter() - began
    assert len(page.items) == 20, len(page.items)
    return took


def _last_cursor() -> str:
    with reading() as session:
        row = session.execute(
            select(Wait.id, Wait.due_at).order_by(Wait.due_at.desc(), Wait.id.desc()).offset(20).limit(1)
        ).one()
    return queue._cursor(row)


def _idle() -> float:
    alarm = Scheduler()
    alarm.start()
    time.sleep(2)
    before = time.process_time()
    time.sleep(IDLE_SECONDS)
    spent = time.process_time() - before
    alarm.stop()
    return spent * 1000
