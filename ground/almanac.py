"""What the calendar begins: yearly and monthly work, registered by whoever knows it, asked about every day.

Whoever keeps the days (the scheduler) knows nothing of what is begun. A work looks for itself whether its day has
come and what has begun already, so that asking again begins nothing twice.
"""

from collections.abc import Callable, Mapping
from datetime import date

from ground.database import Session

Work = Callable[[Session, date], int]

_works: dict[str, Work] = {}


def begins(name: str) -> Callable[[Work], Work]:
    """Register a work under its name; it gets the day in Shanghai and says how many things it began."""

    def register(work: Work) -> Work:
        _works[name] = work
        return work

    return register


def works() -> Mapping[str, Work]:
    """Every work there is, by name."""
    return _works


def day_of(text: str, year: int) -> date:
    """The day of a year that a parameter names: `01-10` of 2026 is 10 January 2026."""
    month, day = map(int, text.split("-"))
    return date(year, month, day)
