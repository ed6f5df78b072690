"""One task in the browser: nothing typed is lost, one act for one key, and nobody does what is not theirs."""

import re

import orjson
import pytest
from sqlalchemy import func, select

from bases import demo
from bases.demo import rows
from engine.submissions import Draft, Submission
from ground import clock, files
from ground.database import reading, transaction
from tests.web import reviewing, support
from tests.web.reviewing import CITY, COUNTY, INTAKE, LETTER, PDF, SCORES, Reviewer

JSON = {"Content-Type": "application/json", "Accept": "application/json"}


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


def sent_at(element):
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Submission).where(Submission.element == element))


def put(reviewer, body, **headers: str):
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    headers = {**JSON, "X-CSRF-Token": reviewer.token(), **headers}
    return reviewer.client.put(reviewer.path.split("?")[0] + "/draft", data=data, headers=headers)


def test_the_form_opens_with_what_is_known_already(office):
    filler = reviewing.begun(office)
    assert filler.value("gross_output.y1") == "113.8526"
    assert filler.value("leading_enterprises.0.name")
    assert "外贸基地建设规划（演示）.pdf" in filler.text


def test_a_wrong_field_gets_its_message_and_everything_typed_stays(office):
    filler = reviewing.begun(office)
    filler.press(**{"contact": "", "gross_output.y1": "一百", "address": "演示路 1 号"})
    assert filler.answer.status_code == 422
    assert "联系人：请填写这一项" in filler.wrong()
    assert any(line.startswith("1. 总产值（上年）：请填数字") for line in filler.wrong())
    assert filler.value("gross_output.y1") == "一百"
    assert filler.value("address") == "演示路 1 号"
    for link in filler.all(".error-summary a"):
        assert filler.page.xpath("//*[@id=$id]", id=link.get("href").removeprefix("#")), link.get("href")


def test_what_was_refused_is_kept_as_a_draft_too(office):
    filler = reviewing.begun(office).press(contact="", address="演示路 1 号")
    assert filler.go(filler.path.split("/completion")[0]).value("address") == "演示路 1 号"


def test_a_doubt_stops_until_it_is_explained_and_the_explanation_is_kept(office):
    filler = reviewing.begun(office)
    filler.press(**{"tax.y1": f"{float(filler.value('tax.y2')) * 0.3:.4f}"})
    assert filler.answer.status_code == 422
    assert filler.all("textarea[name=explanations.V12]")
    filler.press(**{"explanations.V12": "企业搬迁，当年税收减少。"})
    assert "已办结" in filler.text
    reviewing.stamped(office, "liu.min")
    county = Reviewer(office, "yang.li").claim_next()
    assert "企业搬迁，当年税收减少。" in county.text


@pytest.mark.parametrize(
    "typed",
    ["NaN", "Infinity", "1e999999", "-0", "１２．５", "1_000", "0x10", "1,000", "9" * 400, "true"],
)
def test_a_number_that_is_none_is_refused_at_its_field_attack_088(office, typed):
    filler = reviewing.begun(office).press(**{"gross_output.y1": typed})
    assert filler.answer.status_code == 422
    assert any(line.startswith("1. 总产值（上年）") for line in filler.wrong())
    assert filler.value("gross_output.y1") == typed


def test_an_answer_that_no_form_has_is_refused_attack_079(office):
    filler = reviewing.begun(office)
    for name in ("role", "status", "owner_id", "created_at"):
        filler.press(**{name: "admin"})
        assert filler.answer.status_code == 422
        assert any("表中没有这一项" in line for line in filler.wrong())
        filler.go(filler.path.split("/completion")[0])
    assert sent_at("fill") == 0


def test_the_same_form_sent_twice_is_one_transition_attack_077(office):
    filler = reviewing.begun(office)
    action, data = filler.page.xpath("//form[@data-form]")[0].get("action"), filler.fields()
    first = filler.client.post(action, data=data)
    again = filler.client.post(action, data=data)
    assert (first.status_code, again.status_code) == (303, 303)
    assert sent_at("fill") == 1


