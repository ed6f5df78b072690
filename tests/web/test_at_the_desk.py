"""Bulk, distribution, phrases, views, follow-up days and the palette on pages: what they show, and to whom not."""

import pytest
from lxml import html

from tests.engine import desk, flows
from tests.tasks.test_bulk import folder, ref_of
from tests.web import support
from tests.web.reviewing import Reviewer


@pytest.fixture
def many(office):
    """Three tasks of one step that may be done in bulk, for `officer`."""
    assert office
    desk.publish(folder("many"))
    officer = desk.person("officer", "prov_officer")
    return [desk.start("many", officer, key=f"k{n}", subject=f"base:{n}") for n in range(3)]


def test_rows_of_one_step_are_done_by_one_form_and_each_result_is_told(office, many):
    browser = Reviewer(office, "officer").go("/tasks")
    assert "批量办理所选" in browser.text
    refs = [ref_of(case) for case in many]
    browser.send("/tasks/bulk", {"task": refs})
    assert "提交这3件" in browser.text
    assert "需要填写“理由”的，批量办理不成" in browser.text
    fields = browser.fields()
    other = desk.person("other", "prov_officer")
    desk.claim(refs[1], other)
    wrong = browser.client.post("/tasks/bulk/completions", data={**fields.to_dict(flat=False)})
    assert wrong.status_code == 422
    sent = {**fields.to_dict(flat=False), "outcome": "forward", "opinion": "<b>同意</b>"}
    for _time in range(2):  # the same page sent twice does each once
        answer = browser.client.post("/tasks/bulk/completions", data=sent)
        assert answer.status_code == 200
        assert "办结2件，没有办成1件" in answer.text
    assert "<b>" not in answer.text
    first = html.fromstring(answer.text).xpath("//main//li[not(ancestor::nav)]")[0]  # what is left to see to is first
    assert "已由other领取" in first.text_content()
    assert first.xpath(".//a/@href") == [f"/cases/{many[1]}"]  # no button: nothing is left for this person to do


def test_what_was_left_out_still_stands_beside_the_form_that_was_sent_back(office, many):
    desk.publish(flows.in_a_row("row", 1))
    single = desk.start("row", desk.person("second", "prov_officer"), key="single")
    browser = Reviewer(office, "officer").go("/tasks")
    browser.send("/tasks/bulk", {"task": [ref_of(many[0]), ref_of(single), "gone00000000"]})
    assert "这个环节的表单不能批量办理" in browser.text
    beside = [each.text_content() for each in browser.all("aside li")]
    assert len(beside) == 3  # the one, and the two that are left out
    browser.press(outcome="")
    assert browser.answer.status_code == 422
    assert [each.text_content() for each in browser.all("aside li")] == beside
    assert "提交这1件" in browser.text


def test_what_cannot_be_done_in_bulk_says_so(office):
    desk.publish(flows.in_a_row("row", 1))
    case = desk.start("row", desk.person("officer", "prov_officer"))
    client = support.browser(office)
    support.sign_in(client, "officer")
    assert "批量办理所选" not in client.get("/tasks").text
    answer = client.post("/tasks/bulk", data={"csrf": support.token_of(client), "task": ref_of(case)})
    assert answer.status_code == 422
    assert "逐件办理" in answer.text


def test_a_head_sees_the_load_and_gives_out_with_a_reason(office, many):
    desk.person("head", "prov_division_head")
    yi = desk.person("yi", "prov_officer")
    head = Reviewer(office, "head").go("/tasks/unit")
    assert "人员工作量" in head.text
    ref = ref_of(many[0])
    head.send("/tasks/unit/distributions", {"to": yi.ref, "reason": "均衡工作量"})
    assert "没有选中待办。" in head.text
    assert head.all("[name=reason]")[0].get("value") == "均衡工作量"
    head.send("/tasks/unit/distributions", {"task": ref, "to": yi.ref, "reason": ""})
    assert "请写明分派理由" in head.text
    head.send("/tasks/unit/distributions", {"task": ref, "to": yi.ref, "reason": "均衡<i>工作量"})
    assert "已分派1件" in head.text
    assert "分派给yi：均衡<i>工作量" in head.go(f"/cases/{many[0]}").text
    assert desk.waits(many[0])["check"].held_by == yi.person
    client = support.browser(office)
    support.sign_in(client, "yi")
    assert client.get("/tasks/unit").status_code == 403
    token = support.token_of(client)
    assert client.post("/tasks/unit/distributions", data={"csrf": token, "task": ref}).status_code == 403


def test_phrases_are_kept_on_a_page_and_offered_to_the_menu(office):
    desk.person("officer", "prov_officer")
    browser = Reviewer(office, "officer")
    browser.send("/phrases", {"words": "材料齐全<script>，同意。"})
    assert "常用语已保存" in browser.text
    assert browser.client.get("/phrases/menu").get_json() == {"phrases": ["材料齐全<script>，同意。"]}
    assert "<script>，" not in browser.answer.text
    assert browser.send("/phrases", {"words": " "}).answer.status_code == 422
    assert browser.send("/phrases", {"words": "x", "organ": "1"}).answer.status_code == 403
    assert browser.send("/phrases", {"words": "x", "organ": "one"}).answer.status_code == 404


def test_a_day_to_follow_up_and_a_view_stand_in_the_address_of_the_queue(office, many):
    browser = Reviewer(office, "officer").go("/tasks")
    ref = ref_of(many[0])
    browser.send(f"/tasks/{ref}/follow-up", {"on": "2026-12-01"})
    assert "跟进2026年12月1日" in browser.text
    assert len(browser.go("/tasks?view=follow").all("tr[data-row]")) == 1
    assert browser.send(f"/tasks/{ref}/follow-up", {"on": "2020-01-01"}).answer.status_code == 422
    assert browser.send(f"/tasks/{ref}/follow-up", {"on": "soon"}).answer.status_code == 422
    browser.send("/tasks/views", {"back": "/tasks?due=soon&held=mine", "name": "我的<b>急件"})
    assert "我的<b>急件" in browser.text
    assert browser.all("nav.views a")[-1].get("href") == "/tasks?due=soon&held=mine"
    browser.send("/tasks/views/removal", {"back": "/tasks", "name": "我的<b>急件"})
    assert "急件" not in browser.go("/tasks").text


def test_the_palette_leads_only_to_what_this_person_may_open(office, many):
    number = desk.row(many[0]).number
    officer, stranger = support.browser(office), support.browser(office)
    support.sign_in(officer, "officer")
    desk.person("stranger", "expert")
    support.sign_in(stranger, "stranger")
    json = {"Accept": "application/json"}
    found = officer.get(f"/go?q={number}", headers=json).get_json()["hits"]
    assert [(hit["more"], hit["url"]) for hit in found] == [(number, f"/cases/{many[0]}")]
    assert stranger.get(f"/go?q={number}", headers=json).get_json()["hits"] == []
    assert "待办" in officer.get("/go").text
    assert [hit["url"] for hit in officer.get("/go?q=常用语", headers=json).get_json()["hits"]] == ["/phrases"]
    assert officer.get("/go?q=" + "%25_'--" * 40, headers=json).status_code == 200
    assert len(officer.get("/go?q=20", headers=json).get_json()["hits"]) <= 20
    assert "<script>alert" not in officer.get("/go?q=<script>alert(1)</script>").text
    assert support.browser(office).get("/go?q=x", headers=json).status_code == 401
