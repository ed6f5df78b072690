"""The diagrams as they are shipped: every completion of the demo's play, from the application to the document.

Its goals are those of the flows that are made for the bench. A completion has its checks, its steps and its letters in
it; those of the first week lay papers and the form of the annex in, and a list that is signed moves many cases.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from bases import demo
from engine import cases
from engine.cases import Case
from ground import clock, seed
from ground.database import reading, transaction
from tasks import demo_clock
from tests.bench import floor, house
from tests.bench.figures import Figure
from tests.engine import flows
from web import shipped, staging

A = "shipped-floor"


def measure() -> Iterator[Figure]:
    """Completions of the whole play, and the largest state that a case is left with."""
    for kind in house.KINDS:
        with house.laid(kind) as store:
            house.published(flows.in_a_row(A, 5))
            with floor.bare(store, floor.diagram(A)) as bare_round:
                least = statistics.median(bare_round() for _ in range(50))
            took = _played()
            with reading() as session:
                largest = session.scalar(select(func.max(func.length(Case.state))))
        name = f"shipped, {house.NAMES[kind]}"
        yield Figure(f"{name}: a completion, p50", statistics.median(took) * 1e3, least * 1e3)
        yield Figure(f"{name}: a completion, p90", statistics.quantiles(took, n=10)[8] * 1e3, least * 1e3)
        yield Figure(f"{name}: the largest state of a case", largest)


def _played() -> list[float]:
    """The seconds of each completion."""
    demo_clock.start()
    opens = clock.today()
    begins = staging.open_on(opens)
    with transaction() as session:
        seed.lay(session)
        shipped.publish(session, begins)
        demo.lay(session, begins)
        demo.lay_papers(session, begins)
        demo.lay_registers(session, begins)
        demo.stand_in(session)
    with _timed() as took:
        staging.play(opens)
    return took


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Time every completion in the block."""
    took: list[float] = []
    complete = cases.complete

    def timed(*args: Any, **named: Any) -> cases.Moved:
        began = time.perf_counter()
        try:
            return complete(*args, **named)
        finally:
            took.append(time.perf_counter() - began)

    cases.complete = timed
    try:
        yield took
    finally:
        cases.complete = complete
