"""Random diagrams moved to random versions of themselves in mid-run: each goes on exactly as the oracle says."""

import os
from collections import Counter

import pytest

from engine.spiff.migration import Migration, MustStay, NeedsMapping
from tests.engine.spiff import random_trials
from tests.engine.spiff.random_migrations import Trial, versions

# More of them by the environment, and with `make trust`.
SEEDS = int(os.environ.get("JIDI_RANDOM_SEEDS", "50"))
KINDS = {"inserted", "timed", "renamed", "removed", "skipped", "forked", NeedsMapping.code, MustStay.code}


def test_an_instance_goes_on_in_each_version_as_the_oracle_says():
    became: Counter[str] = Counter()

    def versions(seed: int) -> str:
        became.update(Trial(seed).run())
        return "played"

    _, differences, counts = random_trials.counted(range(SEEDS), (versions,))
    assert not differences
    assert counts["played"] == SEEDS
    assert set(became) == KINDS


def test_a_fault_that_is_planted_is_found(monkeypatch: pytest.MonkeyPatch):
    def found(name: str, fault: object) -> bool:
        with monkeypatch.context() as planted:
            planted.setattr(Migration, name, fault)
            return any(random_trials.counted([seed], (versions,))[1] for seed in range(60))

    assert found("_open_new", lambda *_: None), "new events that nobody waits for"
    assert found("_check_branches", lambda *_: None), "tokens that cannot be joined any more"
