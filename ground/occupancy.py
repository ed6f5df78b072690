"""Whether somebody serves from a data folder: a lock that ends with its process, whatever ends that.

It is SQLite's own, on a file that holds nothing: who serves may write to it for as long as he lives, and only one may;
who wants to be alone shuts it to everybody. So it works wherever the house does.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ground.errors import Refused

NAME = "served"


class Served(Refused):
    """Somebody is serving from this folder: stop that first, or use another folder."""

    code = "house.served"


_kept: list[sqlite3.Connection] = []


def occupy(folder: Path) -> None:
    """Say that this process serves from here, until it ends; Served if another does, or wants to be alone with it."""
    connection = _open(folder)
    try:
        connection.execute("BEGIN IMMEDIATE")
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
