"""Random diagrams: what is accepted runs as two token games say, frozen and thawed after every step, and as judged."""

import os

import pytest

from tests.engine.spiff import random_trials

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
