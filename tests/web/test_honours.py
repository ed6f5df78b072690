"""The desk of honours: lists for whom they concern, a recommendation from the page of a base, the yearly rounds."""

from datetime import timedelta

from bases.filing import yearly_review
from bases.verdicts import commendation, recommendation
from ground import clock, jobs
from ground.database import reading, transaction
from tests.bases import cooperating as desk
from tests.stories import test_yearly_review as rounds
from tests.web import support

BASE = "B011"


def signed_in(office, login: str):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def asked(client, **fields: str):
    data = {"csrf": support.token_of(client), "_key": "once", **fields}
    return client.post(f"/bases/{desk.base(BASE).ref}/recommendations", data=data)


def test_an_officer_puts_a_base_forward_from_its_page_with_the_ministry_s_notice(office):
    """S-2.1: the button stands on the page of a base that may be put forward, and is gone once it has been."""
    client = signed_in(office, "chen.jing")
    page = f"/bases/{desk.base(BASE).ref}"
    assert "商务部通知文号" in client.get(page).text
    assert asked(client, notice="商办贸函〔2026〕88号", due_on="2020-01-01").status_code == 422
    day = (clock.today() + timedelta(days=30)).isoformat()
    assert asked(client, notice="商办贸函〔2026〕88号", due_on=day).status_code == 303
    assert "商务部通知文号" not in client.get(page).text
    listed = client.get("/honours/recommendations").text
    assert "商办贸函〔2026〕88号" in listed
    assert "准备和审核" in listed


def test_its_filler_may_without_a_notice_and_others_may_not(office):
    client = signed_in(office, "bao.dong")
    assert "商务部通知文号" not in client.get(f"/bases/{desk.base(BASE).ref}").text
    assert asked(signed_in(office, "zhou.ping")).status_code == 403
    assert asked(client).status_code == 303
    with reading() as session:
        (row,) = recommendation.every(session)
    assert (row.notice, row.state) == (None, "preparing")


def test_a_base_with_both_names_has_no_button(office):
    page = signed_in(office, "chen.jing").get(f"/bases/{desk.base().ref}").text
    assert "商务部通知文号" not in page


def test_the_funnel_is_for_the_department_and_the_register_for_cities_too(office):
    """G-2, S-2.4: looking writes nothing; a year without results has no button."""
    chen, zhou = signed_in(office, "chen.jing"), signed_in(office, "zhou.ping")
    assert "已报商务部" in chen.get("/honours/recommendations").text
    assert zhou.get("/honours/recommendations").status_code == 403
    assert "还没有印发表扬通报" in zhou.get("/honours").text
    assert zhou.post("/honours", data={"csrf": support.token_of(zhou), "year": "2026"}).status_code == 403
    begun = chen.post("/honours", data={"csrf": support.token_of(chen), "year": "2026", "_key": "x"})
    assert begun.status_code == commendation.NothingPassed.status


def test_s_1_4_a_city_reads_the_rounds_of_its_own_bases(office):
    with transaction() as session:
        for one in yearly_review._of_bases(session, clock.today()):
            yearly_review.cases.ask(session, one)
    while jobs.run_due(clock.now(), 100):
        pass
    page = signed_in(office, desk.CITY).get("/honours/reviews").text
    assert "三江新区" in page
    assert "待更新" in page
    assert "东坡区" not in page
    assert "东坡区" in signed_in(office, "chen.jing").get("/honours/reviews").text


def test_the_task_of_the_round_opens_with_what_stands_in_the_registers(office, stopped_clock):
    stopped_clock[0] = clock.start_of(rounds.FIRST)
    rounds.entered(desk.COUNTY, "plan_item", rounds.PLANNED)
    rounds.begin()
    client = signed_in(office, desk.COUNTY)
    task = f"/tasks/{desk.task(rounds.base_case(), 'update').ref}"
    client.post(f"{task}/claim", data={"csrf": support.token_of(client)})
    page = client.get(task)
    assert page.status_code == 200
    assert "建设计划和政策支持年度核对" in page.text
    assert rounds.PLANNED["name"] in page.text
