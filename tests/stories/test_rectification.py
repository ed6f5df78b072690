"""限期整改 from the signed decision of an assessment to a kept name or a revocation (P10, R-13.3 to R-13.6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bases import register
from bases.documents import document
from bases.register import base as bases_of, change
from bases.verdicts import half_year, rectification
from engine import cases
from engine.cases import Case
from engine.messages import Message
from engine.waits import Wait
from ground import clock, files, jobs
from ground.database import reading, transaction
from ground.errors import Missing
from tests.bases import standings
from tests.bases.standings import AUTHORITY, CHECKER, CITY, FILLER, LEADER, OFFICER, pass_days
from tests.stories.assessing import sheet

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PLAN = {
    "measures": [{"lacking": "平台", "measure": "恢复运行", "person": "刘敏", "until": "2027-03-01"}],
    "outcome": "send",
}
DONE = {"results": [{"lacking": "平台", "result": "已恢复", "done": "yes"}], "outcome": "send"}
PROGRESS = {"done": "平台恢复运行。", "outcome": "send"}
CHECKED = {"checked_on": "2027-02-26", "found": "进展正常。", "outcome": "send"}
EXAMINED = {"found": "各项整改均已完成。", "outcome": "finished"}
RECHECKED = {"verified": ["examination", "panel", "scores", "visit"], "opinion": "属实。", "outcome": "confirm"}
SIGNED = {"reason": "经整改考核。", "signer": "高远"}
MINUTES = {"minutes_number": "川商党纪〔2027〕3号", "minutes_topic": "研究基地命名"}
GOOD, LOW = sheet("80"), sheet("60")
ENDS, WINDOW_TO = date(2027, 5, 26), date(2027, 6, 10)
SERVED = date(2026, 11, 26)


@pytest.fixture
def case(database, tmp_path, stopped_clock):
    """The notice is issued on 23 November and served on the 26th."""
    files.keep_in(tmp_path / "files")
    found = standings.rectifying()
    found.issue("川商贸函〔2026〕31号")
    pass_days(stopped_clock, SERVED)
    found.serve()
    return found


def decided(outcome: str, on: date, **more: str) -> dict[str, str]:
    return {**SIGNED, "outcome": outcome, "decided_on": on.isoformat(), **more}


def applied(case, stopped_clock, on: date = ENDS) -> None:
    """Plan, mid-term check, report, and the application through the city on this day."""
    case.act(FILLER, "plan", PLAN)
    pass_days(stopped_clock, date(2027, 2, 26))
    case.act(OFFICER, "midterm", CHECKED)
    case.act(FILLER, "progress", PROGRESS)
    case.act(FILLER, "final_report", DONE)
    pass_days(stopped_clock, on)
    scan = case.kept(AUTHORITY, "申请")
    case.act(AUTHORITY, "apply", {"opinion": "整改完成。", "signer": "杨丽", "scan": scan, "outcome": "apply"})
    letter = {"incoming_number": "宜商〔2027〕8号", "dated_on": on.isoformat(), "signer": "曹云"}
    forward = {"opinion": "同意转报。", **letter, "scan": case.kept(CITY, "来文"), "outcome": "forward"}
    case.act(CITY, "forward", forward)


def reviewed(case, given=GOOD) -> None:
    """Examined as finished, scored, not visited, rechecked."""
    case.act(OFFICER, "examine", EXAMINED)
    case.to_the_scores()
    case.score(lambda _place: given)
    case.do(case.elect(), {"strengths": "恢复。", "problems": "无。", "advice": "无。"})
    case.do(OFFICER, case.scans())
    case.act(OFFICER, "visit_decision", {"outcome": "skip", "reason": "材料充分。"})
    case.act(CHECKER, "recheck", RECHECKED)


def revocations() -> list[Case]:
    jobs.run_due(clock.now())
    with reading() as session:
        return session.execute(select(Case.title, Case.number).where(Case.number.like("%取消%"))).all()


def row(case):
    with reading() as session:
        return rectification.of_case(session, case.row().id)


def test_r_13_3_it_begins_on_the_signed_decision_and_its_half_year_runs_from_the_service(case):
    found = row(case)
    assert standings.base().status == bases_of.RECTIFYING
    assert (found.begins_on, found.ends_on, found.material_due) == (SERVED, ENDS, ENDS)
    assert (found.window_from, found.window_to, found.midterm_on) == (date(2027, 4, 26), WINDOW_TO, date(2027, 2, 26))
    assert case.open() == ["plan"]


@ONE
def test_r_13_3_r_13_4_the_notice_is_drafted_with_what_is_lacking_both_ends_and_the_window(database, tmp_path):
    files.keep_in(tmp_path / "files")
    found = standings.rectifying()
    with reading() as session:
        text = "\n".join(document.words(session, document.of_case(session, found.row().id)[-1]).paragraphs)
    assert "出口额连续两年下降，公共服务平台没有运行。" in text
    assert "按2026年11月23日送达计算，整改期满 2027-05-23（星期日）；材料报送截至 2027-05-24（顺延）。" in text
    assert "自2027年4月23日起至2027年6月4日止" in text
    assert "未提出重新考核申请、未完成整改或者不能通过整改考核的取消命名" in text


@ONE
def test_r_13_5_a_base_that_passes_keeps_its_name_and_may_be_rectified_again(case, stopped_clock):
    applied(case, stopped_clock)
    reviewed(case)
    with reading() as session:
        told = {line.kind: line.detail for line in cases.story(session, case.ref, standings.person(FILLER))}
        assert "average" not in told.get("rectification.measured", {})
        assert rectification.of_case(session, case.row().id).proposal == "keep"
    assert case.act(LEADER, "decide", decided("keep", ENDS)).outcome == "kept"

    assert standings.base().status == bases_of.DESIGNATED
    with reading() as session:
        lines = [(each.what, each.after) for each in change.of_base(session, standings.base().id)]
    assert lines[-2:] == [("status", "rectifying"), ("status", "designated")]
    assert revocations() == []


@pytest.mark.performs("R-13.6")
def test_r_13_6_a_base_that_does_not_pass_goes_to_revocation_on_ground_c(case, stopped_clock):
    applied(case, stopped_clock)
    reviewed(case, LOW)
    assert (row(case).proposal, row(case).ground) == ("revoke", "13.2c")
    assert case.act(LEADER, "decide", decided("revoke", ENDS)).outcome == "revocation_asked"
    assert standings.base().status == bases_of.RECTIFYING
    assert len(revocations()) == 1


@ONE
@pytest.mark.performs("R-13.6")
def test_r_13_6_a_rectification_that_was_not_done_goes_to_revocation_on_ground_b(case, stopped_clock):
    applied(case, stopped_clock)
    case.act(OFFICER, "examine", {"found": "平台仍未运行。", "outcome": "unfinished"})
    assert (row(case).proposal, row(case).ground) == ("revoke", "13.2b")
    assert case.act(LEADER, "decide", decided("revoke", ENDS)).outcome == "revocation_asked"
    assert len(revocations()) == 1


def test_r_13_4_r_13_6_without_an_application_a_task_says_so_and_nothing_happens_by_itself(case, stopped_clock):
    pass_days(stopped_clock, WINDOW_TO)
    assert "absent" not in case.open()
    pass_days(stopped_clock, WINDOW_TO + timedelta(days=1))
    assert "absent" in case.open()
    assert standings.base().status == bases_of.RECTIFYING
    pass_days(stopped_clock, date(2028, 6, 1))
    assert standings.base().status == bases_of.RECTIFYING
    assert revocations() == []

    absent = {"verified": ["service", "window", "none"], "facts": "期满无申请。", "outcome": "report"}
    case.act(OFFICER, "absent", absent)
    assert (row(case).proposal, row(case).ground) == ("revoke", "13.2a")
    assert case.act(LEADER, "decide", decided("revoke", date(2028, 6, 1))).outcome == "revocation_asked"
    assert len(revocations()) == 1


@ONE
@pytest.mark.performs("R-13.6")
def test_r_13_6_to_keep_the_name_against_what_binds_needs_minutes_and_a_reason(case, stopped_clock):
    pass_days(stopped_clock, WINDOW_TO + timedelta(days=1))
    case.act(OFFICER, "absent", {"verified": ["none"], "facts": "期满无申请。", "outcome": "report"})
    today = clock.today()
    with pytest.raises(cases.Invalid) as refused:
        case.act(LEADER, "decide", decided("keep", today))
    assert [each.code for each in refused.value.detail["problems"]] == ["signing.no_minutes"]
    with pytest.raises(cases.Invalid):
        case.act(LEADER, "decide", decided("keep", today, minutes_number="川商党纪〔2027〕3号"))

    ended = case.act(LEADER, "decide", decided("keep", today, minutes_on=today.isoformat(), **MINUTES))
    assert ended.outcome == "kept"
    assert row(case).minutes_topic == "研究基地命名"
    assert standings.base().status == bases_of.DESIGNATED


@ONE
def test_r_13_4_nobody_applies_before_the_window_and_it_is_a_deadline_of_the_notice(case, stopped_clock):
    case.act(FILLER, "plan", PLAN)
    pass_days(stopped_clock, date(2027, 4, 25))
    assert "apply" not in case.open()
    pass_days(stopped_clock, date(2027, 4, 26))
    assert tuple(case.due("apply")) == (WINDOW_TO, "notice")
    assert tuple(case.due("final_report")) == (ENDS, "text")


@ONE
def test_r_13_4_an_application_outside_the_window_is_refused_by_the_service_too(case):
    with transaction() as session:
        by = standings.person(AUTHORITY).person
        for on in (date(2027, 4, 25), WINDOW_TO + timedelta(days=1)):
            with pytest.raises(rectification.OutsideWindow):
                rectification.apply(session, case.row().id, on, by)


@ONE
def test_without_the_signed_decision_of_its_own_assessment_no_rectification_begins(database):
    with transaction() as session:
        found = standings.named(session)
        other = standings.assessed(session, "pass")
    facts = {"subject": register.subject(found.id), "region": found.county, "organ": found.organ_id}
    for assessment in (0, other, 999_999):
        by, data, key = standings.person(OFFICER), {"assessment": assessment}, f"try-{assessment}"
        with pytest.raises(rectification.NotDecided):
            cases.start("rectification", title="试", data=data, by=by, key=key, **facts)
    assert standings.base().status == bases_of.DESIGNATED


@ONE
def test_what_the_city_sends_on_late_does_not_undo_an_application_in_time(case, stopped_clock):
    pass_days(stopped_clock, WINDOW_TO)
    scan = case.kept(AUTHORITY, "申请")
    case.act(AUTHORITY, "apply", {"opinion": "整改完成。", "signer": "杨丽", "scan": scan, "outcome": "apply"})
    pass_days(stopped_clock, WINDOW_TO + timedelta(days=1))
    assert "absent" not in case.open()
    assert "examine" in case.open()


@ONE
def test_progress_is_asked_for_each_month_and_a_passed_default_makes_nothing_of_it(case, stopped_clock):
    case.act(FILLER, "plan", PLAN)
    for month in (date(2026, 12, 27), date(2027, 1, 27)):
        pass_days(stopped_clock, month)
    assert case.open().count("progress") == 2
    with reading() as session:
        kinds = set(session.execute(select(Wait.due_kind).where(Wait.element == "progress")).scalars())
        assert session.execute(select(Message.name)).all() == []
    assert kinds == {"default"}


@ONE
@pytest.mark.parametrize("login", [FILLER, AUTHORITY, CITY, "feng.gang", "he.xue", "liang.bo"])
def test_nobody_else_can_send_the_decision(case, stopped_clock, login):
    pass_days(stopped_clock, WINDOW_TO + timedelta(days=1))
    case.act(OFFICER, "absent", {"verified": ["none"], "facts": "期满无申请。", "outcome": "report"})
    with reading() as session:
        ref = session.scalar(select(Wait.ref).where(Wait.element == "decide"))
    with pytest.raises((cases.NotYours, cases.NoCapacity, cases.Gone, Missing)):
        cases.complete(ref, decided("revoke", clock.today()), by=standings.person(login), key="attack")
    assert standings.base().status == bases_of.RECTIFYING


@ONE
@pytest.mark.parametrize(
    ("served", "ends", "material", "said"),
    [
        ("2026-08-31", "2027-02-28", "2027-03-01", "整改期满 2027-02-28（星期日）；材料报送截至 2027-03-01（顺延）"),
        ("2025-08-29", "2026-02-28", "2026-02-28", "整改期满 2026-02-28（星期六）；材料报送截至 2026-02-28"),
        ("2026-12-31", "2027-06-30", "2027-06-30", "整改期满 2027-06-30（星期三）；材料报送截至 2027-06-30"),
    ],
)
@pytest.mark.performs("R-13.3")
def test_r_13_3_both_ends_of_the_half_year_are_shown(database, served, ends, material, said):
    with reading() as session:
        found = half_year.term(session, date.fromisoformat(served), date(2026, 11, 23))
    assert (found.ends_on.isoformat(), found.material_due.isoformat()) == (ends, material)
    assert half_year.spoken(found.ends_on, found.material_due) == said


@ONE
def test_without_a_proof_of_service_the_period_runs_from_five_working_days_after_the_issue(
    database, tmp_path, stopped_clock
):
    files.keep_in(tmp_path / "files")
    stopped_clock[0] = datetime(2026, 9, 28, 1, tzinfo=UTC)
    found = standings.rectifying()
    found.issue("川商贸函〔2026〕31号")
    found.act(OFFICER, "serve", {"addressee": "基地", "way": "unproved", "note": "拒绝签收。", "outcome": "served"})
    assert row(found).begins_on == date(2026, 10, 10)
