"""What a case is about is read in one way, for a batch as for a campaign."""

import pytest

from bases.verdicts import batch, campaign


@pytest.mark.parametrize("part", [batch, campaign])
def test_a_subject_gives_back_the_number_it_was_made_of(part):
    assert part.number(part.subject(3)) == 3


@pytest.mark.parametrize("named", ["3", "base:3", "batch:", "campaign:", "batch:x", "campaign:-1", "batch:٣"])
@pytest.mark.parametrize("part", [batch, campaign])
def test_anything_else_is_no_subject_of_theirs(part, named):
    assert part.number(named) is None
