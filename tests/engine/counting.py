"""Counting what an act asks of the database: statements and commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event

from ground.database import Database


@dataclass
class Counted:
    """How many statements ran and how many transactions were committed."""

    statements: int = 0
    commits: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Counted]:
    """Count on both engines while the block runs."""
    count = Counted()

    def ran(*_: object) -> None:
        count.statements += 1

    def committed(_: object) -> None:
        count.commits += 1

    for engine in (database.writer, database.reader):
        event.listen(engine, "before_cursor_execute", ran)
    event.listen(database.writer, "commit", committed)
    try:
        yield count
    finally:
        for engine in (database.writer, database.reader):
            event.remove(engine, "before_cursor_execute", ran)
        event.remove(database.writer, "commit", committed)
