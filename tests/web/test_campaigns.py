"""The desk of yearly assessments: an officer begins one; the board shows stages, cities, outcomes and who leaves."""

from datetime import date

import pytest

from bases.verdicts import assessment, campaign
from ground import clock
from ground.database import reading, transaction
from tests.bases import ledger, moves
from tests.conftest import MORNING
from tests.stories import assessing
from tests.stories.assessing import Assessed, Year
from tests.stories.test_batch import work
from tests.web import support
from tests.web.reviewing import Reviewer

PLAN = campaign.Plan(2027, date(2026, 11, 20), date(2026, 11, 22), rolling=3, criteria="article12")


@pytest.fixture
def opened(office):
    """A campaign whose days are over, with the base of Yibin decided; its ref."""
    assert office
    with transaction() as store:
        number = campaign.prepare(store, moves.actor(store, "chen.jing", MORNING).person, MORNING)
        campaign.plan(store, number, moves.open_case(store, "B041", MORNING).id, PLAN)
        found = campaign.by_id(store, number)
        assessment.open_all(store, found, clock.today())
    work()
    with transaction() as store:
        row = next(each for each in assessment.of_campaign(store, found.id) if each.base_name == "宜宾三江新区")
        facts = {"total": 9512, "proposal": "rectify_or_revoke", "outcome": "revoke", "decided_at": clock.now()}
        assessment.amend(store, row.id, **facts)
    return found.ref


def signed_in(office, login: str):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def begun(client, key: str = "once"):
    return client.post("/campaigns", data={"csrf": support.token_of(client), "_key": key})


def test_r_11_2_an_officer_begins_the_assessment_of_a_year_and_is_led_to_its_case(office):
    client = signed_in(office, "chen.jing")
    assert "发起年度考核" in client.get("/campaigns").text
    answer = begun(client)
    assert answer.status_code == 303
    assert begun(client).location == answer.location
    assert "拟定年度考核" in client.get(answer.location).text
    assert "在办年度考核" in client.get("/home").text


def test_nobody_else_begins_one_and_a_second_officer_is_refused_meanwhile(office):
    begun(signed_in(office, "chen.jing"))
    assert begun(signed_in(office, "zhang.rui"), "other").status_code == 409
    for login in ("zhou.ping", "liu.min", "gao.yuan", "li.guohua"):
        assert begun(signed_in(office, login), login).status_code in {403, 404}


def test_r_4_3_the_board_shows_who_leaves_beside_the_rolling_number_and_cities_that_are_behind(office, opened):
    page = signed_in(office, "gao.yuan").get(f"/campaigns/{opened}").text
    for words in (
        "拟退出 1 ／ 滚动数量 3",
        "95.12",
        "拟取消命名",
        "自评和审核签批",
        "宜宾三江新区",
        "（系统默认时限）",
    ):
        assert words in page
    assert "材料报送期限已过" in page
    assert f"/campaigns/{opened}" in signed_in(office, "chen.jing").get("/campaigns").text


def test_attack_a_city_sees_its_own_bases_and_of_none_a_score(office, opened):
    """R-11.1: no other city's base, no total, no proposal, not the board of the department."""
    client = signed_in(office, "zhou.ping")
    assert client.get(f"/campaigns/{opened}").status_code == 403
    page = client.get(f"/campaigns/{opened}/city").text
    with reading() as store:
        other = moves.base(store, "B011").name
    assert "宜宾三江新区" in page
    assert other not in page
    assert "95.12" not in page
    assert "拟退出" not in page
    for login in ("liu.min", "li.guohua"):
        assert signed_in(office, login).get(f"/campaigns/{opened}/city").status_code == 403


def test_a_draft_is_shown_to_no_city(office):
    begun(signed_in(office, "chen.jing"))
    with reading() as store:
        ref = campaign.every(store)[0].ref
    client = signed_in(office, "zhou.ping")
    assert ref not in client.get("/campaigns").text
    assert client.get(f"/campaigns/{ref}/city").status_code == 404


@pytest.fixture
def decided(office, tmp_path):
    """A base that scored 69.5 and waits for the leader."""
    assert office
    assessing.lay(tmp_path, ("B011", "B012"))
    year = Year()
    year.open_all()
    one = Assessed(year, "B011")
    one.to_the_decision("69.5")
    return one


