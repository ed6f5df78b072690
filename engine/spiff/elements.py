"""What a diagram says, in our own words: elements with their jidi attributes, flows and scopes; all immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.spiff.expressions import Expression
from engine.spiff.timers import Span, Timer

NO_WAY_BACK = "none"
NOTHING: Mapping[str, Expression] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often an activity is done: once for each item of a list, a number of times, or while a condition holds."""

    kind: str  # parallel | sequential | loop
    items: str | None = None
    listed: Expression | None = None  # where the items are no plain name
    item: str | None = None
    count: Expression | None = None
    until: Expression | None = None
    output: str | None = None
    output_item: str | None = None
    maximum: int | None = None
    test_before: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """What goes into a called process, or comes out of it: everything, and what single names are set to."""

    everything: bool
    values: Mapping[str, Expression] = field(default_factory=lambda: NOTHING)


EVERYTHING = Passage(everything=True)


@dataclass(frozen=True, slots=True)
class Key:
    """One thing by which a message finds the instance that it is meant for.

    `said` reads it from the message, `wanted` from the data of whoever waits; without `wanted` it is what an earlier
    message of this instance said (BPMN 2.0.2 §8.4.2).
    """

    name: str
    said: Expression
    wanted: Expression | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a diagram. `kind` is ours: user, service, rule, start, end, exclusive, catch and so on."""

    id: str
    kind: str
    name: str = ""
    line: int = 0
    process: str = ""  # the process that it stands in; elements of two processes may share an id
    within: str = ""  # the id of the process or subprocess that it stands in
    lane: str = ""
    event: str | None = None  # timer | message | error | escalation | signal | conditional | terminate | cancel | link
    role: str | None = None
    scope: str | None = None
    argument: Expression | None = None
    form: str | None = None
    deadline: str | None = None
    due: Timer | None = None
    clause: str | None = None
    step: str | None = None
    parameters: Mapping[str, Expression] = field(default_factory=lambda: NOTHING)
    returns: tuple[str, ...] = ()
    table: str | None = None
    separate: tuple[str, ...] = ()
    back: tuple[str, ...] = ()  # the steps that it may send back to; NO_WAY_BACK for none, empty for any passed one
    signed: bool = False  # what is decided here is signed, and nobody moves past it by hand
    timer: Timer | None = None
    message: str | None = None
    keys: tuple[Key, ...] = ()
    correlation: Expression | None = None
    to: Expression | None = None
    keep: Span | None = None
    called: str | None = None
    passed: Passage = EVERYTHING
    given_back: Passage = EVERYTHING
    code: str | None = None  # of an error, an escalation, a signal or a link
    open: bool = False  # catches every error or escalation, whatever its code
    condition: Expression | None = None  # of a conditional event
    alternatives: tuple["Element", ...] = ()  # one for each event, where one element waits for or throws several
    together: bool = False  # all of them must happen, not any
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
