"""Our elements as the library's specs: built directly and without recursion, so a line of 500 tasks is no trouble.

The library's own parser refuses much that is legal, sorts flows by their place on the drawing and reads expressions as
Python; nothing of it is used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from engine.spiff.elements import Element, Scope
from engine.spiff.repairs.calling import Call
from engine.spiff.repairs.events import Boundary, Catch, End, Listening, Send, Throw
from engine.spiff.repairs.gateways import EventGateway, Exclusive, Inclusive, Parallel
from engine.spiff.repairs.nesting import Many, ScopeSpec, SubProcess
from engine.spiff.repairs.step import Rule, Service, Step, User, Work

CLASSES: Mapping[str, type[Step]] = MappingProxyType(
    {
        "start": Step,
        "end": End,
        "user": User,
        "service": Service,
        "rule": Rule,
        "receive": Catch,
        "send": Send,
        "call": Call,
        "exclusive": Exclusive,
        "parallel": Parallel,
        "inclusive": Inclusive,
        "event_gateway": EventGateway,
        "catch": Catch,
        "throw": Throw,
        "boundary": Boundary,
    }
)


# Where a condition on a leaving flow counts; a parallel gateway or an event asks nothing (BPMN 2.0.2 §8.3.13, §13.4).
CHOOSING = frozenset({"user", "service", "rule", "receive", "send", "call", "subprocess", "exclusive", "inclusive"})


FINAL = frozenset({"error", "terminate", "cancel"})


class NotRunnable(ValueError):  # noqa: N818  it is named by its reader's question
    """An element of a kind that we do not run; the linter refuses it by name before this."""


@dataclass(frozen=True)
class Plan:
    """The library's specs of a process and of its subprocesses, by id, and the plans of what it calls, by name."""

    process: Any
    subprocesses: Mapping[str, Any]
    calls: Mapping[str, "Plan"]
    conditional: bool  # whether a conditional event stands anywhere, so that somebody must look


def plan(process: str, elements: Mapping[str, Element], scopes: Mapping[str, Scope], calls: Mapping[str, Plan]) -> Plan:
    """Compile every scope; `calls` are the plans of the processes that call activities name."""
    made = {id_: _compiled(scope, elements, scopes) for id_, scope in scopes.items()}
    below = MappingProxyType({id_: spec for id_, spec in made.items() if id_ != process})
    events = [each for element in elements.values() for each in (element.alternatives or (element,))]
    conditional = any(each.event == "conditional" for each in events)
    conditional = conditional or any(each.conditional for each in calls.values())
    return Plan(made[process], below, MappingProxyType(dict(calls)), conditional)


def _compiled(scope: Scope, elements: Mapping[str, Element], scopes: Mapping[str, Scope]) -> ScopeSpec:
    spec = ScopeSpec(scope.id)
    inside = [elements[id_] for id_ in scope.elements]
    nodes: dict[str, Step] = {}
    leaving: dict[str, Step] = {}
    for element in inside:
        below = scopes.get(element.id)
        if scope.by_event and element.kind == "start":
            nodes[element.id] = spec.start  # it has listened in the scope around
        elif below is not None and below.by_event:
            _listen(spec, element, elements[_start_of(below, elements)])
        elif element.alternatives and element.kind != "start":
            made = SEVERAL[element.kind](spec, element)
            nodes.update({node.name: node for node in made})
            nodes[element.id], leaving[element.id] = made[0], made[-1]
        else:
            nodes[element.id] = _node(spec, element)
    _lead(scope, nodes, leaving, inside)
    _begin(spec, scope, nodes, inside)
    for node in nodes.values():
        if not node.ways:
            node.lead(spec.end)
    for node in nodes.values():
        if isinstance(node, Inclusive):
            node.settle_ways(_edges(nodes))
    return spec


def _node(spec: ScopeSpec, element: Element) -> Step:
    if element.repeat is None:
        return _single(spec, element, element.id)
    return Many(spec, element.id, element, _single(spec, element, f"{element.id}[each]"))


def _single(spec: ScopeSpec, element: Element, name: str) -> Step:
    if element.kind == "subprocess":
        return SubProcess(spec, name, element, element.id)
    if element.event == "link":
        return Step(spec, name, element)
    if (element.kind == "service" and element.step is None) or (element.kind == "rule" and element.table is None):
        return Work(spec, name, element)
    try:
        return CLASSES[element.kind](spec, name, element)
    except KeyError:
        raise NotRunnable(f"{element.id} is a {element.kind}") from None


