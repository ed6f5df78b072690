"""Whether somebody serves from a data folder: a lock that ends with its process, whatever ends that.

It is SQLite's own, on a file that holds nothing: who serves reads it for as long as he lives, who wants to be alone
writes to it. So it works wherever the house does.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ground.errors import Refused

NAME = "served"


class Served(Refused):
    """Somebody is serving from this folder: stop that first."""

    code = "house.served"


_kept: list[sqlite3.Connection] = []


def occupy(folder: Path) -> None:
    """Say that this process serves from here, until it ends; Served if somebody wants to be alone with it."""
    connection = _open(folder)
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as failure:
        raise Served(folder=folder.name) from failure
    _kept.append(connection)


def leave() -> None:
    """This process serves no more."""
    while _kept:
        _kept.pop().close()


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody serves from here, and nobody begins to; else Served."""
    connection = _open(folder)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as failure:
        raise Served(folder=folder.name) from failure
    try:
        yield
    finally:
        connection.close()


def _open(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / NAME, timeout=0, isolation_level=None, check_same_thread=False)
