"""The demo's own house, opened from a test beside the server: on its database and by its clock."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from engine import definitions
from ground import clock
from ground.database import Database, reading
from tasks.demo_clock import DemoClock
from tests import databases


@contextlib.contextmanager
def inside(data: Path) -> Iterator[None]:
    """What is called inside is done in the demo's house, at the moment that its pages show."""
    definitions.forget()
    opened = Database(f"sqlite:///{data / 'jidi.db'}")
    with databases.using(opened):
        with reading() as session:
            ahead = timedelta(microseconds=session.scalar(select(DemoClock.ahead)) or 0)
        before = clock.use(lambda: clock.wall() + ahead)
        try:
            yield
        finally:
            clock.use(before)
            opened.close()
            definitions.forget()
