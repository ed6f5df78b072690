"""One scope as a net: where tokens may stand, and how one that stands there can move on, whatever the data say.

It is read from the specs that really run, so links, implicit starts and boundary events are wired as they are there. A
subprocess, a call or a repeated activity is one place: its inside is a net of its own, and it may end at any time.
"""
# ruff: noqa: SLF001  which nodes lead to a join is the library's own record

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Any

from engine.spiff.elements import Flow
from engine.spiff.repairs.events import Listening
from engine.spiff.repairs.gateways import EventGateway, Exclusive, Inclusive, Parallel
from engine.spiff.repairs.nesting import Many, SubProcess
from engine.spiff.repairs.step import Step

MOST_SUBSETS = 6
# Ends that take the whole scope with them; what catches them stands outside.
EXITS = frozenset({"error", "cancel"})
# Nodes by themselves; whatever else there is waits for somebody, as far as a net can know.
RUNS_BY_ITSELF = frozenset(
    {"start", "end", "throw", "exclusive", "parallel", "inclusive", "service", "rule", "boundary"}
)
JOINS = (Parallel, Inclusive)
CALLED = "call:"  # stands in no id

Way = tuple[Flow | None, Step]
Place = tuple[str, str | tuple[str, ...]]  # a node, and by whom a token came to a join, or which edges may still fire
State = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """What one token does: where its successors stand, over which elements and flows, and how the scope ends by it."""

    places: tuple[Place, ...]
    over: tuple[str, ...]
    end: str = ""  # terminate | exit, when the scope is over at once


