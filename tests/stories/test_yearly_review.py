"""Once a year authorities bring plans and supports up to date, and organs report their measures (P18)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bases.filing import yearly_review, yearly_review_steps
from bases.filing.yearly_review import YearlyReview
from bases.register import breach, ledgers
from bases.register.ledgers import By
from engine import cases
from engine.cases import Case
from ground import clock, jobs, parameters
from ground.database import reading, transaction
from tests.bases import cooperating as desk, moves

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SURE = {"confirmed": ["agreed"]}
LIAISON, FIRST = "ren.jie", date(2026, 11, 16)
PLANNED = {"name": "检测平台二期", "in_year": "2026", "progress": "running", "due_on": "2026-12-01"}
GIVEN = {
    "name": "公共服务平台补助",
    "in_year": "2026",
    "direction": "platforms",
    "source": "fiscal",
    "amount": "120",
    "standing": "active",
}
MEASURE = {
    "name": "提前申报",
    "in_year": "2026",
    "measure": "clearance",
    "progress": "running",
    "state": "两个口岸推行。",
}


def entered(login: str, register: str, answers: dict[str, Any]) -> str:
    """An entry of this register at the only place, or at the base of the story."""
    by = desk.person(login)
    with transaction() as session:
        seats = ledgers.seats(session, ledgers.of(register), by)
        mine = [one for one in seats if one.base_id in {None, moves.base(session, desk.BASE).id}]
        return ledgers.add(session, register, mine[0].at, answers, By(by, clock.now(), f"{register}{answers['name']}"))


@pytest.fixture
def november(database, stopped_clock):
    """15 November 2026, when the round begins: a plan item, a support and a measure stand in the registers."""
    assert database
    stopped_clock[0] = clock.start_of(FIRST)
    with reading() as session:
        giver = moves.actor(session, desk.COUNTY, clock.now()).held[0]
        ref = session.scalar(select(yearly_review.Organ.ref).where(yearly_review.Organ.id == giver.organ_id))
    entered(desk.COUNTY, "plan_item", PLANNED)
    entered(desk.COUNTY, "support", {**GIVEN, "giver": ref})
    entered(LIAISON, "measure", MEASURE)
    return stopped_clock


def begin() -> int:
    with transaction() as session:
        asked = yearly_review.when_due(session, clock.today())
    while jobs.run_due(clock.now(), 100):
        pass
    return asked


def case_of(whose: str) -> str:
    with reading() as session:
        wanted = select(Case.ref).join(YearlyReview, YearlyReview.case_id == Case.id)
        return str(session.scalar(wanted.where(YearlyReview.whose == whose)))


def base_case() -> str:
    return case_of(f"base:{desk.base().id}")


def organ_case() -> str:
    return case_of(f"organ:{desk.person(LIAISON).held[0].organ_id}")


def first(ref: str, of: Any = yearly_review_steps.of_a_base) -> dict[str, Any]:
    with reading() as session:
        return dict(of(session, desk.case(ref)))


def answers_of(register: str) -> dict[str, Any]:
    with reading() as session:
        rows = ledgers.rows(session, register, year=2026)
        return next(row.answers for row in rows if row.label in {PLANNED["name"], GIVEN["name"], MEASURE["name"]})


def round_of(ref: str) -> Any:
    with reading() as session:
        return yearly_review.of_case(session, desk.case(ref).id)


def test_s_1_4_the_authority_brings_plan_and_supports_up_to_date_and_the_city_files_them(november):
    """S-1.4, S-4.1 to S-4.4, R-4.5, R-4.6: asked once a year; each change is a version of its entry."""
    assert begin() > 0
    assert begin() == 0
    ref = base_case()
    assert desk.task(ref, "update").due_kind == "default"
    told = first(ref)
    assert [(row["name"], row["progress"]) for row in told["plan_items"]] == [(PLANNED["name"], "running")]
    told["plan_items"][0] |= {"progress": "done", "state": "已于11月验收，验收文号宜商〔2026〕30号。"}
    told["supports"][0] |= {"note": "已拨付。"}
    desk.do(desk.COUNTY, ref, "update", {**told, **SURE})
    assert answers_of("plan_item")["progress"] == "done"
    assert answers_of("support")["note"] == "已拨付。"
    desk.do(desk.CITY, ref, "city_check", {"outcome": "return", "reason": "请补充支出明细。"})
    again = first(ref)
    again["supports"][0] |= {"note": "已拨付，明细见附表。"}
    desk.do(desk.COUNTY, ref, "update", {**again, **SURE})
    assert desk.do(desk.CITY, ref, "city_check", {"outcome": "accept"}).outcome == "filed"
    assert round_of(ref).state == "filed"
    with reading() as session:
        (entry,) = [row for row in ledgers.rows(session, "support", year=2026) if row.label == GIVEN["name"]]
        whys = [row.reason for row in ledgers.history(session, entry)]
        assert len(whys) == 3
        assert desk.case(ref).number in whys[-1]
        assert yearly_review.plan_counts(session, 2026)[desk.base().id] == {"done": 1}


def test_m_5_1_an_organ_reports_its_measures_and_the_department_files_them(november):
    """M-5.1 to M-5.8: progress and evidence of the year go into the ledger as the owner's own version."""
    assert begin() > 0
    ref = organ_case()
    waiting = desk.task(ref, "report")
    assert (waiting.due_kind, waiting.queue) == ("default", f"dept_liaison@{desk.person(LIAISON).held[0].organ_id}")
    told = first(ref, yearly_review_steps.of_an_organ)
    for row in told["measures"]:
        row |= {"progress": "done", "state": "已在全部口岸推行。", "evidence": "公告2026年第9号"}
    desk.do(LIAISON, ref, "report", {**told, **SURE})
    assert (answers_of("measure")["progress"], answers_of("measure")["evidence"]) == ("done", "公告2026年第9号")
    assert desk.do("chen.jing", ref, "officer_check", {"outcome": "accept"}).outcome == "filed"


