"""The path of one case: each step that it came to, when it was entered, taken and left, and how it came there.

Read from what happened, oldest line first, and never from where the case stands. A step waits until somebody takes it
and is worked on from then on; both are working days, the first day not counted, and a suspension stops them (N-7).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from ground import clock
from ground.calendar import Calendar
from tasks import elapsed
from tasks.following import Following

# How a case came to a step: as its diagram says, by hand, or otherwise than its diagram knows.
FLOW, HAND, UNKNOWN = "flow", "hand", "unknown"
ENDS = frozenset({"case.completed", "case.cancelled"})
NAMELESS = frozenset({"message.arrived", "signal.heard", "case.migrated", "incident.closed"})
ORIGINS = frozenset({"task.completed", "timer.fired", "message.sent"})


class Told(Protocol):
    """A line of a case's history, with the version of the process that it was written on."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def kind(self) -> str:
        """What happened, by its code."""

    @property
    def by(self) -> int | None:
        """The person who did it, as far as this may be known."""

    @property
    def element(self) -> str | None:
        """The place of the diagram."""

    @property
    def detail(self) -> Mapping[str, Any]:
        """Its facts."""

    @property
    def version_id(self) -> int:
        """The version that the case stood on then."""


@dataclass
class Step:
    """One step of a case. `left` is None while it is open; `withdrawn` is one that was taken away and never sent."""

    element: str
    version_id: int
    entered: datetime
    queue: str = ""
    taken: datetime | None = None
    left: datetime | None = None
    by: int | None = None
    due_on: date | None = None
    due_kind: str = ""
    how: str = FLOW
    withdrawn: bool = False
    sent_back: bool = False

    @property
    def open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.left is None and not self.withdrawn

    def late(self, today: date) -> bool:
        """Whether it was sent, or still lies open, after the day on which it was due."""
        until = clock.local_day(self.left) if self.left else today
        return self.due_on is not None and not self.withdrawn and until > self.due_on


@dataclass
class Path:
    """Every step of a case in the order in which it came to them, and the times that do not count."""

    steps: list[Step] = field(default_factory=list)
    stood: list[elapsed.Span] = field(default_factory=list)

    def waited(self, step: Step, now: datetime, known: Calendar) -> int:
        """Working days until somebody took it."""
        return days(step.entered, step.taken or step.left or now, self.stood, known)

    def worked(self, step: Step, now: datetime, known: Calendar) -> int:
        """Working days from then on until it was sent."""
        return days(step.entered, step.left or now, self.stood, known) - self.waited(step, now, known)

    @property
    def variant(self) -> list[str]:
        """The sequence of its steps; what was asked of several at once, or of one again and again, stands once."""
        found: list[str] = []
        for step in self.steps:
            if not found or found[-1] != step.element:
                found.append(step.element)
        return found


def read(lines: Iterable[Told], ways: Callable[[int], Following]) -> Path:
    """The path that a case's story tells; `ways` gives what the diagram of a version lets follow."""
    return _Reading(ways).read(list(lines))


def days(start: datetime, end: datetime, stood: Sequence[elapsed.Span], known: Calendar) -> int:
    """Working days after the start and up to the end, less those of a suspension."""
    if stood:
        return elapsed.reckon(start, end, stood, known).days
    return known.working_days_between(clock.local_day(start), clock.local_day(end))


