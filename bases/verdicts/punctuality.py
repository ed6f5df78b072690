"""Article 12(7): what a base had to report by a date of the text or of a served notice, and the score that follows.

The suggestion is worked out from these facts alone, so whoever works it out again gets the same. A passed
系统默认时限 is no fact of this kind: it is left out, whatever the readers bring.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ground.database import Session

ON_TIME, LATE, MISSING, FALSE = "on_time", "late", "missing", "false"
BINDING = frozenset({"text", "notice"})
WORTH = {ON_TIME: 100, MISSING: 0, FALSE: 0}
HALVES = 2


@dataclass(frozen=True)
class Report:
    """One duty to report: which, for which year, by which day of which kind, and how it was kept."""

    duty: str
    year: int
    due_on: date
    due_kind: str
    kept: str
    clause: str


@dataclass(frozen=True)
class Suggestion:
    """How many reports count, how many of them were on time, late, missing or false, and the half points that makes."""

    counted: int
    on_time: int
    late: int
    missing: int
    false: int
    halves: int


Reader = Callable[[Session, int, date, date], Sequence[Report]]
_readers: dict[str, Reader] = {}


def reader(name: str) -> Callable[[Reader], Reader]:
    """Register what knows of duties to report: of a base, with a due day in a span, both days included."""

    def register(function: Reader) -> Reader:
        _readers[name] = function
        return function

    return register


def of_base(session: Session, base_id: int, since: date, until: date) -> list[Report]:
    """Every duty of a base in this span that counts, by its day."""
    found = [each for read in _readers.values() for each in read(session, base_id, since, until)]
    return sorted(binding(found), key=lambda each: (each.due_on, each.duty))


def binding(reports: Sequence[Report]) -> list[Report]:
    """Those whose day the text or a served notice fixes."""
    return [each for each in reports if each.due_kind in BINDING]


def suggest(reports: Sequence[Report], full: int, late_percent: Any) -> Suggestion | None:
    """R-12.7: the full mark in equal parts; on time is worth all of a part, late a share of it, the rest nothing.

    Two late of five, with half a part each, are 8 of 10. Rounded down to a half point. None where nothing was due.
    """
    counted = binding(reports)
    if not counted:
        return None
    worth = {**WORTH, LATE: late_percent}
    share = sum(Fraction(str(worth[each.kept])) for each in counted) / 100 / len(counted)
    kept = [each.kept for each in counted]
    return Suggestion(
        counted=len(counted),
        on_time=kept.count(ON_TIME),
        late=kept.count(LATE),
        missing=kept.count(MISSING),
        false=kept.count(FALSE),
        halves=int(full * HALVES * share),
    )
