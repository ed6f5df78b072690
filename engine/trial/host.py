"""What the instances of a trial ask of their host, answered from files and script; and what is noted of their way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.spiff.diagrams import Element
from engine.spiff.instance import StuckAt, Told
from engine.trial.files import Files
from engine.trial.script import Script
from ground.errors import Refused

FACTS = {"organ": 1, "region": "510100", "subject": "base:1", "number": "2026-示例-001"}


@dataclass(frozen=True)
class Ran:
    """A registered step that a trial only noted: at which element, what it was given, and the data then."""

    element: str
    step: str
    parameters: Mapping[str, Any]
    data: Mapping[str, Any]


class Host:
    """Answers what steps and tables give, and keeps what was met, taken, fired and said."""

    def __init__(self, files: Files, script: Script) -> None:
        self.files = files
        self.gives = script.gives
        self.kept: list[Told] = []
        self.met: list[str] = []
        self.ran: list[Ran] = []
        self.fired: set[tuple[str, str]] = set()
        self.ways: set[tuple[str, str]] = set()

    def names(self) -> Mapping[str, Any]:
        """What every expression may read beside the data."""
        return {"case": FACTS}

    def step(self, element: Element, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the script says that this step gives back."""
        self.met.append(element.id)
        self.ran.append(Ran(element.id, element.step or "", dict(parameters), dict(data)))
        return self.gives.get(element.step or "", {})

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask the table beside the diagram; without one, what the script says that it gives."""
        self.met.append(element.id)
        table = self.files.tables.get(element.table or "")
        if table is None:
            return self.gives.get(element.table or "", {})
        try:
            decided = table.decide(names)
        except Refused as no:
            raise StuckAt(element.id, no.code, no.detail) from no
        self.fired.update((element.table or "", rule) for rule in decided.rules)
        return decided.result

    def took(self, source: str, targets: Sequence[str]) -> None:
        """A token went from this element to these: the flows that were taken."""
        self.ways.update((source, target) for target in targets)

    def say(self, element: Element, told: Told) -> None:
        """Keep what a thrown message or a send task says, until somebody takes it."""
        self.met.append(element.id)
        self.kept.append(told)
