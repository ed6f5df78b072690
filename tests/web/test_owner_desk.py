"""The process owner's desk: a draft is opened, drawn, tried, compared, proposed, approved, brought to cases."""

import re
from io import BytesIO

import orjson
import pytest

from engine import definitions, steps
from engine.spiff import pictures
from ground import signing
from ground.database import reading
from tests.web import support

KEY = "base-change"
GROUNDS = {"basis": "川商外贸函〔2026〕12号", "note": "改名"}


@pytest.fixture
def owner(office):
    return enter(office, "qin.lan")


@pytest.fixture
def second(office):
    return enter(office, "xia.ning")


def enter(office, login):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def post(client, path, **data: object):
    return client.post(path, data={"csrf": support.token_of(client), **data})


def begin(client, key=KEY):
    return post(client, f"/processes/{key}/draft")


def put(client, body, rev=1, key=KEY):
    headers = {"If-Match": f'"{rev}"', "X-CSRF-Token": support.token_of(client), "Accept": "application/json"}
    return client.put(
        f"/processes/{key}/draft/diagram.bpmn", data=body, headers=headers, content_type="application/xml"
    )


def renamed(client, words="市（州）核对"):
    return client.get(f"/processes/{KEY}/draft/diagram.bpmn").data.replace("市（州）审核".encode(), words.encode())


def propose(client, rev=2, **more: object):
    return post(client, f"/processes/{KEY}/draft/proposal", rev=rev, **{**GROUNDS, **more})


def in_force():
    with reading() as store:
        return next(row.number for row in definitions.processes(store) if row.key == KEY)


def test_a_draft_opens_in_the_editor_with_what_can_be_chosen_and_what_the_check_says(owner):
    page = owner.get(begin(owner).location)
    assert "data-editor" in page.text
    offered = orjson.loads(re.search(r"data-offered>(.*?)</script>", page.text, re.DOTALL).group(1))
    role = next(each for each in offered["roles"] if each["code"] == "city_officer")
    assert role["count"] > 5
    term = next(each for each in offered["deadlines"] if each["code"] == "base_change")
    assert "10个工作日" in term["label"]
    assert "style-src-attr 'unsafe-inline'" in page.headers["Content-Security-Policy"]


def test_what_is_drawn_is_saved_and_the_check_answers(owner):
    begin(owner)
    answer = put(owner, renamed(owner))
    assert (answer.status_code, answer.json["rev"], answer.json["findings"]) == (200, 2, [])


def test_attack_1_what_cannot_run_is_said_with_its_element_and_kept_as_text(owner):
    begin(owner)
    evil = b'<bpmn:scriptTask id="evil"><bpmn:script>__import__("os")</bpmn:script></bpmn:scriptTask></bpmn:process>'
    body = owner.get(f"/processes/{KEY}/draft/diagram.bpmn").data.replace(b"</bpmn:process>", evil)
    said = put(owner, body).json["findings"]
    assert ("bpmn.script_forbidden", "evil") in [(each["code"], each["element"]) for each in said]
    assert owner.get(f"/processes/{KEY}/draft/diagram.bpmn").data == body
    assert owner.get(f"/processes/{KEY}/draft").status_code == 200
    assert propose(owner).status_code == 200  # the same page, with what is wrong
    assert in_force() == 1


def test_attack_25_an_older_state_is_not_written_over_a_newer_one(owner, second):
    begin(owner)
    put(owner, renamed(owner))
    refused = put(second, b"<x/>", rev=1)
    assert refused.status_code == 412
    assert "秦岚" in refused.json["title"] + refused.text
    assert "市（州）核对".encode() in owner.get(f"/processes/{KEY}/draft/diagram.bpmn").data


def test_a_save_without_the_state_it_saw_is_refused(owner):
    begin(owner)
    headers = {"X-CSRF-Token": support.token_of(owner), "Accept": "application/json"}
    assert owner.put(f"/processes/{KEY}/draft/diagram.bpmn", data=b"<x/>", headers=headers).status_code == 412


def test_the_difference_is_told_in_sentences(owner):
    begin(owner)
    put(owner, renamed(owner))
    page = owner.get(f"/processes/{KEY}/comparison?to=draft").text
    assert "人员任务“市（州）核对” 名称：市（州）审核 → 市（州）核对" in page
    assert "city_review" in page


def test_another_owner_approves_what_was_proposed_and_then_new_cases_follow_it(owner, second):
    begin(owner)
    put(owner, renamed(owner))
    made = propose(owner)
    assert made.status_code == 303
    assert "须由另一名流程管理员核准" in owner.get(made.location).text
    assert post(owner, f"{made.location}/approval").status_code == 403
    assert in_force() == 1
    assert "市（州）核对" in second.get("/proposals").text or KEY in second.get("/proposals").text
    post(second, f"{made.location}/approval")
    assert in_force() == 2
    assert "已发布" in second.get(made.location).text


def test_a_proposal_whose_state_is_no_number_is_one_of_an_old_page(owner):
    begin(owner)
    put(owner, renamed(owner))
    assert propose(owner, rev="x").status_code in {409, 412}


