"""A way through a diagram, written down step by step with the frozen state before each: recorded once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from engine.spiff import diagrams
from engine.spiff.diagrams import Diagram
from engine.spiff.elements import Element
from engine.spiff.instance import Instance, Told

ROOT = Path(__file__).parent


class Host:
    """Answers each step and table with what the trail holds for it."""

    def __init__(self, answers: Mapping[str, Mapping[str, Any]]) -> None:
        self.answers = answers

    def names(self) -> Mapping[str, Any]:
        return {"case": {"organ": 7, "region": "510100", "subject": "base:1", "number": "1"}}

    def step(self, element: Element, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        return self.answers.get(element.id, {})

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        return self.answers.get(element.id, {})

    def say(self, element: Element, told: Told) -> None:
        """Nobody else is there to hear it."""


@dataclass(frozen=True)
class Act:
    """What is done next: complete a task, let a timer be due or hand a message over; `nth` of those at the element."""

    element: str
    data: Mapping[str, Any]
    nth: int = 0


def act(element: str, nth: int = 0, **data: Any) -> Act:
    """One act, as a scenario writes it."""
    return Act(element, data, nth)


def record(
    parts: Mapping[str, bytes], acts: Sequence[Act], answers: Mapping[str, Mapping[str, Any]], data: Mapping[str, Any]
) -> dict[str, Any]:
    """Play the acts and keep what was frozen before each of them; the last must end the process."""
    diagram, host = diagrams.load(f"golden:{hash(tuple(parts.values()))}", parts), Host(answers)
    instance = Instance.start(diagram, data, host)
    instance.advance()
    stops = []
    for each in acts:
        blob = instance.freeze()
        instance = Instance.thaw(blob, diagram, host)
        stops.append({"state": blob.hex(), "waits": waits(instance), "act": [each.element, each.nth, each.data]})
        do(instance, each)
    if not instance.is_completed:
        raise AssertionError(instance.tokens())
    return {
        "parts": {path: body.decode() for path, body in parts.items()},
        "answers": answers,
        "stops": stops,
        "outcome": instance.outcome,
        "data": instance.data,
    }


def do(instance: Instance, each: Act) -> None:
    """Do one act and run until everything waits again."""
    at = sorted((token for token in instance.tokens() if token.element.id == each.element), key=lambda t: int(t.id, 16))
    token = at[each.nth]
    if token.kind == "user":
        instance.complete(token.id, each.data)
    elif token.kind == "message":
        instance.catch(token.id, each.data)
    else:
        instance.fire(token.id)
    instance.advance()


def waits(instance: Instance) -> list[list[Any]]:
    """Everything that waits, with the ids that rows in a database hold."""
    return sorted(([t.kind, t.element.id, t.id, t.item, dict(t.data)] for t in instance.tokens()), key=str)


def kept() -> list[Path]:
    """Every trail of every release."""
    return sorted(ROOT.glob("*/*.json"))


def faults(path: Path) -> Iterator[str]:
    """Thaw each state of a trail and go on from it to the end; a sentence for each thing that is not as it was."""
    trail = orjson.loads(path.read_bytes())
    diagram = diagrams.load(str(path), {name: body.encode() for name, body in trail["parts"].items()})
    for number in range(len(trail["stops"])):
        yield from _goes_on(trail, diagram, number, f"{path.parent.name}/{path.stem} at stop {number}")


def _goes_on(trail: Mapping[str, Any], diagram: Diagram, number: int, place: str) -> Iterator[str]:
    host = Host(trail["answers"])
    instance = Instance.thaw(bytes.fromhex(trail["stops"][number]["state"]), diagram, host)
    if waits(instance) != trail["stops"][number]["waits"]:
        yield f"{place}: {waits(instance)} wait, {trail['stops'][number]['waits']} did"
    for stop in trail["stops"][number:]:
        expected, standing = [_place(each) for each in stop["waits"]], [_place(each) for each in waits(instance)]
        if standing != expected:
            yield f"{place}: on its way {standing} wait, {expected} did"
            return
        element, nth, data = stop["act"]
        do(instance, Act(element, data, nth))
        instance = Instance.thaw(instance.freeze(), diagram, host)
    if not instance.is_completed or (instance.outcome, instance.data) != (trail["outcome"], trail["data"]):
        yield f"{place}: ended at {instance.outcome} with {instance.data}"


def _place(wait: Sequence[Any]) -> str:
    """A wait without the number of its token: what opens later may be numbered in another way."""
    kind, element, _token, item, data = wait
    return str([kind, element, item, sorted(data.items())])


def states(path: Path) -> int:
    """How many states a trail holds."""
    return len(orjson.loads(path.read_bytes())["stops"])
