"""The queue at a million open tasks: its first page, a page far down, and the counts; on both databases."""

import statistics
import time
from collections.abc import Callable, Iterator

from sqlalchemy import bindparam, func, literal_column, select

from engine.waits import Wait
from ground.database import Session, reading
from ground.people import Actor
from tasks import pages, queue
from tests.bench import bulk, house
from tests.bench.figures import Figure
from tests.bench.flows import A
from tests.engine import flows

OPEN = 1_000_000
CASES = 20_000
QUEUES = 40
ROUNDS = 60


def measure() -> Iterator[Figure]:
    """Load the rows by SQL, then time each of the three in turn, beside a bare look at one index."""
    for kind in house.KINDS:
        with house.laid(kind):
            by = house.officer()
            house.published(flows.in_a_row(A, 5))
            bulk.cases(house.start(A, by, "one"), CASES - 1, Wait)
            bulk.waits(OPEN // CASES - 1, QUEUES)
            yield from _pages(by, house.NAMES[kind])


def _pages(by: Actor, named: str) -> Iterator[Figure]:
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Wait)) == OPEN
        deep = _cursor_far_down(session, by)
    asked: dict[str, Callable[[Session], object]] = {
        "first page": lambda session: _twenty(queue.page(session, by, queue.Filters())),
        "a page far down": lambda session: _twenty(queue.page(session, by, queue.Filters(), after=deep)),
        "the three counts": lambda session: queue.counts(session, by),
        "floor": lambda session: session.execute(_BARE, {"queue": max(by.keys)}).all(),
    }
    times: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(ROUNDS):
        for name, ask in asked.items():
            with reading() as session:
                began = time.perf_counter()
                ask(session)
                took = time.perf_counter() - began
            if number >= ROUNDS // 6:
                times[name].append(took)
    least = statistics.median(times.pop("floor"))
    for name, each in times.items():
        yield Figure(f"queue of {OPEN:,}, {named}: {name}, p50", statistics.median(each) * 1e3, least * 1e3)


def _twenty(page: pages.Page) -> None:
    assert len(page.items) == 20, len(page.items)


def _cursor_far_down(session: Session, by: Actor) -> str:
    """The place after which the last hundred of this queue stand."""
    last = select(Wait.id, Wait.due_at).where(Wait.queue == max(by.keys), Wait.held_by.is_(None))
    return pages.cursor(session.execute(last.order_by(Wait.due_at.desc(), Wait.id.desc()).offset(100).limit(1)).one())


# What no list can do without: twenty rows along one index, and nothing else.
_BARE = (
    select(Wait.id, Wait.ref, Wait.element, Wait.due_at)
    .where(Wait.queue == bindparam("queue"), Wait.held_by.is_(None))
    .order_by(Wait.queue, Wait.held_by, Wait.due_at, Wait.id)
    .limit(literal_column("20"))
)
