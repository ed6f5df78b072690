"""A signal reaches every case that listens for it, each in a move of its own; a case that stops holds up no other."""

import orjson
import pytest
from sqlalchemy import select

from engine import cases, incidents
from engine.cases import Case
from engine.waits import Subscription
from ground import clock, jobs, people
from ground.database import reading
from tests.engine import desk, flows

NAMED = '<bpmn:signal id="sig" name="alarm"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'


def listener(key: str, after: str, condition: str = "") -> dict[str, bytes]:
    """A case that asks, and beside the task hears the alarm once."""
    return flows.folder(
        key,
        '<bpmn:startEvent id="begin"/>'
        + flows.user("ask")
        + f'<bpmn:boundaryEvent id="heard" attachedToRef="ask">{SIGNAL}</bpmn:boundaryEvent>'
        + '<bpmn:exclusiveGateway id="which"/>'
        + flows.user(after)
        + flows.flow("begin", "ask")
        + flows.flow("heard", "which")
        + flows.flow("which", after, condition),
        messages=NAMED,
        more=numbered(key),
    )


def numbered(key: str) -> dict[str, bytes]:
    """The facts of a folder whose cases are numbered by its own key."""
    facts = {"key": key, "name": key, "number": key, "diagram": f"{key}.bpmn", "subject": "base", "clauses": []}
    return {"process.json": orjson.dumps(facts)}


THROWER = flows.folder(
    "thrower",
    '<bpmn:startEvent id="begin"/>'
    + flows.user("ask")
    + f'<bpmn:endEvent id="cry">{SIGNAL}</bpmn:endEvent>'
    + flows.flow("begin", "ask")
    + flows.flow("ask", "cry"),
    messages=NAMED,
    more=numbered("thrower"),
)
STARTS = flows.folder(
    "starts",
    '<bpmn:startEvent id="begin"/>'
    f'<bpmn:startEvent id="alarmed">{SIGNAL}</bpmn:startEvent>'
    + flows.user("calm")
    + flows.user("hurry")
    + flows.flow("begin", "calm")
    + flows.flow("alarmed", "hurry"),
    messages=NAMED,
)


@pytest.fixture
def officer(database):
    assert database
    desk.publish(listener("listener", "mend"))
    return desk.person("officer", "prov_officer")


def subscriptions(signal: str) -> list[str]:
    with reading() as session:
        return [row.element for row in session.execute(select(Subscription).where(Subscription.signal == signal))]


def test_every_case_that_listens_hears_it_and_no_other(officer):
    desk.publish(flows.in_a_row("row", 2))
    first, second = (desk.start("listener", officer, key=key) for key in "ab")
    deaf = desk.start("row", officer)
    assert subscriptions("alarm") == ["heard", "heard"]
    given = cases.signal("alarm", {"level": 3}, by=officer, key="k")
    assert (given.moved, given.stopped) == ((first, second), ())
    assert [list(desk.waits(case)) for case in (first, second, deaf)] == [["mend"], ["mend"], ["task_1"]]
    assert subscriptions("alarm") == []


def test_the_same_key_is_heard_once_and_another_name_by_nobody(officer):
    case = desk.start("listener", officer)
    assert cases.signal("other", {}, by=officer, key="k").moved == ()
    assert cases.signal("alarm", {}, by=officer, key="k").moved == (case,)
    assert cases.signal("alarm", {}, by=officer, key="k").moved == ()
    with reading() as session:
        assert [line.kind for line in cases.story(session, case, officer)].count("signal.heard") == 1


def test_a_case_that_cannot_go_on_stops_no_other(officer):
    desk.publish(listener("broken", "mend", 'outcome == "forward"'))
    broken, sound = desk.start("broken", officer), desk.start("listener", officer, key="l")
    given = cases.signal("alarm", {}, by=officer, key="k")
    assert (given.moved, given.stopped) == ((sound,), (broken,))
    assert list(desk.waits(broken)) == ["ask"]
    with reading() as session:
        number = session.scalar(select(Case.id).where(Case.ref == broken))
        assert [row.element for row in incidents.open_of(session, number)] == ["which"]


def test_a_case_that_a_person_may_not_know_of_hears_nothing_from_them(officer):
    case = desk.start("listener", officer)
    stranger = desk.person("stranger")
    assert cases.signal("alarm", {}, by=stranger, key="k").moved == ()
    assert list(desk.waits(case)) == ["ask"]


def test_a_signal_that_a_case_throws_reaches_the_others_after_its_commit(officer):
    desk.publish(THROWER)
    listening, thrower = desk.start("listener", officer), desk.start("thrower", officer, key="t")
    desk.do(thrower, "ask", officer)
    assert list(desk.waits(listening)) == ["ask"]
    jobs.run_due(clock.now())
    assert list(desk.waits(listening)) == ["mend"]


def test_a_case_begins_at_the_start_event_that_is_named(officer):
    desk.publish(STARTS)
    organ = officer.held[0].organ_id
    common = {"subject": "base:1", "region": "510703", "organ": organ, "title": "示例", "by": officer}
    calm = cases.start("starts", **common, key="a")
    hurry = cases.start("starts", **common, key="b", at="alarmed")
    assert [list(desk.waits(case.ref)) for case in (calm, hurry)] == [["calm"], ["hurry"]]


def test_the_system_may_give_a_signal(officer):
    case = desk.start("listener", officer)
    assert cases.signal("alarm", {}, by=people.SYSTEM, key="k").moved == (case,)
