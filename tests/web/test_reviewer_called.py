"""A task of a called process in the browser: its own form, its name in every list, its place on the drawing."""

import orjson
import pytest
from sqlalchemy import select

from engine import cases
from ground import clock, people
from ground.database import reading
from ground.people import Person
from tests.engine import desk, flows
from tests.web.reviewing import Reviewer
from web.door import language

FORM = {**flows.FORM, "title": "现场核查表"}


def folder(key: str, body: str, **words: str) -> dict[str, bytes]:
    parts = flows.folder(key, body, more={"texts/en.json": orjson.dumps(words, option=orjson.OPT_SORT_KEYS)})
    return {**parts, "process.json": orjson.dumps({**orjson.loads(parts["process.json"]), "number": key})}


@pytest.fixture
def case(office):
    assert office
    ask = flows.user("ask").replace('name="ask"', 'name="填写核查表"')
    line = '<bpmn:startEvent id="begin"/>{}<bpmn:endEvent id="finish"/>{}{}'
    visit = line.format(ask, flows.flow("begin", "ask"), flows.flow("ask", "finish"))
    desk.publish(
        {**folder("visit", visit, 填写核查表="Fill in the visit sheet"), "forms/opinion.json": orjson.dumps(FORM)}
    )
    call = '<bpmn:callActivity id="c" name="现场核查" calledElement="visit"/>' + flows.user("ask")
    flows_ = flows.flow("begin", "c") + flows.flow("c", "ask") + flows.flow("ask", "finish")
    desk.publish(folder("caller", line.format(call, flows_, "")))
    with reading() as session:
        number = session.scalar(select(Person.id).where(Person.login == "chen.jing"))
        by = people.actor(session, number, clock.today())
    return cases.start(
        "caller", subject="base:1", region="510703", organ=by.held[0].organ_id, title="示例", by=by, key="k"
    ).ref


def wait_of(case: str) -> str:
    return str(desk.waits(case)["visit:ask"].ref)


def test_it_is_claimed_filled_in_and_sent_as_any_other(office, case):
    officer = Reviewer(office, "chen.jing").go("/tasks")
    assert "填写核查表" in officer.text
    officer.send(f"/tasks/{wait_of(case)}/claim").go(f"/tasks/{wait_of(case)}")
    assert officer.answer.status_code == 200
    assert "填写核查表" in officer.text
    officer.press(outcome="forward", opinion="属实")
    assert list(desk.waits(case)) == ["ask"]
    page = officer.go(f"/cases/{case}").text
    assert "办结“填写核查表”" in page
    assert "属实" in officer.go(f"/cases/{case}?tab=papers").text


def test_a_draft_of_it_is_kept(office, case):
    officer = Reviewer(office, "chen.jing").send(f"/tasks/{wait_of(case)}/claim").go(f"/tasks/{wait_of(case)}")
    officer.press("save", opinion="写到一半")
    assert officer.value("opinion") == "写到一半"


def test_the_drawing_shows_where_the_case_stands_in_its_own_process(office, case):
    officer = Reviewer(office, "chen.jing").send(f"/tasks/{wait_of(case)}/claim")
    for path in (f"/tasks/{wait_of(case)}?tab=diagram", f"/cases/{case}?tab=diagram"):
        own, called = officer.go(path).all(".diagram")
        assert own.get("data-current") == "c"
        assert called.get("data-current") == "ask"
        assert "调用的流程：visit" in officer.text
        assert b'calledElement="visit"' in drawing(officer, own)
        assert b"calledElement" not in drawing(officer, called)


def drawing(officer, shown) -> bytes:
    return officer.client.get(shown.get("data-diagram")).data


def test_the_drawing_of_a_called_process_is_gone_when_the_case_stands_there_no_more(office, case):
    officer = Reviewer(office, "chen.jing").send(f"/tasks/{wait_of(case)}/claim").go(f"/tasks/{wait_of(case)}")
    officer.press(outcome="forward", opinion="属实")
    only = officer.go(f"/cases/{case}?tab=diagram").all(".diagram")
    assert [(one.get("data-current"), one.get("data-done")) for one in only] == [("ask", "c")]


def test_the_drawing_of_a_called_process_is_named_in_english(office, case):
    officer = Reviewer(office, "chen.jing")
    officer.client.set_cookie(language.COOKIE, "en")
    called = officer.go(f"/cases/{case}?tab=diagram").all(".diagram")[1]
    assert "Called process: visit" in officer.text
    assert officer.client.get(called.get("data-names")).json == {"填写核查表": "Fill in the visit sheet"}


def test_a_case_has_no_drawing_of_a_process_that_it_does_not_call(office, case):
    officer = Reviewer(office, "chen.jing")
    assert officer.client.get(f"/cases/{case}/diagram.bpmn?called=designation-case").status_code == 404


def test_the_list_can_be_narrowed_to_it_and_names_it_in_english(office, case):
    officer = Reviewer(office, "chen.jing")
    assert "示例" in officer.go("/tasks?stage=visit:ask").text
    assert "示例" not in officer.go("/tasks?stage=ask").text
    officer.client.set_cookie(language.COOKIE, "en")
    assert "Fill in the visit sheet" in officer.go("/tasks?stage=visit:ask").text


def test_the_owners_page_names_the_call(office, case):
    assert case
    page = Reviewer(office, "chen.jing").go("/processes/caller").text
    assert "现场核查" in page
    assert "调用流程" in page
