"""Called processes and messages in cases: pinned versions, forms of their own folder, one receiver for each message."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select

from engine import cases, definitions, history, incidents, messages
from engine.cases import Case
from engine.definitions import Release
from engine.submissions import Submission
from engine.waits import Subscription, Timer, Wait
from ground import clock, jobs
from ground.database import reading, transaction
from tasks import open_task, timers
from tests.engine import desk, flows

SHEET = {**flows.FORM, "title": "现场核查表", "scalars": ["outcome", "found"]}
SHEET["sections"] = [
    {
        "title": "核查",
        "fields": [*flows.FORM["sections"][0]["fields"], {"name": "found", "type": "text", "label": "发现", "max": 20}],
    }
]
NEWS = '<bpmn:message id="news" name="news"/>'


def call(name: str, called: str, inner: str = "") -> str:
    return f'<bpmn:callActivity id="{name}" name="调用" calledElement="{called}">{inner}</bpmn:callActivity>'


def row(*elements: str) -> str:
    """These elements between a start and an end, in a row."""
    return flows.row(*elements, end="finish")


def folder(key: str, body: str, **more: Any) -> dict[str, bytes]:
    """A process folder whose cases have numbers of their own."""
    parts = flows.folder(key, body, **more)
    return {**parts, "process.json": orjson.dumps({**orjson.loads(parts["process.json"]), "number": key})}


def visit(*elements: str, title: str = "现场核查表") -> dict[str, bytes]:
    """The called process: one task `ask` with a form that the caller has not, and that names itself `opinion`."""
    form = {**SHEET, "title": title}
    return folder("visit", row(*(elements or (flows.user("ask"),))), more={"forms/opinion.json": orjson.dumps(form)})


def caller(*elements: str, key: str = "caller", **more: Any) -> dict[str, bytes]:
    return folder(key, row(*(elements or (call("c", "visit"), flows.user("ask")))), **more)


@pytest.fixture
def officer(database):
    desk.publish(visit())
    desk.publish(caller())
    return desk.person("officer", "prov_officer")


def deliver_all() -> int:
    """What the job runner would do now."""
    return jobs.run_due(clock.now())


def subscriptions(case: str) -> list[str]:
    with reading() as session:
        rows = session.execute(
            select(Subscription.element).join(Case).where(Case.ref == case).order_by(Subscription.id)
        )
        return [each.element for each in rows]


def kinds(case: str) -> list[tuple[str, str | None]]:
    with reading() as session:
        return [(line.kind, line.element) for line in history.read(session, desk.row(case).id)]


def test_a_task_of_a_called_process_is_told_from_one_of_the_caller_with_the_same_id(officer):
    case = desk.start("caller", officer)
    assert list(desk.waits(case)) == ["visit:ask"]
    desk.do(case, "visit:ask", officer, {"outcome": "forward", "found": "水"})
    assert list(desk.waits(case)) == ["ask"]
    assert desk.do(case, "ask", officer).outcome == "finish"
    with reading() as session:
        sent = session.execute(select(Submission.element, Submission.answers).order_by(Submission.seq)).all()
    assert [(each.element, each.answers.get("found")) for each in sent] == [("visit:ask", "水"), ("ask", None)]
    assert ("task.completed", "visit:ask") in kinds(case)


def test_a_called_process_fills_the_form_of_its_own_folder(officer):
    case = desk.start("caller", officer)
    wait = desk.waits(case)["visit:ask"]
    with reading() as session:
        work = open_task.look(session, wait.ref, officer)
    assert work.form.title == "现场核查表"
    desk.do(case, "visit:ask", officer)
    with reading() as session:
        assert open_task.look(session, desk.waits(case)["ask"].ref, officer).form.title == "意见"
        papers = cases.look(session, case, officer).submissions
    assert [paper.element for paper in papers] == ["visit:ask"]


def test_a_running_case_keeps_the_version_that_it_can_call_and_a_new_one_gets_the_new(officer):
    old = desk.start("caller", officer, key="old")
    desk.publish(visit(flows.user("look"), flows.user("ask")))
    new = desk.start("caller", officer, key="new")
    assert (list(desk.waits(old)), list(desk.waits(new))) == (["visit:ask"], ["visit:look"])
    assert desk.row(old).version_id == desk.row(new).version_id
    desk.do(old, "visit:ask", officer)
    assert list(desk.waits(old)) == ["ask"]
    with reading() as session:
        releases = session.execute(
            select(Release.id, Release.calls).where(Release.version_id == desk.row(new).version_id).order_by(Release.id)
        ).all()
    assert [each.id for each in releases] == [desk.row(old).release_id, desk.row(new).release_id]
    assert releases[0].calls != releases[1].calls


def test_a_caller_of_a_caller_gets_the_new_version_as_well(officer):
    desk.publish(caller(call("c", "caller"), key="outer"))
    desk.publish(visit(flows.user("look")))
    case = desk.start("outer", officer)
    assert list(desk.waits(case)) == ["visit:look"]
    desk.do(case, "visit:look", officer)
    assert list(desk.waits(case)) == ["caller:ask"]


def test_publishing_the_same_folder_again_makes_no_release(officer):
    with reading() as session:
        before = session.scalar(select(func.count()).select_from(Release))
    desk.publish(visit())
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Release)) == before


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (caller(call("c", "nobody"), key="bad"), "call.unknown"),
        (caller(call("c", "bad"), key="bad"), "bpmn.recursive_call"),
        (folder("visit", row(call("c", "caller"))), "bpmn.recursive_call"),
    ],
)
def test_a_call_of_nobody_and_a_circle_of_calls_are_not_published(officer, parts, code):
    with pytest.raises(definitions.NotRunnable) as refused:
        desk.publish(parts)
    assert code in [finding.code for finding in refused.value.detail["findings"]]
    assert list(desk.waits(desk.start("caller", officer))) == ["visit:ask"]


def test_a_place_that_would_be_too_long_for_its_rows_is_not_published(officer):
    desk.publish(folder("long", row(flows.user("a" * 118))))
    with pytest.raises(definitions.NotRunnable) as refused:
        desk.publish(caller(call("c", "long"), key="bad"))
    assert [finding.code for finding in refused.value.detail["findings"]] == ["bpmn.id_too_long"]


def test_a_called_process_may_not_grow_an_element_too_long_for_its_callers(officer):
    with pytest.raises(definitions.NotRunnable) as refused:
        desk.publish(visit(flows.user("a" * 118)))
    assert [finding.code for finding in refused.value.detail["findings"]] == ["bpmn.id_too_long"]


def test_a_process_of_the_same_file_is_called_with_the_forms_of_its_folder(officer):
    parts = caller(call("c", "inner"), key="two")
    inner = f'<bpmn:process id="inner">{row(flows.user("ask"))}</bpmn:process></bpmn:definitions>'
    parts["two.bpmn"] = parts["two.bpmn"].replace(b"</bpmn:definitions>", inner.encode())
    desk.publish(parts)
    case = desk.start("two", officer)
    assert list(desk.waits(case)) == ["two/inner:ask"]
    assert desk.do(case, "two/inner:ask", officer).outcome == "finish"


def test_four_eyes_are_kept_within_a_called_process(officer):
    desk.publish(visit(flows.user("ask"), flows.user("check", more='jidi:separate="ask"')))
    case = desk.start("caller", officer)
    desk.do(case, "visit:ask", officer)
    with pytest.raises(cases.Separate):
        desk.do(case, "visit:check", officer)
    other = desk.person("other", "prov_officer")
    desk.do(case, "visit:check", other)
    assert list(desk.waits(case)) == ["ask"]


def test_a_timer_at_the_edge_of_a_call_takes_all_of_it_away(officer, stopped_clock):
    edge = (
        '<bpmn:boundaryEvent id="late" attachedToRef="c"><bpmn:timerEventDefinition>'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P3D</bpmn:timeDuration></bpmn:timerEventDefinition>'
        "</bpmn:boundaryEvent>"
    )
    inner = (
        '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition><bpmn:timeDuration '
        'xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration></bpmn:timerEventDefinition>'
        "</bpmn:intermediateCatchEvent>"
    )
    desk.publish(visit(inner, flows.user("ask")))
    desk.publish(folder("timed", row(call("c", "visit")) + edge + flows.user("mend") + flows.flow("late", "mend")))
    case = desk.start("timed", officer)
    with reading() as session:
        rows = session.execute(select(Timer.element).order_by(Timer.due_at)).all()
    assert [each.element for each in rows] == ["visit:pause", "late"]
    stopped_clock[0] += timedelta(days=1)
    timers.fire_due(clock.now())
    assert list(desk.waits(case)) == ["visit:ask"]
    stopped_clock[0] += timedelta(days=2)
    timers.fire_due(clock.now())
    assert list(desk.waits(case)) == ["mend"]


def test_an_incident_of_a_called_process_names_its_place_and_closes_when_it_has_moved_on(officer):
    choice = row(flows.user("ask"), '<bpmn:exclusiveGateway id="which"/>').replace(
        flows.flow("which", "finish"), flows.flow("which", "finish", 'outcome == "forward"')
    )
    desk.publish(folder("visit", choice))
    case = desk.start("caller", officer)
    with pytest.raises(cases.Stopped):
        desk.do(case, "visit:ask", officer, {"outcome": "return", "opinion": ""})
    with reading() as session:
        assert [each.element for each in incidents.open_of(session, desk.row(case).id)] == ["visit:which"]
    desk.do(case, "visit:ask", officer)
    with reading() as session:
        assert incidents.open_of(session, desk.row(case).id) == []


# Messages between cases.

SAYS = (
    '<bpmn:sendTask id="say" messageRef="news" {more}><bpmn:extensionElements>'
    '<jidi:parameter name="word" value="outcome"/></bpmn:extensionElements></bpmn:sendTask>'
)
HEARS = '<bpmn:receiveTask id="hear" messageRef="news" {more}/>'


@pytest.fixture
def talkers(officer):
    desk.publish(caller(flows.user("ask"), SAYS.format(more=""), key="speaker", messages=NEWS))
    desk.publish(caller(HEARS.format(more=""), flows.user("then"), key="listener", messages=NEWS))
    return officer


def test_what_a_case_says_reaches_the_one_about_the_same_subject_that_waits(talkers):
    listener = desk.start("listener", talkers, key="a")
    elsewhere = desk.start("listener", talkers, key="b", subject="base:2")
    speaker = desk.start("speaker", talkers, key="c")
    assert desk.do(speaker, "ask", talkers).outcome == "finish"
    assert ("message.told", "say") in kinds(speaker)
    assert subscriptions(listener) == ["hear"]
    deliver_all()
    assert (list(desk.waits(listener)), list(desk.waits(elsewhere))) == (["then"], [])
    assert ("message.arrived", None) in kinds(listener)


def test_exactly_one_case_takes_a_message_the_oldest(talkers):
    first = desk.start("listener", talkers, key="a")
    second = desk.start("listener", talkers, key="b")
    for key in ("c", "d"):
        speaker = desk.start("speaker", talkers, key=key)
        desk.do(speaker, "ask", talkers)
        deliver_all()
        if key == "c":
            assert (list(desk.waits(first)), list(desk.waits(second))) == (["then"], [])
    assert list(desk.waits(second)) == ["then"]


def test_correlation_decides_which_case_a_message_is_for(officer):
    desk.publish(caller(flows.user("ask"), SAYS.format(more="jidi:correlation='\"b\"'"), key="speaker", messages=NEWS))
    desk.publish(
        caller(HEARS.format(more='jidi:correlation="mine"'), flows.user("then"), key="listener", messages=NEWS)
    )
    first = desk.start("listener", officer, key="1", data={"mine": "a"})
    second = desk.start("listener", officer, key="2", data={"mine": "b"})
    speaker = desk.start("speaker", officer, key="3")
    desk.do(speaker, "ask", officer)
    deliver_all()
    assert (list(desk.waits(first)), list(desk.waits(second))) == ([], ["then"])
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(messages.Message)) == 1


def test_a_message_to_nobody_is_kept_for_the_declared_time_and_no_longer(officer, stopped_clock):
    say = SAYS.format(more='jidi:keep="P2D"')
    desk.publish(caller(flows.user("ask"), say, key="speaker", messages=NEWS))
    desk.publish(caller(flows.user("ask"), HEARS.format(more=""), flows.user("then"), key="listener", messages=NEWS))
    speaker = desk.start("speaker", officer, key="1")
    early, late = (desk.start("listener", officer, key=key, subject="base:1") for key in ("2", "3"))
    desk.do(speaker, "ask", officer)
    deliver_all()
    desk.do(early, "ask", officer)
    assert list(desk.waits(early)) == ["then"]
    again = desk.start("speaker", officer, key="4")
    desk.do(again, "ask", officer)
    stopped_clock[0] += timedelta(days=2)
    desk.do(late, "ask", officer)
    assert (list(desk.waits(late)), subscriptions(late)) == ([], ["hear"])


def test_a_message_goes_to_the_address_that_the_diagram_names(officer):
    desk.publish(caller(flows.user("ask"), SAYS.format(more="jidi:to='\"base:2\"'"), key="speaker", messages=NEWS))
    desk.publish(caller(HEARS.format(more=""), flows.user("then"), key="listener", messages=NEWS))
    here = desk.start("listener", officer, key="1")
    there = desk.start("listener", officer, key="2", subject="base:2")
    desk.do(desk.start("speaker", officer, key="3"), "ask", officer)
    deliver_all()
    assert (list(desk.waits(here)), list(desk.waits(there))) == ([], ["then"])


def test_a_message_within_a_case_arrives_in_the_same_move_also_from_a_called_process(officer):
    desk.publish(folder("visit", row(flows.user("ask"), SAYS.format(more="")), messages=NEWS))
    beside = HEARS.format(more="") + flows.user("then") + flows.flow("fork", "hear") + flows.flow("hear", "then")
    desk.publish(
        caller('<bpmn:parallelGateway id="fork"/>', call("c", "visit"), key="both", messages=NEWS)
        | {
            "both.bpmn": caller('<bpmn:parallelGateway id="fork"/>', call("c", "visit"), key="both", messages=NEWS)[
                "both.bpmn"
            ].replace(b"</bpmn:process>", beside.encode() + b"</bpmn:process>")
        }
    )
    case = desk.start("both", officer)
    desk.do(case, "visit:ask", officer)
    assert list(desk.waits(case)) == ["then"]
    assert [each for each in kinds(case) if each[0].startswith("message")] == [
        ("message.told", "visit:say"),
        ("message.arrived", None),
    ]


def test_a_message_to_a_process_begins_a_case_of_it_about_the_same_subject(officer):
    body = (
        '<bpmn:startEvent id="told"><bpmn:messageEventDefinition messageRef="news"/></bpmn:startEvent>'
        + flows.user("then")
        + flows.flow("told", "then")
    )
    desk.publish(folder("begun", body, messages=NEWS))
    desk.publish(
        caller(flows.user("ask"), SAYS.format(more="jidi:to='\"process:begun\"'"), key="speaker", messages=NEWS)
    )
    for number in ("1", "2"):
        desk.do(desk.start("speaker", officer, key=number, subject=f"base:{number}"), "ask", officer)
        deliver_all()
    deliver_all()
    with reading() as session:
        rows = session.execute(
            select(Case.ref, Case.subject).where(Case.number.like("%begun%")).order_by(Case.id)
        ).all()
    assert [each.subject for each in rows] == ["base:1", "base:2"]
    assert list(desk.waits(rows[0].ref)) == ["then"]


def test_one_broken_receiver_stops_no_other(officer):
    broken = HEARS.format(more="") + ""
    choice = row(broken, '<bpmn:exclusiveGateway id="which"/>', flows.user("then")).replace(
        flows.flow("which", "then"), flows.flow("which", "then", 'word == "other"')
    )
    desk.publish(caller(flows.user("ask"), SAYS.format(more=""), key="speaker", messages=NEWS))
    desk.publish(folder("broken", choice, messages=NEWS))
    desk.publish(caller(HEARS.format(more=""), flows.user("then"), key="listener", messages=NEWS))
    stuck = desk.start("broken", officer, key="1")
    whole = desk.start("listener", officer, key="2")
    desk.do(desk.start("speaker", officer, key="3"), "ask", officer)
    deliver_all()
    assert list(desk.waits(whole)) == ["then"]
    with reading() as session:
        assert [each.element for each in incidents.open_of(session, desk.row(stuck).id)] == ["which"]


def test_a_word_of_a_person_frees_one_who_waits(officer):
    hears = HEARS.format(more='jidi:role="prov_officer" jidi:scope="province" jidi:form="opinion"')
    desk.publish(
        folder("visit", row(hears, flows.user("then")), messages=NEWS, more={"forms/opinion.json": orjson.dumps(SHEET)})
    )
    case = desk.start("caller", officer)
    assert subscriptions(case) == ["visit:hear"]
    with transaction() as session:
        messages.post(session, sender_id=None, receiver=case, name="news", data={}, dedupe="x", now=clock.now())
    cases.send(case, "news", {"outcome": "forward", "found": "水"}, by=officer, key="k")
    assert list(desk.waits(case)) == ["visit:then"]


def test_the_rows_of_a_call_are_gone_when_it_is_over(officer):
    case = desk.start("caller", officer)
    before = len(desk.row(case).state)
    desk.do(case, "visit:ask", officer)
    assert len(desk.row(case).state) < before
    desk.do(case, "ask", officer)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Wait)) == 0
