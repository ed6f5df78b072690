"""Three months of a province that lives by itself: the processor time of a day, all its people and deadlines included.

Goal: what lets five years take at most 150 seconds on SQLite.
"""

import contextlib
import statistics
import time
from collections.abc import Iterator
from datetime import date

from ground import ids
from tests.bench import floor, house as bench
from tests.bench.figures import Figure
from web import house, simulation

SPAN = simulation.Span(date(2021, 3, 1), date(2021, 5, 31), 1)  # a batch and a campaign with their panels


def measure() -> Iterator[Figure]:
    """The milliseconds of a day beside those of a piece of plain Python; what came of it agrees with the pages."""
    with bench.laid("sqlite"), contextlib.ExitStack() as afterwards:
        afterwards.callback(ids.seed, None)
        ids.seed(SPAN.seed)
        house.lay_for_years(SPAN.first, SPAN.seed)
        before, began = floor.work(), time.process_time()
        found = simulation.live(SPAN)
        spent = time.process_time() - began
        assert not found.wrong, found.wrong
        days = (SPAN.last - SPAN.first).days + 1
        bare = statistics.mean((before, floor.work()))
        yield Figure("a day of a province: CPU", spent / days * 1000, bare * 1000)
        yield Figure("what its people were refused", found.refused.total())
