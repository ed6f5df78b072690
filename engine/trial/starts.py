"""Start events that wait for something: each begins an instance of its own, as often as that happens."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.spiff.diagrams import Diagram, Element
from engine.spiff.expressions import ExpressionFailed

Due = Callable[[Element, Mapping[str, Any]], datetime]


@dataclass
class Listening:
    """One start event that waits; `due` is a timer's next moment, None when no more comes; `left` counts a cycle."""

    diagram: Diagram
    start: Element
    due: datetime | None = None
    left: int | None = None
    held: bool = False


@dataclass
class Starts:
    """The start events of some diagrams, and with which values each process would begin."""

    listening: list[Listening] = field(default_factory=list)
    data: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def listen(self, diagram: Diagram, due: Due) -> None:
        """Wait at every start event of this diagram that is about something; its timers count from now."""
        self.listening = [each for each in self.listening if each.diagram is not diagram]
        for start in (one for each in diagram.starts for one in each.alternatives or (each,)):
            if start.event is not None:
                found = Listening(diagram, start)
                if start.timer is not None:
                    found.due = due(start, self.given(diagram))
                    found.left = start.timer.repeats
                self.listening.append(found)

    def given(self, diagram: Diagram) -> Mapping[str, Any]:
        """The values that a script gave this process to begin with."""
        return self.data.get(diagram.id, {})

    def hearing(self, event: str, name: str) -> Iterator[Listening]:
        """Those that wait for this message or signal."""
        for each in self.listening:
            if each.start.event == event and name == (each.start.message if event == "message" else each.start.code):
                yield each

    def holding(self, names: Mapping[str, Any], diagram: Diagram | None = None) -> Iterator[Listening]:
        """Those, of this diagram or of all, whose condition has become true with these values."""
        for each in self.listening:
            if each.start.condition is not None and each.diagram is (diagram or each.diagram):
                before, each.held = each.held, _holds(each.start, names)
                if each.held and not before:
                    yield each

    def fired(self, one: Listening, due: Due) -> None:
        """A timer has begun an instance; a cycle comes again."""
        last = one.left is None or one.left == 1
        one.left = one.left - 1 if one.left is not None and one.left > 0 else one.left
        one.due = None if last else due(one.start, self.given(one.diagram))


def _holds(start: Element, names: Mapping[str, Any]) -> bool:
    """A name that is not there makes no condition true."""
    try:
        return start.condition is not None and start.condition.holds(names)
    except ExpressionFailed:
        return False
