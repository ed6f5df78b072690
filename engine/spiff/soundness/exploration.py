"""The states that a net can be in, found breadth first, so that the way to each is as short as any.

What runs by itself is run before anything else, as the engine does. Of the tokens that wait only one is moved in each
state where the order can make no difference (a persistent set; Valmari 1989): every deadlock is still found, and so is
the way to an end. Where an inclusive join looks at other tokens, all orders are tried.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.spiff.repairs.gateways import Inclusive
from engine.spiff.soundness.net import Move, Net, Place, State

MOST = 20_000
WORK = 2_000_000  # tokens looked at: wide states cost more than narrow ones, and a check has five seconds
CROWD = 3
END: State = ()
EXIT: State = (("", ""),)

Step = tuple[State, tuple[str, ...]]


@dataclass
class Exploration:
    """What was found: every state with the one before it, and which of them are remarkable."""

    net: Net
    most: int = MOST
    before: dict[State, Step | None] = field(default_factory=dict)
    into: dict[State, list[State]] = field(default_factory=dict)
    stuck: list[State] = field(default_factory=list)
    twice: dict[str, State] = field(default_factory=dict)  # where tokens first meet, not where they go on from there
    crowded: dict[str, State] = field(default_factory=dict)
    met: set[State] = field(default_factory=set)  # tokens have met here or on the way here
    touched: set[str] = field(default_factory=set)
    limited: bool = False
    work: int = 0

    def run(self) -> "Exploration":
        """Explore until nothing is new or there are too many states."""
        self.before.update(dict.fromkeys(self.net.starts()))
        left = deque(self.before)
        while left:
            if len(self.before) > self.most or self.work > WORK:
                self.limited = True
                break
            state = left.popleft()
            if state not in {END, EXIT} and not self._crowds(state):
                left.extend(self._expand(state))
        return self

    @property
    def proven(self) -> bool:
        """Whether every state was looked at."""
        return not self.limited and not self.net.cut_short

    def path(self, state: State) -> list[str]:
        """The elements and flows over which tokens came to this state, from the start on."""
        steps: list[tuple[str, ...]] = []
        current = self.before[state]
        while current is not None:
            steps.append(current[1])
            current = self.before[current[0]]
        return [id_ for over in reversed(steps) for id_ in over if id_]

    def good(self, *ends: State) -> set[State]:
        """The states from which one of these ends can be reached."""
        found = {end for end in ends if end in self.before}
        left = list(found)
        while left:
            for earlier in self.into.get(left.pop(), ()):
                if earlier not in found:
                    found.add(earlier)
                    left.append(earlier)
        return found

    def _expand(self, state: State) -> list[State]:
        fresh: list[State] = []
        moved = False
        for group in self._groups(state):
            for after, over in group:
                moved = True
                self.work += len(state)
                self.touched.update(over)
                self.into.setdefault(after, []).append(state)
                if after not in self.before:
                    self.before[after] = (state, over)
                    fresh.append(after)
            if fresh:
                break  # the others will still be there in the next state
        if not moved:
            self.stuck.append(state)
        return fresh

    def _groups(self, state: State) -> Iterator[Iterator[Step]]:
        """Sets of steps of which the first that leads to something new is enough."""
        net = self.net
        for place in state:
            if place[0] in net.automatic:
                yield self._moved(state, place)
                return
        joins = sorted({name for name, _ in state if name in net.joins}, key=net.rank.__getitem__)
        for name in joins:
            if not isinstance(net.nodes[name], Inclusive) and (rest := self._taken(state, name)) is not None:
                yield self._left(rest, name)
                return
        self.work += len(state) * (1 + len(joins))
        ready = [name for name in joins if isinstance(net.nodes[name], Inclusive) and not net.open_ways(name, state)]
        if ready:
            yield (step for name in ready for step in self._left(self._merged(state, name), name))
            return
        waiting = sorted({place for place in state if place[0] not in net.joins}, key=lambda each: net.rank[each[0]])
        if all(net.is_simple(place[0]) for place in waiting):
            yield from (self._moved(state, place) for place in waiting)
        else:
            yield (step for place in waiting for step in self._moved(state, place))

    def _moved(self, state: State, place: Place) -> Iterator[Step]:
        rest = list(state)
        rest.remove(place)
        yield from (self._next(rest, move) for move in self.net.moves(place))

    def _left(self, rest: list[Place], name: str) -> Iterator[Step]:
        yield from (self._next(rest, move) for move in self.net.leaving(name))

    def _next(self, rest: list[Place], move: Move) -> Step:
        if move.end:
            return (END if move.end == "terminate" else EXIT), move.over
        rest = [place for place in rest if place[0] not in self.net.aside or place not in move.places]
        return tuple(sorted([*rest, *move.places])), move.over

    def _taken(self, state: State, name: str) -> list[Place] | None:
        """What is left when a parallel join has used one token of each flow; None if one is missing."""
        standing = Counter(str(via) for at, via in state if at == name)
        wanted = self.net.wanted(name)
        if any(standing[via] < number for via, number in wanted.items()):
            return None
        rest = list(state)
        for via, number in wanted.items():
            for _ in range(number):
                rest.remove((name, via))
        return rest

    def _merged(self, state: State, name: str) -> list[Place]:
        rest = list(state)
        for place in {place for place in state if place[0] == name}:
            rest.remove(place)
        return rest

    def _crowds(self, state: State) -> bool:
        """Note where tokens meet that should not, and go no further where they pile up."""
        step = self.before[state]
        late = step is not None and step[0] in self.met
        if late:
            self.met.add(state)
        if len(state) == len({name for name, _ in state}):
            return False
        numbers = Counter(name for name, _ in state)
        doubled = [name for name in numbers if numbers[name] > 1 and not self._may_meet(name)]
        if doubled and not late:
            self.met.add(state)
            self.twice.update({name: state for name in doubled if name not in self.twice})
        crowd = next((place[0] for place, number in Counter(state).items() if number > CROWD), None)
        if crowd is not None:
            self.crowded.setdefault(crowd, state)
        return crowd is not None

    def _may_meet(self, name: str) -> bool:
        return name in self.net.joins or name in self.net.loose
