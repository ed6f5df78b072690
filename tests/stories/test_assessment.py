"""A year of assessments on a set clock: thirty cases, three outcomes, no score that revokes, a ground that binds."""

import pytest
from sqlalchemy import func, select

from bases.filing import incoming_letter
from bases.register import change
from bases.register.base import Base
from bases.verdicts import (
    assessing as assessing_,
    assessment,
    assessment_steps,
    campaign,
    decision,
    grounds,
    punctuality,
)
from bases.verdicts.punctuality import Report
from engine import cases, definitions, forms
from engine.cases import Beginning, Case
from engine.definitions import Process
from ground import clock, grants, jobs, parameters
from ground.database import reading, transaction
from tests.bases import moves
from tests.bases.panels import Review
from tests.bases.test_breach import missed
from tests.stories import assessing
from tests.stories.assessing import Assessed, Year
from tests.stories.test_batch import tick, work

BASES = ("B011", "B012", "B013")
REVIEWED = {"verified": ["bodies"], "opinion": "属实。", "outcome": "forward"}


@pytest.fixture
def year(database, tmp_path):
    assert database
    assessing.lay(tmp_path, BASES)
    begun = Year()
    begun.open_all()
    return begun


def assessments() -> int:
    with reading() as session:
        wanted = select(func.count()).select_from(Case).join(Process, Process.id == Case.process_id)
        return int(session.scalar(wanted.where(Process.key == assessment.PROCESS)))


def test_s_2_3_a_campaign_makes_one_case_for_each_provincial_title_and_a_rerun_none(year):
    entries = year.entries()
    assert len(entries) == assessments() == 30
    assert {"B013", "B014"} <= set(entries)
    assert not {f"B{n:03d}" for n in range(1, 11)} & set(entries)
    with transaction() as session:
        assert assessment.open_all(session, year.row(), clock.today()) == 0
    work()
    assert assessments() == 30
    with reading() as session:
        assert list(jobs.failed(session)) == []


def history(key: str) -> list[tuple[str, object]]:
    with reading() as session:
        lines = change.of_base(session, moves.base(session, key).id)
        return [(line.what, line.after) for line in lines if line.what == "assessment"]


def standing(key: str) -> str:
    with reading() as session:
        return str(session.scalar(select(Base.status).where(Base.id == moves.base(session, key).id)))


@pytest.fixture
def asked(monkeypatch):
    """What the signed decisions ask to begin; it is asked for all the same."""
    rows: list[Beginning] = []

    def ask(session, beginning: Beginning) -> bool:
        rows.append(beginning)
        return beginning_of(session, beginning)

    beginning_of = cases.ask
    monkeypatch.setattr(assessing_.cases, "ask", ask)
    return rows


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [each.code for each in refused.value.detail["problems"]]


@pytest.mark.performs("R-13.1")
def test_r_13_1_from_seventy_on_a_base_passes_keeps_its_status_and_gets_a_line_of_history(year, asked):
    """R-13.1, R-11.1, R-11.4: proposal and decision stand apart."""
    one = Assessed(year, "B011")
    one.to_the_decision("70")
    found = one.assessment()
    assert (found.proposal, found.total, found.outcome) == ("pass", 7000, None)
    assert one.decide("pass").outcome == "passed"
    found = one.assessment()
    assert (found.proposal, found.outcome, found.differs) == ("pass", "pass", False)
    assert (standing("B011"), history("B011")) == ("designated", [("assessment", "pass")])
    with reading() as session:
        stands = decision.of_case(session, one.row().id)
    assert (stands.kind, stands.outcome, stands.clause) == ("assessment", "pass", "13(1)")
    assert asked == []


