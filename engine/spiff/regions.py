"""Where a token may be put by hand: the regions between a split and its join, and what a signed step guards.

A region is everything between a split whose branches run beside each other and the node at which all of them have
come together (its immediate post-dominator). One branch without the others could never be joined, so a region is
entered and left as a whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.spiff.repairs.calling import Call
from engine.spiff.repairs.events import Listening
from engine.spiff.repairs.gateways import EventGateway, Exclusive
from engine.spiff.repairs.nesting import Many, SubProcess


@dataclass(frozen=True)
class Region:
    """What lies behind a split: its nodes, and where its branches have come together."""

    split: str
    join: str
    nodes: frozenset[str]


@dataclass(frozen=True)
class Inside:
    """That a node lies in a region, and in which of its branches; in several where they cross."""

    region: Region
    branches: frozenset[int]


def regions(spec: Any) -> Mapping[str, tuple[Inside, ...]]:
    """Of each node of a scope, the regions that it lies in, the outermost first."""
    nodes = {name: node for name, node in spec.task_specs.items() if name != spec.end.name}
    after = _post_dominators(spec, nodes)
    found: dict[str, list[Inside]] = {name: [] for name in spec.task_specs}
    for name, node in nodes.items():
        ways = [target for _, target in node.ways if not isinstance(target, Listening)]
        if len(ways) < 2 or isinstance(node, Exclusive | EventGateway):  # noqa: PLR2004  one way is no split
            continue
        join = _first(after, name) or spec.end.name
        branches = [_reached(nodes, target.name, {join, spec.end.name}) for target in ways]
        region = Region(name, join, frozenset().union(*branches) - {name})
        for each in region.nodes:
            found[each].append(
                Inside(region, frozenset(number for number, branch in enumerate(branches) if each in branch))
            )
    return {name: tuple(sorted(known, key=lambda one: -len(one.region.nodes))) for name, known in found.items()}


def node_of(task: Any) -> str:
    """The node of its scope that a task stands at; before a join, the one that it came from."""
    return str(task.internal_data.get("via") or task.task_spec.element.id)


def past(plan: Any, source: Any, target: Any) -> list[str]:
    """The signed steps that a token would evade if it were moved from one node to another.

    A step that every way to the target passes, or one that stands on a way from the source to it; a step back, to a
    node that every way to the source passes, evades nothing.
    """
    graph = _whole(plan)
    begin = plan.process.start
    signed = [node for node in graph if node.element.signed and node not in {source, target}]
    back = not _leads(graph, begin, source, without=target)
    evaded = []
    for node in signed:
        guards = not _leads(graph, begin, target, without=node) and _leads(graph, begin, source, without=node)
        between = _leads(graph, source, node, without=target) and _leads(graph, node, target, without=source)
        if guards or (between and not back):
            evaded.append(node.element.id)
    return sorted(evaded)


def _successors(node: Any) -> Iterator[Any]:
    for _, target in node.ways:
        yield target
    yield from node.boundaries


def _reached(nodes: Mapping[str, Any], start: str, without: Iterable[str]) -> set[str]:
    stop = set(without)
    reached, left = set[str](), [start]
    while left:
        name = left.pop()
        if name not in stop and name not in reached:
            reached.add(name)
            left.extend(target.name for target in _successors(nodes[name]))
    return reached


def _post_dominators(spec: Any, nodes: Mapping[str, Any]) -> dict[str, set[str]]:
    """Of each node, those that every way from it to the end of the scope passes, itself included.

    What an event beside an activity sets free is a token more: the activity's own goes on as if it were not there.
    """
    end = spec.end.name
    every = {*nodes, end}
    after = {name: set(every) for name in nodes} | {end: {end}}
    leads = {
        name: [target.name for _, target in node.ways]
        + [each.name for each in node.boundaries if each.element.interrupting]
        for name, node in nodes.items()
    }
    changed = True
    while changed:
        changed = False
        for name, targets in leads.items():
            common = set.intersection(*(after[target] for target in targets)) if targets else set[str]()
            if (now := common | {name}) != after[name]:
                after[name], changed = now, True
    return after


def _first(after: Mapping[str, set[str]], name: str) -> str | None:
    """The nearest of a node's post-dominators: the one that all the others stand behind."""
    others = after[name] - {name}
    return next((each for each in others if others <= after[each]), None)


def _whole(plan: Any) -> dict[Any, list[Any]]:
    """The nodes of all scopes with what follows each; a subprocess leads into its inside, and from its end on."""
    graph: dict[Any, list[Any]] = {}
    opened: list[tuple[Any, Any]] = []
    left = [(plan, plan.process)]
    while left:
        own, spec = left.pop()
        if spec.start in graph:
            continue
        for node in spec.task_specs.values():
            graph.setdefault(node, []).extend(_successors(node))
            inside = _inside(own, node)
            if inside is not None:
                opened.append((node, inside[1]))
                left.append(inside)
    for node, spec in opened:
        _open(graph, node, spec)
    return graph


def _inside(plan: Any, node: Any) -> tuple[Any, Any] | None:
    """The scope inside a node with the plan that it is of; None if it has none."""
    single = node.inner if isinstance(node, Many) else node
    if not isinstance(single, SubProcess) or node.name != node.element.id:
        return None
    if isinstance(single, Call):
        called = plan.calls[single.spec]
        return called, called.process
    return plan, plan.subprocesses[single.spec]


def _open(graph: dict[Any, list[Any]], node: Any, inside: Any) -> None:
    """What is inside comes before what follows; an event at the edge may come at any moment of it."""
    graph.setdefault(inside.end, []).extend(target for _, target in node.ways)
    graph[node] = [inside.start, *node.boundaries]
    for each in inside.task_specs.values():
        graph[each] = [*graph[each], *node.boundaries]


def _leads(graph: Mapping[Any, list[Any]], start: Any, goal: Any, *, without: Any) -> bool:
    """Whether there is a way from one node to another that does not pass a third."""
    seen, left = {start, without}, [start]
    while left:
        for node in graph.get(left.pop(), ()):
            if node is goal and node is not without:
                return True
            if node not in seen:
                seen.add(node)
                left.append(node)
    return start is goal and start is not without
