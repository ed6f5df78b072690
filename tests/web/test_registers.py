"""The registers' pages: entering, changing, filtering, summing, taking out; and whom they show nothing."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from openpyxl import load_workbook

from bases import demo
from bases.register import ledgers
from ground import clock, files, jobs, organs
from ground.database import reading, transaction
from tests.bases import ledger
from tests.web import reviewing, support
from tests.web.reviewing import Reviewer

EVIL = '<script>alert("x")</script>'
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "－cmd")
ROLES = {
    "liu.min": "base_filler",
    "yang.li": "base_authority",
    "zhou.ping": "city_officer",
    "chen.jing": "prov_officer",
    "du.wen": "auditor",
    "ren.jie": "dept_liaison",
    "qin.lan": "process_owner",
}


def enter(code: str, where: str, who: str, /, **answers: Any) -> str:
    with transaction() as store:
        return ledger.add(store, code, where, who, **answers)


def with_papers(folder: Path) -> None:
    """What the applicants enclose."""
    files.keep_in(folder / "files")
    with transaction() as store:
        demo.lay_papers(store, clock.now())


def test_a_filler_enters_a_platform_changes_it_with_a_reason_and_reads_its_history(office):
    filler = Reviewer(office, "liu.min").go("/registers/platform/new")
    filler.press(**ledger.PLATFORM, tags=["open_platform", "quality_brand"])
    assert "已登记" in filler.text
    assert "无使用数据" in filler.text
    one = filler.path

    filler.go(f"{one}/change").press(operator="省质检院", _reason="单位更名")

    assert "已修改" in filler.text
    assert "单位更名" in filler.text
    assert "县质检所" in filler.text
    filler.send(f"{one}/retirement", {"_rev": "2", "_reason": "停用"})
    assert "已注销" in filler.text
    assert "红茶检测中心" not in filler.go("/registers/platform").text
    assert "红茶检测中心" in filler.go("/registers/platform?state=retired").text


def test_what_is_wrong_comes_back_with_everything_that_was_typed(office):
    filler = Reviewer(office, "liu.min").go("/registers/enterprise/new")
    filler.press(**{**ledger.ENTERPRISE, "since": "1"}, uscc="91510100MA6CGUGA1X", main_business="红茶")

    assert filler.answer.status_code == 422
    assert filler.value("main_business") == "红茶"
    assert [line.partition("：")[0] for line in filler.wrong()] == ["统一社会信用代码", "入驻年份"]
    filler.press(since="2020")
    assert filler.wrong() == ["统一社会信用代码：统一社会信用代码不正确：末位校验码不符，请核对"]
    filler.press(uscc=ledger.GOOD_CODE)
    assert "已登记" in filler.text


def test_a_row_is_added_without_javascript_and_the_same_rendering_enters_once(office):
    filler = Reviewer(office, "liu.min").go("/registers/event/new")
    event = {"name": "春季展会", "kind": "exhibition", "held_on": "2026-04-01", "place": "南宁"}
    filler.press("add:joined", **event)
    sent = {**event, "joined.0.name": "示例茶业有限公司"}
    first = filler.fields(**sent)
    filler.press(**sent)
    assert "参加企业1家" in filler.text
    filler.send("/registers/event/entries", first)
    assert "共1条" in filler.go("/registers/event").text


def test_two_who_change_the_same_entry_do_not_overwrite_each_other(office):
    ref = enter("platform", "B042", "liu.min", **ledger.PLATFORM)
    first, second = (
        Reviewer(office, login).go(f"/registers/platform/entries/{ref}/change") for login in ("liu.min", "zhou.ping")
    )
    first.press(operator="甲", _reason="改")
    second.press(operator="乙", _reason="也改")

    assert second.answer.status_code == 412
    assert second.value("operator") == "乙"
    assert "别人已经改动过" in second.text


def test_the_officer_chooses_the_base_first_and_a_filler_has_only_one(office):
    officer = Reviewer(office, "chen.jing").go("/registers/project/new")
    assert len(officer.all("option")) == 47
    with reading() as store:
        ref = ledger.at(store, "B042")
    assert "宜宾市筠连县" in officer.go(f"/registers/project/new?at={ref}").text
    assert Reviewer(office, "du.wen").go("/registers/project/new").answer.status_code == 403


@pytest.mark.performs("S-4.1 and R-4.6")
def test_the_list_is_filtered_and_summed_by_direction_and_year(office):
    """S-4.1: totals by direction equal detail."""
    with reading() as store:
        giver = organs.body(store, "sc-finance").ref
    for amount, year, direction in (("12.5", "2025", "markets"), ("7.5", "2026", "markets"), ("100", "2026", "brands")):
        enter(
            "support",
            "B042",
            "guo.ning",
            **{**ledger.SUPPORT, "amount": amount, "in_year": year, "direction": direction, "giver": giver},
        )
    page = Reviewer(office, "zhou.ping").go("/registers/support")
    assert "共3条" in page.text
    assert "金额合计120万元" in page.text
    lines = [
        [cell.text_content().strip() for cell in row.xpath("./th|./td")]
        for row in page.all("table")[1].xpath(".//tbody/tr")
    ]
    assert lines == [["品牌培育", "0", "1（100）", "1", "100"], ["国际市场拓展", "1（12.5）", "1（7.5）", "2", "20"]]
    assert "金额合计107.5万元" in page.go("/registers/support?year=2026").text
    assert "共1条" in page.go("/registers/support?direction=brands").text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_attack_a_cell_that_looks_like_a_formula_is_a_text(office, kind):
    for number, formula in enumerate(FORMULAS):
        enter("platform", "B042", "liu.min", **{**ledger.PLATFORM, "name": f"{formula}{number}", "operator": formula})
    client = Reviewer(office, "liu.min").client
    answer = client.get(f"/registers/platform/list.{kind}")

    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert {row[3] for row in rows[1:]} == {f"'{formula}" for formula in FORMULAS}
    else:
        sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        cells = [sheet.cell(row, 4) for row in range(2, 2 + len(FORMULAS))]
        assert {cell.value for cell in cells} == set(FORMULAS)
        assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_a_negative_number_stays_a_number_in_csv(office):
    enter("reference_series", "province", "chen.jing", in_year="2025", national="-3.5", provincial="6.1", source="海关")
    body = Reviewer(office, "chen.jing").client.get("/registers/reference_series/list.csv").data.decode("utf-8-sig")
    assert "-3.50" in body
    assert "'-3.50" not in body


def test_attack_stored_html_is_shown_as_text_everywhere(office):
    ref = enter("platform", "B042", "liu.min", **{**ledger.PLATFORM, "name": EVIL, "operator": EVIL})
    officer = Reviewer(office, "chen.jing")
    for path in (
        "/registers/platform",
        f"/registers/platform/entries/{ref}",
        f"/registers/platform/entries/{ref}/change",
    ):
        body = officer.go(path).answer.get_data(as_text=True)
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert" in body


@pytest.mark.parametrize("login", ["tang.hao", "song.ying", "deng.tao", "ren.jie"])
def test_attack_another_base_s_entry_is_on_no_page(office, login):
    ref = enter("platform", "B042", "liu.min", **ledger.PLATFORM)
    client = Reviewer(office, login).client
    with reading() as store:
        base = ledger.at(store, "B042")

    assert "红茶检测中心" not in client.get("/registers/platform").text
    assert "红茶检测中心" not in client.get(f"/registers/platform?base={base}").text
    assert "红茶检测中心" not in client.get("/registers/platform/list.csv").text
    assert client.get(f"/registers/platform/entries/{ref}").status_code == 404
    assert client.get(f"/registers/platform/entries/{ref}/change").status_code == 404
    token = support.token_of(client)
    for path in (f"/registers/platform/entries/{ref}", f"/registers/platform/entries/{ref}/retirement"):
        assert client.post(path, data={"csrf": token, "_rev": "1", "_reason": "x"}).status_code == 404
    sent = {"csrf": token, "_at": base, **ledger.PLATFORM}
    assert client.post("/registers/platform/entries", data=sent).status_code == 404


@pytest.mark.parametrize("login", ROLES)
def test_every_register_opens_for_whom_the_index_offers_it(office, login):
    one = Reviewer(office, login).go("/registers")
    links = [link.get("href") for link in one.all("a.main")]
    assert links
    for path in links:
        assert one.go(path).answer.status_code == 200, path


def test_an_entry_is_no_entry_of_another_register(office):
    ref = enter("platform", "B042", "liu.min", **ledger.PLATFORM)
    assert Reviewer(office, "liu.min").go(f"/registers/enterprise/entries/{ref}").answer.status_code == 404
    assert Reviewer(office, "liu.min").go("/registers/nothing").answer.status_code == 404


def test_pages_speak_english(office):
    enter("platform", "B042", "liu.min", **ledger.PLATFORM)
    filler = Reviewer(office, "liu.min")
    filler.client.set_cookie("jidi-language", "en")
    assert "Public service platforms" in filler.go("/registers").text
    assert "No data on use" in filler.go("/registers/platform").text
    assert "Testing" in filler.text
    assert "Built in" in filler.go("/registers/platform/new").text


def test_the_officer_reads_the_incident_from_the_task_and_sees_how_it_stands(office):
    ref = enter("adverse_event", "B042", "ren.jie", **ledger.INCIDENT)
    jobs.run_due(clock.now())
    officer = Reviewer(office, "chen.jing").claim_next()
    link = officer.page.xpath("//a[contains(@href,'/registers/of-case/')]")[0].get("href")

    assert officer.go(link).path == f"/registers/adverse_event/entries/{ref}"
    assert "核查中" in officer.text
    assert "通报〔2026〕3号" in officer.text
    assert Reviewer(office, "zhou.ping").client.get(link).status_code == 404


def test_d_5_the_basis_of_a_register_opens_the_clause(office):
    filler = Reviewer(office, "liu.min").go("/registers/platform")
    link = filler.page.xpath("//p[contains(@class,'under')]//a")[0].get("href")
    page = filler.go(link.partition("#")[0])
    assert link.endswith("#c-7")
    assert (
        "鼓励建设外贸基地研发、检测、培训、营销、物流、金融、信息公共服务平台"
        in page.page.get_element_by_id("c-7").text_content()
    )


def test_r_16_1_a_published_answer_is_visible_at_its_clause_with_date_and_office(office):
    given = {
        "question": "当天是否包括？",
        "clause_id": "8",
        "answer": "包括。",
        "office": "外贸处",
        "answered_on": "2026-11-20",
    }
    ref = enter("interpretation", "province", "chen.jing", **given)
    visitor = support.browser(office)
    assert "当天是否包括" not in visitor.get("/about/measures").text

    Reviewer(office, "chen.jing").send(f"/registers/interpretation/entries/{ref}/publication", {"_rev": "1"})

    clause = html.fromstring(visitor.get("/about/measures").text).get_element_by_id("c-8").text_content()
    assert all(words in clause for words in ("当天是否包括", "包括。", "外贸处", "2026-11-20"))
    other = html.fromstring(visitor.get("/about/measures").text).get_element_by_id("c-9").text_content()
    assert "当天是否包括" not in other


def test_attack_what_is_published_for_everybody_is_text(office):
    given = {"question": EVIL, "clause_id": "8", "answer": EVIL, "office": "外贸处", "answered_on": "2026-11-20"}
    ref = enter("interpretation", "province", "chen.jing", **given)
    Reviewer(office, "chen.jing").send(f"/registers/interpretation/entries/{ref}/publication", {"_rev": "1"})
    body = support.browser(office).get("/about/measures").text
    assert "<script>alert" not in body
    assert "&lt;script&gt;" in body


def test_g_0_the_bases_stand_under_five_zones(office):
    page = Reviewer(office, "chen.jing").go("/registers/bases")
    assert [head.text_content() for head in page.all("h2")] == [
        "成都平原经济区",
        "川南经济区",
        "川东北经济区",
        "攀西经济区",
        "川西北生态示范区",
    ]
    cities = [" ".join(each.text_content().split()).rpartition(" ")[2] for each in page.all("header span.quiet")]
    assert cities == ["8个市（州）", "4个市（州）", "5个市（州）", "2个市（州）", "2个市（州）"]
    assert len(Reviewer(office, "zhou.ping").go("/registers/bases").all("tbody tr")) == 2


@pytest.mark.performs("P-1")
def test_p_1_a_carrier_that_is_added_can_be_filtered_by_at_once(office):
    visitor = support.browser(office)
    assert "自贸试验区" not in visitor.get("/register").text
    enter("code", "province", "qin.lan", list="carrier", code="free_zone", zh="自贸试验区", en="Free-trade zone")

    assert "自贸试验区" in visitor.get("/register").text
    assert "请放宽筛选条件" in visitor.get("/register?carrier=free_zone").text
    found = html.fromstring(visitor.get("/register?carrier=high_tech_zone").text).xpath("//tbody/tr")
    assert 0 < len(found) < 40


@pytest.mark.performs("M-2.5")
def test_m_2_5_a_focus_sector_changes_a_filter_and_nothing_else(office):
    officer = Reviewer(office, "chen.jing").go("/registers/bases")
    assert not officer.page.xpath("//select[@name='focus']")
    ref = enter("focus_sector", "province", "chen.jing", name="食品", industry="food", focus="finer")
    assert 0 < len(officer.go("/registers/bases?focus=yes").all("tbody tr")) < 46
    officer.send(f"/registers/focus_sector/entries/{ref}/retirement", {"_rev": "1", "_reason": "不再列为重点"})
    assert len(officer.go("/registers/bases").all("tbody tr")) == 46


def test_a_base_s_year_shows_use_beside_cost_and_where_the_form_differs(office):
    used = {"usage": [{"in_year": "2025", "users": 36, "uses": 210, "cost": "18.5"}], "cost": "260"}
    enter("platform", "B042", "liu.min", **ledger.PLATFORM, **used)
    with reading() as store:
        base = ledger.at(store, "B042")
    page = Reviewer(office, "zhou.ping").go(f"/registers/bases/{base}")
    platforms = [cell.text_content().strip() for cell in page.page.xpath("//section[@aria-labelledby='platforms']//td")]
    assert platforms == ["检测", "36", "210", "260", "18.5"]
    assert "不一致" in page.text
    assert Reviewer(office, "song.ying").go(f"/registers/bases/{base}").answer.status_code == 404


def test_t_1_a_list_s_total_counts_an_item_with_two_tags_once(office):
    both = {"name": "园区扩建", "in_year": "2026", "tags": ["industry_cluster", "open_platform"], "progress": "done"}
    enter("plan_item", "B042", "liu.min", **both)
    page = Reviewer(office, "chen.jing").go("/registers/plan_item")
    table = page.page.xpath("//section[contains(@class,'panel')]//table")[0]
    lines = [[cell.text_content().strip() for cell in row] for row in table.xpath(".//tbody/tr")]
    assert lines == [["产业集群", "1", "1"], ["开放平台", "1", "1"]]
    assert [cell.text_content().strip() for cell in table.xpath(".//tfoot/tr/*")][-1] == "1"


def test_r_12_3_an_expert_reads_the_use_of_platforms_once_admitted_and_no_further(office, tmp_path):
    with_papers(tmp_path)
    reviewing.with_the_experts(office)
    used = {"usage": [{"in_year": "2025", "users": 36, "uses": 210, "cost": "18.5"}], "cost": "260"}
    known = {"contact": "王某", "responsible": "刘敏", "frequency": "month", "since": "2026"}
    enter("platform", "B042", "liu.min", **ledger.PLATFORM, **used)
    enter("key_enterprise", "B042", "liu.min", name="示例茶业", **known)
    case, login = reviewing.newest(), reviewing.review().seats()[0]
    with reading() as store:
        base = ledger.at(store, "B042")
    expert = Reviewer(office, login).go(f"/registers/cases/{case}")

    assert "红茶检测中心" in expert.text
    assert "210" in expert.text
    assert "示例茶业" not in expert.text
    assert not expert.page.xpath("//main//a[contains(@href,'/registers/')]")
    assert expert.go(f"/registers/bases/{base}").answer.status_code == 403
    assert "红茶检测中心" in Reviewer(office, "zhou.ping").go(f"/registers/cases/{case}").text
    for stranger in ("song.ying", "tang.hao", "fan.yu"):
        assert Reviewer(office, stranger).client.get(f"/registers/cases/{case}").status_code in {403, 404}


def test_v_28_the_filler_is_asked_where_the_form_differs_from_the_own_register(office, tmp_path):
    """M-2.1 on the page: the count beside the item, to be mended or explained."""
    with_papers(tmp_path)
    enter("platform", "B042", "liu.min", **ledger.PLATFORM)
    filler = reviewing.begun(office).press()

    assert filler.answer.status_code == 422
    assert "与台账数（1）不一致" in filler.text
    filler.press(**{"explanations.V28": "另一平台当年停用。"})
    assert filler.answer.status_code == 200
    assert "与台账数" not in filler.text


def test_s_3_5_the_home_of_a_filler_counts_whom_to_contact_and_leads_to_the_list(office, stopped_clock):
    known = {"contact": "王某", "responsible": "刘敏", "frequency": "month", "since": "2026"}
    enter("key_enterprise", "B042", "liu.min", name="示例茶业", **known)
    assert "待联系重点企业" not in Reviewer(office, "liu.min").go("/home").text

    stopped_clock[0] = stopped_clock[0].replace(month=12, day=28)

    filler = Reviewer(office, "liu.min").go("/home")
    link = filler.page.xpath("//ul[@class='figures']//a[contains(., '待联系重点企业')]")[0]
    assert link.xpath("./b")[0].text_content() == "1"
    assert "待联系，应于2026年12月23日前联系" in filler.go(link.get("href")).text
    assert "待联系重点企业" not in Reviewer(office, "tang.hao").go("/home").text
    with reading() as store:
        ref = ledgers.rows(store, "key_enterprise")[0].ref
    for day in ("2026-12-27", "2026-12-01"):
        enter("visit", "B042", "liu.min", key_enterprise=ref, visited_on=day, way="phone", title="了解订单")
    assert "待联系重点企业" not in filler.go("/home").text


def test_m_5_1_the_home_of_a_liaison_counts_the_measures_to_go_on_with(office):
    with reading() as store:
        customs = ledger.seat(store, "measure", "ren.jie")
    given = {"in_year": "2026", "measure": "clearance", "state": "推进中"}
    enter("measure", customs, "ren.jie", name="提前申报", progress="running", **given)
    enter("measure", customs, "ren.jie", name="汇总征税", progress="done", **given)
    liaison = Reviewer(office, "ren.jie").go("/home")
    link = liaison.page.xpath("//ul[@class='figures']//a[contains(., '在办举措')]")[0]
    assert link.xpath("./b")[0].text_content() == "1"
    assert "在办举措" not in Reviewer(office, "guo.ning").go("/home").text