@pytest.mark.parametrize("total", ["69.5", "30"])
@pytest.mark.performs("R-13.1, R-11.4 and S-2.5")
def test_s_2_5_below_seventy_rectification_is_proposed_however_low_and_revoke_is_shut(year, total, asked):
    """S-2.5, R-11.4, R-13.1: 69.5 and 30 of 100 without a ground."""
    one = Assessed(year, "B011")
    one.to_the_decision(total)
    assert one.assessment().proposal == "rectify"
    with pytest.raises(cases.Invalid) as refused:
        one.decide("revoke", differs_reason="评分过低。")
    assert codes(refused) == ["assessment.no_ground"]
    assert one.decide("rectify").outcome == "to_be_rectified"
    assert standing("B011") == "designated"
    row, (waiting,) = one.row(), asked
    assert (waiting.process, waiting.subject, waiting.key) == ("rectification", row.subject, row.ref)
    assert (waiting.region, waiting.organ, waiting.title) == (row.region, row.organ_id, row.title)
    assert waiting.data == {"assessment": row.id}


def test_a_base_that_is_being_rectified_gets_no_second_half_year_beside_it(year, asked, monkeypatch):
    """R-13.3: assessed while its half-year runs it fails again: the decision stands, and the one half-year goes on."""
    monkeypatch.setattr(assessing_.standing, "under_way", lambda _session, _base: True)
    one = Assessed(year, "B011")
    one.to_the_decision(30)
    assert one.decide("rectify").outcome == "to_be_rectified"
    assert asked == []


@pytest.mark.performs("R-13.1")
def test_r_14_4_a_confirmed_ground_shuts_pass_at_ninety_five_points_and_leaves_the_rest_to_the_decision(year, asked):
    """R-13.1, R-14.4: «pass» is refused by the form and by the service; rectify and revoke are both accepted."""
    first, second = Assessed(year, "B011"), Assessed(year, "B013")
    for one in (first, second):
        one.to_the_decision("95", **one.confirmed())
        assert one.assessment().proposal == "rectify_or_revoke"
        with pytest.raises(cases.Invalid) as refused:
            one.decide("pass", differs_reason="评分很高。")
        assert codes(refused) == ["assessment.pass_shut"]
    with reading() as session:
        (ground,) = grounds.confirmed(session, first.row().id)
    assert (ground.code, ground.confirmed_by) == ("14c", first.person("chen.jing").person)
    assert (first.decide("rectify").outcome, second.decide("revoke").outcome) == ("to_be_rectified", "to_be_revoked")
    assert [each.process for each in asked] == ["rectification", "revocation"]
    assert asked[1].data == {"origin": "assessment", "origin_case": second.row().id, "ground": "14c"}
    assert standing("B013") == "designated"


@pytest.mark.performs("R-14.2")
def test_r_14_2_breaches_are_offered_as_facts_of_the_ground_and_stand_only_once_confirmed(year, asked):
    """R-8.5: the form of grounds begins with them; without a person who confirms, they are no ground."""
    with transaction() as session:
        missed(session, moves.base(session, "B011"))
        missed(session, moves.base(session, "B012"))
    one, other = Assessed(year, "B011"), Assessed(year, "B012")
    one.to_the_grounds("95")
    with reading() as session:
        offered = forms.prefilled("assessment_grounds", session, one.row())["g14b_facts"]
    assert offered == (
        "2025年年度总结和安排，应于2026年2月15日（文件时限）前报送，未报送：截至2026年2月15日24时未报送。"
    )
    confirmed = {"g14b": "confirmed", "g14b_facts": offered, "g14b_evidence": [one.paper("chen.jing")]}
    one.do("chen.jing", "grounds", {**assessing.NONE, **confirmed})
    one.do("xu.hong", "recheck", assessing.RECHECKED)
    assert one.assessment().proposal == assessment.RECTIFY_OR_REVOKE

    other.to_the_decision("95")
    assert other.assessment().proposal == assessment.PASS
    with reading() as session:
        (ground,) = grounds.of_article_14(session, one.row().id)
        assert (ground.code, ground.evidence) == ("14b", offered)
        assert grounds.of_article_14(session, other.row().id) == []
    assert asked == []


@pytest.mark.performs("R-11.4")
def test_r_11_4_a_decision_that_differs_from_the_proposal_says_why(year):
    one = Assessed(year, "B011")
    one.to_the_decision("60")
    with pytest.raises(cases.Invalid) as refused:
        one.decide("pass")
    assert codes(refused) == ["assessment.reason_missing"]
    one.decide("pass", differs_reason="年度内新建平台已投入使用，厅长办公会研究同意。")
    assert (one.assessment().proposal, one.assessment().outcome, one.assessment().differs) == ("rectify", "pass", True)


