"""Random diagrams: what is accepted runs as two token games say, frozen and thawed after every step, and as judged."""

import os
from random import Random

import pytest

from engine.spiff import diagrams, drawings, soundness
from engine.spiff.repairs import events, gateways
from engine.spiff.soundness import net
from tests.engine.spiff import random_trials
from tests.engine.spiff.random_graphs import drawn

# More of them by the environment, and with `make trust`.
SEEDS = int(os.environ.get("JIDI_RANDOM_SEEDS", "50"))


@pytest.mark.parametrize("part", range(4))
def test_nested_blocks_wait_for_what_the_oracle_says(part: int):
    _, differences, counts = random_trials.counted(range(part * SEEDS, (part + 1) * SEEDS), (random_trials.blocks,))
    assert not differences
    assert counts["accepted"] == SEEDS


@pytest.mark.parametrize("part", range(2))
def test_what_is_accepted_of_graphs_never_crashes_sticks_unforeseen_or_differs(part: int):
    seeds = range(part * SEEDS, (part + 1) * SEEDS)
    played, differences, counts = random_trials.counted(seeds, (random_trials.graphs,))
    assert not differences
    assert counts["sound"] > played // 3
    assert counts["doubtful"]
    assert counts["hopeless"]


def test_a_run_that_would_go_round_for_ever_is_stopped_by_the_engine_and_seen_as_such_by_the_game():
    body, graph = drawn(130)
    net_ = soundness.judge(diagrams.build(drawings.read(body)), random_trials.EXPLORED)["p"].seen.net
    every = random_trials.Thorough(net_, random_trials.EXPLORED).run()
    assert random_trials.played(body, graph, every, Random(130)) == "endless"  # noqa: S311


def test_a_fault_that_is_planted_is_found(monkeypatch: pytest.MonkeyPatch):
    def found(where: type, name: str, fault: object) -> bool:
        with monkeypatch.context() as planted:
            planted.setattr(where, name, fault)
            return any(random_trials.run([seed])[1] for seed in range(60))

    assert found(gateways.Inclusive, "_awaited", lambda *_: False), "inclusive joins that wait for nobody"
    assert found(events.Catch, "fire", lambda _self, task: task._ready()), "races with several winners"
    assert found(events.Listening, "fire", events.Catch.fire), "event subprocesses that do not interrupt"
    assert found(net.Net, "_choices", lambda _self, node: iter([node.ways])), "a net that knows no conditions"