@ONE
def test_a_passed_day_is_grey_and_no_breach(november):
    """文件未规定，系统默认: reminded once, and nothing is recorded against anybody."""
    begin()
    ref = base_case()
    due_on = round_of(ref).due_on
    desk.pass_time(november, clock.end_of(due_on) + timedelta(minutes=1))
    assert desk.waiting(ref) == ["update"]
    with reading() as session:
        assert breach.of_base(session, desk.base().id, date(2026, 1, 1), date(2027, 12, 31)) == []


@ONE
def test_the_round_begins_on_the_day_of_the_parameter_and_not_before(november):
    with transaction() as session:
        parameters.change(session, yearly_review.BEGINS_ON, "11-20", clock.today())
    assert begin() == 0
    november[0] = clock.start_of(date(2026, 11, 20))
    assert begin() > 0


@ONE
def test_what_is_done_says_by_what_and_an_entry_of_an_organ_above_is_not_the_authority_s_to_change(november):
    entered("chen.jing", "plan_item", {**PLANNED, "name": "省级事项"})
    begin()
    ref = base_case()
    told = first(ref)
    mine, above = told["plan_items"]
    if mine["name"] != PLANNED["name"]:
        mine, above = above, mine
    mine["progress"] = "done"
    with pytest.raises(cases.Invalid) as refused:
        desk.do(desk.COUNTY, ref, "update", {**told, **SURE})
    assert [each.code for each in refused.value.detail["problems"]] == ["yearly_review.no_evidence"]
    mine["progress"] = "running"
    above |= {"progress": "done", "state": "已完成。"}
    with pytest.raises(yearly_review.NotYours):
        desk.do(desk.COUNTY, ref, "update", {**told, **SURE})


@ONE
def test_s_1_4_a_city_sees_the_rounds_of_its_own_bases(november):
    begin()
    with reading() as session:
        mine = yearly_review.of_year(session, 2026, [desk.base().city])
        every = yearly_review.of_year(session, 2026)
    assert {row.city for row in mine} == {desk.base().city}
    assert len(every) > len(mine)