def test_a_second_tab_with_another_key_is_told_and_nothing_happens_twice_attack_077(office):
    filler = reviewing.begun(office)
    action, data = filler.page.xpath("//form[@data-form]")[0].get("action"), filler.fields()
    filler.client.post(action, data=data)
    data["_key"] = "another"
    late = filler.client.post(action, data=data)
    assert late.status_code == 409
    assert "已经办结" in late.get_data(as_text=True)
    assert sent_at("fill") == 1


def test_after_sending_the_applicant_cannot_go_on_editing_attack_070(office):
    filler = reviewing.begun(office)
    path = filler.path
    filler.press()
    assert filler.go(path).answer.status_code == 409
    assert put(filler.go(path), {"rev": 1, "fields": [["contact", "x"]]}).status_code == 409


def test_a_task_that_somebody_else_holds_is_not_completed_attack_074(office):
    reviewing.at_the_department(office)
    chen = Reviewer(office, "chen.jing").claim_next()
    action, data = chen.page.xpath("//form[@data-form]")[0].get("action"), chen.fields(**INTAKE)
    zhang = Reviewer(office, "zhang.rui")
    data["csrf"] = zhang.token()
    answer = zhang.client.post(action, data=data)
    assert answer.status_code == 409
    assert sent_at("intake") == 0
    page = zhang.go(chen.path)
    assert "陈静" in page.text
    assert not page.all("form[data-form]")


def test_after_completing_the_next_task_opens_at_once(office):
    reviewing.at_the_department(office)
    filler = Reviewer(office, "tang.hao").go("/applications/new")
    filler.send("/applications", dict(filler.page.xpath("//form[contains(@action,'/applications')]")[0].form_values()))
    filler.press()
    reviewing.stamped(office, "tang.hao")
    Reviewer(office, "deng.tao").claim_next().press(**{**COUNTY, "signer": "邓涛"})
    Reviewer(office, "wu.jie").claim_next().press(**CITY)
    city = Reviewer(office, "wu.jie").claim_next()
    number = {"incoming_number": "眉商务〔2026〕3号"}
    city.press(**{**LETTER, **number}, scan=city.letter())
    reviewing.consulted()
    chen = Reviewer(office, "chen.jing").claim_next().press(**INTAKE)
    assert "2026-认定-001“受理与准入条件核查”已办结。下一件：2026-认定-001。" in chen.text
    assert "核定回避并抽取" in chen.text


# Drafts.


def test_typing_is_kept_on_the_server_and_survives_the_session_attack_058(office):
    filler = reviewing.begun(office)
    answer = put(filler, {"rev": 0, "fields": [["contact", "李雷"], ["gross_output.y1", "１２"]]})
    assert answer.get_json()["rev"] == 1
    path = filler.path
    later = Reviewer(office, "liu.min").go(path)
    assert later.value("contact") == "李雷"
    assert later.value("gross_output.y1") == "１２"
    assert "草稿保存于" in later.text


def test_a_draft_answers_with_what_the_form_adds_up(office):
    reviewing.with_the_experts(office)
    expert = first_expert(office)
    answer = put(expert, {"rev": 0, "fields": [["c1", "20.5"], ["c2", "12"], ["c3", "20"], ["c4", "1"], ["c5", "2"]]})
    assert answer.get_json()["totals"] == {"total": "55.5"}


