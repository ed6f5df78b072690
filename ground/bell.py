"""Waking other nodes: NOTIFY in the transaction of the row, LISTEN on a connection of its own, a look each second.

The look is what the promise rests on: a word that is lost, because the connection broke, costs a second and nothing
else. On SQLite there is one process, and its own alarm is enough.
"""

import logging
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy import func, select

from ground.database import Database, Session

CHANNEL = "jidi"
LOOK_SECONDS = 1.0

log = logging.getLogger(__name__)


def ring(session: Session) -> None:
    """Wake every node that listens, once this transaction stands."""
    if session.connection.dialect.name == "postgresql":
        session.peek(_NOTIFY, {})


class Listener:
    """Calls `wake` whenever another node rings, and each second if none does."""

    def __init__(self, database: Database, wake: Callable[[], None], every: float = LOOK_SECONDS) -> None:
        self._address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._wake = wake
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="bell", daemon=True)

    def start(self) -> None:
        """Listen in the background, until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more; takes at most as long as from one look to the next."""
        self._stop.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._listen(connection)
            except psycopg.OperationalError as failure:
                log.warning("the bell is cut off, looking now and then: %s", type(failure).__name__)
                self._wake()
                self._stop.wait(self._every)

    def _listen(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        while not self._stop.is_set():
            # The first look is for what was rung before anybody listened.
            self._wake()
            list(connection.notifies(timeout=self._every, stop_after=1))


_NOTIFY = select(func.pg_notify(CHANNEL, ""))
