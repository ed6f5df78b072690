"""APScheduler in memory: the alarm clock, the heartbeat, the housekeeping. It holds no truth; every deadline is a row.

The alarm rings at the next due instant and is set again whenever a commit opens an earlier timer. On PostgreSQL any
number of nodes keep one each and share what is due: they wake one another, and each looks every second in any case.
Housekeeping is done by one node at a time, under its lease. A node that was off for days catches up with its first
look.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from engine import waits
from ground import almanac, bell, clock, database, files, jobs, leases
from ground.database import reading
from ground.errors import Refused
from ground.leases import Held
from tasks import alerts, analysis_rows, demo_clock, lapses, reminders, timers

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15
HOUSEKEEPING_SECONDS = 30
JOBS_AT_ONCE = 100
AT_ONCE = 10  # one sweeps, the others only leave word
DONE_KEPT = timedelta(days=30)


def remind(held: Held) -> None:
    """Send the reminders of the day."""
    with leases.writing(held) as session:
        reminders.send_due(session, clock.now())
        reminders.send_unclaimed(session, clock.now())


def tidy(held: Held) -> None:
    """Forget the jobs that were done long ago, and the bytes that no row names."""
    with leases.writing(held) as session:
        jobs.forget_done(session, clock.now() - DONE_KEPT)
        files.sweep(session)


def keep_the_almanac(held: Held) -> None:
    """Begin what the calendar begins, each work in a transaction of its own, so that one stops no other."""
    today = clock.today()
    for name, work in almanac.works().items():
        try:
            with leases.writing(held) as session:
                begun = work(session, today)
        except Refused as no:  # what cannot begin today is asked for again with the next turn
            log.warning("%s did not begin: %s", name, no)
        else:
            log.info("%s: %s begun", name, begun)


def end_substitutions(held: Held) -> None:
    """What a substitute held beyond the last day waits for its queue again."""
    with leases.writing(held) as session:
        lapses.give_back(session, clock.now())


# What one node does for all, by the name of its lease: how often, and what.
HOUSEKEEPING: dict[str, tuple[timedelta, Callable[[Held], None]]] = {
    "remind": (timedelta(minutes=10), remind),
    "alerts": (timedelta(minutes=10), alerts.turn),
    "substitutes": (timedelta(minutes=10), end_substitutions),
    "almanac": (timedelta(minutes=30), keep_the_almanac),
    "tidy": (timedelta(hours=24), tidy),
    "analyse": (timedelta(minutes=10), analysis_rows.keep),
}


def keeps(name: str, every: timedelta) -> Callable[[Callable[[Held], None]], Callable[[Held], None]]:
    """Register what one node does for all, for whoever stands above and brings several nouns together."""

    def register(work: Callable[[Held], None]) -> Callable[[Held], None]:
        HOUSEKEEPING[name] = (every, work)
        return work

    return register


class Scheduler:
    """The alarm of one process."""

    def __init__(self) -> None:
        self._clock = BackgroundScheduler(timezone=clock.SHANGHAI, executors={"default": ThreadPoolExecutor(3)})
        self._sweeping = threading.Lock()
        self._rung = threading.Event()
        self._others: list[bell.Listener | jobs.Runner] = []

    def start(self) -> None:
        """Catch up with what is due, then wait for alarms."""
        waits.set_alarm(self._ring_at)
        jobs.on_enqueue(self._ring_now)
        self._clock.start()
        self._every(HEARTBEAT_SECONDS, self.sweep, "heartbeat")
        self._every(HOUSEKEEPING_SECONDS, self.keep_house, "housekeeping")
        self._ring_now()
        store = database.current()
        if not store.is_sqlite:
            self._others = [bell.Listener(store, self._ring_now), jobs.Runner(store)]
        for other in self._others:
            other.start()

    def stop(self) -> None:
        """Ring no more; what is being moved is finished first."""
        for other in self._others:
            other.stop()
        self._clock.shutdown(wait=True)

    def sweep(self) -> None:
        """Fire what is due and run the jobs that are waiting, then set the alarm for what comes next.

        Who comes while another thread is at it leaves word, and that one looks once more.
        """
        self._rung.set()
        while self._rung.is_set() and self._sweeping.acquire(blocking=False):
            try:
                self._rung.clear()
                self._sweep()
            except (Refused, SQLAlchemyError) as failure:  # busy, full or away: what is due waits for the next look
                log.warning("what is due waits: %s", type(failure).__name__)
            finally:
                self._sweeping.release()

    def keep_house(self) -> None:
        """Do what is due of the work that one node does for all, if no other node is at it."""
        for name, (every, work) in HOUSEKEEPING.items():
            try:
                leases.alone(name, every, work)
            except (Refused, SQLAlchemyError) as failure:  # it is due again when its lease has run out
                log.warning("%s was not done: %s", name, failure if isinstance(failure, Refused) else type(failure))

    def _sweep(self) -> None:
        demo_clock.follow()
        leases.check_clock()
        timers.fire_due(clock.now())
        with reading() as session:
            coming = [waits.next_due(session)]
        if database.current().is_sqlite:
            coming.append(self._run_jobs())
        for due in coming:
            if due is not None:
                self._ring_at(due)

    @staticmethod
    def _run_jobs() -> datetime | None:
        """Run the jobs that are due, and say when the next one is; nodes have runners of their own for that."""
        while jobs.run_due(clock.now(), JOBS_AT_ONCE) == JOBS_AT_ONCE:
            pass
        with reading() as session:
            return jobs.next_due(session)

    def _every(self, seconds: int, work: Callable[[], None], name: str) -> None:
        trigger = IntervalTrigger(seconds=seconds)
        self._clock.add_job(work, trigger, id=name, coalesce=True, max_instances=AT_ONCE, misfire_grace_time=None)

    def _ring_at(self, due_at: datetime) -> None:
        # The house's clock may run ahead of the machine's (demo): the alarm is set by the distance.
        wait = max(due_at - clock.now(), timedelta())
        if wait <= timedelta(seconds=HEARTBEAT_SECONDS):
            self._clock.add_job(
                self.sweep,
                DateTrigger(clock.wall() + wait),
                id=f"alarm-{due_at.timestamp()}",
                replace_existing=True,
                max_instances=AT_ONCE,
                misfire_grace_time=None,
            )

    def _ring_now(self) -> None:
        self._clock.add_job(
            self.sweep,
            DateTrigger(clock.wall()),
            id="now",
            replace_existing=True,
            max_instances=AT_ONCE,
            misfire_grace_time=None,
        )
