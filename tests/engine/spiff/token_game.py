"""A second token game, for diagrams that are no blocks: tokens on a plain graph, each rule taken from BPMN itself.

It knows nothing of the engine and prepares nothing: whether an inclusive join may go on is looked up in the graph each
time (BPMN 2.0.2 §13.4.3). Where the standard leaves the moment open, what moves by itself moves first, then inclusive
joins in the order in which their first tokens came.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

WAITS = frozenset({"task", "race", "catch"})
FLOOD = 60
MOST_STEPS = 2_000  # by itself, after one act: whoever has not come to rest by then goes round in a circle


@dataclass(frozen=True)
class Arc:
    """A flow: `condition` is the name that says whether it may be passed."""

    id: str
    source: str
    target: str
    condition: str | None = None
    default: bool = False


@dataclass(frozen=True)
class Edge:
    """A timer at the edge of a task."""

    id: str
    host: str
    interrupting: bool


@dataclass(frozen=True)
class Graph:
    """A diagram: kinds by node, flows, timers at edges."""

    kinds: Mapping[str, str]
    arcs: tuple[Arc, ...]
    edges: tuple[Edge, ...] = ()

    def into(self, node: str) -> list[Arc]:
        return [arc for arc in self.arcs if arc.target == node]

    def out_of(self, node: str) -> list[Arc]:
        return [arc for arc in self.arcs if arc.source == node]

    def at(self, node: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.host == node]


@dataclass(eq=False)
class Token:
    """Where it stands, by which flow it came, and which timers at the edge may still fire."""

    node: str
    arc: str = ""
    open: list[str] = field(default_factory=list)


class Flooded(Exception):  # noqa: N818
    """More tokens than anybody meant."""


class Game:
    """One run. `places` must wait after each act; `stuck` says that what is left can never move.

    `endless` says that it moves by itself for ever, since nobody is there to change what its conditions read.
    """

    def __init__(self, graph: Graph, names: dict[str, bool]) -> None:
        self.graph = graph
        self.names = names
        self.tokens: list[Token] = []
        self.endless = False
        self._enter("S", "")
        self._run()

    def places(self) -> list[str]:
        """The ids of everything that waits for somebody outside."""
        return sorted(self._waiting())

    @property
    def stuck(self) -> bool:
        """Whether tokens are left at joins only."""
        return bool(self.tokens) and not self.places()

    def marking(self) -> tuple[tuple[str, str], ...]:
        """Every token: where it stands, and at a join from which node it came."""
        sources = {arc.id: arc.source for arc in self.graph.arcs}
        return tuple(
            sorted((token.node, sources[token.arc] if self._joins(token.node) else "") for token in self.tokens)
        )

    def act(self, place: str, nth: int = 0) -> None:
        """Somebody does a task, or the moment of a timer has come."""
        edge = next((edge for edge in self.graph.edges if edge.id == place), None)
        race = next((arc.source for arc in self.graph.into(place) if self.graph.kinds[arc.source] == "race"), None)
        if edge is not None:
            token = [token for token in self.tokens if token.node == edge.host and place in token.open][nth]
            token.open.remove(place)
            if edge.interrupting:
                self.tokens.remove(token)
            self._leave(place)
        else:
            at = race or place
            self.tokens.remove([token for token in self.tokens if token.node == at][nth])
            self._leave(place)
        self._run()

    def _waiting(self) -> Iterator[str]:
        for token in self.tokens:
            kind = self.graph.kinds[token.node]
            if kind == "race":
                yield from (arc.target for arc in self.graph.out_of(token.node))
            elif kind in WAITS:
                yield token.node
                yield from token.open

    def _enter(self, node: str, arc: str) -> None:
        if len(self.tokens) > FLOOD:
            raise Flooded
        self.tokens.append(Token(node, arc, [edge.id for edge in self.graph.at(node)]))

    def _leave(self, node: str) -> None:
        for arc in self._taken(node):
            self._enter(arc.target, arc.id)

    def _taken(self, node: str) -> list[Arc]:
        """§13.3.2 and §13.4: one flow, all, or those that may be passed; the default when there is no other."""
        arcs = self.graph.out_of(node)
        default = [arc for arc in arcs if arc.default]
        open_ = [arc for arc in arcs if not arc.default and (arc.condition is None or self.names[arc.condition])]
        if self.graph.kinds.get(node) == "xor":
            open_ = open_[:1]
        return open_ or default

    def _run(self) -> None:
        self.endless = all(self._step() for _ in range(MOST_STEPS))

    def _step(self) -> bool:
        for token in self.tokens:
            if self._passes(token):
                return True
        for token in self.tokens:
            if self.graph.kinds[token.node] == "or" and self._joins(token.node) and not self._awaited(token.node):
                self._merge(token.node)
                return True
        return False

    def _passes(self, token: Token) -> bool:
        kind = self.graph.kinds[token.node]
        if kind in WAITS:
            return False
        if kind == "terminate":
            self.tokens.clear()
        elif self._joins(token.node):
            if kind == "or" or not all(self._on(arc) for arc in self.graph.into(token.node)):
                return False
            self._merge(token.node)
        else:
            self.tokens.remove(token)
            self._leave(token.node)
        return True

    def _joins(self, node: str) -> bool:
        return self.graph.kinds[node] in {"and", "or"} and len(self.graph.into(node)) > 1

    def _on(self, arc: Arc) -> list[Token]:
        return [token for token in self.tokens if token.node == arc.target and token.arc == arc.id]

    def _merge(self, node: str) -> None:
        for arc in self.graph.into(node):
            for token in self._on(arc)[:1]:
                self.tokens.remove(token)
        self._leave(node)

    def _awaited(self, join: str) -> bool:
        """Whether a token can come to an empty flow of this join, and to none that has one already."""
        empty = {arc.id for arc in self.graph.into(join) if not self._on(arc)}
        full = {arc.id for arc in self.graph.into(join)} - empty
        for token in self.tokens:
            if token.node != join:
                reached = self._reached(token.node, join)
                if reached & empty and not reached & full:
                    return True
        return False

    def _reached(self, node: str, join: str) -> set[str]:
        """The flows that a token from here may come over, without passing the join."""
        seen, found, left = set[str](), set[str](), [node]
        while left:
            current = left.pop()
            if current in seen or current == join:
                continue
            seen.add(current)
            left += [edge.id for edge in self.graph.at(current)]
            for arc in self.graph.out_of(current):
                found.add(arc.id)
                left.append(arc.target)
        return found
