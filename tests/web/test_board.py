"""The board of supervision: what is stuck with its reasons, tiles that open their lists, who may look."""

import re
from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import insert, select, text, update

from bases.cooperation import issue
from bases.verdicts import notice
from bases.verdicts.notice import Notice
from engine.cases import Case
from engine.waits import Timer, Wait
from ground import clock, database, jobs, parameters
from ground.database import transaction
from ground.ids import ref as new_ref
from ground.jobs.embedded import Job
from tasks import stuck_rule
from tests.bases import cooperating as desk, noticed
from tests.engine import desk as moves, flows
from tests.stories import test_enterprise_issue as difficulties
from tests.web import support
from web.words import dates


def signed_in(office, login):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


@pytest.fixture
def late(office, stopped_clock):
    """A difficulty of Yibin's base that its filler left lying for three weeks; its number."""
    assert office
    ref = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    desk.task(ref, "register")
    stopped_clock[0] += timedelta(days=21)
    return desk.case(ref).number


def test_the_supervisor_reads_what_is_stuck_why_and_what_helps(office, late):
    client = signed_in(office, "liang.bo")
    page = client.get("/stuck").text
    assert late in page
    assert "个工作日无人领取" in page or "领取后" in page
    assert "催办" in page
    assert "超出系统默认时限" in page
    assert "不作为逾期" in page


def test_the_page_says_the_rule_as_the_parameters_have_it(office, late):
    assert late
    client = signed_in(office, "liang.bo")
    assert "5个工作日没有进展、2个工作日无人领取" in client.get("/stuck").text
    with transaction() as session:
        parameters.change(session, stuck_rule.STILL, 9, clock.today())
    assert "9个工作日没有进展、2个工作日无人领取" in client.get("/stuck").text


def test_whoever_may_act_finds_the_acts_at_the_case(office, late):
    assert late
    for login, offered in (("ma.jun", {"charge"}), ("liang.bo", {"interventions"}), ("du.wen", set())):
        page = signed_in(office, login).get("/stuck").text
        assert {act for act in ("charge", "interventions") if re.search(rf'href="/cases/\w+/{act}"', page)} == offered


def test_a_tile_opens_the_cases_that_it_counts(office, late):
    client = signed_in(office, "liang.bo")
    assert "process=enterprise-issue" in client.get("/stuck").text
    assert late in client.get("/stuck?process=enterprise-issue").text
    assert late in client.get("/stuck?city=5115").text
    assert late not in client.get("/stuck?city=5101").text
    assert late not in client.get("/stuck?why=incident").text
    assert late in client.get(f"/stuck?q={late}").text
    assert client.get("/stuck?q=%25_'--&city=x&why=nothing&after=").status_code == 200
    assert client.get("/stuck?after=yesterday").status_code == 400


def test_the_home_of_the_supervisor_leads_there(office, late):
    home = signed_in(office, "liang.bo").get("/home").text
    assert 'href="/stuck"' in home
    assert late in home
    assert "停滞最久的办件" in home


def test_whoever_answers_for_nobody_else_does_not_look(office, late):
    assert late
    for login in ("zhou.ping", desk.FILLER, "hu.jing"):
        assert signed_in(office, login).get("/stuck").status_code == 403
    assert support.browser(office).get("/stuck").status_code in {302, 303, 401}


@pytest.mark.parametrize("name", ["process", "element", "city", "organ", "queue", "q", "why", "field", "order"])
@pytest.mark.parametrize("said", ["a" * 3_000, "\x00", "9" * 25, "%_/", "' OR 1=1 --"])
def test_what_stands_nowhere_is_found_nowhere(office, late, name, said):
    assert late
    client = signed_in(office, "liang.bo")
    for path in ("/stuck", "/stuck/waiting", "/tasks", "/cases"):
        assert client.get(path, query_string={name: said}).status_code == 200, path


def test_what_waits_as_it_should_stands_apart(office, late):
    assert late
    assert signed_in(office, "liang.bo").get("/stuck/waiting").status_code == 200


def test_a_period_that_runs_to_the_end_of_a_day_is_said_by_that_day(office):
    moves.publish(flows.waiting("waits"))
    moves.start("waits", desk.person("chen.jing"))
    with transaction() as session:
        due = session.scalar(select(Timer.due_at))
    page = signed_in(office, "liang.bo").get("/stuck/waiting").text
    assert dates.day(clock.local_day(due - clock.DAY)) in page
    assert "00:00" not in html.fromstring(page).xpath("//main")[0].text_content()


