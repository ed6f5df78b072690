"""Each entry of the tables that docs/bpmn-support.md is made from is played, or refused, as it says."""

import pytest

from tests.engine.spiff.script import Sample, check
from tests.engine.spiff.support import ELEMENTS


@pytest.mark.parametrize("sample", ELEMENTS, ids=lambda sample: f"{sample.group}: {sample.name}")
def test_an_element_runs_or_is_refused_as_the_table_says(sample: Sample):
    check(sample)


def test_no_element_stands_in_the_table_twice():
    names = [(sample.group, sample.name) for sample in ELEMENTS]
    assert len(names) == len(set(names))
