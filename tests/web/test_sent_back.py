"""A form that was sent back, on its page: each remark at its field, all of them summed up with links (handbook 5)."""

from datetime import date

import pytest

from bases import demo
from engine import forms
from engine.forms import Remark
from ground import clock, files
from ground.database import transaction
from tests.engine.counting import counted
from tests.web import reviewing
from tests.web.reviewing import CITY, COUNTY, INTAKE, Reviewer
from tests.web.test_fields import GRID, ROWS, TEXT, form_of, rendered
from web.fields.around import Around
from web.fields.sheet import Sheet

TOLD = {
    "gross_output": "总产值与统计年报不一致。",
    "standards": "标准名单缺少编号。",
    "leading_enterprises": "第二家企业名称有误。",
    "plan": "规划缺少批复文件。",
}
BACK = {"outcome": "return", "reason": "请按逐项意见修改。"}
FILE = {"name": "plan", "type": "file", "label": "规划", "required": True}
PICK = {"name": "kinds", "type": "choices", "label": "情形", "options": [{"code": "a", "label": "甲"}]}
OFFICE = "市（州）经办人 · 宜宾市商务局"


@pytest.fixture
def papers(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


def item_by_item(told):
    """The rows of 逐项意见 as a browser sends them."""
    return {
        f"remarks.{row}.{name}": value
        for row, (field, text) in enumerate(told.items())
        for name, value in (("field", field), ("remark", text))
    }


def returned_by_the_city(office, told=TOLD):
    """The filler of Junlian, with the form open that the city sent back."""
    reviewing.at_the_city(office)
    Reviewer(office, "zhou.ping").claim_next().press(**{**CITY, **BACK}, **item_by_item(told))
    return Reviewer(office, "liu.min").claim_next()


def remark_at(page, name):
    found = page.xpath("//*[@id=$id]", id=f"m-{name}")
    return " ".join(found[0].text_content().split()) if found else ""


def described(page, name):
    """What the input of this name is described by."""
    (box,) = page.xpath("//*[@name=$name]", name=name)
    ids = (box.get("aria-describedby") or "").split()
    return [each for each in ids if not each.startswith("b-")]  # the same amount in the other unit


def sheet_with(*fields: dict, of: list):
    told = [Remark(name, text, date(2026, 11, 24), "city_officer@7") for name, text in of]
    around = Around(offices={"city_officer@7": OFFICE})
    return rendered(Sheet(form_of(*fields), {}, 2025, around=around, remarked=told))


def test_a_remark_stands_at_its_field_with_its_office_and_its_day_and_the_input_says_so():
    page = sheet_with(TEXT, GRID, of=[("contact", "与公章<b>不一致。")])
    assert remark_at(page, "contact") == f"审核意见：与公章<b>不一致。 {OFFICE} · 2026年11月24日"
    assert described(page, "contact") == ["h-contact", "m-contact"]
    assert "doubt" in page.xpath("//div[@data-field='contact']")[0].get("class").split()
    assert not page.xpath("//div[@data-field='contact']//b[text()='不一致。']")
    assert described(page, "output.y1") == []


def test_in_the_grid_a_remark_stands_below_its_row_and_each_year_says_so():
    page = sheet_with(GRID, {**GRID, "name": "part"}, of=[("output", "与年报不一致。")])
    assert (
        "与年报不一致。" in page.xpath("//tr[@id='f-output']/following-sibling::tr[1][@class='told']")[0].text_content()
    )
    assert page.xpath("//tr[@id='f-output']//span[@class='tag amber']")
    assert [described(page, f"output.{year}") for year in ("y3", "y2", "y1")] == [["m-output"]] * 3
    assert described(page, "part.y1") == []


def test_a_list_a_file_and_boxes_are_described_once_by_what_holds_them():
    page = sheet_with(ROWS, FILE, PICK, of=[(name, "请补正。") for name in ("firms", "plan", "kinds")])
    assert page.xpath("//div[@data-rows='firms']")[0].get("aria-describedby") == "m-firms"
    assert described(page, "_file.plan") == ["m-plan"]
    assert page.xpath("//div[@data-field='kinds']")[0].get("aria-describedby") == "m-kinds"


def test_the_summary_follows_the_form_and_what_has_no_field_here_has_no_link():
    of = [
        ("stamped_form", "扫描件不清晰。"),
        ("output", "与年报不一致。"),
        ("contact", "有误。"),
        ("contact", "缺电话。"),
    ]
    page = rendered_summary(TEXT, GRID, of=of)
    (box,) = page.xpath("//*[@id='remarks']")
    assert box.xpath(".//h2")[0].text_content() == "需修改4项"
    assert [line.text_content() for line in box.xpath(".//li")] == [
        "联系人：有误。",
        "联系人：缺电话。",
        "总产值：与年报不一致。",
        "加盖公章的信息表扫描件：扫描件不清晰。",
    ]
    assert box.xpath(".//li/a/@href") == ["#f-contact", "#f-contact", "#f-output"]


def rendered_summary(*fields: dict, of: list):
    told = [Remark(name, text, date(2026, 11, 24)) for name, text in of]
    return rendered(Sheet(form_of(*fields), {}, 2025, around=Around(), remarked=told), summed="remarks")


@pytest.mark.usefixtures("papers")
def test_the_filler_sees_each_remark_of_the_city_at_its_field_and_after_sending_none(office):
    filler = returned_by_the_city(office)
    page = filler.page
    for name, text in TOLD.items():
        assert text in remark_at(page, name)
        assert OFFICE in remark_at(page, name)
        assert "周平" not in remark_at(page, name)
    (box,) = page.xpath("//*[@id='remarks']")
    assert box.xpath(".//h2")[0].text_content() == "需修改4项"
    for link in box.xpath(".//a"):
        assert page.xpath("//*[@id=$id]", id=link.get("href").removeprefix("#")), link.get("href")
    assert "m-gross_output" in described(page, "gross_output.y2")
    assert "m-standards" in described(page, "standards.y1.count")
    filler.press(contact="")
    assert filler.answer.status_code == 422
    assert TOLD["plan"] in remark_at(filler.page, "plan")
    filler.press(contact="刘敏敏")
    reviewing.stamped(office, "liu.min")
    Reviewer(office, "yang.li").claim_next().press(**{**COUNTY, **BACK, "signer": None, "signed_on": None})
    again = Reviewer(office, "liu.min").claim_next()
    assert "本件由“所在地主管部门审核签批”退回" in again.text
    assert not again.page.xpath("//*[@id='remarks']")
    assert not [name for name in TOLD if remark_at(again.page, name)]


@pytest.mark.usefixtures("papers")
def test_the_remarks_read_in_english(office):
    filler = returned_by_the_city(office)
    filler.client.set_cookie("jidi-language", "en")
    page = filler.go(filler.path).page
    assert page.xpath("//*[@id='remarks']//h2")[0].text_content() == "4 items to change"
    assert remark_at(page, "plan").startswith(f"Remark: {TOLD['plan']} ")
    assert remark_at(page, "plan").endswith("23 Nov 2026")
    tags = page.xpath("//nav[@class='contents']//span[@class='tag amber']")
    assert [tag.text_content() for tag in tags] == ["1 remark"] * 4
    assert "Sent back: 4 items" in filler.go("/tasks").text


@pytest.mark.usefixtures("papers")
def test_r_9_2_what_the_notice_names_stands_at_the_fields_and_in_the_lists(office):
    reviewing.at_the_department(office)
    back = {**INTAKE, "outcome": "return", "reason": "缺上年纳税证明。"}
    Reviewer(office, "chen.jing").claim_next().press(**back)
    told = {"tax": "缺上年数据。", "email": "格式有误。", "plan": "规划未盖章。"}
    rows = {key.replace("remarks", "items").replace(".remark", ".missing"): v for key, v in item_by_item(told).items()}
    Reviewer(office, "chen.jing").claim_next().press(**rows)
    filler = Reviewer(office, "liu.min")
    for path in ("/home", "/tasks"):
        assert "补正通知书：3项" in filler.go(path).text
    filler.claim_next()
    for name, text in told.items():
        assert text in remark_at(filler.page, name)
        assert "商务厅" in remark_at(filler.page, name)
    filler.press(contact="刘敏敏")
    for path in ("/home", "/tasks"):
        assert not filler.go(path).all("table.dense .tag.amber")


@pytest.mark.usefixtures("papers")
def test_a_task_that_came_back_says_how_many_things_there_are_to_change(office):
    reviewing.at_the_city(office)
    Reviewer(office, "zhou.ping").claim_next().press(**{**CITY, **BACK}, **item_by_item(TOLD))
    filler = Reviewer(office, "liu.min")
    for path in ("/home", "/tasks"):
        assert "退回修改：4项" in filler.go(path).text
    assert "由“市（州）初审”退回" in filler.go("/home").text


@pytest.mark.usefixtures("papers")
def test_nobody_of_another_base_sees_a_remark_nor_does_the_public(office):
    """Attack: the filler and the officer of Meishan, an expert, and whoever is not signed in."""
    filler = returned_by_the_city(office)
    case = filler.all("p.under a")[0].get("href")
    for login in ("tang.hao", "wu.jie", "li.guohua"):
        other = Reviewer(office, login)
        for path in (filler.path, case, "/home", "/tasks"):
            page = other.go(path)
            assert not [text for text in TOLD.values() if text in page.text]
            assert "退回修改" not in page.text
        assert other.go(filler.path).answer.status_code == 404
    stranger = filler.client.application.test_client().get(filler.path)
    assert stranger.status_code in {302, 303, 401}


@pytest.mark.usefixtures("papers")
def test_the_county_that_may_see_the_case_does_not_open_the_form_of_the_filler(office):
    """Attack: the remarks come with the form to fill, which is the filler's."""
    filler = returned_by_the_city(office)
    assert Reviewer(office, "yang.li").go(filler.path).answer.status_code == 404


@pytest.mark.usefixtures("papers")
def test_the_remarks_cost_two_statements_and_before_anything_was_sent_none(office, database):
    """What was sent back, and the notice that stands; one each, at any number of remarks."""
    filler = reviewing.begun(office)
    assert asked(filler, database) == 0
    filler.press()
    reviewing.stamped(office, "liu.min")
    Reviewer(office, "yang.li").claim_next().press(
        **{**COUNTY, **BACK, "signer": None, "signed_on": None}, **item_by_item(TOLD)
    )
    assert asked(Reviewer(office, "liu.min").claim_next(), database) == 2


def asked(filler, database):
    """How many statements of the page are those of the remarks."""
    known = forms.registered_remarks()["information"]
    with counted(database) as with_them:
        filler.go(filler.path)
    forms.remarks("information")(lambda _session, _case: [])
    try:
        with counted(database) as without:
            filler.go(filler.path)
    finally:
        forms.remarks("information")(known)
    return with_them.statements - without.statements
