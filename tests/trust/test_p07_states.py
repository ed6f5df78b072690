"""P7. Every saved state loads and goes on: the states that each release kept, and random diagrams beside an oracle."""

import pytest

from tests.golden import trail

PROMISE = "every saved state loads and goes on"


def trials(scale: float) -> tuple[int, list[str]]:
    """Every state of every release; each is thawed and walked to its end."""
    kept = trail.kept()
    return sum(map(trail.states, kept)), [fault for path in kept for fault in trail.faults(path)]


def test_there_are_states_of_every_kind():
    assert len(trail.kept()) >= 24


@pytest.mark.parametrize("path", trail.kept(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_state_that_a_release_kept_thaws_and_goes_on_to_its_end(path):
    assert list(trail.faults(path)) == []
