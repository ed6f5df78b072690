"""What the linter says, and what it knows while it looks at one drawing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from lxml import etree

from engine.spiff.drawings import Drawing, Line, Node
from ground.errors import Refused


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say: a code for what, the element and line for where, and what would help in `params["way_out"]`."""

    code: str
    severity: str  # error | warning
    part: str
    element: str | None
    line: int
    params: Mapping[str, Any]


class StepFacts(Protocol):
    """What the linter must know of a registered step: what it takes and what it gives back."""

    @property
    def parameters(self) -> type[Any] | None:
        """A marshmallow schema, or None for a step that takes nothing."""

    @property
    def returns(self) -> tuple[str, ...]:
        """The names that it puts into the data."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What exists around a diagram; None is not known."""

    steps: Mapping[str, StepFacts] | None
    forms: Collection[str] | None
    tables: Mapping[str, Collection[str]] | Collection[str] | None
    deadlines: Collection[str] | None
    roles: Collection[str] | None
    names: Collection[str] | None
    # The processes that a call activity may name beside those of its file, each with all that it calls in turn.
    processes: Mapping[str, Collection[str]] | None = None
    key: str | None = None


def words(text: str) -> frozenset[str]:
    """A list of names, written as people read them."""
    return frozenset(text.split())


@dataclass
class Look:
    """One drawing under the eye of the rules."""

    part: str
    drawing: Drawing
    facts: Facts
    others: Mapping[str, Drawing] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> bool:
        """Whether anything was refused."""
        return any(finding.severity == "error" for finding in self.found)

    def refuse(self, code: str, where: "Node | Line | etree._Element | None", **params: Any) -> None:
        """This cannot be run as it is."""
        self._say(code, "error", where, params)

    def warn(self, code: str, where: "Node | Line | etree._Element | None", **params: Any) -> None:
        """This runs, but perhaps not as somebody thinks."""
        self._say(code, "warning", where, params)

    def refused(self, refusal: Refused, where: "Node | Line | etree._Element", **params: Any) -> None:
        """A text was refused by the module that reads it."""
        self.refuse(refusal.code, where, **{**refusal.detail, **params})

    def _say(self, code: str, severity: str, where: Any, params: dict[str, Any]) -> None:
        xml = where.xml if isinstance(where, Node | Line) else where
        element = getattr(where, "id", None) or (xml.get("id") if xml is not None else None)
        line: Any = xml.sourceline if xml is not None else 0
        finding = Finding(code, severity, self.part, element, line or 0, params)
        if finding not in self.found:
            self.found.append(finding)
