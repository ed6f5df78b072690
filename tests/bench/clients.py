"""Many at once: the slowest of a hundred at 32 clients, and what two processes do together on PostgreSQL."""

import multiprocessing
import queue
import statistics
import threading
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier

from engine import definitions
from ground import database
from ground.database import Database
from ground.people import Actor
from tests.bench import floor, house
from tests.bench.figures import Figure
from tests.bench.flows import A, B, at_the_visit, instance, loop
from tests.engine import flows

CLIENTS = 32
EACH = 4
TOGETHER = 40
PROCESSES = 2


def measure() -> Iterator[Figure]:
    """The crowd on both databases, the pair on PostgreSQL."""
    for kind in house.KINDS:
        with house.laid(kind) as store:
            by = house.officer()
            house.published(flows.in_a_row(A, 5))
            house.published(flows.visiting(B))
            instance(by, "warm")
            with floor.bare(store, floor.diagram(A)) as bare_round:
                least = bare_round()
                worst = _crowd(by)
            yield Figure(f"A, {house.NAMES[kind]}: a completion at {CLIENTS} clients, p99", worst * 1e3, least * 1e3)
            if kind == "postgresql":
                yield Figure(f"A, PostgreSQL: moves of {PROCESSES} processes", _pair(store, by, A), 1 / least)
                yield Figure(f"B, PostgreSQL: moves of {PROCESSES} processes", _pair(store, by, B), 1 / least)


def _crowd(by: Actor) -> float:
    """Every client works through instances of its own, as fast as it can; seconds."""
    times: list[float] = []

    def work(client: int) -> None:
        for number in range(EACH):
            times.extend(instance(by, f"crowd-{client}-{number}")[0][1:])

    threads = [threading.Thread(target=work, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == CLIENTS * EACH * 5, "a client was refused"
    return statistics.quantiles(times, n=100)[98]


def _pair(store: Database, by: Actor, flow: str) -> float:
    """Moves a second of the processes together, while none of them waits for anything but the database."""
    context = multiprocessing.get_context("spawn")
    barrier, rates = context.Barrier(PROCESSES), context.Queue()
    url = store.url.render_as_string(hide_password=False)
    workers = [
        context.Process(target=_alone, args=(url, by, flow, f"{flow}-{number}", barrier, rates))
        for number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    try:
        return sum(rates.get(timeout=120) for _ in workers)
    except queue.Empty:
        raise AssertionError("a process did not come to its end") from None
    finally:
        for worker in workers:
            worker.join(10)
            worker.kill()


def _alone(url: str, by: Actor, flow: str, name: str, barrier: Barrier, rates: "multiprocessing.Queue[float]") -> None:
    """One process: warm up, begin together, then say how many moves a second it made; claims are not moves."""
    store = Database(url)
    database.use(store)
    definitions.forget()
    instance(by, f"{name}-warm")
    ref = at_the_visit(by, f"{name}-visit")
    loop(by, ref, f"{name}-warm")
    barrier.wait(60)
    times: list[float] = []
    for number in range(TOGETHER):
        times += instance(by, f"{name}-{number}")[0] if flow == A else loop(by, ref, f"{name}-{number}")
    barrier.wait(60)
    rates.put(len(times) / sum(times))
    store.close()
