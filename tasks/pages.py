"""One page of a list, and the words in an address by which the next one begins behind its last row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from ground.errors import Refused
from ground.numerals import whole


class BadCursor(Refused):
    """The address of this page of the list cannot be read; start from its first page."""

    code = "queue.cursor"
    status = 400


@dataclass(frozen=True)
class Page:
    """Some rows of a list, where the next ones begin, and whether (`partly`) only the newest were looked through."""

    items: Sequence[Record[Any]]
    after: str | None
    partly: bool = False


def cursor(item: Record[Any]) -> str:
    """Where the list goes on behind this task: its due instant, and its number among those of the same instant."""
    return behind(item.due_at, item.id)


def behind(at: datetime, number: int) -> str:
    """Where a list goes on behind the row of this instant and number."""
    return f"{stamp(at)}.{number}"


def place(cursor: str) -> tuple[datetime, int]:
    """The due instant and number that a cursor stands for."""
    at, dot, number = cursor.partition(".")
    last = whole(number)
    if not dot or last is None:
        raise BadCursor
    return moment(at), last


def stamp(moment: datetime) -> str:
    """An instant as it stands in an address."""
    return f"{moment:%Y%m%d%H%M%S%f}"


def moment(stamp: str) -> datetime:
    """The instant that a stamp stands for."""
    try:
        return datetime.strptime(stamp + "+0000", "%Y%m%d%H%M%S%f%z")
    except ValueError:
        raise BadCursor from None


def literal(text: str) -> str:
    """Text that a LIKE with the escape `/` takes as it is."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")
