"""退回, 撤回, 催办 and 呈批件 on their pages: offered to whom they are for, previewed, done, and said afterwards."""

import re

import pytest
from sqlalchemy import select

from bases import demo
from engine.waits import Wait
from ground import clock, files
from ground.database import reading, transaction
from tests.web import reviewing
from tests.web.reviewing import COUNTY, Reviewer
from tests.web.test_sent_back import remark_at

HTML = "第三年数据有误<script>alert(1)</script>"


@pytest.fixture
def papers(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


@pytest.fixture
def city(office, papers):
    """The officer of Yibin, with the review of the city open."""
    reviewing.at_the_city(office)
    return Reviewer(office, "zhou.ping").claim_next()


def link(page, words):
    found = page.page.xpath("//main//a[contains(normalize-space(.), $words)]", words=words)
    return found[0].get("href") if found else None


def case_of(page):
    return page.all("p.under a")[0].get("href")


def chosen(city, target="fill"):
    city.go(link(city, "退回前序环节"))
    (row,) = city.page.xpath("//tr[th]//a[contains(@href, $target)]", target=f"target={target}")
    return city.go(row.get("href").partition("#")[0])


def typed(page, **more: str):
    form = page.page.xpath("//form[@id='why']")[0]
    return form.get("action"), {**dict(form.form_values()), **more}


def test_the_steps_to_send_it_back_to_are_listed_with_who_did_them_and_what_ends(city):
    city.go(link(city, "退回前序环节"))
    rows = [" ".join(each.text_content().split()) for each in city.page.xpath("//tbody/tr")]
    assert ["".join(re.findall("^[^\\d]+", row)) for row in rows] == [
        "所在地主管部门审核签批杨丽",
        "上传盖章件刘敏",
        "填报信息表刘敏",
    ]
    assert rows[0].count("无") == 1


def test_it_is_sent_back_with_its_fields_and_the_applicant_sees_them_at_the_form(city, office):
    page = chosen(city)
    assert "由刘敏修改后重新提交" in page.text
    path, given = typed(page, **{"reason": HTML, "remark.gross_output": "与统计年报不一致<b>。"})
    done = page.send(path, given)
    assert "已退回到“填报信息表”修改。" in done.text
    with reading() as session:
        ref = session.scalar(select(Wait.ref).where(Wait.element == "fill"))
    filler = Reviewer(office, "liu.min").go(f"/tasks/{ref}")
    assert HTML in filler.text
    assert not filler.page.xpath("//main//script[contains(., 'alert')]")
    assert "由“市（州）初审”退回" in filler.text
    assert remark_at(filler.page, "gross_output").startswith("审核意见：与统计年报不一致<b>。")
    assert filler.value("contact")
    assert "“市（州）初审”退回到“填报信息表”修改" in filler.go(case_of(filler)).text


def test_without_a_reason_the_page_comes_again_with_what_was_typed(city):
    page = chosen(city)
    path, given = typed(page, **{"reason": " ", "remark.gross_output": "不一致。"})
    page.send(path, given)
    assert page.answer.status_code == 422
    assert "请写明退回理由" in page.text
    assert page.page.xpath("//input[@name='remark.gross_output']")[0].get("value") == "不一致。"


def test_nobody_but_its_holder_opens_or_sends_that_page(city, office):
    path = link(city, "退回前序环节")
    for login in ("wu.jie", "liu.min", "tan.bin"):
        other = Reviewer(office, login)
        assert other.go(path).answer.status_code == 404
        assert other.send(path.partition("?")[0], {"target": "fill", "reason": "x"}).answer.status_code == 409
    assert city.go(f"{path}&target=decide").answer.status_code == 404
    assert city.send(path.partition("?")[0], {"target": "decide", "reason": "x"}).answer.status_code == 409


def test_the_filler_is_offered_no_sending_back(office, papers):
    filler = reviewing.begun(office)
    assert link(filler, "退回前序环节") is None
    assert filler.go(f"{filler.path.partition('?')[0]}/return").answer.status_code == 403


def test_the_county_takes_its_review_back_and_has_it_as_its_draft(office, papers):
    county = reviewing.at_the_county(office) and Reviewer(office, "yang.li").claim_next()
    case = case_of(county)
    county.press(**COUNTY)
    county.go(case)
    assert "撤回已提交的“所在地主管部门审核签批”" in county.text
    form = county.page.xpath("//form[contains(@action, 'taking-back')]")[0]
    county.send(form.get("action"), dict(form.form_values()))
    assert "已撤回，原内容保留在草稿里" in county.text
    assert county.value("opinion") == COUNTY["opinion"]
    assert "撤回“所在地主管部门审核签批”" in county.go(f"{case}").text
    assert "已撤回" in county.go(f"{case}?tab=papers").text


def test_once_the_city_has_claimed_it_the_page_says_who_and_when(city, office):
    county = Reviewer(office, "yang.li").go(case_of(city))
    assert "下一环节已由周平于" in county.text
    assert not county.page.xpath("//form[contains(@action, 'taking-back')]")
    county.send(f"{case_of(city)}/taking-back", {"_key": "late"})
    assert "不能撤回" in county.text


def test_the_base_urges_once_a_working_day_and_sees_when_it_did(city, office):
    case = case_of(city)
    filler = Reviewer(office, "liu.min").go(case)
    form = filler.page.xpath("//form[contains(@action, 'urging')]")[0]
    filler.send(form.get("action"), dict(form.form_values()))
    assert "已催办1项。" in filler.text
    assert "最近一次催办：" in filler.text
    assert not filler.page.xpath("//form[contains(@action, 'urging')]")
    assert filler.send(form.get("action"), dict(form.form_values())).answer.status_code == 409
    assert "已经催办" in filler.text
    assert "催办“市（州）初审”，已等待0个工作日" in filler.go(case).text
    assert Reviewer(office, "wu.jie").send(f"{case}/urging").answer.status_code == 404
    assert Reviewer(office, "zhou.ping").send(f"{case}/urging").answer.status_code == 403


def test_the_sheet_of_opinions_comes_as_a_pdf_for_whoever_may_read_them(city, office):
    case = case_of(city)
    city.go(case)
    assert link(city, "呈批件") == f"{case}/opinions.pdf"
    answer = city.client.get(f"{case}/opinions.pdf")
    assert answer.get_data().startswith(b"%PDF")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert Reviewer(office, "wu.jie").client.get(f"{case}/opinions.pdf").status_code == 404
    assert city.client.get(f"{case}/opinions.pdf?seq=999999").status_code == 404


def test_in_english_the_pages_speak_english(city):
    city.client.set_cookie("jidi-language", "en")
    page = chosen_in_english(city)
    assert "To which step" in page.text
    assert "What to change" in page.text


def chosen_in_english(city):
    city.go(city.path)
    city.go(link(city, "Send back"))
    (row,) = city.page.xpath("//tr[th]//a[contains(@href, 'target=fill')]")
    return city.go(row.get("href").partition("#")[0])