def test_a_ground_that_is_not_upheld_after_the_recheck_opens_pass_again_and_both_stay_to_be_read(year):
    one = Assessed(year, "B011")
    one.up()
    one.scored("80")
    one.do("chen.jing", "visit_decision", {"outcome": "skip", "reason": "材料已能说明情况。"})
    one.do("chen.jing", "grounds", {**assessing.NONE, **one.confirmed("14a")})
    one.do("xu.hong", "recheck", {**assessing.RECHECKED, "outcome": "return", "reason": "证据不足。"})
    one.do("chen.jing", "visit_decision", {"outcome": "skip", "reason": "再次核实。"})
    one.do("chen.jing", "grounds", assessing.NONE)
    one.do("xu.hong", "recheck", assessing.RECHECKED)
    assert one.assessment().proposal == "pass"
    with reading() as session:
        assert grounds.confirmed(session, one.row().id) == []
        kept = session.execute(select(grounds.Ground.code).where(grounds.Ground.case_id == one.row().id)).all()
    assert [row.code for row in kept] == ["14a"]


def test_r_9_4_whoever_handled_a_case_does_not_recheck_it(year):
    one = Assessed(year, "B011")
    one.up()
    one.scored("80")
    one.do("chen.jing", "visit_decision", {"outcome": "skip", "reason": "材料已能说明情况。"})
    one.do("chen.jing", "grounds", assessing.NONE)
    with transaction() as session:
        chen = one.person("chen.jing")
        grants.give(session, chen.person, "prov_checker", chen.held[0].organ_id, clock.today())
    with pytest.raises(cases.Separate):
        one.do("chen.jing", "recheck", assessing.RECHECKED)


def test_last_years_material_is_filled_in_this_year(year, stopped_clock):
    """R-11.1: next year's form begins with what was sent this year, without its files."""
    one = Assessed(year, "B011")
    one.send()
    with transaction() as session:
        row = year.row()
        campaign.change(session, row.id, state=campaign.CLOSED)
    stopped_clock[0] = clock.start_of(clock.today().replace(year=2028, month=3, day=1))
    following = Year.__new__(Year)
    following.case = campaign.begin(by=following.person("chen.jing"), key="next").ref
    dates = {"opens_on": "2028-03-01", "closes_on": "2028-03-31"}
    following.open_all(campaign_year=2028, **dates)
    again = Assessed(following, "B011")
    assert again.first_values()["a1"] == "第1项情况。"
    assert "stamped" not in again.first_values()


def test_r_3_2_a_running_assessment_finishes_on_its_version_and_the_next_begins_on_the_new_one(year):
    one = Assessed(year, "B011")
    before = one.row().version_id
    with transaction() as session:
        current = definitions.current(session, assessment.PROCESS)
        parts = dict(definitions.folder(session, current.version_id).parts)
        parts["assessment-case.bpmn"] = parts["assessment-case.bpmn"].replace(
            "考核开始".encode(), "年度考核开始".encode()
        )
        definitions.publish(session, parts, origin="owner", by=None, now=clock.now())
    one.to_the_decision("70")
    one.decide("pass")
    assert (one.row().outcome, one.row().version_id) == ("passed", before)
    with reading() as session:
        assert definitions.current(session, assessment.PROCESS).version_id != before


def test_r_4_3_the_list_says_who_leaves_beside_the_rolling_number_and_one_held_up_holds_no_other(year, stopped_clock):
    """R-4.3, R-11.2: the meeting hears of what is decided, the rest waits; the rolling number decides nothing."""
    passes, leaves = Assessed(year, "B011"), Assessed(year, "B013")
    passes.to_the_decision("88")
    passes.decide("pass")
    leaves.to_the_decision("95", **leaves.confirmed())
    leaves.decide("revoke")
    tick(stopped_clock, "2026-12-18")
    first = year.first_list()
    assert first["leaving"] == "拟退出 1 ／ 滚动数量 3"
    assert (first["undecided"], {row["outcome"] for row in first["outcomes"]}) == (28, {"pass", "revoke"})
    year.hear()
    year.issue("川商贸发〔2026〕31号")
    assert year.open() == ["results"]
    entries = year.entries()
    assert {key for key, each in entries.items() if each.announced} == {"B011", "B013"}
    assert year.row().state == campaign.OPEN
    assert standing("B013") == "designated"


