"""A house in which nothing happens: how late the alarm fires what comes due, and what a quiet half minute costs."""

import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select, update

from engine import waits
from engine.history import History
from engine.waits import Timer
from ground import clock
from ground.database import reading, transaction
from tasks.scheduler import Scheduler
from tests.bench import bulk, floor, house
from tests.bench.figures import Figure
from tests.engine import flows

OPEN = 10_000
QUIET_SECONDS = 30
PATIENCE_SECONDS = 20
AHEAD = timedelta(seconds=2)
KEY = "overdue"


def measure() -> Iterator[Figure]:
    """Over 10,000 cases that wait for a day far away."""
    for kind in house.KINDS:
        with house.laid(kind):
            by = house.officer()
            house.published(flows.waiting(KEY))
            bulk.cases(house.start(KEY, by, "one"), OPEN - 1, Timer)
            alarm = Scheduler()
            alarm.start()
            try:
                time.sleep(2)
                named = house.NAMES[kind]
                yield Figure(f"idle, {named}: a timer fires after its instant", _lateness() * 1e3)
                before = time.process_time()
                time.sleep(QUIET_SECONDS)
                spent = (time.process_time() - before) * 60 / QUIET_SECONDS
                yield Figure(f"idle, {named}: a minute over {OPEN:,} open cases", spent * 1e3, floor.work() * 1e3)
            finally:
                alarm.stop()


def _lateness() -> float:
    """Seconds from the instant at which a timer is due to the line that says that it has fired."""
    due_at = clock.now() + AHEAD
    with transaction() as session:
        first = session.scalar(select(Timer.id).order_by(Timer.id).limit(1))
        case_id = session.scalar(update(Timer).where(Timer.id == first).values(due_at=due_at).returning(Timer.case_id))
        session.after_commit(lambda: waits._alarm[0](due_at))
    fired = select(History.at).where(History.case_id == case_id, History.kind == "timer.fired")
    for _ in range(PATIENCE_SECONDS * 200):
        with reading() as session:
            if session.scalar(fired) is not None:
                return (clock.now() - due_at).total_seconds()
        time.sleep(0.005)
    message = "the timer did not fire"
    raise AssertionError(message)
