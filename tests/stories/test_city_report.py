"""A city's report and the ministry's digest on a set clock: a base missing, late, sent back."""

from datetime import UTC, datetime

import pytest

from bases.filing import consolidated, duty
from bases.register import breach
from engine import cases
from ground import clock
from ground.database import reading
from ground.errors import Forbidden, Missing
from tests.bases.reporting import ACCEPTED, SIGNED, YEAR, City, Report, Way, at, let_pass, paper, person

NOTE = {"missing_note": "安州区机构改革，已两次催报。"}
RETURN = {"outcome": "return", "reason": "安排缺目标。"}


@pytest.fixture
def reported(january):
    """绵阳市's own base has reported, 安州区 has not; 24 February, after both have been due."""
    Report("B007").fill("fill.mianyang")
    let_pass(january, at("2026-02-16", 0, 1))
    january[0] = at("2026-02-24")
    return january


@pytest.mark.usefixtures("january")
def test_each_city_with_bases_has_a_report_due_on_1_march_beside_one_digest_of_the_province():
    with reading() as session:
        cities = duty.of_period(session, duty.CITY, "2025")
        digests = duty.of_period(session, duty.MINISTRY, "2025")
    assert len(cities) == 21
    assert {(str(row.due_on), row.due_kind) for row in cities.values()} == {("2026-03-01", "text")}
    assert [(str(row.due_on), row.due_kind) for row in digests.values()] == [("2026-03-31", "default")]


@pytest.mark.usefixtures("reported")
def test_r_8_2_a_city_reports_with_a_base_missing_and_lists_it_as_not_reported():
    city = City()
    with pytest.raises(cases.Invalid) as refused:
        city.consolidate()
    assert {problem.path for problem in refused.value.detail["problems"]} == {"missing_note"}

    city.consolidate(**NOTE)
    city.sign()
    city.report()
    assert city.do("chen.jing", "prov_check", ACCEPTED).outcome == "report_filed"

    with reading() as session:
        sent = cases.look(session, city.case.ref, person("chen.jing")).submissions
    rows = {row["base"]: row["state"] for row in sent[0].answers["bases"]}
    assert rows == {"绵阳市": "reported", "绵阳市安州区": "missing"}
    assert (city.standing(), city.breaches()) == ("reported", [(True, "missing")])


def test_r_8_2_the_city_is_late_from_midnight_of_2_march_and_only_the_missing_base_has_its_own_breach(reported):
    city = City()
    city.consolidate(**NOTE)
    let_pass(reported, datetime(2026, 3, 1, 15, 59, tzinfo=UTC))
    assert (city.standing(), city.breaches()) == ("under_review", [(True, "missing")])

    let_pass(reported, datetime(2026, 3, 1, 16, 0, tzinfo=UTC))
    assert (city.standing(), city.breaches()) == ("missed", [(True, "missing"), (False, "missing")])
    assert (Report("B007").breaches(), Report("B035").breaches()) == ([], [("missing", "text")])

    reported[0] = at("2026-03-03")
    city.sign()
    city.report()
    assert (city.standing(), city.breaches()) == ("reported_late", [(True, "missing"), (False, "late")])


def test_the_table_is_that_of_the_register_of_reports_and_its_cells_say_what_is_wrong(reported):
    city, anzhou = City(), Report("B035")
    with reading() as session:
        stale = consolidated.of_the_city(session, city.case)["bases"]
    anzhou.fill("fill.anzhou")
    anzhou.do("sign.anzhou", "authority_review", {**SIGNED, "signed_on": "2026-02-24"})

    with pytest.raises(cases.Invalid) as refused:
        city.consolidate(bases=stale, **NOTE)
    assert {problem.path for problem in refused.value.detail["problems"]} == {"bases.1.state", "bases.1.reported_on"}
    with pytest.raises(cases.Invalid) as refused:
        city.consolidate(bases=stale[:1])
    assert {problem.code for problem in refused.value.detail["problems"]} == {"consolidated.left_out"}
    city.consolidate()
    assert "section_review" in city.open()


@pytest.mark.usefixtures("reported")
def test_what_the_department_sends_back_is_consolidated_and_signed_again_and_the_days_do_not_count():
    city = City()
    city.consolidate(**NOTE)
    city.sign()
    city.report()
    city.do("chen.jing", "prov_check", RETURN)
    assert (city.standing(), list(city.open())) == ("reported", ["consolidate"])

    city.consolidate(**NOTE)
    city.sign()
    city.report()
    assert city.do("chen.jing", "prov_check", ACCEPTED).outcome == "report_filed"
    assert city.breaches() == [(True, "missing")]


@pytest.mark.usefixtures("reported")
def test_a_county_reports_to_its_city_and_to_nobody_else_and_no_city_for_another():
    city = City()
    city.consolidate(**NOTE)
    for login in ("sign.anzhou", "fill.anzhou", "zhou.ping"):
        with reading() as session, pytest.raises(Missing):
            cases.look(session, city.case.ref, person(login))
        for element in ("section_review", "report"):
            with pytest.raises((StopIteration, Forbidden, Missing)):
                city.do(login, element, {"outcome": "agree"})
    assert list(city.open()) == ["section_review"]


def digest_rows() -> list[dict]:
    with reading() as session:
        return consolidated.of_the_nation(session, digest().case)["bases"]


def digest() -> Way:
    return Way(duty.MINISTRY, "province:510000")


@pytest.mark.usefixtures("reported")
def test_r_8_3_the_digest_holds_the_twelve_national_titles_and_no_other_base():
    rows = digest_rows()
    assert len(rows) == 12
    assert {"绵阳市", "攀枝花市钒钛高新区", "宜宾三江新区"} <= {row["base"] for row in rows}
    assert "绵阳市安州区" not in {row["base"] for row in rows}

    other = {"base": "绵阳市安州区", "place": "安州区", "state": "missing"}
    for wrong in (rows[1:], [*rows, other]):
        with pytest.raises(cases.Invalid):
            digest().do("chen.jing", "digest", answers(wrong))
    digest().do("chen.jing", "digest", answers(rows))
    assert list(digest().open()) == ["approve"]


def answers(rows: list[dict]) -> dict:
    return {"bases": rows, "summary": "全省国家级基地情况。", "summary_file": paper("chen.jing", "digest")}


def test_r_8_3_on_1_april_the_digest_is_past_a_default_and_no_breach(reported):
    """N-6: of the three kinds of deadlines that have passed, the default alone makes none."""
    let_pass(reported, at("2026-04-01", 0, 1))

    assert digest().standing() == "past_default"
    with reading() as session:
        kinds = {row.due_kind for row in breach.of_city(session, "510000", *YEAR)}
    assert kinds == set()
    assert clock.today().isoformat() == "2026-04-01"
    digest().do("chen.jing", "digest", answers(digest_rows()))
    digest().do("ma.jun", "approve", {"opinion": "同意。", "outcome": "agree"})
    sent = {"sent_on": "2026-04-01", "sent_file": paper("chen.jing", "sent")}
    assert digest().do("chen.jing", "send", sent).outcome == "digest_sent"
    assert digest().standing() == "reported"
