"""Random diagrams played against the token games, as many as one likes.

`python -m tests.engine.spiff.random_trials 2000 0` plays 2,000 from seed 0 on. `run` is what `make trust`
calls. A difference is a line that names the seed, so that it can be played again.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, product
from random import Random
from typing import Any

from engine.spiff import diagrams, drawings, examination, lint, soundness
from engine.spiff.instance import Instance, Token
from engine.spiff.soundness.exploration import EXIT, Exploration, Step
from engine.spiff.soundness.net import State
from engine.spiff.stuck import StuckAt
from tests.engine.spiff.oracle import Oracle, Place
from tests.engine.spiff.play import Play
from tests.engine.spiff.random_diagrams import Draughtsman
from tests.engine.spiff.random_graphs import drawn
from tests.engine.spiff.token_game import Flooded, Game, Graph

Marking = tuple[tuple[str, str], ...]

STEPS = 40
EXPLORED = 1_000
BLOCK_STEPS = 120
ROUNDS = 3
UNSOUND = frozenset({"soundness.deadlock", "soundness.may_deadlock", "soundness.no_end", "join.or_unstructured"})
DO: Mapping[str, Callable[[Instance, Token, dict[str, bool]], Any]] = {
    "user": lambda instance, token, data: instance.complete(token.id, data),
    "timer": lambda instance, token, _data: instance.fire(token.id),
    "message": lambda instance, token, data: instance.catch(token.id, data),
    "signal": lambda instance, token, data: instance.signal(token.element.code or "", data),
}


class Different(AssertionError):  # noqa: N818
    """The engine and the game, or the verdict and the run, do not say the same."""


def run(seeds: Iterable[int]) -> tuple[int, list[str]]:
    """How many diagrams were played, blocks and graphs, and what was different, each with its seed."""
    played, differences, _ = counted(seeds, (blocks, graphs))
    return played, differences


def counted(seeds: Iterable[int], trials: tuple[Callable[[int], str], ...]) -> tuple[int, list[str], Counter[str]]:
    """The same, and how many diagrams were refused, proven sound, and so on."""
    counts: Counter[str] = Counter()
    differences: list[str] = []
    for seed, trial in product(seeds, trials):
        try:
            counts[trial(seed)] += 1
        except Different as different:
            differences.append(f"{trial.__name__}, seed {seed}: {different}")
        except Exception as error:  # noqa: BLE001  whatever the engine raises on an accepted diagram is a difference
            differences.append(f"{trial.__name__}, seed {seed}: {type(error).__name__}: {error}")
    return sum(number for kind, number in counts.items() if kind != "refused"), differences, counts


def blocks(seed: int) -> str:
    """Nested blocks beside the oracle: the same must wait after every step, and no block may be called unsound."""
    draughtsman = Draughtsman(Random(seed))  # noqa: S311  orders, not secrets
    body, shape = draughtsman.diagram()
    wrong = [one.code for one in examination.examine("a.bpmn", body) if one.code in UNSOUND or one.severity == "error"]
    if wrong:
        raise Different(f"blocks that are right are said to be {wrong}")
    play, oracle = Play(body, **draughtsman.lists), Oracle(shape)
    chance = Random(seed)  # noqa: S311
    rounds: Counter[str] = Counter()
    for step in range(BLOCK_STEPS):
        waits = sorted(oracle.places())
        if sorted(map(place_of, play.instance.tokens())) != waits or play.instance.is_completed != (not waits):
            raise Different(f"at step {step} the engine waits for {play.waiting()}, the oracle for {waits}")
        if not waits:
            break
        chosen = chance.choice(waits)
        rounds[chosen[0]] += 1
        again = chosen[0].startswith("again") and rounds[chosen[0]] < ROUNDS and chance.random() < 0.5
        oracle.act(chosen, again=again)
        token = next(token for token in play.instance.tokens() if place_of(token) == chosen)
        DO[token.kind](play.instance, token, {chosen[0]: again} if chosen[0].startswith("again") else {})
        play.go_on()
    return "accepted"


def place_of(token: Token) -> Place:
    """Where it waits, and in which instances of which multi-instances."""
    items = tuple((name, value) for name, value in token.data.items() if name.startswith("it_"))
    return token.element.id, tuple(sorted(items))


def graphs(seed: int) -> str:
    """Draw, ask the linter, judge, and play with the values and in the order of this seed; what was judged."""
    body, graph = drawn(seed)
    if any(finding.severity == "error" for finding in lint.check({"a.bpmn": body})):
        return "refused"
    verdict = soundness.judge(diagrams.build(drawings.read(body)), EXPLORED)["p"]
    every = Thorough(verdict.seen.net, EXPLORED).run()
    chance = Random(seed)  # noqa: S311  orders, not secrets
    end = played(body, graph, every, chance)
    if verdict.sound and end == "stuck":
        raise Different("sound, and it stuck")
    if not verdict.ends and end == "ended":
        raise Different("every run should stop, and this one ended")
    if end == "stuck" and verdict.seen.proven and not verdict.seen.crowded and not verdict.seen.stuck:
        raise Different("it stuck where no state was found to")
    return "sound" if verdict.sound else "hopeless" if not verdict.ends else "doubtful"


def played(body: bytes, graph: Graph, every: "Thorough", chance: Random) -> str:
    """Play it in the engine and in the game, and compare after every step: ended, stuck, endless, or going on."""
    names = {arc.condition: chance.random() < 0.5 for arc in graph.arcs if arc.condition}
    try:
        game = Game(graph, names)
        play = tried(game, lambda: Play(body, **names))
        for _ in range(STEPS):
            if game.endless:
                break
            compare(game, play, every)
            if play is None or play.instance.is_completed:
                break
            play = act(play, game, graph, chance)
    except Flooded:
        return "flooded"
    if game.endless:
        return "endless"
    return "stuck" if play is None else "ended" if play.instance.is_completed else "going on"


def act(play: Play, game: Game, graph: Graph, chance: Random) -> Play | None:
    """Do one of the things that wait, the same in both."""
    place = chance.choice(game.places())
    nth = chance.randrange(game.places().count(place))
    token = play.token(place, nth=nth)
    if token.kind == "user":
        data = {name: chance.random() < 0.5 for name in game.names}
        game.names.update(data)
        game.act(place, nth)
        return tried(game, lambda: play.do(place, nth=nth, **data))
    game.act(place, nth)
    return tried(game, lambda: play.fire(place, nth=nth))


def tried(game: Game, step: Callable[[], Play]) -> Play | None:
    """The play after a step, or None where both say that nothing can move any more, or that it never comes to rest."""
    why = "engine.too_many_steps" if game.endless else "join.starved" if game.stuck else ""
    try:
        play = step()
    except StuckAt as stuck:
        if stuck.code != why:
            raise Different(f"the engine stops ({stuck}), the game does not") from stuck
        return None
    if why:
        raise Different(f"the game stops at {game.marking()}, the engine does not")
    return play


def compare(game: Game, play: Play | None, every: "Thorough") -> None:
    """The same must wait, and where it stands must be a state that was explored."""
    if every.proven and not every.crowded and every.folded(game.marking()) not in every.markings:
        raise Different(f"a marking that was not explored: {game.marking()}")
    if play is None:
        return
    waiting = sorted(token.element.id for token in play.instance.tokens())
    if waiting != game.places() or play.instance.is_completed != (not game.tokens):
        raise Different(f"the engine waits for {waiting}, the game for {game.places()}")


class Thorough(Exploration):
    """Every order of everything, so that each marking of a run must be among its states."""

    def _groups(self, state: State) -> Iterator[Iterator[Step]]:
        yield chain.from_iterable(super()._groups(state))

    @cached_property
    def markings(self) -> set[Marking]:
        states = (state for state in self.before if state != EXIT)
        return {
            self.folded((name, str(via) if name in self.net.joins else "") for name, via in state) for state in states
        }

    def folded(self, marking: Iterable[tuple[str, str]]) -> Marking:
        """In order; where one token stands for many, one."""
        places = list(marking)
        aside = {place for place in places if place[0] in self.net.aside}
        return tuple(sorted([*(place for place in places if place not in aside), *aside]))


def main() -> None:
    """Play so many seeds, from the second argument on, and say what came of it."""
    number, first = [int(word) for word in sys.argv[1:3]]
    played_, differences, counts = counted(range(first, first + number), (blocks, graphs))
    print(f"{played_} diagrams played, {len(differences)} differences", dict(counts), *differences, sep="\n")  # noqa: T201
    sys.exit(bool(differences))


if __name__ == "__main__":
    main()
