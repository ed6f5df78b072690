"""取消命名 from its origins to the last answer, and everything that cannot revoke (P11: S-2.6, R-14.1 to R-14.5)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from bases import register
from bases.documents import document
from bases.register import base as bases_of, change, standing, title
from bases.verdicts import application, plaque_return, rectification, revocation, risk
from bases.verdicts.revocation import Origin
from engine import cases, forms, history
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files, grants, jobs, organs, parameters, people
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tests.bases import moves, standings
from tests.bases.issuing import DRAFT
from tests.bases.standings import CHECKER, FILLER, LEADER, LEGAL, OFFICER, Following, pass_days
from tests.bases.test_breach import missed

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
RECHECKED = {"verified": ["facts", "ground", "service", "statement"], "opinion": "属实。", "outcome": "confirm"}
RECORDED = {"said": "平台正在恢复。", "checked": "经核实未恢复。", "result": "不予采纳。", "outcome": "record"}
SUPPORTS = {
    "supports": [
        {"organ": "sc_finance", "support": "基地建设资金"},
        {"organ": "sc_finance", "support": "公共服务平台补助"},
        {"organ": "sc_industry", "support": "技术改造贴息"},
    ],
    "outcome": "send",
}
DAY = date(2026, 11, 23)


@pytest.fixture
def house(database, tmp_path):
    files.keep_in(tmp_path / "files")


def direct(ground: str = "14b", *, national: bool = False) -> Following:
    with transaction() as session:
        found = standings.named(session, national=national)
    started = revocation.start(found.ref, ground, by=standings.person(OFFICER), key="direct")
    return Following(started.ref)


def to_the_decision(case: Following, ground: str = "14b", year: int = 2026) -> None:
    facts = {"ground": ground.replace(".", "_"), "facts": "连续两年未报送统计数据。", "outcome": "confirm"}
    case.act(OFFICER, "facts", {**facts, "evidence": [case.kept(OFFICER, "证据")]})
    case.issue(f"川商贸函〔{year}〕41号")
    case.serve()
    case.act(FILLER, "state", {"said": "平台正在恢复。", "outcome": "send"})
    case.act(OFFICER, "record", RECORDED)
    case.act(CHECKER, "recheck", RECHECKED)
    case.act(LEGAL, "legal", {"opinion": "程序合法。", "outcome": "agree"})


def decided(outcome: str, **more: str) -> dict[str, str]:
    on = clock.today().isoformat()
    return {"reason": "事实清楚。", "signer": "高远", "outcome": outcome, "decided_on": on, **more}


def to_the_end_of_the_name(case: Following, ground: str = "14b") -> None:
    to_the_decision(case, ground)
    case.act(LEADER, "decide", decided("revoke"))
    case.issue("川商贸发〔2026〕12号")


def answer(case: Following, login: str, support: str, nth: int = 0) -> cases.Moved:
    done = {"support": support, "done": "stopped", "done_on": clock.today().isoformat(), "outcome": "answer"}
    return case.act(login, "withdraw", done, nth)


def count_of_the_goal() -> int:
    """G-1: bases with a valid provincial title."""
    with reading() as session:
        held = (title.Title.kind == title.PROVINCIAL) & title.Title.valid_to.is_(None)
        return int(session.scalar(select(func.count(func.distinct(title.Title.base_id))).where(held)))


@pytest.mark.performs("S-2.6 and R-14.5")
def test_s_2_6_r_14_5_three_supports_hold_the_case_open_while_the_name_ended_on_the_day_of_the_decision(house):
    case = direct()
    before = count_of_the_goal()
    to_the_end_of_the_name(case)

    assert standings.base().status == bases_of.REVOKED
    with reading() as session:
        held = title.titles_of(session, [standings.base().id])[standings.base().id]
        assert [(each.kind, each.valid_to) for each in held] == [(title.PROVINCIAL, DAY)]
        listed = [each.ref for each in register.public_list(session)]
        gone = [each.ref for each in register.public_list(session, register.Shown(standing="revoked"))]
    assert standings.base().ref not in listed
    assert standings.base().ref in gone
    assert count_of_the_goal() == before - 1

    case.act(OFFICER, "supports", SUPPORTS)
    assert sorted(case.open()) == ["plaque", "withdraw", "withdraw", "withdraw"]
    case.act(OFFICER, "plaque", {"settled_on": clock.today().isoformat(), "outcome": "returned"})
    answer(case, "guo.ning", "基地建设资金")
    answer(case, "peng.cheng", "技术改造贴息")
    assert case.row().status == "open"
    assert answer(case, "guo.ning", "公共服务平台补助").outcome == "revoked"
    with reading() as session:
        row = case.row()
        assert history.verify(session, row.id, history.Head(row.seq, row.head)) is None
        assert plaque_return.of_base(session, standings.base().id).what == "returned"


@ONE
def test_a_base_is_at_risk_until_the_decision_on_its_name_is_issued(house):
    case = direct()
    to_the_decision(case)
    case.act(LEADER, "decide", decided("revoke"))
    with reading() as session:
        assert [(each.kind, each.case_ref) for each in risk.listed(session, 2026)] == [(risk.GROUND, case.row().ref)]
    case.issue("川商贸发〔2026〕12号")
    with reading() as session:
        assert risk.listed(session, 2026) == []


@pytest.mark.performs("R-14.2")
def test_r_14_2_breaches_are_offered_as_facts_of_ground_b_and_of_no_other(house):
    with transaction() as session:
        found = moves.base(session, standings.KEY)
        missed(session, found)
        missed(session, found, duty="monthly", year=2026, due_on=date(2026, 3, 10), due_kind="notice")
        missed(session, found, due_on=date(2024, 2, 15))
    case = direct()
    with reading() as session:
        offered = forms.prefilled("revocation_facts", session, case.row())
    assert offered["ground"] == "14b"
    assert [line.partition("，")[0] for line in offered["facts"].split("\n")] == [
        "2025年年度总结和安排",
        "2026年monthly",
    ]
    assert ["（文件时限）" in line for line in offered["facts"].split("\n")] == [True, False]
    case.act(OFFICER, "facts", {**offered, "evidence": [case.kept(OFFICER, "证据")], "outcome": "confirm"})
    with reading() as session:
        text = "\n".join(document.words(session, document.of_case(session, case.row().id)[-1]).paragraphs)
    assert "应于2026年2月15日（文件时限）前报送" in text


@ONE
def test_r_14_2_another_ground_begins_without_them(house):
    with transaction() as session:
        missed(session, moves.base(session, standings.KEY))
    case = direct("14a")
    with reading() as session:
        assert forms.prefilled("revocation_facts", session, case.row()) == {"ground": "14a"}


@ONE
def test_r_14_4_the_notice_holds_facts_ground_how_it_binds_and_the_time_for_a_statement(house):
    case = direct()
    evidence = [case.kept(OFFICER, "证据")]
    case.act(
        OFFICER, "facts", {"ground": "14b", "facts": "连续两年未报送。", "evidence": evidence, "outcome": "confirm"}
    )
    with reading() as session:
        text = "\n".join(document.words(session, document.of_case(session, case.row().id)[-1]).paragraphs)
    assert "连续两年未报送。" in text
    assert "第十四条，可取消命名。本事由在考核之外提出，文件未规定，系统默认。" in text
    assert "5个工作日内向我厅陈述申辩" in text
    assert "听证" not in text


@ONE
def test_the_name_stands_until_the_decision_is_issued_and_then_ends_on_the_day_that_was_signed(house, stopped_clock):
    case = direct()
    to_the_decision(case)
    case.act(LEADER, "decide", decided("revoke"))
    case.act(OFFICER, "draft", {**DRAFT, "outcome": "drop", "reason": "重新拟稿。"})
    assert standings.base().status == bases_of.DESIGNATED
    assert case.open() == ["draft"]

    pass_days(stopped_clock, DAY + timedelta(days=4))
    case.issue("川商贸发〔2026〕12号")
    with reading() as session:
        held = title.titles_of(session, [standings.base().id])[standings.base().id]
        row = revocation.of_case(session, case.row().id)
    assert [each.valid_to for each in held] == [DAY]
    assert row.revoked_on == DAY
    assert standings.base().status == bases_of.REVOKED


@ONE
@pytest.mark.parametrize("login", ["he.xue", "tang.hao", "zhou.ping", "yang.li", OFFICER])
def test_nobody_but_the_base_states_its_case(house, login):
    case = direct()
    evidence = [case.kept(OFFICER, "证据")]
    case.act(OFFICER, "facts", {"ground": "14b", "facts": "未报送。", "evidence": evidence, "outcome": "confirm"})
    case.issue("川商贸函〔2026〕41号")
    case.serve()
    with reading() as session:
        ref = session.scalar(select(Wait.ref).where(Wait.element == "state"))
    with pytest.raises((cases.NotYours, cases.NoCapacity, Missing)):
        cases.complete(ref, {"said": "伪造。", "outcome": "send"}, by=standings.person(login), key="attack")
    assert case.open() == ["state"]


@ONE
def test_whoever_confirmed_the_ground_does_not_recheck_it(house):
    with transaction() as session:
        officer = moves.actor(session, OFFICER, clock.now()).person
        grants.give(session, officer, "prov_checker", organs.body(session, "sc-mofcom").id, clock.today())
    case = direct()
    evidence = [case.kept(OFFICER, "证据")]
    case.act(OFFICER, "facts", {"ground": "14b", "facts": "未报送。", "evidence": evidence, "outcome": "confirm"})
    case.issue("川商贸函〔2026〕41号")
    case.serve()
    case.act(FILLER, "state", {"said": "平台正在恢复。", "outcome": "send"})
    case.act("zhang.rui", "record", RECORDED)
    with pytest.raises(cases.Separate):
        case.act(OFFICER, "recheck", RECHECKED)


@ONE
@pytest.mark.performs("R-14.5")
def test_r_14_5_the_plaque_task_stays_open_until_return_or_loss_is_recorded(house, stopped_clock):
    case = direct()
    to_the_end_of_the_name(case)
    case.act(OFFICER, "supports", {"outcome": "send"})
    pass_days(stopped_clock, date(2027, 3, 1))
    assert case.open() == ["plaque"]
    lost = {"settled_on": "2027-03-01", "outcome": "lost"}
    with pytest.raises(cases.Invalid):
        case.act(OFFICER, "plaque", lost)
    assert case.act(OFFICER, "plaque", {**lost, "note": "搬迁时遗失。"}).outcome == "revoked"


@ONE
@pytest.mark.performs("R-14.5")
def test_r_14_5_inside_twelve_months_a_new_application_is_refused_with_the_clause(house, stopped_clock):
    case = direct()
    to_the_end_of_the_name(case)
    filler = standings.person(FILLER)
    with pytest.raises(application.CoolingDown) as refused:
        application.begin(standings.base().ref, by=filler, key="again")
    assert refused.value.detail["until"] == "2027-11-23"
    assert refused.value.detail["clause"] == "14"

    stopped_clock[0] = clock.start_of(date(2027, 11, 23))
    assert application.begin(standings.base().ref, by=filler, key="then").number.startswith("2027-认定")


@ONE
def test_r_14_4_a_ground_of_article_14_may_be_left_without_minutes(house):
    case = direct()
    to_the_decision(case)
    assert case.act(LEADER, "decide", decided("keep")).outcome == "kept"
    assert standings.base().status == bases_of.DESIGNATED


@ONE
def test_a_statement_that_does_not_come_is_a_line_and_the_recheck_goes_on(house, stopped_clock):
    case = direct()
    evidence = [case.kept(OFFICER, "证据")]
    case.act(OFFICER, "facts", {"ground": "14b", "facts": "未报送。", "evidence": evidence, "outcome": "confirm"})
    case.issue("川商贸函〔2026〕41号")
    case.serve()
    assert tuple(case.due("state")) == (date(2026, 11, 30), "notice")
    pass_days(stopped_clock, date(2026, 12, 1))
    assert case.open() == ["recheck"]


@ONE
def test_the_statement_is_heard_unless_the_parameter_says_otherwise(house, stopped_clock):
    with transaction() as session:
        parameters.change(session, revocation.STATEMENT, new=False, on=clock.today() + timedelta(days=1))
    pass_days(stopped_clock, DAY + timedelta(days=1))
    case = direct()
    evidence = [case.kept(OFFICER, "证据")]
    case.act(OFFICER, "facts", {"ground": "14b", "facts": "未报送。", "evidence": evidence, "outcome": "confirm"})
    case.issue("川商贸函〔2026〕41号")
    case.serve()
    assert case.open() == ["recheck"]


@ONE
def test_r_13_6_a_failed_rectification_revokes_on_its_own_ground_and_keeping_needs_minutes(house, stopped_clock):
    case = standings.rectifying()
    case.issue("川商贸函〔2026〕31号")
    case.serve()
    pass_days(stopped_clock, date(2027, 6, 30))
    case.act(OFFICER, "absent", {"verified": ["none"], "facts": "期满无申请。", "outcome": "report"})
    case.act(LEADER, "decide", decided("revoke"))
    jobs.run_due(clock.now())
    following = Following.of_process("取消")
    to_the_decision(following, "13.2a", 2027)
    with pytest.raises(cases.Invalid):
        following.act(LEADER, "decide", decided("keep"))
    following.act(LEADER, "decide", decided("revoke"))
    following.issue("川商贸发〔2027〕12号")
    assert standings.base().status == bases_of.REVOKED
    with reading() as session:
        row = revocation.of_case(session, following.row().id)
    assert (row.ground, row.force, row.outside) == ("13.2a", "binding", False)


@ONE
def test_a_base_that_loses_its_name_while_it_rectifies_has_nothing_more_to_rectify(house, stopped_clock):
    running = standings.rectifying()
    running.issue("川商贸函〔2026〕31号")
    running.serve()
    with reading() as session:
        ref, base_id = standings.base().ref, standings.base().id
        assert rectification.running(session, [base_id])
    case = Following(revocation.start(ref, "14b", by=standings.person(OFFICER), key="direct").ref)
    to_the_end_of_the_name(case)
    jobs.run_due(clock.now())
    assert running.row().status == "closed"
    with reading() as session:
        assert not rectification.running(session, [base_id])
        told = [line.kind for line in history.read(session, running.row().id)]
    assert "rectification.cut_short" in told
    assert standings.base().status == bases_of.REVOKED


@ONE
def test_r_14_1_outside_an_assessment_only_an_officer_begins_it_and_the_file_says_that_the_text_does_not(house):
    with transaction() as session:
        found = standings.named(session)
    for login in (FILLER, "zhou.ping", "feng.gang", CHECKER, LEADER, "liang.bo"):
        with pytest.raises(Forbidden):
            revocation.start(found.ref, "14a", by=standings.person(login), key="attack")
    with pytest.raises(revocation.NoBasis):
        revocation.start(found.ref, "13.2a", by=standings.person(OFFICER), key="wrong")

    started = revocation.start(found.ref, "14a", by=standings.person(OFFICER), key="direct")
    with reading() as session:
        case_id = session.scalar(select(Case.id).where(Case.ref == started.ref))
        assert revocation.of_case(session, case_id).outside is True


@ONE
def test_r_14_1_the_parameter_can_shut_the_direct_way(house, stopped_clock):
    with transaction() as session:
        found = standings.named(session)
        parameters.change(session, revocation.OUTSIDE, new=False, on=clock.today() + timedelta(days=1))
    pass_days(stopped_clock, DAY + timedelta(days=1))
    with pytest.raises(revocation.OutsideAssessment):
        revocation.start(found.ref, "14a", by=standings.person(OFFICER), key="direct")


@ONE
def test_a_national_name_stays_when_the_provincial_one_ends(house):
    case = direct(national=True)
    to_the_end_of_the_name(case)
    with reading() as session:
        held = title.titles_of(session, [standings.base().id])[standings.base().id]
    assert {each.kind: each.valid_to for each in held} == {title.PROVINCIAL: DAY, title.NATIONAL: None}


@ONE
@pytest.mark.parametrize(
    "data",
    [
        {"origin": "direct", "origin_case": 0, "ground": "14a"},
        {"origin": "rectification", "origin_case": 1, "ground": "13.2a"},
        {"origin": "assessment", "origin_case": 999, "ground": "14a"},
        {"origin": "score", "origin_case": 0, "ground": "14a"},
    ],
)
def test_r_14_4_the_system_begins_no_revocation_by_itself(house, data):
    with transaction() as session:
        found = standings.named(session)
    facts = {"subject": register.subject(found.id), "region": found.county, "organ": found.organ_id}
    with pytest.raises(revocation.NoBasis):
        cases.start("revocation", title=found.name, data=data, by=people.SYSTEM, key="by-itself", **facts)
    assert standings.base().status == bases_of.DESIGNATED


@ONE
@pytest.mark.parametrize("act", [standing.rectify, standing.revoke])
def test_r_14_4_no_service_changes_a_standing_without_a_case_and_a_person(house, act):
    with transaction() as session:
        found = standings.named(session)
        case = moves.open_case(session, standings.KEY, clock.now()).id
        leader = moves.actor(session, LEADER, clock.now()).person
    for case_id, person in ((None, leader), (case, None), (case, 999_999)):
        source = change.Source(clock.now(), DAY, case_id, person)
        with pytest.raises(standing.Unsigned), transaction() as session:
            act(session, found.id, title.Signed(source))
    assert standings.base().status == bases_of.DESIGNATED


@pytest.mark.parametrize("status", ["rectifying", "revoked"])
def test_r_14_4_the_database_holds_no_such_standing_without_a_case_and_a_person(house, status):
    with transaction() as session:
        found = standings.named(session)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(text("UPDATE base SET status = :status WHERE id = :base"), {"status": status, "base": found.id})


@ONE
def test_a_base_is_rectified_once_until_its_name_is_confirmed(house):
    with transaction() as session:
        found = standings.named(session)
        case = moves.open_case(session, standings.KEY, clock.now()).id
        leader = moves.actor(session, LEADER, clock.now()).person
        signed = title.Signed(change.Source(clock.now(), DAY, case, leader))
        standing.rectify(session, found.id, signed)
        with pytest.raises(standing.Again):
            standing.rectify(session, found.id, signed)
        standing.keep(session, found.id, signed)
        with pytest.raises(standing.NotRectifying):
            standing.keep(session, found.id, signed)
        standing.rectify(session, found.id, signed)


@ONE
def test_r_14_4_no_clock_revokes_however_long_a_case_waits(house, stopped_clock):
    case = direct()
    to_the_decision(case)
    pass_days(stopped_clock, date(2028, 11, 23))
    assert standings.base().status == bases_of.DESIGNATED
    assert case.open() == ["decide"]


@ONE
def test_a_ground_that_nobody_has_confirmed_decides_nothing(house):
    case = direct()
    with transaction() as session:
        leader = moves.actor(session, LEADER, clock.now()).person
        signed = revocation.Signature(leader, clock.now(), DAY, "revoke", "")
        with pytest.raises(revocation.Unconfirmed):
            revocation.decide(session, case.row().id, signed, None)
        with pytest.raises(revocation.NoBasis):
            revocation.check_origin(session, 1, Origin("direct", 0, "14a", None), clock.now())
        assert session.scalar(select(Wait.element).where(Wait.case_id == case.row().id)) == "facts"