def test_a_day_that_is_none_is_refused_and_what_was_typed_stays(owner):
    begin(owner)
    put(owner, renamed(owner))
    page = propose(owner, on="31.12.2026", note="明年起改名")
    assert page.status_code == 200
    assert "生效日期" in page.text
    assert "明年起改名" in page.text
    assert page.text.count("alert-danger") == 1


def test_a_proposal_without_grounds_keeps_what_was_typed(owner):
    begin(owner)
    put(owner, renamed(owner))
    page = propose(owner, basis=" ", note="只改名")
    assert "请填写依据和说明" in page.text
    assert "只改名" in page.text


def test_a_proposal_that_is_sent_back_is_the_draft_again(owner, second):
    begin(owner)
    put(owner, renamed(owner))
    made = propose(owner)
    post(second, f"{made.location}/refusal", reason="先征求意见")
    assert "先征求意见" in owner.get(made.location).text
    assert owner.get(f"/processes/{KEY}/draft").status_code == 200


def test_a_draft_that_fails_its_own_tests_is_not_proposed_and_the_tests_are_named(owner):
    begin(owner)
    body = owner.get(f"/processes/{KEY}/draft/diagram.bpmn").data
    put(owner, body.replace(b'outcome == "agree"', b'outcome == "return"', 1))
    refused = propose(owner).text
    assert "个测试没有通过" in refused
    assert "联系人变更：不须领导签署" in refused
    assert "未通过" in owner.get(f"/processes/{KEY}/draft/tests").text


def test_a_draft_is_tried_with_every_role_played_by_the_owner(owner):
    begin(owner)
    path = f"/processes/{KEY}/draft/trial"
    assert "以基地管理机构填报员身份办理" in owner.get(path).text
    page = post(owner, path, script='{"steps": []}', act="complete", element="fill").text
    assert "以市（州）经办人身份办理" in page
    assert 'data-current="city_review' in page


def test_a_run_is_kept_as_a_test_of_the_draft(owner):
    begin(owner)
    script = orjson.dumps({"steps": [{"complete": "fill"}]}).decode()
    kept = post(owner, f"/processes/{KEY}/draft/tests", script=script, name="filled", title="填报以后到市州")
    page = owner.get(kept.location).text
    assert "填报以后到市州" in page
    assert page.count("未通过") == 0


@pytest.mark.parametrize("script", ["no json", "[]", '{"steps": [{"fly": 1}]}', '{"steps": 3}'])
def test_a_script_that_is_none_is_told_or_begins_again(owner, script):
    begin(owner)
    assert post(owner, f"/processes/{KEY}/draft/trial", script=script).status_code == 200


def test_a_process_is_founded_from_a_template_and_begun_by_whom_it_names(office, owner, second):
    founded = post(owner, "/processes", key="fair-visit", name="境外展会", number="展会", template="review")
    assert founded.location.endswith("/processes/fair-visit/draft")
    made = post(owner, "/processes/fair-visit/draft/proposal", rev=1, **GROUNDS)
    assert made.status_code == 303, made.text
    post(second, f"{made.location}/approval")
    officer = enter(office, "chen.jing")
    assert "境外展会" in officer.get("/matters/new").text
    begun = post(officer, "/matters", process="fair-visit", title="2027年东盟博览会", _key="once")
    page = officer.get(begun.location).text
    assert "2027年东盟博览会" in page
    assert "事项内容" in page
    filler = enter(office, "liu.min")
    assert post(filler, "/matters", process="fair-visit", title="x", _key="k").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"key": "Fair"}, {"key": KEY}, {"name": ""}, {"number": "太长的简称超过十二个字了吧"}, {"template": "../x"}],
)
def test_a_founding_that_is_wrong_keeps_what_was_typed(owner, wrong):
    typed = {"key": "fair", "name": "境外展会参展", "number": "展", "template": "plain", **wrong}
    page = post(owner, "/processes", **typed).text
    assert "请填写" in page
    assert typed["name"] in page


def test_a_diagram_drawn_elsewhere_is_imported_with_a_report_of_what_was_changed(owner):
    body = owner.get("/processes/base-change/versions/1/diagram.bpmn").data
    foreign = re.sub(rb' jidi:(role|scope|form)="[^"]*"', b"", body)
    answer = post(owner, "/processes", key="foreign", name="外来", number="外", file=(BytesIO(foreign), "drawn.bpmn"))
    assert "没有写明由哪种身份办理" in answer.text
    assert owner.get("/processes/foreign/draft").status_code == 200


def test_nobody_else_comes_near(office):
    for login in ("chen.jing", "ma.jun", "liu.min"):
        client = enter(office, login)
        for path in (f"/processes/{KEY}/draft", "/proposals", "/processes/new", f"/processes/{KEY}/comparison"):
            assert client.get(path).status_code == 403
        assert begin(client).status_code == 403
        assert put(client, b"<x/>").status_code == 403


def test_running_cases_are_asked_before_they_move(owner):
    assert "没有需要迁移的在办件" in owner.get(f"/processes/{KEY}/versions/1/migration").text


