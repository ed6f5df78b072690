"""P13. Each rule has a test that sees when it is broken: tests/rules/faults.py, one after another."""

from tests.rules import faults
from tests.rules.trials import survivors

PROMISE = "no rule is broken unseen"
QUICK = 3


def trials(scale: float) -> tuple[int, list[str]]:
    """All faults at full length, else the first, one in the middle and the last."""
    known = faults.every()
    tried = known if scale >= 1 else known[:: (len(known) - 1) // (QUICK - 1)][:QUICK]
    return len(tried), survivors(tried)


def test_three_faults_of_the_list_are_seen():
    tried, violations = trials(0.1)
    assert not violations
    assert tried == QUICK


def test_every_fault_has_its_own_name_and_tests():
    known = faults.every()
    assert len({fault.name for fault in known}) == len(known)
    assert all(fault.tests for fault in known)
