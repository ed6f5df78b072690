"""Each entry of the tables that docs/bpmn-support.md is made from is played, or refused, as it says."""

import pytest

from tests.engine.spiff.patterns import PATTERNS
from tests.engine.spiff.script import Sample, check
from tests.engine.spiff.support import ELEMENTS

NUMBERS = {*range(1, 22), 23, 24, 25, 26, 34, 35, 36, 40, 41, 43}


@pytest.mark.parametrize("sample", ELEMENTS, ids=lambda sample: f"{sample.group}: {sample.name}")
def test_an_element_runs_or_is_refused_as_the_table_says(sample: Sample):
    check(sample)


@pytest.mark.parametrize("sample", PATTERNS.values(), ids=lambda sample: f"WCP-{sample.number} {sample.name}")
def test_a_workflow_pattern_runs_as_the_table_says(sample: Sample):
    check(sample)


def test_no_element_stands_in_the_table_twice_and_no_pattern_is_missing():
    names = [(sample.group, sample.name) for sample in ELEMENTS]
    assert len(names) == len(set(names))
    assert set(PATTERNS) == NUMBERS
    assert len({sample.name for sample in PATTERNS.values()}) == len(NUMBERS)