def test_a_year_in_which_everybody_is_decided_is_closed(year, stopped_clock):
    with transaction() as session:
        for each in year.entries().values():
            assessment.amend(session, each.id, outcome="pass", decided_at=clock.now())
    tick(stopped_clock, "2026-12-18")
    year.hear()
    year.issue("川商贸发〔2026〕31号")
    assert year.open() == []
    assert year.row().state == campaign.CLOSED
    assert all(each.announced == "川商贸发〔2026〕31号" for each in year.entries().values())


@pytest.mark.performs("R-11.1")
def test_r_11_1_a_city_reports_the_material_with_its_letter_or_not_at_all(year):
    one = Assessed(year, "B011")
    one.send()
    signed = {"signer": "杨丽", "signed_on": clock.today().isoformat()}
    one.do("county.B011", "authority_review", {**REVIEWED, **signed})
    one.do("city.B011", "city_review", assessing.OPINION)
    with pytest.raises(cases.Invalid) as refused:
        one.do("city.B011", "report", {"outcome": "forward"})
    assert {each.path for each in refused.value.detail["problems"]} == set(incoming_letter.ASKED)
    assert one.open() == ["report"]


@pytest.mark.performs("R-11.3")
def test_r_11_3_there_is_no_public_notice_unless_the_parameter_says_so(year, stopped_clock):
    """R-11.3: Article 11 names none; switched on, the results are noticed before they are announced."""
    with transaction() as session:
        for each in year.entries().values():
            assessment.amend(session, each.id, outcome="pass", decided_at=clock.now())
        parameters.change(session, "assess.notice", True, clock.today())
    tick(stopped_clock, "2026-12-18")
    year.hear()
    year.issue("川商贸发〔2026〕30号")
    assert year.open() == []
    tick(stopped_clock, "2026-12-28")
    assert year.open() == ["document_issue:draft"]
    year.issue("川商贸发〔2026〕31号")
    assert year.row().state == campaign.CLOSED


def test_r_12_7_an_expert_s_sheet_begins_with_the_suggested_score(year, monkeypatch):
    """R-12.7: two of five late; a passed default beside them changes nothing."""
    kept = ("late", "on_time", "on_time", "late", "on_time")
    reports = [Report("annual_report", 2026, clock.today(), "text", each, "8") for each in kept]
    passed = Report("annual_report", 2026, clock.today(), "default", "missing", "")
    readers = {"test": lambda _session, _base, _since, _until: [*reports, passed]}
    monkeypatch.setattr(punctuality, "_readers", readers)
    one = Assessed(year, "B011")
    one.up()
    with reading() as session:
        assert assessment_steps.seventh(session, one.row()) == {"a7": "8.0"}
    assert one.assessment().file["suggestion"]["counted"] == 5


def test_n_4_nobody_reads_a_sheet_of_an_assessment_before_the_last_is_in(year):
    """N-4: the sheet of Article 12 is as sealed as that of Article 10."""
    one = Assessed(year, "B011")
    one.up()
    one.do("chen.jing", "check", assessing.CHECKED)
    review = Review(one.case)
    review.to_the_scores()
    first, *others = review.seats()
    review.do(first, assessing.sheet("88"))
    for login in (*others, "chen.jing", "xu.hong"):
        assert "assessment-sheet" not in sent(one, login)
    for login in others:
        review.do(login, assessing.sheet("88"))
    assert [sent(one, login).count("assessment-sheet") for login in (first, "xu.hong")] == [1, 5]


def sent(one: Assessed, login: str) -> list[str]:
    """The forms that this person may read of the case."""
    with reading() as session:
        return [row.form for row in cases.look(session, one.case, one.person(login)).submissions]
