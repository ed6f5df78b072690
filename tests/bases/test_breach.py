"""Breaches: facts with evidence, once for a duty and its date, and none for a date that is only ours."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bases.register import breach
from tests.bases import moves

DUE = date(2026, 2, 15)
AFTER = datetime(2026, 2, 15, 16, 0, tzinfo=UTC)  # 00:00 of the 16th in Shanghai


def missed(session, base, **but: Any):
    facts = {
        "base_id": base.id,
        "organ_id": base.organ_id,
        "city": base.city,
        "kind": breach.MISSING,
        "duty": "annual_report",
        "year": 2025,
        "due_on": DUE,
        "due_kind": "text",
        "clause": "8",
        "case_id": None,
        "evidence": "截至2026年2月15日24时未报送",
        "at": AFTER,
    }
    return breach.record(session, **{**facts, **but})


def test_n_6_of_three_passed_deadlines_one_of_each_kind_two_make_breaches_and_one_is_grey(session):
    base = moves.base(session, "B007")

    assert missed(session, base)
    assert missed(session, base, duty="monthly", due_on=date(2026, 3, 10), due_kind="notice", clause="川商〔2026〕1号")
    with pytest.raises(breach.NotBinding):
        missed(session, base, duty="survey", due_on=date(2026, 4, 10), due_kind="default", clause="")

    found = breach.of_base(session, base.id, date(2026, 1, 1), date(2026, 12, 31))
    assert [(row.duty, row.due_kind) for row in found] == [("annual_report", "text"), ("monthly", "notice")]


def test_the_same_duty_missed_is_one_breach_however_often_it_is_looked_at(session):
    base = moves.base(session, "B007")

    assert missed(session, base)
    assert not missed(session, base)
    assert not missed(session, base, kind=breach.LATE)
    assert len(breach.of_base(session, base.id, DUE, DUE)) == 1


def test_a_report_that_comes_after_all_is_late_and_stays_a_breach(session):
    base = moves.base(session, "B007")
    duty = breach.Duty("annual_report", base.id, base.organ_id, DUE)
    missed(session, base)

    assert breach.made_good(session, duty, AFTER)
    assert not breach.made_good(session, duty, AFTER)
    (row,) = breach.of_base(session, base.id, DUE, DUE)
    assert (row.kind, row.made_good_at) == (breach.LATE, AFTER)


def test_a_citys_own_breach_stands_beside_those_of_its_bases_and_is_nobody_elses(session):
    base, other = moves.base(session, "B007"), moves.base(session, "B005")
    missed(session, base)
    missed(session, base, base_id=None, duty="city_report", due_on=date(2026, 3, 1))

    found = breach.of_city(session, base.city, date(2026, 1, 1), date(2026, 12, 31))
    assert [row.base_id for row in found] == [base.id, None]
    assert breach.of_city(session, other.city, date(2026, 1, 1), date(2026, 12, 31)) == []
    assert breach.of_base(session, other.id, date(2026, 1, 1), date(2026, 12, 31)) == []
