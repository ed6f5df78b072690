"""APScheduler in memory: the alarm clock, the heartbeat, the housekeeping. It holds no truth; every deadline is a row.

The alarm rings at the next due instant and is set again whenever a commit opens an earlier timer; the heartbeat
looks every 15 seconds in case an alarm was missed. A node that was off for days catches up with its first look.
"""

import logging
import threading
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine import waits
from ground import clock, files, jobs
from ground.database import reading, transaction
from tasks import reminders, timers

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15
REMINDERS_SECONDS = 600
JOBS_AT_ONCE = 100
DONE_KEPT = timedelta(days=30)


class Scheduler:
    """The alarm of one process."""

    def __init__(self) -> None:
        self._clock = BackgroundScheduler(timezone=clock.SHANGHAI, executors={"default": ThreadPoolExecutor(2)})
        self._sweeping = threading.Lock()

    def start(self) -> None:
        """Catch up with what is due, then wait for alarms."""
        waits.set_alarm(self._ring_at)
        jobs.on_enqueue(self._ring_now)
        self._clock.start()
        self._clock.add_job(self.sweep, IntervalTrigger(seconds=HEARTBEAT_SECONDS), id="heartbeat", coalesce=True)
        self._clock.add_job(
            self.remind,
            IntervalTrigger(seconds=REMINDERS_SECONDS),
            id="reminders",
            coalesce=True,
            misfire_grace_time=None,
        )
        self._clock.add_job(self.tidy, IntervalTrigger(hours=24), id="tidy", coalesce=True, misfire_grace_time=None)
        self._ring_now()

    def stop(self) -> None:
        """Ring no more; what is being moved is finished first."""
        self._clock.shutdown(wait=True)

    def sweep(self) -> None:
        """Fire what is due and run the jobs that are waiting, then set the alarm for what comes next."""
        with self._sweeping:
            now = clock.now()
            timers.fire_due(now)
            while jobs.run_due(clock.now(), JOBS_AT_ONCE) == JOBS_AT_ONCE:
                pass
            with reading() as session:
                coming = (waits.next_due(session), jobs.next_due(session))
        for due in coming:
            if due is not None:
                self._ring_at(due)

    def remind(self) -> None:
        """Send the reminders of the day."""
        with transaction() as session:
            reminders.send_due(session, clock.now())

    def tidy(self) -> None:
        """Forget the jobs that were done long ago, and the bytes that no row names."""
        with transaction() as session:
            jobs.forget_done(session, clock.now() - DONE_KEPT)
            files.sweep(session)

    def _ring_at(self, due_at: datetime) -> None:
        # The house's clock may run ahead of the machine's (demo): the alarm is set by the distance.
        wait = max(due_at - clock.now(), timedelta())
        if wait <= timedelta(seconds=HEARTBEAT_SECONDS):
            self._clock.add_job(
                self.sweep,
                DateTrigger(clock.wall() + wait),
                id=f"alarm-{due_at.timestamp()}",
                replace_existing=True,
                misfire_grace_time=None,
            )

    def _ring_now(self) -> None:
        self._clock.add_job(
            self.sweep, DateTrigger(clock.wall()), id="now", replace_existing=True, misfire_grace_time=None
        )