def test_a_tile_carries_the_number_of_the_list_that_it_opens(office, late):
    assert late
    client = signed_in(office, "liang.bo")
    lists = html.fromstring(client.get("/stuck").text).xpath("//aside/section[.//span[@class='count']]")
    assert len(lists) == 4
    for tile in (item for each in lists for item in each.xpath(".//li")):
        there = html.fromstring(client.get(tile.xpath("./a")[0].get("href")).text)
        assert there.xpath("//section//h2/span")[0].text == tile.xpath("./span")[0].text


def test_the_supervisor_urges_from_the_list_and_the_order_stands_there_from_then_on(office, late):
    client = signed_in(office, "liang.bo")
    form = html.fromstring(client.get("/stuck").text).xpath("//td//form[@action='/orders']")[0]
    sent = dict(form.form_values())
    task = client.post("/orders", data=sent)
    assert task.status_code == 303
    assert client.post("/orders", data=sent).headers["Location"] == task.headers["Location"]
    assert late in client.get(task.headers["Location"]).text


def test_whoever_may_not_urge_has_no_button_for_it(office, late):
    page = signed_in(office, "cao.yun").get("/stuck").text
    assert late in page
    assert 'action="/orders"' not in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_taken_out_as_it_is_filtered(office, late, kind):
    client = signed_in(office, "liang.bo")
    whole = client.get(f"/stuck/list.{kind}?process=enterprise-issue")
    assert whole.status_code == 200
    assert "attachment" in whole.headers["Content-Disposition"]
    if kind == "csv":
        lines = whole.data.decode("utf-8-sig").splitlines()
        assert late in lines[1]
        assert len(lines) == 2
        nothing = client.get(f"/stuck/list.{kind}?process=designation-case").data.decode("utf-8-sig")
        assert len(nothing.splitlines()) == 1
    assert client.get("/stuck/list.exe").status_code == 404


def test_what_a_spreadsheet_would_take_for_a_formula_is_a_text_in_the_file(office, late):
    with transaction() as session:
        session.execute(update(Case).where(Case.number == late).values(title="=HYPERLINK(1)"))
    told = signed_in(office, "liang.bo").get("/stuck/list.csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in told


def test_a_view_is_kept_shared_with_ones_role_opened_and_let_go_by_its_owner_alone(office, late):
    assert late
    client = signed_in(office, "liang.bo")
    data = {"csrf": support.token_of(client), "name": "<b>宜宾</b>", "city": "5115", "share": "organ", "x": "1"}
    kept = client.post("/stuck/views", data=data)
    assert kept.headers["Location"] == "/stuck?city=5115"
    page = client.get("/stuck").text
    assert "&lt;b&gt;宜宾" in page
    other = signed_in(office, "ma.jun")
    assert "&lt;b&gt;宜宾" in other.get("/stuck").text
    assert "&lt;b&gt;宜宾" not in signed_in(office, "cao.yun").get("/stuck").text
    ref = re.search(r"/stuck/views/(\w+)/removal", page).group(1)
    assert other.post(f"/stuck/views/{ref}/removal", data={"csrf": support.token_of(other)}).status_code == 404
    assert client.post(f"/stuck/views/{ref}/removal", data={"csrf": data["csrf"]}).status_code == 303
    assert "宜宾&lt;" not in client.get("/stuck").text
    assert client.post("/stuck/views", data={**data, "name": "  "}).status_code == 422


def test_a_job_that_is_tried_again_is_told_of_the_case_that_it_is_about(office, late):
    client = signed_in(office, "liang.bo")
    with transaction() as session:
        ref = session.scalar(select(Case.ref).where(Case.number == late))
        jobs.enqueue(session, "document.print", {"receiver": f"case:{ref}"}, dedupe="again")
        if database.current().is_sqlite:
            session.execute(update(Job).where(Job.dedupe == "again").values(attempts=3))
        else:
            session.execute(text("UPDATE procrastinate_jobs SET attempts = 3"))
    assert "后台任务失败3次，正在重试" in client.get("/stuck").text


@pytest.fixture
def told_of(office, stopped_clock):
    """A difficulty that its filler registered and its county left lying for three weeks; its number."""
    assert office
    ref = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="once").ref
    difficulties.registered(ref)
    stopped_clock[0] += timedelta(days=21)
    return desk.case(ref).number


def numbers(client, address):
    page = html.fromstring(client.get(address).text)
    return [cell.text for cell in page.xpath("//tbody/tr/td[@data-label='编号']")]


