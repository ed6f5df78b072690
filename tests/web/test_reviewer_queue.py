"""The work queue in the browser: what waits, narrowed by the address; claims by one, by many, and by the slower one."""

import pytest

from bases import demo
from ground import clock, files
from ground.database import transaction
from tests.web import reviewing
from tests.web.reviewing import Reviewer


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


def test_a_task_stands_in_the_queue_with_its_number_step_place_and_deadline(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").go("/tasks")
    row = " ".join(county.all("table.queue tbody tr")[0].text_content().split())
    for words in (
        "2026-认定-001",
        "宜宾市筠连县",
        "所在地主管部门审核签批",
        "还剩6个工作日（含今天）",
        "系统默认时限",
        "待领取",
    ):
        assert words in row


def test_a_deadline_tells_its_date_and_that_it_is_only_ours(office):
    reviewing.at_the_county(office)
    due = Reviewer(office, "yang.li").go("/tasks").all(".due")[0]
    assert due.get("title") == "最迟2026年11月30日 周一 · 系统默认时限（文件未规定，系统默认）"


def test_the_same_queue_reads_in_english(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li")
    county.client.set_cookie("jidi-language", "en")
    assert "6 working days left (today included)" in county.go("/tasks").text
    assert "Claim next" in county.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stage=authority_review", 1),
        ("stage=intake", 0),
        ("due=overdue", 0),
        ("due=week", 1),
        ("held=free", 1),
        ("held=mine", 0),
        ("q=筠连", 1),
        ("q=2026-认定", 1),
        ("city=510100", 0),
        pytest.param("q=%25_%25", 0, id="attack[084] pattern"),
        pytest.param("q=' OR 1=1--", 0, id="attack[084] sql"),
        pytest.param("due=__class__&held=password_hash", 1, id="attack[084] words that are none of ours"),
    ],
)
def test_filters_stand_in_the_address_and_narrow_literally(office, query, found):
    reviewing.at_the_county(office)
    assert len(Reviewer(office, "yang.li").go(f"/tasks?{query}").all("table.queue tbody tr")) == found


@pytest.mark.parametrize("cursor", ["x", "20261123.1", "99999999999999999999.1", "1.-1", "../.."])
def test_an_address_that_is_no_place_in_the_list_is_refused_attack_086(office, cursor):
    assert Reviewer(office, "yang.li").go(f"/tasks?after={cursor}").answer.status_code == 400


def test_claiming_the_next_opens_it(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").claim_next()
    assert county.all("h1")[0].text_content() == "所在地主管部门审核签批"
    assert county.all("form[data-form]")


def test_with_nothing_left_to_claim_the_list_says_so(office):
    assert Reviewer(office, "yang.li").claim_next().answer.status_code == 409
    assert "待办已清" in Reviewer(office, "yang.li").go("/tasks").text


def test_the_slower_of_two_learns_who_has_it_and_is_back_in_the_list(office, stopped_clock):
    reviewing.at_the_department(office)
    slower = Reviewer(office, "zhang.rui").go("/tasks")
    address = slower.all("table.queue a.main")[0].get("href")
    Reviewer(office, "chen.jing").claim_next()
    slower.send(address.split("?")[0] + "/claim")
    assert slower.path == "/tasks"
    assert "陈静" in slower.text
    assert "秒前领取" in slower.text


def test_a_program_that_is_slower_gets_409(office):
    reviewing.at_the_department(office)
    slower = Reviewer(office, "zhang.rui").go("/tasks")
    address = slower.all("table.queue a.main")[0].get("href")
    Reviewer(office, "chen.jing").claim_next()
    answer = slower.client.post(
        address + "/claim", data={"csrf": slower.token()}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.get_json()["code"]) == (409, "task.taken")


def test_selected_tasks_are_claimed_together_and_one_that_is_gone_stops_no_other(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").go("/tasks")
    ref = county.all("input[name=task]")[0].get("value")
    county.send("/tasks/claims", {"task": [ref, "000000000000"], "back": "/tasks?held=mine"})
    assert "已领取1件；1件没有领到" in county.text
    assert county.path == "/tasks?held=mine"
    county.send("/tasks/releases", {"task": [ref]})
    assert "已放回1件" in county.text


def test_releasing_keeps_what_was_typed_for_the_one_who_typed_it(office):
    reviewing.at_the_department(office)
    chen = Reviewer(office, "chen.jing").claim_next()
    chen.press("save", opinion="先写一半")
    address = chen.path.split("?")[0]
    chen.send(address + "/release")
    assert "放回" in chen.text
    zhang = Reviewer(office, "zhang.rui").claim_next()
    assert zhang.value("opinion") == ""
    zhang.send(zhang.path.split("?")[0] + "/release")
    assert chen.claim_next().value("opinion") == "先写一半"


def test_a_program_releases_by_deleting_its_claim(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").claim_next()
    path = county.path.split("?")[0] + "/claim"
    answer = county.client.delete(path, headers={"X-CSRF-Token": county.token()})
    assert answer.status_code == 204
    assert len(county.go("/tasks?held=free").all("table.queue tbody tr")) == 1


def test_the_page_may_ask_how_much_is_open(office):
    reviewing.at_the_county(office)
    assert Reviewer(office, "yang.li").go("/tasks/count").answer.get_json() == {"open": 1, "mine": 0, "overdue": 0}


def test_an_overdue_default_is_grey_and_accuses_nobody(office, stopped_clock):
    reviewing.at_the_county(office)
    stopped_clock[0] = clock.start_of(clock.local_day(stopped_clock[0]).replace(month=12, day=3))
    support_session = Reviewer(office, "yang.li").go("/tasks")
    due = support_session.all(".due")[0]
    assert "past" in due.get("class")
    assert "超出系统默认时限3个工作日" in due.text_content()


@pytest.mark.parametrize("path", ["/tasks/claims", "/tasks/releases", "/applications", "/files"])
def test_nothing_changes_by_asking_for_it_attack_060(office, path):
    assert Reviewer(office, "liu.min").go(path).answer.status_code in {404, 405, 409}


def test_a_method_in_a_header_is_not_listened_to_attack_060(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").claim_next()
    path = county.path.split("?")[0] + "/claim"
    answer = county.client.get(path, headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 405


def test_what_was_done_started_and_begun_stands_in_its_own_list(office):
    filler = reviewing.at_the_county(office)
    assert "上传盖章件" in filler.go("/tasks/done").text
    assert "2026-认定-001" in filler.go("/cases").text
    assert "没有未提交的草稿" in filler.go("/tasks/drafts").text
    county = Reviewer(office, "yang.li").claim_next().press("save", opinion="写到一半")
    assert "宜宾市筠连县" in county.go("/tasks/drafts").text