def _listen(spec: ScopeSpec, element: Element, start: Element) -> None:
    """An event subprocess: its start listens here from the beginning, and leads into it."""
    inside = SubProcess(spec, element.id, element, element.id)
    for number, each in enumerate(start.alternatives or (start,)):
        listening = Listening(spec, f"{start.id}:{number}" if number else start.id, each)
        spec.start.lead(listening)
        listening.lead(inside)
    inside.lead(spec.end)


def _start_of(scope: Scope, elements: Mapping[str, Element]) -> str:
    return next(id_ for id_ in scope.elements if elements[id_].kind == "start")


def _caught(spec: ScopeSpec, element: Element) -> list[Step]:
    """A catch that waits for any of several events, as behind an event gateway; or for all, as before a join."""
    first: Step = Step(spec, element.id, element) if element.together else EventGateway(spec, element.id, element)
    last: Step = Parallel(spec, f"{element.id}:all", element) if element.together else Step(spec, f"{element.id}:any")
    catches = [Catch(spec, f"{element.id}:{number}", each) for number, each in enumerate(element.alternatives)]
    for catch in catches:
        first.lead(catch)
        catch.lead(last)
    return [first, *catches, last]


def _at_the_edge(spec: ScopeSpec, element: Element) -> list[Step]:
    """Several events at one edge: whichever comes leads on."""
    last = Step(spec, f"{element.id}:any")
    names = [element.id, *(f"{element.id}:{number}" for number in range(1, len(element.alternatives)))]
    edges = [Boundary(spec, name, each) for name, each in zip(names, element.alternatives, strict=True)]
    for edge in edges:
        edge.lead(last)
    return [*edges, last]


def _thrown(spec: ScopeSpec, element: Element) -> list[Step]:
    """Several events thrown one after the other; what ends everything comes last."""
    ordered = sorted(element.alternatives, key=lambda each: each.event in FINAL)
    names = [element.id, *(f"{element.id}:{number}" for number in range(1, len(ordered)))]
    kinds = [Throw] * (len(ordered) - 1) + [CLASSES[element.kind]]
    made: list[Step] = [kind(spec, name, each) for kind, name, each in zip(kinds, names, ordered, strict=True)]
    for one, following in pairwise(made):
        one.lead(following)
    return made


SEVERAL: Mapping[str, Callable[[ScopeSpec, Element], list[Step]]] = MappingProxyType(
    {"catch": _caught, "boundary": _at_the_edge, "throw": _thrown, "end": _thrown}
)


def _lead(scope: Scope, nodes: Mapping[str, Step], leaving: Mapping[str, Step], inside: list[Element]) -> None:
    for flow in scope.flows:
        source = leaving.get(flow.source) or nodes[flow.source]
        source.lead(nodes[flow.target], flow if source.element.kind in CHOOSING else None)
    catches = {each.code: each.id for each in inside if each.kind == "catch" and each.event == "link"}
    for element in inside:
        if element.attached:
            edges = [node for node in nodes.values() if isinstance(node, Boundary) and node.element.id == element.id]
            nodes[element.attached].boundaries.extend(edges)
        if element.kind == "throw" and element.event == "link":
            nodes[element.id].lead(nodes[catches[element.code]])


def _begin(spec: ScopeSpec, scope: Scope, nodes: Mapping[str, Step], inside: list[Element]) -> None:
    """Tokens begin at a start event, or at whatever nothing leads to where none is drawn (BPMN 2.0.2 §13.2)."""
    if scope.by_event:
        return
    starts = [element.id for element in inside if element.kind == "start"]
    starts.sort(key=lambda id_: nodes[id_].element.event is not None)
    spec.start.entries = starts
    reached = {flow.target for flow in scope.flows} | {each.id for each in inside if each.attached}
    reached |= {each.id for each in inside if each.event == "link"}
    for id_ in starts or [each.id for each in inside if each.id in nodes and each.id not in reached]:
        spec.start.lead(nodes[id_])


def _edges(nodes: Mapping[str, Step]) -> dict[str, list[str]]:
    return {
        name: [target.name for _, target in node.ways] + [boundary.name for boundary in node.boundaries]
        for name, node in nodes.items()
    }
