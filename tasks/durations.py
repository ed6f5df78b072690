"""How many cases reached and passed each stage, how many working days each took of it, and how often it sent back.

Counted from what happened to the cases, line by line, and never from where they stand: a case that came back to a
stage keeps the days of both times. A suspension stops the days (N-7).
"""

import math
import statistics
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from engine import cases
from engine.cases import Case
from engine.history import History
from ground.calendar import Calendar
from ground.database import Session
from ground.people import Actor
from tasks import elapsed
from tasks.elapsed import Line

KINDS = (
    "task.opened",
    "task.completed",
    "task.sent_back",
    "task.closed",
    "case.suspended",
    "case.resumed",
    "case.completed",
    "case.cancelled",
)
LEFT = frozenset({"task.completed", "task.sent_back", "task.closed"})
ENDS = frozenset({"case.completed", "case.cancelled"})
NINETY = 0.9

Stage = Callable[[str], str]


@dataclass
class Way:
    """One case's way through the stages: the working days in each, which it has passed, which have sent it back."""

    days: dict[str, int] = field(default_factory=dict)
    inside: set[str] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Figures:
    """One stage: the cases that reached it, passed it, stand in it, were sent back by it; the days of who passed."""

    stage: str
    entered: Sequence[int]
    passed: Sequence[int]
    inside: Sequence[int]
    returned: Sequence[int]
    days: Sequence[int]

    @property
    def median(self) -> float | None:
        """Half of those that passed took at most so many working days; None where nobody has passed."""
        return statistics.median(self.days) if self.days else None

    @property
    def ninety(self) -> int | None:
        """Nine in ten of them took at most so many."""
        return sorted(self.days)[math.ceil(NINETY * len(self.days)) - 1] if self.days else None

    @property
    def returned_share(self) -> float | None:
        """Of those that reached it, the share that it sent back at least once."""
        return len(self.returned) / len(self.entered) if self.entered else None


def visible(session: Session, by: Actor, case_ids: Collection[int]) -> Mapping[int, Record[Any]]:
    """Of these cases, those that this person may know of."""
    rows = session.execute(
        select(Case.id, Case.ref, Case.number, Case.title, Case.region, Case.release_id)
        .where(Case.id.in_(list(case_ids)), cases.visible(by))
        .order_by(Case.id)
    )
    return {row.id: row for row in rows}


def ways(
    session: Session, case_ids: Collection[int], order: Sequence[str], stage: Stage, now: datetime, known: Calendar
) -> Mapping[int, Way]:
    """The way of each of these cases; one statement, or none for none."""
    if not case_ids:
        return {}
    rows = session.execute(
        select(History.case_id, History.at, History.kind, History.element)
        .where(History.case_id.in_(list(case_ids)), History.kind.in_(KINDS))
        .order_by(History.case_id, History.seq)
    )
    told: dict[int, list[Any]] = {case: [] for case in case_ids}
    for row in rows:
        told[row.case_id].append(row)
    return {case: way(lines, order, stage, now, known) for case, lines in told.items()}


def way(lines: Sequence[Line], order: Sequence[str], stage: Stage, now: datetime, known: Calendar) -> Way:
    """The way that one case's story tells, oldest line first."""
    found = Way()
    for name, spans in _spans(lines, order, stage).items():
        stood = elapsed.spans(lines, lambda _place: None)
        counted = [elapsed.reckon(since, until or now, stood, known).days for since, until in _apart(spans, now)]
        found.days[name] = sum(counted)
        if any(until is None for _since, until in spans):
            found.inside.add(name)
    found.returned = _returned(lines, order, stage)
    return found


def by_stage(found: Mapping[int, Way], order: Sequence[str]) -> list[Figures]:
    """The figures of each stage in its order, of those that any case reached."""
    return [figures for name in order if (figures := _figures(name, found)).entered]


def _figures(name: str, found: Mapping[int, Way]) -> Figures:
    entered = [case for case, way in found.items() if name in way.days]
    passed = [case for case in entered if name not in found[case].inside]
    return Figures(
        stage=name,
        entered=entered,
        passed=passed,
        inside=[case for case in entered if name in found[case].inside],
        returned=[case for case in entered if name in found[case].returned],
        days=[found[case].days[name] for case in passed],
    )


def _spans(
    lines: Iterable[Line], order: Sequence[str], stage: Stage
) -> dict[str, list[tuple[datetime, datetime | None]]]:
    """By stage, the times in which a task of it was open; what was withdrawn unsent ends with the next that opens."""
    running: dict[str, datetime] = {}
    found: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for line in lines:
        place = line.element or ""
        if line.kind == "task.opened" and stage(place) in order:
            if place in running:
                found.setdefault(stage(place), []).append((running[place], line.at))
            running[place] = line.at
        elif line.kind in LEFT and place in running:
            found.setdefault(stage(place), []).append((running.pop(place), line.at))
        elif line.kind in ENDS:
            for left, since in running.items():
                found.setdefault(stage(left), []).append((since, line.at))
            running.clear()
    for place, since in running.items():
        found.setdefault(stage(place), []).append((since, None))
    return found


def _apart(spans: Sequence[tuple[datetime, datetime | None]], now: datetime) -> list[tuple[datetime, datetime | None]]:
    """The same times without overlaps, so that two tasks side by side count their days once."""
    joined: list[tuple[datetime, datetime | None]] = []
    for since, until in sorted(spans, key=lambda span: span[0]):
        if joined and since <= (joined[-1][1] or now):
            last = joined[-1]
            joined[-1] = (last[0], None if last[1] is None or until is None else max(last[1], until))
        else:
            joined.append((since, until))
    return joined


def _returned(lines: Iterable[Line], order: Sequence[str], stage: Stage) -> set[str]:
    """The stages whose step, when it was sent, opened an earlier stage's step again; a 补正 sends nothing back."""
    done: set[str] = set()
    sent: tuple[datetime, str] | None = None
    found: set[str] = set()
    for line in lines:
        place = line.element or ""
        if line.kind == "task.completed":
            done.add(place)
        if line.kind in {"task.completed", "task.sent_back"}:
            sent = (line.at, stage(place))
        elif line.kind == "task.opened" and sent is not None and sent[0] == line.at and place in done:
            earlier = stage(place) in order and sent[1] in order and order.index(stage(place)) < order.index(sent[1])
            if earlier and not place.startswith((elapsed.SUPPLEMENT, elapsed.FILL_SUPPLEMENT)):
                found.add(sent[1])
    return found