def test_a_window_that_is_behind_overwrites_nothing(office):
    filler = reviewing.begun(office)
    assert put(filler, {"rev": 0, "fields": [["contact", "一"]]}).status_code == 200
    late = put(filler, {"rev": 0, "fields": [["contact", "二"]]})
    assert (late.status_code, late.get_json()["code"]) == (412, "draft.changed")
    assert filler.go(filler.path).value("contact") == "一"
    filler.press("save", contact="三", _rev="0")
    assert filler.answer.status_code == 412
    assert filler.value("contact") == "三"
    filler.press("save")
    assert filler.go(filler.path.split("/completion")[0]).value("contact") == "三"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b'{"rev": NaN, "fields": []}', {}, 400, id="attack[089] NaN"),
        pytest.param(b"\xef\xbb\xbf" + b'{"rev": 0, "fields": []}', {}, 400, id="attack[089] BOM"),
        pytest.param(b'{"rev": 0, "fields": "' + "基".encode("gb18030") + b'"}', {}, 400, id="attack[089] charset"),
        pytest.param(b"[" * 100_000, {}, 400, id="attack[089] depth"),
        pytest.param(b'{"rev": 0, "fields": [["a", 1]]}', {}, 400, id="attack[089] number"),
        pytest.param(b'{"rev": true, "fields": []}', {}, 400, id="attack[089] flag"),
        pytest.param(b'{"rev": 0, "fields": []}', {"Content-Type": "text/plain"}, 415, id="attack[089] plain"),
        pytest.param(b'{"rev": 0, "fields": [["a", "' + b"x" * 10_000_000 + b'"]]}', {}, 413, id="attack[089] 10 MB"),
        pytest.param(b'{"rev": 0, "fields": [["a..b", "x"]]}', {}, 400, id="attack[089] name"),
    ],
)
def test_a_draft_that_is_no_draft_is_refused(office, body, headers, status):
    filler = reviewing.begun(office)
    assert put(filler, body, **headers).status_code == status
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 0


@pytest.mark.parametrize(("field", "status"), [("x" * 600_000, 413), ("x" * 5_000, 422)])
def test_a_field_that_is_too_large_is_refused_attack_094(office, field, status):
    filler = reviewing.begun(office)
    data = filler.fields(contact=field)
    assert filler.client.post(filler.path.split("?")[0] + "/completion", data=data).status_code == status


def test_more_parts_than_any_form_has_are_refused_attack_094(office):
    filler = reviewing.begun(office)
    data = filler.fields(**{f"leading_enterprises.{n}.name": "x" for n in range(1_600)})
    path = filler.path.split("?")[0] + "/completion"
    answer = filler.client.post(path, data=data, content_type="multipart/form-data")
    assert answer.status_code == 413


# Small buttons, without JavaScript.


def test_a_row_is_added_and_dropped_and_nothing_typed_is_lost(office):
    filler = reviewing.begun(office)
    rows = len(filler.all("div[data-rows=leading_enterprises] tr[data-row]"))
    filler.press("add:leading_enterprises", contact="李雷")
    assert len(filler.all("div[data-rows=leading_enterprises] tr[data-row]")) == rows + 1
    assert filler.value("contact") == "李雷"
    second = filler.value("leading_enterprises.1.name")
    filler.press("drop:leading_enterprises.0")
    assert len(filler.all("div[data-rows=leading_enterprises] tr[data-row]")) == rows
    assert filler.value("leading_enterprises.0.name") == second


def test_a_row_is_added_to_the_names_of_one_year(office):
    filler = reviewing.begun(office)
    path = "service_platforms.y2.rows"
    rows = len(filler.all(f"div[data-rows={path}] tr[data-row]"))
    filler.press(f"add:{path}")
    assert len(filler.all(f"div[data-rows={path}] tr[data-row]")) == rows + 1


def test_a_file_goes_along_with_the_form_and_is_there_when_something_else_is_wrong(office):
    city = reviewing.at_the_report(office)
    data = city.fields(**{**LETTER, "signer": ""})
    data["_file.scan"] = (reviewing.BytesIO(PDF), "上报文件.pdf")
    city.send(city.path.split("?")[0] + "/completion", data)
    assert city.wrong() == ["签发人：请填写这一项"]
    assert "上报文件.pdf" in city.text
    city.press(signer="曹云")
    assert "已办结" in city.text


def test_a_file_that_lies_gets_its_message_at_its_field_and_the_rest_stays(office):
    city = reviewing.at_the_report(office)
    data = city.fields(**LETTER)
    data["_file.scan"] = (reviewing.BytesIO(b"<html>hello</html>"), "上报文件.pdf")
    city.send(city.path.split("?")[0] + "/completion", data)
    assert city.answer.status_code == 422
    assert city.value("signer") == LETTER["signer"]
    assert any("盖章" in line and "扩展名不符" in line for line in city.wrong())


def test_a_stored_file_is_taken_out_again(office):
    filler = reviewing.begun(office)
    ref = filler.value("plan")
    filler.press(f"remove:plan:{ref}")
    assert "外贸基地建设规划（演示）.pdf" not in filler.text
    filler.press()
    assert "外贸基地建设规划：请上传文件" in filler.wrong()


