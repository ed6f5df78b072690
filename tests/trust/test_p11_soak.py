"""P11. No degradation: an hour at twice the peak, as fast as it goes, ends as small and as quick as it began.

The peak is two acts a second, which is more than a province's officers do on the last day of a time limit.
"""

import gc
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import select

from engine import cases
from engine.cases import Case
from engine.waits import Wait
from ground import clock, database
from ground.database import reading
from tasks import queue, timers
from tests.conftest import MORNING
from tests.trust import acts
from tests.trust.crash import LATER
from tests.trust.stores import Say, Stores, live, stores
from tests.trust.work import work

PROMISE = "no degradation"
PEAK = 2
HOUR_OF_ACTS = 2 * PEAK * 3600
WARM, WINDOW, QUICK = 200, 200, 0.03
CACHE_KIB = 512
MOST_MB_AN_HOUR, MOST_SLOWER = 1.0, 1.2
OBJECTS_AN_ACT = 0.5
ROUND = 4  # acts of one case: begun, seen in the queue, claimed, done


def trials(scale: float) -> tuple[int, list[str]]:
    """So many acts in one process: what it holds grows by less than a megabyte an hour, and its acts stay quick."""
    count = max(2 * WARM, round(HOUR_OF_ACTS * scale))
    with stores("sqlite") as made:
        house = made.first(acts.lay)
        life = live(partial(_soak, made, house, count, scale >= 1))
    return count, [*life.said, *([life.failed] if life.failed else [])]


def _soak(made: Stores, house: str, count: int, timed: bool, say: Say) -> None:  # noqa: FBT001  bound in one place
    clock.use(lambda: MORNING)
    # SQLite keeps pages of a growing file up to a fixed size; here that is reached before the counting begins.
    database.CACHE_KIB = CACHE_KIB
    took: list[float] = []
    with made.open(house):
        _look(took, _acts(WARM))
        took.clear()
        objects, memory = _objects(), _memory() if timed else 0
        _look(took, _acts(count, WARM))
        grown = (_objects() - objects) / count
        megabytes = (_memory() - memory) / 1e6 * HOUR_OF_ACTS / count if timed else 0.0
    if grown > OBJECTS_AN_ACT:
        say(f"{grown:.2f} objects are kept of each act")
    if not timed:
        return
    if megabytes > MOST_MB_AN_HOUR:
        say(f"it grows by {megabytes:.2f} MB an hour")
    slow = [quantiles(took[start : start + WINDOW], n=20)[18] for start in range(0, len(took) - WINDOW, WINDOW)]
    first, last = median(slow[: len(slow) // 4]), median(slow[-len(slow) // 4 :])
    if last > MOST_SLOWER * first:
        say(f"p95 was {first * 1000:.1f} ms of CPU and is {last * 1000:.1f} ms")


def _look(took: list[float], done: Iterator[None]) -> None:
    """What each round of acts costs of the processor: what else the machine does meanwhile is not theirs."""
    while True:
        began = time.process_time()
        try:
            next(done)
        except StopIteration:
            return
        took.append(time.process_time() - began)


def _acts(count: int, first: int = 0) -> Iterator[None]:
    """Cases begun, seen, claimed and done by one officer; now and then the clock's and the letters' turn."""
    by = acts.person("looper")
    place: Any = {"region": "510703", "organ": by.held[0].organ_id, "title": "久", "data": {"round": 0}, "by": by}
    for number in range(first, first + count, ROUND):
        case = cases.start("rounds", subject=f"base:{number}", key=f"soak {number}", **place).ref
        with reading() as session:
            queue.page(session, by, queue.Filters())
            wait = session.scalar(select(Wait.ref).join(Case).where(Case.ref == case))
        acts.claim(wait, by)
        cases.complete(wait, acts.FORWARD, by=by, key="send")
        if number % (25 * ROUND) == 0:
            timers.fire_due(clock.now() + LATER)
            work()
        yield


def _objects() -> int:
    gc.collect()
    return len(gc.get_objects())


def _memory() -> int:
    """Bytes of this process that are in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def test_nothing_of_an_act_is_kept_when_it_is_over(apart):
    assert apart.trials("test_p11_soak", QUICK) == (round(HOUR_OF_ACTS * QUICK), [])
