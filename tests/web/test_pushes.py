"""The head's page of one case, and acts on many: ticked, looked at, run, with a result for each; who may, and HTML."""

import re

import pytest

from bases.cooperation import issue
from engine import cases
from ground import clock, grants, jobs, people
from ground.database import reading, transaction
from tests.bases import cooperating as desk
from tests.web import support

SUPERVISOR, SECTION, DIVISION = "liang.bo", "tan.bin", "ma.jun"
WHY = "经办人员<b>调离</b>"


def signed_in(office, login):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def post(client, url, **typed: str):
    return client.post(url, data={"csrf": support.token_of(client), "_key": "k1", "reason": WHY, **typed})


@pytest.fixture
def difficulty(office):
    """A difficulty of Yibin's base that waits with its county; its ref."""
    assert office
    return issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref


@pytest.fixture
def colleague(difficulty):
    """Somebody else of the same office; their ref."""
    assert difficulty
    queue = desk.task(difficulty, "register").queue
    role, _at, organ = queue.partition("@")
    with transaction() as session:
        number = people.add_person(session, "new.one", "新同事", "A colleague")
        grants.give(session, number, role, int(organ), clock.today())
        return people.actor(session, number, clock.today()).ref


def work():
    while jobs.run_due(clock.now()):
        pass


def test_the_head_of_the_city_reassigns_extends_and_suspends_on_one_page(office, difficulty, colleague):
    client = signed_in(office, SECTION)
    page = client.get(f"/cases/{difficulty}/charge").text
    assert "新同事" in page
    task = desk.task(difficulty, "register")
    assert post(client, f"/tasks/{task.ref}/reassignment", to=f"person:{colleague}").status_code == 303
    with reading() as session:
        assert people.name_of(session, [desk.task(difficulty, "register").held_by])
    assert post(client, f"/tasks/{task.ref}/extension", days="1").status_code == 303
    assert desk.task(difficulty, "register").due_on > task.due_on
    assert post(client, f"/tasks/{task.ref}/extension", days="1").status_code == 409
    assert post(client, f"/cases/{difficulty}/suspension").status_code == 303
    assert "恢复办理" in client.get(f"/cases/{difficulty}/charge").text
    assert post(client, f"/cases/{difficulty}/resumption").status_code == 303
    story = client.get(f"/cases/{difficulty}").text
    for words in ("改派“", "的时限由", "中止办理：", "恢复办理，时限顺延"):
        assert words in story
    assert "<b>调离</b>" not in story


def test_others_may_not(office, difficulty, colleague):
    task = desk.task(difficulty, "register")
    for login in (SUPERVISOR, desk.FILLER, "zhou.ping"):
        client = signed_in(office, login)
        assert client.get(f"/cases/{difficulty}/charge").status_code == 403
        assert post(client, f"/tasks/{task.ref}/reassignment", to=f"person:{colleague}").status_code == 403
        assert post(client, f"/cases/{difficulty}/suspension").status_code == 403
    head = signed_in(office, DIVISION)
    assert post(head, f"/tasks/{task.ref}/reassignment", to=f"person:{colleague}").status_code == 403
    assert post(head, f"/tasks/{task.ref}/extension", days="1").status_code == 403
    assert "改派给" not in head.get(f"/cases/{difficulty}/charge").text
    for days in ("", "-1", "x", "９", "1e3", "99999"):
        section = signed_in(office, SECTION)
        assert post(section, f"/tasks/{task.ref}/extension", days=days).status_code == 422
    assert post(section, f"/tasks/{task.ref}/reassignment", to="person:' OR 1=1").status_code == 422
    assert post(section, "/tasks/nosuchtask22/extension", days="1").status_code in {404, 409, 410}


def test_many_are_ticked_looked_at_and_done_with_a_result_for_each(office, difficulty):
    client = signed_in(office, SECTION)
    listed = client.get("/pushes/new").text
    assert difficulty in listed
    page = post(client, "/pushes/preview", act="suspend", case=difficulty)
    assert page.status_code == 200
    assert "将要处理" in page.text
    assert "<b>调离</b>" not in page.text
    refs = re.search(r'name="cases" value="([^"]*)"', page.text)[1]
    assert refs == difficulty
    begun = post(client, "/pushes", act="suspend", cases=refs)
    assert begun.status_code == 303
    assert "0/1" in client.get(begun.location).text
    work()
    assert "1/1" in client.get(begun.location).text
    assert "已完成" in client.get(begun.location).text
    assert begun.location in client.get("/pushes").text
    assert desk.case(difficulty).status == "suspended"
    assert post(client, "/pushes", act="suspend", cases=refs).location == begun.location
    assert signed_in(office, DIVISION).get(begun.location).status_code == 404


def test_all_that_the_filter_finds_is_taken_and_what_cannot_go_says_why(office, difficulty):
    client = signed_in(office, SUPERVISOR)
    page = post(client, "/pushes/preview", act="urge", all="1", process="enterprise-issue")
    assert desk.case(difficulty).number in page.text
    work()
    begun = post(client, "/pushes", act="urge", cases=difficulty)
    work()
    assert "已处理" in client.get(begun.location).text
    again = post(client, "/pushes/preview", act="urge", case=difficulty)
    assert "今天已经催办过" in again.text
    assert post(client, "/pushes/preview", act="urge", all="1", process="nothing'--").status_code == 422


def test_what_is_not_a_bulk_act_or_not_theirs_is_refused(office, difficulty):
    client = signed_in(office, SUPERVISOR)
    for typed in ({"act": "burn"}, {"act": ""}):
        assert post(client, "/pushes/preview", case=difficulty, **typed).status_code == 422
    assert post(client, "/pushes/preview", act="suspend", case=difficulty).status_code == 403
    assert post(client, "/pushes/preview", act="urge").status_code == 422
    section = signed_in(office, SECTION)
    assert post(section, "/pushes/preview", act="extend", case=difficulty, days="").status_code == 200
    assert post(section, "/pushes/preview", act="reassign", case=difficulty, to="").status_code == 422
    for login in (desk.FILLER, "zhou.ping"):
        assert signed_in(office, login).get("/pushes/new").status_code == 403


def test_a_closed_case_offers_nothing(office, difficulty):
    cases.cancel(difficulty, by=desk.person(DIVISION), reason="误报", key="c")
    client = signed_in(office, SECTION)
    assert difficulty not in client.get("/pushes/new").text
    assert "本件现在没有在办事项" in client.get(f"/cases/{difficulty}/charge").text
    assert post(client, f"/cases/{difficulty}/suspension").status_code in {403, 409}


def test_the_pages_are_there_in_english(office, difficulty):
    client = signed_in(office, SECTION)
    client.set_cookie("jidi-language", "en")
    for url, words in (("/pushes/new", "Acts on many cases"), ("/pushes", "My bulk acts")):
        assert words in client.get(url).text
    assert "Reassign, extend, suspend" in client.get(f"/cases/{difficulty}/charge").text
