"""What touches security and is nobody's case: refusals, sign-ins, settings; noted at once, written in batches.

A note costs its request no write, and scanning cannot fill the table: beyond 60 rows a minute and source, one row
counts the rest. Only what was refused is ever counted so: what somebody did is always written.
"""

import logging
import threading
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Index, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from ground import clock
from ground.database import Row, transaction
from ground.errors import Refused
from ground.types import Code, Id, Instant, Text, Whole, clean

PAUSE_SECONDS = 1.0
MOST_A_MINUTE = 60
MOST_SOURCES = 10_000
MOST_WAITING = 20_000
LONGEST = 200
LONGEST_IP = 45
FLOOD = "security.flood"
REFUSED = ("refused", "failed", "locked", "flood")

log = logging.getLogger(__name__)


class SecurityEvent(Row):
    """One event, or with `count` above one as many as it stands for."""

    __tablename__ = "security_event"
    __table_args__ = (Index(None, "at"), Index(None, "kind", "at"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(Code(60))
    # No foreign key: an event outlives whom it names, and one bad number must not hold up a batch.
    person_id: Mapped[int | None] = mapped_column(Whole, index=True)
    ip: Mapped[str] = mapped_column(Code(LONGEST_IP))
    object: Mapped[str] = mapped_column(Text(LONGEST))
    reason: Mapped[str] = mapped_column(Text(LONGEST))
    count: Mapped[int] = mapped_column(Whole)


@dataclass(slots=True)
class Event:
    """A row that is still in memory."""

    at: datetime
    kind: str
    person_id: int | None
    ip: str
    object: str
    reason: str
    count: int = 1


class Appender:
    """Keeps events in memory for at most a second and lets no source write more than its share."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: deque[Event] = deque()
        self._minute = 0
        self._shares: dict[str, int] = {}
        self._floods: dict[str, Event] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Write every second in the background, until `stop`."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._go_on, name="security-appender", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Write what is left and end the background thread."""
        thread, self._thread = self._thread, None
        self._stop.set()
        if thread:
            thread.join()
        self.flush()

    def add(self, event: Event) -> None:
        """Keep the event, or count it to its source's flood."""
        source = event.ip or f"person:{event.person_id}"
        with self._guard:
            self._turn_minute(event.at)
            # A crowd of made-up sources shares one share.
            source = source if source in self._shares or len(self._shares) < MOST_SOURCES else "*"
            self._shares[source] = self._shares.get(source, 0) + 1
            refused = event.kind.endswith(REFUSED)
            if not refused or (self._shares[source] <= MOST_A_MINUTE and len(self._waiting) < MOST_WAITING):
                self._waiting.append(event)
            elif source in self._floods:
                self._floods[source].count += 1
            else:
                self._floods[source] = Event(event.at, FLOOD, event.person_id, event.ip, event.object, event.kind)

    def flush(self, *, everything: bool = True) -> None:
        """Write what waits; with `everything` also floods whose minute is not over."""
        with self._writing:
            with self._guard:
                if everything or clock.now().timestamp() // 60 != self._minute:
                    self._end_minute()
                batch = list(self._waiting)
            if not batch:
                return
            with transaction() as session:
                session.execute(insert(SecurityEvent), [asdict(event) for event in batch])
            with self._guard:
                for _ in batch:
                    self._waiting.popleft()

    def _go_on(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            try:
                self.flush(everything=False)
            except (Refused, SQLAlchemyError) as failure:  # busy, full or away: the events wait for the next second
                log.warning("security events wait: %s", type(failure).__name__)

    def _turn_minute(self, at: datetime) -> None:
        minute = int(at.timestamp() // 60)
        if minute != self._minute:
            self._end_minute()
            self._minute = minute

    def _end_minute(self) -> None:
        for flood in self._floods.values():
            if len(self._waiting) < 2 * MOST_WAITING:
                self._waiting.append(flood)
            else:  # the store has been away for long: what does not fit is at least counted
                self._waiting[-1].count += flood.count
        self._floods.clear()
        self._shares.clear()


_appender = Appender()


def note(
    kind: str,
    *,
    person_id: int | None = None,
    ip: str = "",
    object: str = "",  # noqa: A002  as the column is called
    reason: str = "",
) -> None:
    """Note an event; it stands in the table within a second once `start` was called."""
    # Cleaned before it is cut: some characters grow when they are normalised.
    event = Event(
        clock.now(), kind, person_id, clean(ip)[:LONGEST_IP], clean(object)[:LONGEST], clean(reason)[:LONGEST]
    )
    _appender.add(event)


def start() -> None:
    """Begin to write in the background."""
    _appender.start()


def stop() -> None:
    """Write everything and end the background."""
    _appender.stop()


def flush() -> None:
    """Write everything that was noted so far, here and now."""
    _appender.flush()
