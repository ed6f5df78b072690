"""P7. Every saved state loads and goes on: the states that each release kept, and random diagrams beside an oracle."""

import pytest

from tests.engine.spiff import random_trials
from tests.engine.spiff.random_migrations import versions
from tests.golden import trail

PROMISE = "every saved state loads and goes on"
DIAGRAMS = 3_000


def trials(scale: float) -> tuple[int, list[str]]:
    """Every state of every release, walked to its end; and random diagrams, frozen and thawed after every step.

    A third as many are moved to other versions in mid-run as well.
    """
    kept = trail.kept()
    played, differences = random_trials.run(range(round(DIAGRAMS * scale)))
    moved, lost, _ = random_trials.counted(range(round(DIAGRAMS * scale / 3)), (versions,))
    faults = [fault for path in kept for fault in trail.faults(path)]
    return sum(map(trail.states, kept)) + played + moved, faults + differences + lost


def test_there_are_states_of_every_kind():
    assert len(trail.kept()) >= 24


@pytest.mark.parametrize("path", trail.kept(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_state_that_a_release_kept_thaws_and_goes_on_to_its_end(path):
    assert list(trail.faults(path)) == []
