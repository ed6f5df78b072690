"""A diagram and how it is played, as data: what is shown runs exactly so, or is refused for exactly that reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.spiff import lint
from tests.engine.spiff.play import Play

Act = Callable[[Play], object]


@dataclass(frozen=True)
class Sample:
    """The smallest diagram that shows something; `script` is what is done and what must then wait."""

    name: str
    body: bytes
    script: tuple[Act, ...] = ()
    refused: str | None = None  # the code of the finding
    group: str = ""
    number: int = 0  # of a workflow pattern
    data: Mapping[str, Any] = field(default_factory=dict)
    at: str | None = None


def check(sample: Sample) -> None:
    """Play it, frozen and thawed after every act; or find the refusal, with its element and its way out."""
    if sample.refused is None:
        play = Play(sample.body, at=sample.at, **sample.data)
        for act in sample.script:
            act(play)
        return
    errors = [finding for finding in lint.check({"a.bpmn": sample.body}) if finding.severity == "error"]
    assert sample.refused in [finding.code for finding in errors]
    assert all(finding.element and finding.params.get("way_out") for finding in errors)


def do(element: str, *, nth: int = 0, **data: Any) -> Act:
    """Complete a task."""
    return lambda play: play.do(element, nth=nth, **data)


def fire(element: str) -> Act:
    """Let a timer be due."""
    return lambda play: play.fire(element)


def send(element: str, **data: Any) -> Act:
    """Bring the message that an event or task waits for."""
    return lambda play: play.send(element, **data)


def signal(name: str, **data: Any) -> Act:
    """Give a signal from outside."""
    return lambda play: play.signal(name, **data)


def assign(**data: Any) -> Act:
    """Set data from outside."""
    return lambda play: play.assign(**data)


def waits(elements: str = "", kind: str = "user") -> Act:
    """Exactly these elements must wait now."""

    def look(play: Play) -> None:
        assert play.waiting(kind) == sorted(elements.split())

    return look


def ended(outcome: str) -> Act:
    """The instance must be over, and this is the end that it reached last."""

    def look(play: Play) -> None:
        assert play.outcome == outcome

    return look
