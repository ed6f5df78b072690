"""Random diagrams that are no blocks: what is accepted runs as the second token game says, and as it was judged."""

import os

from tests.engine.spiff import random_trials

SEEDS = int(os.environ.get("JIDI_RANDOM_SEEDS", "200"))


def test_what_is_accepted_never_crashes_sticks_or_differs():
    played, differences, counts = random_trials.counted(range(SEEDS))
    assert not differences
    assert counts["sound"] > played // 3
    assert counts["doubtful"]
    assert counts["hopeless"]