def test_last_years_cases_are_replayed_on_the_draft_and_nobody_else_asks(office, owner):
    begin(owner)
    page = owner.get(f"/processes/{KEY}/draft/what-if").text
    assert "最近一年没有这个流程的办件" in page
    assert enter(office, "chen.jing").get(f"/processes/{KEY}/draft/what-if").status_code == 403


def test_a_condition_is_asked_of_a_sample_and_says_true_false_or_what_is_wrong(office, owner):
    begin(owner)
    headers = {"X-CSRF-Token": support.token_of(owner), "Accept": "application/json"}

    def said(condition, **values: str):
        answer = owner.put(
            f"/processes/{KEY}/draft/condition", json={"condition": condition, "values": values}, headers=headers
        )
        return answer.get_json()["said"]

    assert said('outcome == "forward"', outcome="forward") == "成立"
    assert said("average >= 70", average="69.5") == "不成立"
    assert said("average >= 70", average="高") != "成立"
    assert "表达式" in said("().__class__")
    assert enter(office, "chen.jing").put(f"/processes/{KEY}/draft/condition", json={}, headers={}).status_code == 403


def test_whoever_proposes_is_told_where_nobody_holds_a_role_and_that_a_batch_is_under_way(owner):
    begin(owner)
    put(owner, renamed(owner))
    page = owner.get(f"/processes/{KEY}/draft/proposal").text
    assert "无在岗人员，发布后办件到此停滞" in page
    assert "批次正在进行" not in page


def test_a_step_is_offered_by_what_it_is_called(owner):
    text = owner.get(begin(owner).location).text
    offered = orjson.loads(re.search(r"data-offered>(.*?)</script>", text)[1])
    labels = {each["code"]: each["label"].strip() for each in offered["steps"]}
    assert labels["letters.tell"] == "告知"
    ours = {code for code in labels if not steps.find(code).run.__module__.startswith("tests")}
    assert [code for code in ours if labels[code] == code] == []


def test_the_letters_of_a_trial_are_shown_in_full_with_whom_they_go_to(owner):
    begin(owner)
    agreed = [{"complete": each, "data": {"outcome": "agree"}} for each in ("city_review", "prov_review")]
    steps = [{"complete": "fill"}, *agreed]
    gives = {"change.prepare": {"leader_signs": False}}
    script = orjson.dumps({"steps": steps, "gives": gives}).decode()
    page = post(owner, f"/processes/{KEY}/draft/trial", script=script).text
    assert "发给：基地管理机构填报员" in page
    assert "变更已" in page or "备案" in page


def test_a_process_whose_table_is_tried_row_by_row_leaves_none_to_name(owner):
    begin(owner, "rectification")
    assert "没有用到的行" not in owner.get("/processes/rectification/draft/tests").text


def test_a_version_goes_out_as_a_signed_bundle_and_comes_in_as_a_draft(office, owner, tmp_path):
    signing.keep_in(tmp_path)
    packed = owner.get(f"/processes/{KEY}/versions/{in_force()}/bundle.zip").data
    token = support.token_of(owner)
    answer = owner.post("/processes/bundle", data={"csrf": token, "file": (BytesIO(packed), "b.zip")})
    assert "由本系统签名，内容未改动" in answer.text
    assert "两个版本没有差别" in owner.get(f"/processes/{KEY}/comparison?to=draft").text
    answer = owner.post("/processes/bundle", data={"csrf": token, "file": (BytesIO(b"no zip"), "b.zip")})
    assert answer.status_code == 422
    assert "不是流程包" in answer.text
    assert enter(office, "chen.jing").get(f"/processes/{KEY}/versions/{in_force()}/bundle.zip").status_code == 403


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="50">'
    "{}</svg>"
)
EVIL = (
    '<script>alert(1)</script><image xlink:href="file:///etc/passwd"/><use xlink:href="http://evil.example/x.svg#a"/>'
    '<rect onclick="alert(1)" style="fill:url(http://evil.example/)" width="10" height="10"/>'
    '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject><text>文字</text>'
)


def test_a_version_is_printed_with_its_picture_and_the_table_of_its_steps(owner):
    path = f"/processes/{KEY}/versions/{in_force()}/print.pdf"
    headers = {"X-CSRF-Token": support.token_of(owner), "Content-Type": "image/svg+xml"}
    for body in (owner.get(path).data, owner.post(path, data=SVG.format(EVIL).encode(), headers=headers).data):
        assert body.startswith(b"%PDF")
    assert owner.post(path, data=b"<html/>", headers=headers).status_code == 422


def test_attack_of_a_picture_only_what_draws_is_printed():
    kept = pictures.drawing(SVG.format(EVIL).encode())
    assert "<text" in kept
    assert "<rect" in kept
    for word in ("script", "image", "use", "evil", "passwd", "onclick", "foreignObject"):
        assert word not in kept
    arrow = SVG.format('<path style="fill: none; marker-end: url(&quot;#arrow&quot;)" d="M 0 0 L 9 9"/>')
    assert "fill: none" in pictures.drawing(arrow.encode())
    bomb = b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SVG.format("<text>&b;</text>").encode()
    assert "aaaa" not in pictures.drawing(bomb)
