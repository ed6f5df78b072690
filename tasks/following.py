"""What a diagram lets follow: from each place, the tasks that may open in the same move when something happens there.

Drawn wider than the diagram where it cannot be said from the drawing alone (an event that several may hear, a condition
that any change of data may fulfil), so that what is said to be off the diagram certainly is.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from engine.folders import Folder
from engine.spiff.diagrams import Diagram, Element

KEPT = 64
USER = "user"
COMPOUND = frozenset({"subprocess", "call"})
HEARS = frozenset({"catch", "boundary", "start", "receive"})
THROWN = frozenset({"signal", "escalation", "error", "link", "message", "compensation", "cancel"})

Node = tuple[str, bool]  # a place, and whether it is meant as left rather than as reached


class Following:
    """The ways of one diagram, with those of every process that it calls."""

    def __init__(self, diagram: Diagram) -> None:
        self._edges: dict[Node, set[Node]] = defaultdict(set)
        self._users: set[str] = set()
        self._anytime: set[Node] = set()
        self._known: dict[str, frozenset[str]] = {}
        self.starts = frozenset(diagram.place(one) for one in diagram.starts)
        every = [(each, _places(diagram, each)) for each in diagram.every.values()]
        for each, places in every:
            self._flows(each, places)
            self._compounds(diagram, each, places)
        self._events([(places[one.id], one) for each, places in every for one in each.elements.values()])

    def after(self, place: str) -> frozenset[str]:
        """The tasks that may open when something is done at a place, or happens there; none for an unknown place."""
        if place not in self._known:
            self._known[place] = frozenset(self._reached((place, True)))
        return self._known[place]

    def at_start(self) -> frozenset[str]:
        """The tasks that may open as a case begins."""
        return frozenset(task for start in self.starts for task in self.after(start))

    def knows(self, place: str) -> bool:
        """Whether a task stands at this place."""
        return place in self._users

    def _reached(self, start: Node) -> Iterator[str]:
        seen, left = {start}, [*self._edges[start], *self._anytime]
        while left:
            node = left.pop()
            if node in seen:
                continue
            seen.add(node)
            if node[0] in self._users and not node[1]:
                yield node[0]
            else:
                left.extend(self._edges[node])

    def _flows(self, each: Diagram, places: Mapping[str, str]) -> None:
        for scope in each.scopes.values():
            for flow in scope.flows:
                if flow.source in places and flow.target in places:
                    self._edges[places[flow.source], True].add((places[flow.target], False))
        for one in each.elements.values():
            place = places[one.id]
            if one.kind == USER:
                self._users.add(place)
            if one.kind == USER and one.multi:
                self._edges[place, True].add((place, False))
            if one.kind not in COMPOUND:
                self._edges[place, False].add((place, True))
            if one.attached is not None and one.attached in places:
                self._edges[places[one.attached], True].add((place, False))

    def _compounds(self, whole: Diagram, each: Diagram, places: Mapping[str, str]) -> None:
        """Into a subprocess or a called process and out of it again, also without anything done in it."""
        for one in each.elements.values():
            if one.kind not in COMPOUND:
                continue
            reached, left = (places[one.id], False), (places[one.id], True)
            self._edges[reached].add(left)
            if one.called and one.called in each.calls:
                inner = each.calls[one.called]
                self._around(inner, inner.id, _places(whole, inner), reached, left)
            elif one.id in each.scopes:
                self._around(each, one.id, places, reached, left)

    def _around(self, inner: Diagram, scope: str, places: Mapping[str, str], reached: Node, left: Node) -> None:
        if scope not in inner.scopes:
            return
        within = inner.scopes[scope]
        sources, targets = ({getattr(flow, end) for flow in within.flows} for end in ("source", "target"))
        for id_ in within.elements:
            node = inner.elements[id_]
            # An event subprocess begins by its event, which the story tells, and not where its surroundings begin.
            by_event = id_ in inner.scopes and inner.scopes[id_].by_event
            if id_ not in targets and node.attached is None and not by_event:
                self._edges[reached].add((places[id_], False))
            if id_ not in sources:
                self._edges[places[id_], True].add(left)

    def _events(self, every: Iterable[tuple[str, Element]]) -> None:
        hearing: dict[str, set[Node]] = defaultdict(set)
        throwing: list[tuple[str, str]] = []
        for place, one in every:
            for event in {one.event, *(each.event for each in one.alternatives)} - {None}:
                if one.kind in HEARS and event == "conditional":
                    self._anytime.add((place, False))
                elif one.kind in HEARS:
                    hearing[str(event)].add((place, False))
                elif event in THROWN:
                    throwing.append((str(event), place))
        for event, place in throwing:
            self._edges[place, True] |= hearing[event]


_made: OrderedDict[str, Following] = OrderedDict()


def of(folder: Folder) -> Following:
    """The ways of a folder's diagram, worked out once for each digest."""
    diagram = folder.diagram
    known = _made.get(diagram.digest)
    if known is None:
        known = _made[diagram.digest] = Following(diagram)
        while len(_made) > KEPT:
            _made.popitem(last=False)
    return known


def _places(whole: Diagram, each: Diagram) -> dict[str, str]:
    return {id_: whole.place(one) for id_, one in each.elements.items()}
