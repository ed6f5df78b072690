"""Whether every way through a diagram comes to an end: sound, unsound with the way that does not, or not proven.

A condition may go either way, an event may come or not, and the tokens may move in any order. What the data exclude is
not known here, so only what no run at all can escape is an error; the rest is shown with its path, to be judged.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.spiff.diagrams import Diagram
from engine.spiff.lint.findings import Finding
from engine.spiff.repairs.events import Listening
from engine.spiff.repairs.gateways import Inclusive
from engine.spiff.soundness.exploration import END, EXIT, MOST, Exploration
from engine.spiff.soundness.net import CALLED, Net, State

__all__ = ["MOST", "Verdict", "findings", "judge"]


@dataclass
class Verdict:
    """One scope: the states that were looked at, and whether all its ways end."""

    scope: str
    seen: Exploration
    rescued: bool  # an event subprocess may end it from wherever it stands
    good: set[State] = field(default_factory=set)
    ends: frozenset[str] = frozenset()  # how it can be over: by its end, by an exit; by neither, if every run stops

    def __post_init__(self) -> None:
        self.good = self.seen.good(END, EXIT)
        begun = {state for state, earlier in self.seen.before.items() if earlier is None}
        unknown = self.rescued or not self.seen.proven or bool(self.seen.crowded)
        ways = {"end": END, "exit": EXIT}
        self.ends = frozenset(name for name, end in ways.items() if unknown or begun & self.seen.good(end))

    @property
    def sound(self) -> bool:
        """Whether it was proven that no run stops and every run can end."""
        return self.seen.proven and not self.seen.stuck and not self.seen.crowded and not self.lost

    @property
    def lost(self) -> State | None:
        """A state that neither stops nor comes to any end."""
        if not self.seen.proven or self.seen.crowded or self.seen.stuck or self.rescued:
            return None
        return next((state for state in self.seen.before if state not in self.good), None)


def judge(diagram: Diagram, most: int = MOST) -> dict[str, Verdict]:
    """The verdict on each scope and on each process that it calls, the innermost first, and the process itself last.

    All together see at most `most` states.
    """
    found: dict[str, Verdict] = {}
    ends: dict[str, frozenset[str]] = {}
    for each in list(diagram.every.values())[::-1]:
        judged = _judged(each, ends, most - sum(len(verdict.seen.before) for verdict in found.values()))
        ends[f"{CALLED}{each.id}"] = judged[each.id].ends
        found |= {scope if each is diagram else f"{each.id}:{scope}": verdict for scope, verdict in judged.items()}
    return found


def _judged(diagram: Diagram, called: Mapping[str, frozenset[str]], most: int) -> dict[str, Verdict]:
    ends = dict(called)
    found: dict[str, Verdict] = {}
    for scope in list(diagram.scopes)[::-1]:
        spec = diagram.plan.process if scope == diagram.id else diagram.plan.subprocesses[scope]
        flows = {(flow.source, flow.target): flow.id for flow in diagram.scopes[scope].flows}
        seen = Exploration(Net(spec, flows, ends), most).run()
        most = max(most - len(seen.before), 0)
        found[scope] = Verdict(scope, seen, _rescued(spec, ends))
        ends[scope] = found[scope].ends
    return found


def findings(part: str, diagram: Diagram, most: int = MOST) -> Iterator[Finding]:
    """What is to say about it: an error where every run stops, a warning where one may."""
    verdicts = judge(diagram, most)
    hopeless = not verdicts[diagram.id].ends
    for verdict in list(verdicts.values())[::-1]:
        lines = {node.element.id: node.element.line for node in verdict.seen.net.nodes.values()}
        for code, severity, element, params in _said(verdict, hopeless):
            yield Finding(code, severity, part, element, lines.get(element, 0), params)


JOINED = {"way_out": "join_where_it_was_split"}
Said = tuple[str, str, str, dict[str, object]]


def _said(verdict: Verdict, hopeless: bool) -> Iterator[Said]:  # noqa: FBT001  a fact about the whole
    seen = verdict.seen
    yield from _stops(verdict, hopeless)
    if verdict.lost is not None:
        yield "soundness.no_end", "warning", _at(verdict.lost, verdict), {"path": seen.path(verdict.lost)}
    for name, state in sorted(seen.crowded.items()):
        if name not in seen.twice and state in seen.met:
            continue  # they met before, which is said there
        yield "soundness.crowd", "warning", _id(seen, name), {"path": seen.path(state), **JOINED}
    for name, state in sorted(seen.twice.items()):
        if name not in seen.crowded:
            yield "soundness.twice", "warning", _id(seen, name), {"path": seen.path(state), **JOINED}
    for element in _never_reached(verdict):
        yield "soundness.dead_element", "warning", element, {}
    if not seen.proven and not seen.stuck:
        yield "soundness.not_proven", "warning", verdict.scope, {"states": len(seen.before)}


def _stops(verdict: Verdict, hopeless: bool) -> Iterator[Said]:  # noqa: FBT001
    """Each place where a run stops, once, with the shortest way there."""
    seen = verdict.seen
    told = set[str]()
    for state in seen.stuck:
        element = _at(state, verdict)
        if element in told:
            continue
        told.add(element)
        params: dict[str, object] = {"path": seen.path(state)}
        if _waiting_in_a_circle(seen.net, state):
            yield "join.or_unstructured", "error", element, {**params, **JOINED}
        elif any(name in seen.net.joins for name, _ in state):
            missing = sorted(_missing(seen.net, state))
            certain = hopeless and not verdict.ends
            code, severity = ("soundness.deadlock", "error") if certain else ("soundness.may_deadlock", "warning")
            yield code, severity, element, {**params, "waits_for": missing, "way_out": "same_gateway"}


def _missing(net: Net, state: State) -> set[str]:
    """The nodes from which the joins of a state still want a token."""
    standing = set(state)
    wanted = {(name, via) for name, _ in state if name in net.joins for via in net.wanted(name)}
    return {via for name, via in wanted - standing}


def _never_reached(verdict: Verdict) -> list[str]:
    """What no token comes to although every way was tried. A terminate end may cut ways off that were not tried."""
    seen = verdict.seen
    ids = {node.element.id for node in seen.net.nodes.values()}
    cut = any(node.element.event == "terminate" for node in seen.net.nodes.values())
    return [] if cut or not verdict.sound else sorted(ids - seen.touched)


def _waiting_in_a_circle(net: Net, state: State) -> bool:
    """Whether inclusive joins wait for each other: BPMN says of neither that it comes first."""
    joins = {name for name, _ in state if name in net.joins and isinstance(net.nodes[name], Inclusive)}
    waits = {name: set(net.open_ways(name, state)) & joins for name in joins}
    for first in joins:
        seen, left = set[str](), [*waits[first]]
        while left:
            name = left.pop()
            if name == first:
                return True
            if name not in seen:
                seen.add(name)
                left.extend(waits[name])
    return False


def _at(state: State, verdict: Verdict) -> str:
    """The element to show for a state: a join if tokens wait at one, else where the first token stands."""
    net = verdict.seen.net
    names = [name for name, _ in state if name in net.joins] or [name for name, _ in state]
    return _id(verdict.seen, names[0]) if names else verdict.scope


def _id(seen: Exploration, name: str) -> str:
    return seen.net.nodes[name].element.id


def _rescued(spec: Any, ends: Mapping[str, Collection[str]]) -> bool:
    """Whether an interrupting event subprocess may end this scope."""
    listening = [target for _, target in spec.start.ways if isinstance(target, Listening)]
    return any(each.element.interrupting and ends.get(each.element.within, ("end",)) for each in listening)
