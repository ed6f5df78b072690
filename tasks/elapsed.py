"""Working days that handling a case has taken, less those in which it lay with the applicant or stood still.

N-7: 退回修改, 补正 and 中止 do not count against the holder. A day belongs to one of them only, and the day on which
anything begins is not counted, as with deadlines.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from ground import clock
from ground.calendar import Calendar

APPLICANT = "base_filler"
SUPPLEMENT, FILL_SUPPLEMENT = "supplement", "fill_supplement"
SUSPENDED, SUPPLEMENTED, RETURNED = "suspended", "supplemented", "returned"
ORDER = (SUSPENDED, SUPPLEMENTED, RETURNED)


class Line(Protocol):
    """A line of a case's story: when, of what kind, at which place."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def kind(self) -> str:
        """What happened, by its code."""

    @property
    def element(self) -> str | None:
        """The place of the diagram."""


@dataclass(frozen=True)
class Used:
    """Working days used, and those left out for each reason."""

    days: int
    suspended: int = 0
    supplemented: int = 0
    returned: int = 0


@dataclass(frozen=True)
class Span:
    """A time that does not count, and why; without an end it still runs."""

    why: str
    since: datetime
    until: datetime | None


def of_case(lines: Iterable[Line], role: Callable[[str], str | None], now: datetime, known: Calendar) -> Used | None:
    """What a case has taken until now, from its story, oldest first; None as long as the applicant has sent nothing.

    `role` tells who is asked at a place. Filling in for the first time is nobody's handling.
    """
    told = list(lines)
    sent = next((line for line in told if line.kind == "task.completed"), None)
    first = next((line for line in told if line.kind == "task.opened"), None)
    applied = first is not None and role(first.element or "") == APPLICANT
    start = sent if applied else first
    return reckon(start.at, now, spans(told, role), known) if start else None


def of_task(lines: Iterable[Line], opened_at: datetime, now: datetime, known: Calendar) -> Used:
    """What a task has taken since it was opened: only a suspension stops its days."""
    return reckon(opened_at, now, spans(list(lines), lambda _: None), known)


def spans(lines: Iterable[Line], role: Callable[[str], str | None]) -> list[Span]:
    """The times that do not count: suspended, or with the applicant for a second time or to supplement."""
    found: list[Span] = []
    running: dict[str, tuple[str, datetime]] = {}
    done: set[str] = set()
    for line in lines:
        place = line.element or ""
        if line.kind == "case.suspended":
            running[""] = (SUSPENDED, line.at)
        elif line.kind == "task.opened" and role(place) == APPLICANT and (why := _why(place, done)):
            running[place] = (why, line.at)
        elif line.kind in ("task.completed", "task.closed", "case.resumed"):
            if line.kind != "task.closed":
                done.add(place)
            if begun := running.pop("" if line.kind == "case.resumed" else place, None):
                found.append(Span(*begun, line.at))
    return found + [Span(*begun, None) for begun in running.values()]


def reckon(start: datetime, end: datetime, left_out: Iterable[Span], known: Calendar) -> Used:
    """Count each working day after the start and up to the end once."""
    first, last = clock.local_day(start), clock.local_day(end)
    periods = [(span.why, clock.local_day(span.since), clock.local_day(span.until or end)) for span in left_out]
    counted = dict.fromkeys((*ORDER, ""), 0)
    for day in _working_days(first, last, known):
        counted[next((why for why in ORDER if _within(day, why, periods)), "")] += 1
    return Used(counted[""], *(counted[why] for why in ORDER))


def _why(place: str, done: set[str]) -> str | None:
    if place == FILL_SUPPLEMENT or place.startswith(f"{SUPPLEMENT}:"):
        return SUPPLEMENTED
    return RETURNED if place in done else None


def _within(day: date, why: str, periods: Iterable[tuple[str, date, date]]) -> bool:
    return any(kind == why and since < day <= until for kind, since, until in periods)


def _working_days(first: date, last: date, known: Calendar) -> Iterable[date]:
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return (day for day in days if known.is_workday(day))