def test_attack_the_base_and_its_city_read_no_score_and_no_proposal_before_the_decision(office, decided):
    """R-11.4, R-14.4: nor after it; the result alone is told."""
    url = f"/cases/{decided.case}"
    for login in ("filler.B011", "county.B011", "city.B011"):
        pages = [signed_in(office, login).get(f"{url}?tab={tab}").text for tab in ("story", "papers", "files")]
        assert "考核档案" in pages[0]
        for words in ("69.50", "69.5", "建议限期整改", "建议通过", "上次考核", "查看评审组", "核实意见"):
            assert not [page for page in pages if words in page], (login, words)
    inside = signed_in(office, "gao.yuan").get(url).text
    assert "69.50" in inside
    assert "建议限期整改" in inside
    decided.decide("rectify")
    after = signed_in(office, "filler.B011").get(url).text
    assert "限期整改" in after
    assert "69.50" not in after


def test_attack_strangers_do_not_find_an_assessment(office, decided):
    for login in ("filler.B012", "city.B012", "county.B012", "zhou.ping", "liu.min"):
        assert signed_in(office, login).get(f"/cases/{decided.case}").status_code == 404


def test_attack_an_expert_sees_the_file_and_the_suggestion_but_no_other_s_sheet(office, decided):
    """R-11.3: who was not drawn sees nothing at all."""
    drawn = decided.experts()
    page = signed_in(office, drawn[0]).get(f"/cases/{decided.case}").text
    assert "建议限期整改" not in page
    others = [
        login
        for login in (
            "li.guohua",
            "wang.xiaodong",
            "zhao.minghui",
            "zheng.kai",
            "han.zhiyuan",
            "hu.jing",
            "qiu.wei",
            "wei.lan",
            "he.peng",
            "xie.min",
        )
        if login not in drawn
    ]
    assert {signed_in(office, login).get(f"/cases/{decided.case}").status_code for login in others} <= {403, 404}


@pytest.mark.performs("R-12.2 to R-12.4")
def test_the_file_shows_platforms_with_their_use_and_funds_on_the_leader_s_task(office, decided):
    """R-12.2, R-12.3, R-12.4: funds planned and in place, each platform's use beside its cost, filed figures drawn."""
    client = signed_in(office, "gao.yuan")
    page = client.get(f"/cases/{decided.case}").text
    for words in ("计划500", "落实450", "检测平台", "80", "近三年统计数据", "总产值", "<polyline"):
        assert words in page


@pytest.mark.performs("R-12.1")
def test_r_12_1_whoever_scores_reads_the_organs_and_what_they_did_beside_the_case(office, decided):
    """Nobody put the panel together: the organs are those of the form, the activities those of the registers."""
    with transaction() as store:
        for name, kind in (("检测培训", "technical"), ("行业自律公约", "technical"), ("法律讲座", "legal")):
            given = {"name": name, "kind": kind, "held_on": "2025-09-01"}
            ledger.add(store, "service_activity", "B011", "filler.B011", **given)
        event = {"name": "广交会", "kind": "exhibition", "held_on": "2025-10-15", "place": "广州"}
        ledger.add(store, "event", "B011", "filler.B011", **event)
    for login in (decided.experts()[0], "gao.yuan", "chen.jing"):
        page = Reviewer(office, login).go(f"/registers/cases/{decided.case}")
        panel = page.page.get_element_by_id("activities").getparent().getparent()
        told = [" ".join(cell.text_content().split()) for cell in panel.xpath(".//dt|.//dd")]
        assert told[0:6:2] == ["组织协调机构", "管理机构", "运营机构"]
        assert ["12人" in told[1], "6人" in told[3], "15人" in told[5]] == [True] * 3
        assert told[6:] == ["法律服务", "1", "技术支持", "2"]
        assert "广交会" in panel.text_content()
        assert f"/registers/cases/{decided.case}" in page.go(f"/cases/{decided.case}").answer.text, login


def test_the_board_leads_to_how_long_each_stage_takes_for_the_office_and_for_a_city(office, opened):
    """Handbook §5: a campaign's stages with their durations; a city counts its own bases."""
    officer = signed_in(office, "chen.jing")
    assert f"/campaigns/{opened}/durations" in officer.get(f"/campaigns/{opened}").text
    page = officer.get(f"/campaigns/{opened}/durations").text
    assert "自评和审核签批" in page
    every = officer.get(f"/campaigns/{opened}/durations.csv").data.decode("utf-8-sig").splitlines()[1].split(",")
    own = signed_in(office, "zhou.ping").get(f"/campaigns/{opened}/durations.csv").data.decode("utf-8-sig")
    entered = int(own.splitlines()[1].split(",")[1])
    assert 0 < entered < int(every[1])
    assert signed_in(office, "liu.min").get(f"/campaigns/{opened}/durations").status_code == 403
