"""The order of a batch, its quota line and its ties (R-4.2)."""

import pytest

from bases.verdicts import ranking
from bases.verdicts.ranking import Candidate, Choice

PASS = 7000


def ranked(*averages: int, quota: int | None = None) -> list[ranking.Place]:
    return ranking.rank([Candidate(case, average) for case, average in enumerate(averages, start=1)], quota, PASS)


def lists(places: list[ranking.Place]) -> list[str | None]:
    return [each.listed for each in places]


@pytest.mark.performs("R-4.2")
def test_r_4_2_five_of_eight_who_pass_are_proposed_and_three_in_reserve():
    places = ranked(9000, 8800, 8600, 8400, 8200, 8000, 7800, 7600, quota=5)
    assert lists(places) == ["proposed"] * 5 + ["reserve"] * 3
    assert [each.rank for each in places] == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.performs("R-4.2")
def test_r_4_2_equals_at_the_line_wait_for_a_person():
    places = ranked(9000, 8800, 8600, 8400, 8200, 8200, 7800, 7600, quota=5)
    assert lists(places) == ["proposed"] * 4 + [None, None] + ["reserve"] * 2
    assert [each.rank for each in places] == [1, 2, 3, 4, 5, 5, 7, 8]
    assert [each.tied for each in places] == [False] * 4 + [True, True, False, False]
    with pytest.raises(ranking.TieUndecided) as refused:
        ranking.choose(places, 5, PASS, {})
    assert refused.value.detail["cases"] == [5, 6]


def test_equals_above_the_line_are_shown_and_need_nobody():
    places = ranked(9000, 8800, 8800, 8000, quota=3)
    assert lists(places) == ["proposed"] * 3 + ["reserve"]
    assert [each.tied for each in places] == [False, True, True, False]
    assert ranking.choose(places, 3, PASS, {}) == places


def test_r_4_2_a_tie_is_settled_with_a_reason_for_each():
    places = ranked(9000, 8200, 8200, quota=2)
    with pytest.raises(ranking.ReasonMissing):
        ranking.choose(places, 2, PASS, {2: Choice("proposed", "产业链更完整"), 3: Choice("reserve", " ")})
    settled = ranking.choose(
        places, 2, PASS, {2: Choice("reserve", "同分，材料次之"), 3: Choice("proposed", "产业链更完整")}
    )
    assert {each.case: (each.listed, each.reason) for each in settled} == {
        1: ("proposed", ""),
        2: ("reserve", "同分，材料次之"),
        3: ("proposed", "产业链更完整"),
    }


def test_r_4_2_below_the_line_only_with_a_reason_and_within_the_quota():
    places = ranked(9000, 8800, 8600, quota=2)
    with pytest.raises(ranking.ReasonMissing):
        ranking.choose(places, 2, PASS, {3: Choice("proposed", "")})
    with pytest.raises(ranking.OverQuota) as refused:
        ranking.choose(places, 2, PASS, {3: Choice("proposed", "区域布局")})
    assert refused.value.detail == {"quota": 2, "proposed": 3}
    given = {3: Choice("proposed", "区域布局"), 2: Choice("reserve", "同一市（州）已有两家")}
    assert lists(ranking.choose(places, 2, PASS, given)) == ["proposed", "reserve", "proposed"]


def test_whoever_misses_the_pass_mark_is_on_no_list_and_cannot_be_put_on_it():
    places = ranked(9000, 6999, quota=5)
    assert lists(places) == ["proposed", "none"]
    with pytest.raises(ranking.BelowPassMark):
        ranking.choose(places, 5, PASS, {2: Choice("proposed", "区域布局")})


@pytest.mark.parametrize(("quota", "expected"), [(None, ["proposed"] * 3), (0, ["reserve"] * 3), (9, ["proposed"] * 3)])
def test_without_a_quota_all_who_pass_are_proposed(quota, expected):
    assert lists(ranked(9000, 8000, 8000, quota=quota)) == expected


def test_the_citys_plan_orders_equals_on_the_page_and_decides_nothing():
    equals = [Candidate(1, 8000), Candidate(2, 8000, city_rank=2), Candidate(3, 8000, city_rank=1)]
    places = ranking.rank(equals, 1, PASS)
    assert [each.case for each in places] == [3, 2, 1]
    assert [each.rank for each in places] == [1, 1, 1]
    assert lists(places) == [None, None, None]