class _Reading:
    """A case's lines read one after the other."""

    def __init__(self, ways: Callable[[int], Following]) -> None:
        self._ways = ways
        self._steps: list[Step] = []
        self._done: dict[str, int] = {}
        self._origins: set[str] = set()
        self._excused = False
        self._hand = False
        self._move: datetime | None = None
        self._sent: Step | None = None
        self._acts: Mapping[str, Callable[[Told], None]] = {
            "task.opened": self._opened,
            "task.claimed": self._claimed,
            "task.released": self._released,
            "task.completed": self._completed,
            "task.rekeyed": self._rekeyed,
            "deadline.recounted": self._recounted,
            "case.resumed": self._resumed,
            "case.moved": self._moved,
            **dict.fromkeys(ENDS, self._ended),
        }

    def read(self, lines: Sequence[Told]) -> Path:
        for line in lines:
            if line.at != self._move:
                self._move, self._origins, self._sent = line.at, set(), None
                self._excused = self._hand = False
            self._take(line)
        return Path(self._steps, [each for each in elapsed.spans(lines, lambda _: None) if each.why])

    def _take(self, line: Told) -> None:
        act = self._acts.get(line.kind)
        if act is not None:
            act(line)
        if line.kind in ORIGINS and line.element:
            self._origins.add(line.element)
        self._excused = self._excused or line.kind in NAMELESS

    def _opened(self, line: Told) -> None:
        place, queue = line.element or "", str(line.detail.get("queue") or "")
        # What opens again under the same key was taken away before; what opens beside it in one move was not.
        self._end([s for s in self._open_at(place) if s.queue == queue and s.entered != line.at], line.at)
        named = queue.startswith("person:")
        due = line.detail.get("due_on")
        step = Step(
            place,
            line.version_id,
            line.at,
            queue,
            taken=line.at if named else None,
            due_on=date.fromisoformat(due) if due else None,
            due_kind=str(line.detail.get("due_kind") or ""),
            how=self._how(line),
        )
        sent, first = self._sent, self._done.get(place)
        if sent is not None and first is not None and first < self._done.get(sent.element, 0) and _returns(place):
            sent.sent_back = True
        self._steps.append(step)

    def _how(self, line: Told) -> str:
        if self._hand:
            return HAND
        ways, place = self._ways(line.version_id), line.element or ""
        if not ways.knows(place):
            return UNKNOWN
        if self._excused:
            return FLOW
        if not self._origins:
            return FLOW if self._steps or place in ways.at_start() else UNKNOWN
        return FLOW if any(place in ways.after(origin) for origin in self._origins) else UNKNOWN

    def _claimed(self, line: Told) -> None:
        step = next((each for each in self._open_at(line.element) if each.taken is None), None)
        if step is not None:
            step.taken, step.by = line.at, line.by

    def _released(self, line: Told) -> None:
        step = next((each for each in self._open_at(line.element) if each.taken and each.by == line.by), None)
        if step is not None:
            step.taken = step.by = None

    def _completed(self, line: Told) -> None:
        place, queue = line.element or "", line.detail.get("queue")
        standing = self._open_at(place)
        step = next((each for each in standing if each.queue == queue), standing[0] if standing else None)
        if step is None:  # the rest of its story is withheld: what is known is that it was sent
            step = Step(place, line.version_id, line.at)
            self._steps.append(step)
        step.left, step.by, step.taken = line.at, line.by, step.taken or line.at
        self._done.setdefault(place, len(self._done) + 1)
        self._sent = step

    def _moved(self, line: Told) -> None:
        self._hand = True
        source = str(line.detail.get("source") or "")
        self._end(self._open_at(source)[:1], line.at)

    def _ended(self, line: Told) -> None:
        self._end([step for step in self._steps if step.open], line.at)

    def _resumed(self, line: Told) -> None:
        by = int(line.detail.get("days") or 0)
        for step in self._steps:
            if step.open and step.due_on is not None:
                step.due_on += timedelta(days=by)

    def _recounted(self, line: Told) -> None:
        before, after = line.detail.get("before_on"), line.detail.get("after_on")
        for step in self._open_at(line.element):
            if after and str(step.due_on) == before:
                step.due_on = date.fromisoformat(after)

    def _rekeyed(self, line: Told) -> None:
        for step in self._open_at(line.element):
            if step.queue == line.detail.get("was"):
                step.queue = str(line.detail.get("queue") or "")

    def _open_at(self, place: str | None) -> list[Step]:
        return [step for step in self._steps if step.element == place and step.open]

    @staticmethod
    def _end(steps: Iterable[Step], at: datetime) -> None:
        for step in steps:
            step.left, step.withdrawn = at, True


def _returns(place: str) -> bool:
    """Whether coming here again is being sent back; to supplement is not (N-7)."""
    return not place.startswith((elapsed.SUPPLEMENT, elapsed.FILL_SUPPLEMENT))
