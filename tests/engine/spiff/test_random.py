"""Random diagrams against the oracle: after every step, frozen and thawed, the same must wait in both."""

from random import Random

import pytest

from engine.spiff.instance import Token
from tests.engine.spiff.oracle import Oracle, Place
from tests.engine.spiff.play import Play
from tests.engine.spiff.random_diagrams import Draughtsman

ROUNDS = 3
STEPS = 120


def place(token: Token) -> Place:
    items = tuple((name, value) for name, value in token.data.items() if name.startswith("it_"))
    return token.element.id, tuple(sorted(items))


@pytest.mark.parametrize("hundred", range(6))
def test_what_waits_is_what_the_oracle_says(hundred: int):
    for seed in range(hundred * 100, hundred * 100 + 100):
        draughtsman = Draughtsman(Random(seed))  # noqa: S311  orders, not secrets
        body, shape = draughtsman.diagram()
        run(Play(body, **draughtsman.lists), Oracle(shape), seed)


def run(play: Play, oracle: Oracle, seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    rounds: dict[str, int] = {}
    for step in range(STEPS):
        expected = [(id_, tuple(sorted(items))) for id_, items in oracle.places()]
        waiting = play.instance.tokens()
        tokens = {place(token): token for token in waiting}
        assert sorted(map(place, waiting)) == sorted(expected), f"seed {seed}, step {step}"
        assert play.instance.is_completed == (not expected), f"seed {seed}, step {step}"
        if not expected:
            return
        chosen = chance.choice(oracle.places())
        token = tokens[chosen[0], tuple(sorted(chosen[1]))]
        rounds[chosen[0]] = rounds.get(chosen[0], 0) + 1
        again = chosen[0].startswith("again") and rounds[chosen[0]] < ROUNDS and chance.random() < 0.5
        oracle.act(chosen, again=again)
        if token.kind == "user":
            play.instance.complete(token.id, {chosen[0]: again} if chosen[0].startswith("again") else {})
        else:
            play.instance.fire(token.id)
        play.go_on()