@dataclass
class Net:
    """The nodes of a scope; `ends` says how each inside can be over: by its end, by an exit, or not at all."""

    spec: Any
    flows: Mapping[tuple[str, str], str]  # by the nodes that they join
    ends: Mapping[str, Collection[str]]
    nodes: dict[str, Step] = field(default_factory=dict)
    joins: frozenset[str] = frozenset()  # where tokens wait for one another
    automatic: frozenset[str] = frozenset()  # what a token passes without anybody outside
    loose: frozenset[str] = frozenset()  # behind a non-interrupting event: there several tokens are meant
    aside: frozenset[str] = frozenset()  # and nowhere else: there one token stands for as many as ever come
    rank: dict[str, int] = field(default_factory=dict)
    cut_short: bool = False
    _simple: dict[str, bool] = field(default_factory=dict)
    _leads: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    _moves: dict[Place, tuple[Move, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = dict(_reached(_targets(self.spec.start), _after))
        self.joins = frozenset(name for name, node in self.nodes.items() if _joins(node))
        self.automatic = frozenset(name for name, node in self.nodes.items() if _runs_by_itself(node)) - self.joins
        self.loose = frozenset(name for name, _ in _reached(list(self._loose_starts()), _after))
        main = _reached(_targets(self.spec.start), _interrupted)
        self.aside = self.loose - {name for name, _ in main} - self.joins
        self.rank = {name: number for number, name in enumerate(_in_order(self.nodes))}

    def starts(self) -> list[State]:
        """Where the first tokens may stand: at one start event or another, and at whatever begins by itself."""
        entries: list[str] = self.spec.start.entries
        begin = [target for target in _targets(self.spec.start) if not isinstance(target, Listening)]
        return [
            tuple(
                sorted(self._arrived(":start", each) for each in begin if each.name == at or each.name not in entries)
            )
            for at in entries or [""]
        ]

    def moves(self, place: Place) -> tuple[Move, ...]:
        """Every way on for a token that stands here; joins are not asked."""
        known = self._moves.get(place)
        if known is None:
            known = self._moves[place] = tuple(self._ways_on(*place))
        return known

    def leaving(self, name: str, before: tuple[str, ...] = ()) -> Iterator[Move]:
        """The tokens that leave a node, for each choice that its conditions may make."""
        node = self.nodes[name]
        over = (*before, node.element.id)
        if node.element.kind == "end" and node.element.event in EXITS:
            yield Move((), over, "exit")
        elif node.element.kind == "end" and node.element.event == "terminate":
            yield Move((), over, "terminate")
        else:
            for taken in self._choices(node):
                places = (self._arrived(name, target) for _, target in taken if target.name in self.nodes)
                yield Move(tuple(places), (*over, *self._flows(name, taken)))

    def wanted(self, name: str) -> Counter[str]:
        """How many tokens a join takes from each node before it, when all have come."""
        return Counter(self.nodes[name]._inputs)

    def open_ways(self, join: str, state: Iterable[Place]) -> dict[str, list[str]]:
        """For an inclusive join: each place that it still has to wait for, with the flows that may bring its token."""
        full = {str(via) for name, via in state if name == join}
        found: dict[str, list[str]] = {}
        for name, _ in state:
            if name != join:
                leads_to = self._leads_to(join, name)
                if leads_to and not leads_to & full:
                    found[name] = sorted(leads_to)
        return found

    def is_simple(self, name: str) -> bool:
        """Whether no inclusive join could wait for a token here or not, depending on where it goes."""
        known = self._simple.get(name)
        if known is None:
            known = self._simple[name] = all(
                len(self._leads_to(join, name)) < 2  # noqa: PLR2004
                for join in self.joins
                if isinstance(self.nodes[join], Inclusive)
            )
        return known

    def _leads_to(self, join: str, name: str) -> frozenset[str]:
        """The flows of an inclusive join over which a token from this node may come."""
        known = self._leads.get((join, name))
        if known is None:
            node: Any = self.nodes[join]
            known = frozenset(way for way, nodes in node.upstream.items() if name in nodes)
            self._leads[join, name] = known
        return known

    def _ways_on(self, name: str, edges: str | tuple[str, ...]) -> Iterator[Move]:
        node = self.nodes[name]
        if isinstance(node, EventGateway):
            for way in node.ways:
                yield from self.leaving(way[1].name, (name, *self._flows(name, [way])))
            return
        ends = self.ends.get(f"{CALLED}{node.element.called}" if node.element.called else name, ("end",))
        if "end" in ends:
            yield from self.leaving(name)
        elif "exit" in ends:
            yield Move((), (name,))
        for edge in node.boundaries:
            fired = list(self.leaving(edge.name, (name,)))
            if edge.element.interrupting:
                yield from fired
            elif edge.name in edges:
                stays = (name, tuple(each for each in edges if each != edge.name))
                yield from (Move((stays, *move.places), move.over, move.end) for move in fired)

    def _arrived(self, source: str, target: Step) -> Place:
        name = target.name
        if name in self.joins:
            return name, source
        return name, tuple(sorted(edge.name for edge in target.boundaries if not edge.element.interrupting))

    def _flows(self, name: str, taken: Iterable[Way]) -> Iterator[str]:
        for _, target in taken:
            if (name, target.name) in self.flows:
                yield self.flows[name, target.name]

    def _choices(self, node: Step) -> Iterator[list[Way]]:
        if not node.conditional:
            yield node.ways
            return
        default = [way for way in node.ways if way[0] is not None and way[0].default]
        open_ = [way for way in node.ways if way not in default and _constant(way[0]) is not False]
        if isinstance(node, Exclusive):
            yield from _one_of(open_, default)
        else:
            yield from self._some_of(open_, default)

    def _some_of(self, open_: list[Way], default: list[Way]) -> Iterator[list[Way]]:
        always = [way for way in open_ if way[0] is None or way[0].condition is None or _constant(way[0])]
        perhaps = [way for way in open_ if way not in always]
        sizes = range(len(perhaps) + 1) if len(perhaps) <= MOST_SUBSETS else (0, 1, len(perhaps))
        self.cut_short = self.cut_short or len(perhaps) > MOST_SUBSETS
        for some in chain.from_iterable(combinations(perhaps, size) for size in sizes):
            if always or some:
                yield [*always, *some]
            elif default:
                yield default[:1]

    def _loose_starts(self) -> Iterator[Step]:
        for node in self.nodes.values():
            yield from (edge for edge in node.boundaries if not edge.element.interrupting)


def _one_of(open_: list[Way], default: list[Way]) -> Iterator[list[Way]]:
    for way in open_:
        yield [way]
        if _constant(way[0]):
            return
    yield from ([way] for way in default[:1])


def _constant(flow: Flow | None) -> bool | None:
    """What a condition always says: `true` and `1 == 2` depend on nothing."""
    condition = flow.condition if flow else None
    if condition is None or condition.names or condition.functions:
        return None
    return condition.holds({})


def _joins(node: Step) -> bool:
    return isinstance(node, JOINS) and len(node._inputs) > 1


def _runs_by_itself(node: Step) -> bool:
    if node.manual or isinstance(node, Many | SubProcess):
        return False
    return node.element.kind in RUNS_BY_ITSELF or node.element.event == "link"


def _targets(node: Any) -> list[Step]:
    return [target for _, target in node.ways if target.name != ":finish"]


def _after(node: Step) -> list[Step]:
    return [*_targets(node), *node.boundaries]


def _interrupted(node: Step) -> list[Step]:
    return [*_targets(node), *(edge for edge in node.boundaries if edge.element.interrupting)]


def _reached(starts: list[Step], after: Callable[[Step], list[Step]]) -> Iterator[tuple[str, Step]]:
    seen = set[str]()
    left = [start for start in starts if not isinstance(start, Listening)]
    while left:
        node = left.pop()
        if node.name not in seen:
            seen.add(node.name)
            yield node.name, node
            left.extend(after(node))


def _in_order(nodes: Mapping[str, Step]) -> list[str]:
    """The nodes so that each stands after those that lead to it, ways back left out."""
    done: list[str] = []
    seen = set[str]()
    for root in nodes:
        stack = [(root, iter(_after(nodes[root])))] if root not in seen else []
        seen.add(root)
        while stack:
            name, following = stack[-1]
            onward = next((each.name for each in following if each.name not in seen), None)
            if onward is None:
                done.append(name)
                stack.pop()
            else:
                seen.add(onward)
                stack.append((onward, iter(_after(nodes[onward]))))
    return done[::-1]
