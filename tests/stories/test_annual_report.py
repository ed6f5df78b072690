"""A base's annual report from 10 January to its city, on a set clock: in time, late, sent back, suspended."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bases.filing import annual, duty, reported, values, yearly
from bases.register import breach
from engine import cases
from ground import clock
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import letters, reminders
from tests.bases.reporting import (
    ACCEPTED,
    RETURNED,
    SIGNED,
    YEAR,
    Report,
    at,
    begin,
    let_pass,
    paper,
    person,
    staff,
)


@pytest.fixture
def anzhou(january):
    assert january
    return Report("B035")


def test_r_8_1_on_10_january_each_base_with_a_name_has_one_report_and_asking_again_begins_none(january):
    with reading() as session:
        begun = duty.of_period(session, duty.ANNUAL, "2025")
        assert len(begun) == 40
        assert {(str(row.due_on), row.due_kind, row.clause) for row in begun.values()} == {("2026-02-15", "text", "8")}
    january[0] = at("2026-01-11")
    assert begin() == 0
    with reading() as session:
        assert len(duty.of_period(session, duty.ANNUAL, "2025")) == 40


def test_none_begins_before_its_day_or_after_the_day_on_which_it_is_due(database, stopped_clock):
    for day in ("2026-01-09", "2026-02-16", "2026-11-23"):
        stopped_clock[0] = at(day)
        assert begin() == 0


def test_an_officer_begins_them_by_hand_and_nobody_else_does(database, stopped_clock):
    staff()
    stopped_clock[0] = at("2026-01-05")
    for login in ("zhou.ping", "fill.anzhou", "liang.bo"):
        with pytest.raises(Forbidden), transaction() as session:
            yearly.by_hand(session, person(login))
    with transaction() as session:
        assert yearly.by_hand(session, person("chen.jing")) == 40 + 21 + 1
    stopped_clock[0] = at("2026-02-16")
    with pytest.raises(yearly.NotNow), transaction() as session:
        yearly.by_hand(session, person("chen.jing"))


def test_r_8_1_a_report_goes_from_its_filler_by_the_authority_to_the_city(anzhou):
    anzhou.fill("fill.anzhou")
    anzhou.do("sign.anzhou", "authority_review", SIGNED)
    assert anzhou.standing() == "reported"

    assert anzhou.do("lin.chao", "city_check", ACCEPTED).outcome == "report_filed"
    assert (anzhou.duty().state, anzhou.breaches()) == (duty.ACCEPTED, [])


@pytest.mark.performs("R-8.1")
def test_r_8_1_the_base_of_a_whole_city_goes_to_the_city_without_a_county(january):
    mianyang = Report("B007")
    mianyang.fill("fill.mianyang")

    assert list(mianyang.open()) == ["city_check"]
    assert "authority_review" not in str(mianyang.lines())
    mianyang.do("lin.chao", "city_check", ACCEPTED)
    assert mianyang.duty().state == duty.ACCEPTED


@pytest.mark.performs("R-8.1")
def test_r_8_1_on_10_february_the_reminder_says_that_the_last_working_day_is_the_14th(january, anzhou):
    january[0] = at("2026-02-10")
    for _ in range(2):
        with transaction() as session:
            reminders.send_due(session, clock.now())

    with reading() as session:
        (letter,) = letters.inbox(session, person("fill.anzhou"))
        folder = cases.look(session, anzhou.case.ref, person("fill.anzhou")).folder
    words = letters.words(folder, letter.template, letter.facts, "zh")
    assert "2026年2月15日24时前" in words.body
    assert "最后一个工作日为2026年2月14日" in words.body
    assert "14 Feb 2026" in letters.words(folder, letter.template, letter.facts, "en").body


def test_r_8_1_reminders_come_20_7_and_1_working_days_before_once_each(january, anzhou):
    told = []
    for day in ("2026-01-19", "2026-01-20", "2026-02-05", "2026-02-06", "2026-02-13", "2026-02-14", "2026-02-15"):
        january[0] = at(day)
        with transaction() as session:
            reminders.send_due(session, clock.now())
        with reading() as session:
            told.append(len(letters.inbox(session, person("fill.anzhou"))))
    assert told == [0, 1, 1, 2, 2, 3, 3]


@pytest.mark.performs("R-8.1")
def test_r_8_1_one_minute_past_midnight_it_is_late_the_task_stays_open_and_a_breach_is_a_fact(january, anzhou):
    """N-6, R-8.5: a host in UTC still counts the 15th at 15:59 of it, and no longer at 16:00."""
    let_pass(january, datetime(2026, 2, 15, 15, 59, tzinfo=UTC))
    assert (anzhou.standing(), anzhou.breaches()) == ("running", [])

    let_pass(january, datetime(2026, 2, 15, 16, 0, tzinfo=UTC))
    january[0] = at("2026-02-16", 0, 1)
    assert (anzhou.standing(), anzhou.breaches()) == ("missed", [("missing", "text")])
    assert list(anzhou.open()) == ["fill"]
    with reading() as session:
        (row,) = breach.of_base(session, anzhou.base.id, *YEAR)
    assert (str(row.due_on), row.clause, row.case_id) == ("2026-02-15", "8", anzhou.case.id)
    assert anzhou.case.number in row.evidence


def test_a_late_report_is_taken_and_marked_late_and_stays_one_breach(january, anzhou):
    let_pass(january, at("2026-02-16", 0, 1))
    january[0] = at("2026-02-24")
    anzhou.fill("fill.anzhou")
    assert anzhou.open()["authority_review"].due_kind == "default"
    anzhou.do("sign.anzhou", "authority_review", {**SIGNED, "signed_on": "2026-02-24"})

    assert anzhou.standing() == "reported_late"
    assert anzhou.breaches() == [("late", "text")]
    assert "report.handed_late" in anzhou.lines()


def test_r_8_4_one_document_alone_cannot_be_sent_nor_the_same_twice(anzhou):
    for changes, wrong in (
        ({"plan_file": None}, "plan_file"),
        ({"summary_file": None}, "summary_file"),
        ({"summary_3": ""}, "summary_3"),
    ):
        with pytest.raises(cases.Invalid) as refused:
            anzhou.fill("fill.anzhou", **changes)
        assert wrong in {problem.path for problem in refused.value.detail["problems"]}
    one = paper("fill.anzhou", "the same")
    with pytest.raises(cases.Invalid) as refused:
        anzhou.fill("fill.anzhou", summary_file=one, plan_file=one)
    assert {problem.code for problem in refused.value.detail["problems"]} == {"annual.same_paper"}


def test_f_3_0_the_figures_begin_with_what_was_filed_and_a_change_needs_its_reason(anzhou):
    with reading() as session:
        first = annual.first_values(session, anzhou.case)
        filed = values.latest(session, anzhou.base.id)
    assert first["sales"]["y2"]
    changed = {**first["sales"], "y2": str(Decimal(first["sales"]["y2"]) + Decimal("0.0001"))}
    with pytest.raises(cases.Invalid) as refused:
        anzhou.fill("fill.anzhou", sales=changed)
    (found,) = [problem for problem in refused.value.detail["problems"] if problem.code == "V22"]
    assert found.params["year"] == 2024

    anzhou.fill("fill.anzhou", sales=changed, explanations={"V22": {found.path: "更正统计口径。"}})
    with reading() as session:
        now = values.latest(session, anzhou.base.id)
    assert now["I02", 2024] != filed["I02", 2024]
    assert now["I02", 2025] == filed["I02", 2025]


def test_r_8_5_days_in_which_it_was_sent_back_do_not_count(january, anzhou):
    january[0] = at("2026-02-11")
    anzhou.fill("fill.anzhou")
    anzhou.do("sign.anzhou", "authority_review", {**RETURNED})
    let_pass(january, at("2026-02-16", 0, 1))
    assert (anzhou.standing(), anzhou.breaches()) == ("returned", [])

    january[0] = at("2026-02-17")
    anzhou.fill("fill.anzhou")
    january[0] = at("2026-02-20")
    anzhou.do("sign.anzhou", "authority_review", {**SIGNED, "signed_on": "2026-02-20"})
    assert (anzhou.standing(), anzhou.breaches()) == ("reported", [])


def test_a_late_report_stays_late_when_the_city_sends_it_back_afterwards(january, anzhou):
    let_pass(january, at("2026-02-16", 0, 1))
    january[0] = at("2026-02-24")
    signed = {**SIGNED, "signed_on": "2026-02-24"}
    anzhou.fill("fill.anzhou")
    anzhou.do("sign.anzhou", "authority_review", signed)
    anzhou.do("lin.chao", "city_check", {"outcome": "return", "reason": "总结缺第三方面。"})
    assert anzhou.standing() == "reported_late"

    january[0] = at("2026-03-20")
    assert anzhou.standing() == "reported_late"
    anzhou.fill("fill.anzhou")
    anzhou.do("sign.anzhou", "authority_review", {**signed, "signed_on": "2026-03-20"})
    anzhou.do("lin.chao", "city_check", ACCEPTED)
    assert (anzhou.standing(), anzhou.breaches()) == ("reported_late", [("late", "text")])
    with reading() as session:
        assert reported.shares(session, 2026)[anzhou.base.city].returned == 1


def test_r_8_5_what_lies_unsigned_after_the_days_that_do_not_count_is_missed(january, anzhou):
    january[0] = at("2026-02-14")
    anzhou.fill("fill.anzhou")
    anzhou.do("sign.anzhou", "authority_review", {**RETURNED})
    january[0] = at("2026-02-15")
    anzhou.fill("fill.anzhou")
    let_pass(january, at("2026-02-16", 0, 1))
    assert anzhou.breaches() == []

    let_pass(january, at("2026-02-18", 0, 1))
    assert anzhou.breaches() == [("missing", "text")]


def test_r_8_5_a_report_that_stood_still_over_its_day_is_not_missed_until_its_days_are_over(january, anzhou):
    january[0] = at("2026-02-10")
    cases.suspend(anzhou.case.ref, by=person("ma.jun"), reason="机构改革", key="stop")
    let_pass(january, at("2026-02-20"))
    assert anzhou.breaches() == []
    cases.resume(anzhou.case.ref, by=person("ma.jun"), reason="已明确", key="go")
    let_pass(january, at("2026-02-25", 23))
    assert (anzhou.standing(), anzhou.breaches()) == ("running", [])

    let_pass(january, at("2026-02-26", 0, 1))
    assert (anzhou.standing(), anzhou.breaches()) == ("missed", [("missing", "text")])


def test_r_8_5_a_report_that_came_late_stays_late_however_long_its_case_stands_still_afterwards(january, anzhou):
    january[0] = at("2026-02-18")
    anzhou.fill("fill.anzhou")
    anzhou.do("sign.anzhou", "authority_review", SIGNED)
    assert anzhou.standing() == "reported_late"

    cases.suspend(anzhou.case.ref, by=person("ma.jun"), reason="机构改革", key="stop")
    january[0] = at("2026-03-10")
    assert anzhou.standing() == "reported_late"


def test_nobody_of_another_base_county_or_city_comes_near_a_report(january, anzhou):
    anzhou.fill("fill.anzhou")
    for login in ("fill.sanjiang", "sign.sanjiang", "zhou.ping", "li.guohua"):
        with reading() as session, pytest.raises(Missing):
            cases.look(session, anzhou.case.ref, person(login))
        with pytest.raises((StopIteration, Forbidden, Missing)):
            anzhou.do(login, "authority_review", SIGNED)
    assert list(anzhou.open()) == ["authority_review"]
