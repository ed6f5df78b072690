"""The form of the annex goes out of the pages and comes back, and what changed is shown (F-4.3, R-9.1)."""

import io

import pytest
from docx import Document
from openpyxl import load_workbook

from bases import demo
from ground import clock, files
from ground.database import transaction
from tests.bases.workbooks import edited, repacked
from tests.web import reviewing
from tests.web.reviewing import COUNTY, Reviewer

EXPERTS = ("li.guohua", "wang.xiaodong", "zhao.minghui", "zheng.kai", "peng.lijuan", "han.zhiyuan", "tian.chunmei")
CHAIN = "红茶产业已形成从原料供应、生产加工到检验检测、仓储物流和国内外销售的产业链。（演示）"
KINDS = {"xlsx": b"PK", "docx": b"PK", "pdf": b"%PDF"}


@pytest.fixture(autouse=True)
def laid(database, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


def here(reviewer):
    return reviewer.path.partition("?")[0]


def fetched(reviewer, path):
    return reviewer.client.get(path)


def brought(reviewer, body, name="信息表.xlsx"):
    """Read a workbook back at the open task."""
    return reviewer.send(f"{here(reviewer)}/workbook", {"workbook": [(io.BytesIO(body), name)]})


@pytest.mark.parametrize("kind", KINDS)
def test_f_4_3_the_form_of_a_task_goes_out_filled_and_blank(office, kind):
    filler = reviewing.begun(office)

    filled = fetched(filler, f"{here(filler)}/form.{kind}")
    blank = fetched(filler, f"{here(filler)}/form.{kind}?blank=1")

    assert [answer.status_code for answer in (filled, blank)] == [200, 200]
    assert filled.data.startswith(KINDS[kind])
    assert filled.data != blank.data
    assert "attachment" in filled.headers["Content-Disposition"]
    assert filled.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", KINDS)
def test_f_4_3_everybody_gets_the_blank_form_beside_the_measures(visitor, kind):
    assert f"/about/measures/form.{kind}" in visitor.get("/about/measures").get_data(as_text=True)
    assert visitor.get(f"/about/measures/form.{kind}").data.startswith(KINDS[kind])
    assert visitor.get("/about/measures/form.exe").status_code == 404


@pytest.mark.performs("F-4.3")
def test_f_4_3_exported_filled_in_and_read_back_the_values_stand_in_the_draft(office):
    filler = reviewing.begun(office)
    task = here(filler)
    made = fetched(filler, f"{task}/form.xlsx").data

    def fill(book):
        book["表三"]["F4"] = 90.5
        book["表一"]["D5"] = "新联系人"
        book["表三"]["G5"] = "不是数字"

    brought(filler, edited(made, fill))
    assert "表三!G5" in filler.text
    assert "请填数字" in filler.text
    assert "单位：亿元" in filler.text
    assert "84.065 亿元" in filler.text
    assert "90.5 亿元" in filler.text

    form = filler.page.xpath("//form[contains(@action,'/adoption')]")[0]
    filler.send(form.get("action"), dict(form.form_values()))

    assert here(filler) == task
    assert filler.value("contact") == "新联系人"
    assert filler.value("gross_output.y3") == "90.5"
    assert filler.value("feature_output.y2") == "67.8245"


def test_reading_back_sends_nothing_and_changes_nothing_before_it_is_confirmed(office):
    filler = reviewing.begun(office)
    task = here(filler)
    made = fetched(filler, f"{task}/form.xlsx").data

    brought(filler, edited(made, lambda book: book["表一"].__setitem__("D5", "新联系人")))

    assert filler.go(task).value("contact") != "新联系人"


def test_an_unchanged_workbook_would_change_nothing(office):
    filler = reviewing.begun(office)

    brought(filler, fetched(filler, f"{here(filler)}/form.xlsx").data)

    assert "没有变动" in filler.text


def test_a_draft_that_another_window_has_changed_is_not_overwritten(office):
    filler = reviewing.begun(office)
    task = here(filler)
    made = fetched(filler, f"{task}/form.xlsx").data
    brought(filler, edited(made, lambda book: book["表一"].__setitem__("D5", "新联系人")))
    form = filler.page.xpath("//form[contains(@action,'/adoption')]")[0]
    given = dict(form.form_values())
    filler.go(task).press("save", unit="另一个窗口写的单位")

    filler.send(form.get("action"), given)

    assert filler.answer.status_code == 412
    assert filler.go(task).value("unit") == "另一个窗口写的单位"


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("信息表.xlsm", lambda body: repacked(body, {}, {"xl/vbaProject.bin": b"\0"}), "含有宏"),
        (
            "信息表.xlsx",
            lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "设有密码",
        ),
        ("信息表.xlsx", lambda body: body[: len(body) // 2], "已损坏"),
        ("信息表.pdf", lambda _: reviewing.PDF, "请选择从本系统导出的Excel文件"),
        ("信息表.xlsx", lambda body: repacked(body, {}, {"xl/media/zeros.bin": b"\0" * 30_000_000}), "过大"),
        (
            "信息表.xlsx",
            lambda body: repacked(body, {}, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
            "引用其他工作簿",
        ),
        (
            "信息表.xlsx",
            lambda body: repacked(body, {"xl/workbook.xml": lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml}),
            "打不开",
        ),
    ],
)
def test_attack_33_to_39_what_is_no_plain_workbook_is_refused_with_its_reason(office, name, change, said):
    filler = reviewing.begun(office)
    task = here(filler)
    made = fetched(filler, f"{task}/form.xlsx").data

    brought(filler, change(made), name)

    assert filler.answer.status_code in {413, 422}
    assert said in filler.text
    assert filler.go(task).answer.status_code == 200


def test_attack_49_a_file_of_another_person_cannot_be_read_back(office):
    filler = reviewing.begun(office)
    task = here(filler)
    foreign = Reviewer(office, "yang.li").letter()

    assert fetched(filler, f"{task}/workbook?file={foreign}").status_code == 404
    assert filler.send(f"{task}/workbook/adoption", {"file": foreign, "_rev": "0"}).answer.status_code == 404


def test_attack_74_nobody_reads_into_a_task_that_is_not_theirs(office):
    filler = reviewing.begun(office)
    task = here(filler)
    other = Reviewer(office, "zhou.ping")

    assert fetched(other, f"{task}/workbook").status_code == 404
    assert fetched(other, f"{task}/form.xlsx").status_code == 404


def test_f_4_3_a_sent_form_goes_out_with_the_version_and_the_code_of_what_was_sent(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").claim_next()
    case = county.page.xpath("//p[@class='under']/a/@href")[0]
    papers = county.go(f"{case}?tab=papers")
    link = next(found for found in papers.page.xpath("//a/@href") if found.endswith("form.xlsx"))

    made = load_workbook(io.BytesIO(fetched(county, link).data))
    word = Document(io.BytesIO(fetched(county, link.replace("xlsx", "docx")).data))

    foot = made["表一"]["A2"].value
    assert foot.startswith("报告年度：2025年　第1版　校验码：")
    assert word.sections[0].footer.paragraphs[0].text == foot


def test_attack_69_a_sent_form_of_another_city_is_not_there(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").claim_next()
    case = county.page.xpath("//p[@class='under']/a/@href")[0]
    papers = county.go(f"{case}?tab=papers")
    link = next(found for found in papers.page.xpath("//a/@href") if found.endswith("form.xlsx"))
    stranger = Reviewer(office, "tang.hao")

    assert fetched(stranger, link).status_code == 404
    assert fetched(stranger, link.replace("form.xlsx", "differences")).status_code == 404


def test_f_1_3_an_expert_sees_no_telephone_on_the_page_or_in_the_file(office):
    reviewing.with_the_experts(office)
    for login in EXPERTS:
        expert = Reviewer(office, login).go("/tasks")
        if expert.all("table.queue a.main"):
            expert.go(expert.all("table.queue a.main")[0].get("href"))
            break
    links = [found for found in expert.page.xpath("//a/@href") if found.endswith("form.docx")]

    assert "028-00000000" not in expert.text
    assert links
    text = "".join(
        cell.text
        for table in Document(io.BytesIO(fetched(expert, links[0]).data)).tables
        for row in table.rows
        for cell in row.cells
    )
    assert "028-00000000" not in text
    assert "（不显示）" in text


def test_r_9_1_a_second_submission_shows_its_differences_by_field(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").claim_next()
    county.press(
        **{
            **COUNTY,
            "outcome": "return",
            "opinion": "请更正。",
            "reason": "请更正。",
            "signer": None,
            "signed_on": None,
        }
    )
    filler = Reviewer(office, "liu.min").claim_next()
    filler.press(contact="第二位联系人", **{"gross_output.y1": "114.0000", "chain": CHAIN.replace("加工", "精深加工")})
    reviewing.stamped(office, "liu.min")
    county = Reviewer(office, "yang.li").claim_next()
    links = [found for found in county.page.xpath("//a/@href") if found.endswith("/differences")]

    link = links[-1]
    county.go(link)

    assert "第二位联系人" in county.text
    assert "113.8526 亿元" in county.text
    assert "114 亿元" in county.text
    assert len(county.all("tbody tr")) == 3
    assert [each.text_content().strip() for each in county.all("td.changed ins")] == ["增加了 精深"]
    county.client.set_cookie("jidi-language", "en")
    assert "Differences from the last submission" in county.go(link).text


def test_f_1_1_the_code_printed_from_a_draft_is_that_of_the_form_when_it_is_sent_unchanged(office):
    filler = reviewing.begun(office)
    printed = load_workbook(io.BytesIO(fetched(filler, f"{here(filler)}/form.xlsx").data))["表一"]["A2"].value
    filler.press()
    reviewing.stamped(office, "liu.min")
    county = Reviewer(office, "yang.li").claim_next()
    link = next(
        found for found in county.page.xpath("//a/@href") if found.endswith("form.xlsx") and "/papers/" in found
    )

    sent = load_workbook(io.BytesIO(fetched(county, link).data))["表一"]["A2"].value

    assert "（草稿）" in printed
    assert printed.rpartition("：")[2] == sent.rpartition("：")[2]