def test_somebody_elses_file_cannot_be_put_into_a_form(office):
    city = reviewing.at_the_report(office)
    foreign = Reviewer(office, "lin.chao").letter()
    city.press(**LETTER, scan=foreign)
    assert city.answer.status_code == 422
    assert sent_at("report") == 0


# Coming back.


def test_a_returned_application_says_why_and_shows_what_changed(office):
    reviewing.at_the_county(office)
    back = {**COUNTY, "outcome": "return", "reason": "总产值与统计年报不一致，请核对。"}
    Reviewer(office, "yang.li").claim_next().press(**back)
    filler = Reviewer(office, "liu.min").claim_next()
    assert "本件由“所在地主管部门审核签批”退回" in filler.text
    assert "总产值与统计年报不一致，请核对。" in filler.text
    filler.press(**{"gross_output.y1": "114.5"})
    reviewing.stamped(office, "liu.min")
    county = Reviewer(office, "yang.li").claim_next()
    changed = [" ".join(each.text_content().split()) for each in county.all(".changed")]
    assert changed[-1] == "已修改 原为 113.8526 114.5"


# Rights.


def test_an_expert_opens_no_sheet_but_the_own_attack_071(office):
    reviewing.with_the_experts(office)
    chosen = first_expert(office)
    for login in EXPERTS:
        other = Reviewer(office, login)
        if other.go("/tasks").all("table.queue a.main"):
            continue
        assert other.go(chosen.path).answer.status_code == 404
        assert other.go(case_of(chosen)).answer.status_code == 404


def test_scores_are_sealed_until_the_last_is_in_attack_071(office):
    reviewing.with_the_experts(office)
    chosen = drawn(office)
    chosen[0].press(**{**SCORES, "opinion": "独家意见甲。"})
    assert "独家意见甲。" not in chosen[1].go(chosen[1].path).text
    officer = Reviewer(office, "chen.jing").go(case_of(chosen[1]) + "?tab=papers")
    assert "独家意见甲。" not in officer.text
    for each in chosen[1:]:
        each.press(**SCORES)
    assert "独家意见甲。" in officer.go(officer.path).text


def test_marks_that_leave_half_points_or_want_a_reason_are_told(office):
    reviewing.with_the_experts(office)
    expert = first_expert(office)
    expert.press(**{**SCORES, "c1": "24", "c2": "12.3"})
    assert any("0.5分" in line for line in expert.wrong())
    assert any("90%" in line for line in expert.wrong())


def test_what_the_table_suggests_stands_beside_the_decision(office):
    reviewing.with_the_experts(office)
    for each in drawn(office):
        each.press(**SCORES)
    reviewing.reported()
    chen = Reviewer(office, "chen.jing").claim_next()
    assert "系统建议" in chen.text
    assert "首次申报的，建议考察" in chen.text


EXPERTS = tuple(rows.experts())


def opened(reviewer):
    found = reviewer.go("/tasks").all("table.queue a.main")
    return bool(found) and bool(reviewer.go(found[0].get("href")).all("form[data-form]"))


def drawn(office):
    return [each for each in (Reviewer(office, login) for login in EXPERTS) if opened(each)]


def first_expert(office):
    return drawn(office)[0]


def case_of(reviewer):
    return re.search(r"/cases/[0-9a-z]{12}", reviewer.answer.get_data(as_text=True))[0]


def test_the_tabs_are_addresses(office):
    filler = reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").claim_next()
    path = county.path.split("?")[0]
    assert "办结“填报信息表”" in county.go(f"{path}?tab=history").text
    assert county.go(f"{path}?tab=diagram").all("[data-diagram]")[0].get("data-current") == "authority_review"
    assert "外贸基地建设规划（演示）.pdf" in county.go(f"{path}?tab=files").text
    assert filler.client.get(path).status_code == 404


def test_a_post_without_the_token_changes_nothing_attack_059(office):
    filler = reviewing.begun(office)
    data = filler.fields(csrf="x")
    assert filler.client.post(filler.path.split("?")[0] + "/completion", data=data).status_code == 403
    assert sent_at("fill") == 0
    assert support.token_of(filler.client)
