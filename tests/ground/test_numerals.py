"""What counts as a whole number that somebody typed."""

import pytest

from ground.numerals import whole


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_number(typed, number):
    assert whole(typed) == number


@pytest.mark.parametrize("typed", ["", "-1", "+1", " 1", "1.0", "²", "９", "1_000", "9" * 19, "9" * 5_000])
def test_anything_else_is_none(typed):
    assert whole(typed) is None


def test_more_digits_than_wanted_are_none():
    assert (whole("2026", 4), whole("20261", 4)) == (2026, None)
