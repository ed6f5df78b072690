"""What a diagram says, in our own words: elements with their jidi attributes, flows and scopes; all immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.spiff.expressions import Expression
from engine.spiff.timers import Timer

NOTHING: Mapping[str, Expression] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often an activity is done: once for each item of a list, a number of times, or while a condition holds."""

    kind: str  # parallel | sequential | loop
    items: str | None = None
    item: str | None = None
    count: Expression | None = None
    until: Expression | None = None
    output: str | None = None
    output_item: str | None = None
    maximum: int | None = None
    test_before: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a diagram. `kind` is ours: user, service, rule, start, end, exclusive, catch and so on."""

    id: str
    kind: str
    name: str = ""
    line: int = 0
    within: str = ""  # the id of the process or subprocess that it stands in
    lane: str = ""
    event: str | None = None  # timer | message | error | escalation | signal | conditional | terminate | cancel | link
    role: str | None = None
    scope: str | None = None
    argument: Expression | None = None
    form: str | None = None
    deadline: str | None = None
    clause: str | None = None
    step: str | None = None
    parameters: Mapping[str, Expression] = field(default_factory=lambda: NOTHING)
    returns: tuple[str, ...] = ()
    table: str | None = None
    separate: tuple[str, ...] = ()
    timer: Timer | None = None
    message: str | None = None
    code: str | None = None  # of an error, an escalation, a signal or a link
    open: bool = False  # catches every error or escalation, whatever its code
    condition: Expression | None = None  # of a conditional event
    interrupting: bool = True
    attached: str | None = None
    repeat: Repeat | None = None
    transaction: bool = False
    documentation: str = ""

    @property
    def multi(self) -> bool:
        """Whether it is done once for each item of a list or number."""
        return self.repeat is not None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `default` is taken when no other one can be."""

    id: str
    source: str
    target: str
    condition: Expression | None = None
    default: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A process or a subprocess: the elements and flows that stand directly in it, in the order of the file."""

    id: str
    name: str
    elements: tuple[str, ...]
    flows: tuple[Flow, ...]
    by_event: bool = False