def test_a_case_is_found_by_what_its_form_was_answered_with(office, told_of):
    client = signed_in(office, "liang.bo")
    assert 'name="field"' not in client.get("/stuck").text
    page = html.fromstring(client.get("/stuck?process=enterprise-issue").text)
    assert "企业困难登记" in page.xpath("//select[@name='field']/optgroup/@label")
    asked = "/stuck?process=enterprise-issue&field=issue-registration"
    page = html.fromstring(client.get(f"{asked}.kind").text)
    assert "finance" in page.xpath("//select[@name='value']/option/@value")
    kind = difficulties.WRITTEN["kind"]
    assert numbers(client, f"{asked}.kind&value={kind}") == [told_of]
    assert numbers(client, f"{asked}.kind&value=other") == []
    assert numbers(client, f"{asked}.enterprise&value=三江") == [told_of]
    assert (
        len(client.get("/stuck/list.csv" + asked.removeprefix("/stuck") + ".kind&value=other").data.splitlines()) == 1
    )
    assert numbers(client, f"{asked}.enterprise&value=%00三%00江") == [told_of]  # what no text can hold is left out
    assert numbers(client, f"{asked}.enterprise&value={'三' * 3_000}") == []
    assert numbers(client, f"{asked}.no_such&value=x") == []
    assert "所选流程没有这个字段" in client.get(f"{asked}.no_such&value=x").text
    assert numbers(client, "/stuck?field=issue-registration.kind&value=other") == [told_of]
    kept = client.post(
        "/stuck/views",
        data={
            "csrf": support.token_of(client),
            "name": "融资",
            "process": "enterprise-issue",
            "field": "issue-registration.kind",
            "value": kind,
            "columns": "matter,due",
        },
    )
    assert numbers(client, kept.headers["Location"]) == []
    assert "columns=matter,due" in kept.headers["Location"].replace("%2C", ",")
    assert told_of in client.get(kept.headers["Location"].replace("matter", "number")).text


def test_the_columns_and_their_order_are_those_of_the_address_and_the_file_has_the_same(office, late):
    client = signed_in(office, "liang.bo")
    chosen = "due,holder,organ,number,matter,days,city,process,moved,why"
    page = html.fromstring(client.get(f"/stuck?columns={chosen}").text)
    assert page.xpath("//thead//th/text()") == [
        *("截止", "承办人", "承办单位", "编号", "事项", "停滞工作日", "所在地", "流程", "上次进展"),
        "为什么停滞、怎样推动",
    ]
    row = [cell.text_content().strip() for cell in page.xpath("//tbody/tr[1]/*")]
    assert row[3] == late
    assert "2026年" in row[0]
    assert row[1]
    lines = client.get(f"/stuck/list.csv?columns={chosen}").data.decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:6] == ["截止", "承办人", "承办单位", "编号", "事项", "停滞工作日"]
    assert late in lines[1]
    assert len(client.get("/stuck/list.csv").data.decode("utf-8-sig").splitlines()[0].split(",")) == 9
    links = {" ".join(a.text_content().split()): a.get("href") for a in page.xpath("//details[@id='columns']//a")}
    assert "右移 截止" in links
    assert "隐藏 事项" not in links
    moved = html.fromstring(client.get(links["右移 截止"]).text)
    assert moved.xpath("//thead//th/text()")[:2] == ["承办人", "截止"]
    hidden = html.fromstring(client.get(links["隐藏 截止"]).text)
    assert "截止" not in hidden.xpath("//thead//th/text()")
    odd = html.fromstring(client.get("/stuck?columns=x,days,days,%3Cb%3E").text)
    assert odd.xpath("//thead//th/text()") == ["事项", "停滞工作日"]


def test_an_objection_that_holds_a_base_is_told_with_its_case_and_where_that_stands(office, stopped_clock):
    assert office
    with transaction() as session:
        notice_ = noticed.published(session, clock.now())
        base = notice.bases_of(session, [notice_.id])[notice_.id][1]
        noticed.objected(session, notice_, "B042", clock.now())
        values = {"ref": new_ref(), "case_id": base.case_id, "token": "t", "element": "decide", "form": "decide"}
        values |= {"queue": "prov_leader@1", "opened_at": clock.now(), "due_at": clock.now() + timedelta(days=60)}
        session.execute(insert(Wait).values(**values, lendable=False, provisional=False, hung=False))
    jobs.run_due(clock.now())
    stopped_clock[0] += timedelta(days=21)
    with transaction() as session:
        session.execute(update(Notice).values(state=notice.CLOSED))
        row = session.execute(select(Case.ref, Case.number).where(Case.number.like("%异议%"))).one()
    client = signed_in(office, "liang.bo")
    page = html.fromstring(client.get("/stuck?process=designation-case").text)
    held = [one for one in page.xpath("//tbody/tr") if "公示期内的异议没有办结" in one.text_content()]
    assert len(held) == 1
    assert held[0].xpath(f".//li/a[@href='/cases/{row.ref}']/text()") == [row.number]
    assert "该件停在“" in held[0].text_content()
    lines = client.get("/stuck/list.csv?process=designation-case").data.decode("utf-8-sig")
    assert f"公示期内的异议没有办结，{row.number}，该件停在" in lines
