"""The demo's filled forms: complete, and without a single false alarm."""

import pytest

from bases.demo import answers, rows
from bases.filing import checks
from bases.measures import codes, indicators
from engine.forms import FormContext


@pytest.mark.parametrize("key", rows.bases())
def test_clean_demo_data_raises_none_of_the_checks(key):
    """F-3.1 to F-3.26."""
    assert checks.information(answers(key), FormContext(year=2025)) == []


def test_the_demo_has_30_provincial_and_12_national_names_and_6_applicants():
    named = [kind for base in rows.bases().values() for kind, _year in base.named]

    assert len(rows.bases()) == 46
    assert named.count("provincial") == 30
    assert named.count("national") == 12
    assert sum(not base.named for base in rows.bases().values()) == 6


def test_p_1_every_carrier_and_industry_of_the_demo_is_in_its_list():
    assert {base.carriers for base in rows.bases().values()} <= set(codes.of("carrier"))
    assert {base.industry for base in rows.bases().values()} <= set(codes.of("industry"))
    assert len(codes.of("carrier")) == 9


def test_r_8_1_one_applicant_is_a_whole_city_so_that_the_county_step_can_be_seen_left_out():
    whole = [base for base in rows.bases().values() if base.extent == "whole_city" and not base.named]

    assert [(base.key, base.city, base.county) for base in whole] == [("B043", "511700", "")]


def test_a_filled_form_holds_all_26_items():
    given = answers("B042")

    assert {item.field for item in indicators.by_code().values()} <= set(given)
    assert {item.item for item in indicators.by_code().values()} == set(range(1, 27))
