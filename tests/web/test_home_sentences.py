"""The sentences of handbook §5: each role finds on its home what it needs today, and each figure opens its list."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bases import demo
from bases.register.base import Base
from bases.review import conflict
from bases.verdicts import assessment, batch_entry, campaign
from engine import incidents
from engine.cases import Case
from ground import clock, files
from ground.database import transaction
from ground.people import Person
from tests.bases import issuing, moves, reporting, standings, test_batch
from tests.bases.panels import Review
from tests.bases.reporting import Report, at, let_pass
from tests.stories.test_batch import Office, work
from tests.web import reviewing
from tests.web.reviewing import Reviewer
from tests.web.test_home import figures


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    assert office
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


@pytest.fixture
def february(office, stopped_clock):
    """24 February 2026: 绵阳市 has reported in time, 安州区 not at all."""
    stopped_clock[0] = reporting.TENTH
    reporting.staff()
    reporting.begin()
    Report("B007").fill("fill.mianyang")
    let_pass(stopped_clock, at("2026-02-16", 0, 1))
    stopped_clock[0] = at("2026-02-24")
    return office


def home(office, login: str) -> Reviewer:
    return Reviewer(office, login).go("/home")


def test_base_authority_sees_its_bases_completeness_and_the_support_and_policy_ledger(february):
    county = home(february, "sign.anzhou")
    assert "本辖区基地与应报事项" in county.text
    assert "✕ 逾期未报送" in county.text
    assert {"政策支持台账", "配套政策台账"} <= set(figures(county))


def test_city_officer_sees_the_matrix_who_has_not_reported_and_itself_beside_the_provincial_median(february):
    city = home(february, "lin.chao")
    for words in ("● 已报送", "✕ 逾期未报送", "已报率", "50.0%（1/2）", "退回率", "全省中位数"):
        assert words in city.text
    assert figures(city)["基地逾期未报送"][0] == "1"
    assert figures(city)["尚未报送"][0] == "1"


def test_city_officer_sees_the_cases_in_first_review_with_days_used(office, stopped_clock):
    reviewing.at_the_city(office)
    stopped_clock[0] += timedelta(days=7)
    city = home(office, "zhou.ping")
    assert "初审中的办件" in city.text
    (days,) = (cell for cell in city.all("td") if cell.get("data-label") == "已用工作日")
    assert days.text_content() == "5"
    assert "初审中的办件" not in home(office, "lin.chao").text


def test_prov_officer_sees_the_pipeline_by_stage_with_counts_and_age_and_the_rolling_number(office):
    reviewing.at_the_department(office)
    with transaction() as store:
        found = test_batch.announced(store)
        case = store.execute(select(Case).where(Case.ref == reviewing.newest())).one()
        batch_entry.enter(store, found.id, case.id, moves.base(store, "B042"))
    officer = home(office, "chen.jing")
    for words in ("受理和准入核查", "批次看板", "各环节用时", "拟退出", "滚动数量"):
        assert words in officer.text
    assert {"举措台账", "在办公文", "正在公示", "我经办的异议", "在办批次"} <= set(figures(officer))
    assert "批次看板" not in home(office, "ma.jun").text


def test_prov_division_head_sees_the_load_of_the_own_unit_only(office):
    reviewing.at_the_department(office)
    Reviewer(office, "chen.jing").claim_next()
    head = home(office, "ma.jun")
    assert "人员负荷（本处）" in head.text
    assert "陈静" in head.text
    assert "人员负荷" not in home(office, "tan.bin").text


def test_prov_office_sees_what_is_to_be_checked_numbered_sealed_and_not_signed_for(office):
    issuing.staff()
    begun = Office()
    begun.announce()
    tiles = figures(home(office, "luo.wen"))
    assert {"待核稿", "待编号", "待用印"} <= set(tiles)
    unread = int(tiles["印发后未签收的公文"][0])
    assert unread == 1
    officer = home(office, "chen.jing")
    under_way, url = figures(officer)["在办公文"]
    assert len(officer.go(url).all("table.dense tbody tr")) == int(under_way)


def test_prov_leader_sees_the_risk_list_and_the_year_calendar(office):
    found = standings.rectifying()
    found.issue("川商贸函〔2026〕31号")
    found.serve()
    leader = home(office, "gao.yuan")
    for words in ("风险清单", "限期整改", "材料报送截至2027年5月24日"):
        assert words in leader.text
    for words in ("目标123", "一个目标：到2025年建成40家省级基地", "两个高于", "三个提升：产业效益"):
        assert words in leader.text
    assert {"/figures", "/figures/map?item=I03&year=2025"} <= {link.get("href") for link in leader.all("main a")}
    calendar = leader.go("/calendar/year?year=2027")
    assert "整改材料报送截止" in calendar.text
    assert "第十三条" in calendar.text
    assert "风险清单" not in home(office, "zhou.ping").text


def test_prov_leader_finds_missed_reports_among_the_risks_and_the_days_of_reports_in_the_calendar(february):
    leader = home(february, "gao.yuan")
    assert "1项未报送" in leader.text
    calendar = leader.go("/calendar/year")
    assert "年度总结和安排（2025）报送截止" in calendar.text
    assert "文件时限（第八条）" in calendar.text


def test_panel_leader_sees_sheets_in_and_out(office):
    reviewing.with_the_experts(office)
    review = Review(reviewing.newest()).score()
    leader = review.elect()
    found = home(office, leader)
    assert "我任组长的评审" in found.text
    (link,) = (each for each in found.all("td") if each.get("data-label") == "评分表：已收／应收")
    assert link.text_content() == "5/5"
    others = set(review.seats()) - {leader}
    assert "我任组长的评审" not in home(office, next(iter(others))).text


def test_meeting_secretary_sees_the_agenda_pool_and_resolutions_with_delays(office):
    tiles = figures(home(office, "shao.qi"))
    assert tiles["会议待议事项"][0] == "0"
    assert tiles["未落实议定事项"][0] == "0"


def test_prov_checker_and_auditor_open_the_list_of_conflicts(office):
    with transaction() as store:
        base = store.scalar(select(Base.id).order_by(Base.id).limit(1))
        person = store.scalar(select(Person.id).where(Person.login == "li.guohua"))
        conflict.record(store, person, conflict.ADVISER, "file", clock.now(), base_id=base)
        number = conflict.count(store)
    for login in ("xu.hong", "du.wen"):
        reader = home(office, login)
        figure, url = figures(reader)["回避登记"]
        assert int(figure) == number
        assert len(reader.go(url).all("table.dense tbody tr")) == number
    assert Reviewer(office, "chen.jing").go("/recusals").answer.status_code == 403


def test_visit_team_and_dept_liaison_find_their_visits_and_measures(office):
    assert "未登记的考察" in figures(home(office, "sun.lei"))
    assert "未签收公文" in figures(home(office, "guo.ning"))


def test_supervisor_and_process_owner_see_what_failed_and_open_it_as_far_as_they_may(office):
    with transaction() as store:
        case = moves.open_case(store, "B042", clock.now())
        incidents.report(store, case.id, "role.without_holder", None, {}, clock.now())
    for login, links in (("liang.bo", 1), ("qin.lan", 0)):
        reader = home(office, login)
        figure, url = figures(reader)["运行异常"]
        assert figure == "1"
        rows = reader.go(url).all("table.dense tbody tr")
        assert len(rows) == 1
        assert len(reader.all("table.dense tbody a")) == links
    assert Reviewer(office, "zhou.ping").go("/incidents").answer.status_code == 403


def test_prov_checker_sees_where_a_decision_differs_from_the_system_s_proposal(office):
    plan = campaign.Plan(2027, date(2026, 11, 20), date(2026, 11, 22), rolling=3, criteria="article12")
    with transaction() as store:
        number = campaign.prepare(store, moves.actor(store, "chen.jing", clock.now()).person, clock.now())
        campaign.plan(store, number, moves.open_case(store, "B041", clock.now()).id, plan)
        assessment.open_all(store, campaign.by_id(store, number), clock.today())
    work()
    with transaction() as store:
        row = next(iter(assessment.of_campaign(store, number)))
        facts = {"proposal": "pass", "outcome": "rectify", "differs": True, "decided_at": clock.now()}
        assessment.amend(store, row.id, **facts)
    checker = home(office, "xu.hong")
    for words in ("与系统建议不一致的决定", "建议通过", "限期整改", row.base_name):
        assert words in checker.text
    assert "与系统建议不一致的决定" not in home(office, "zhou.ping").text
