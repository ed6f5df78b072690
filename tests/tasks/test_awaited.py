"""A case that waits for a message of another says of which, and what that one waits for, as far as one may know."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from engine import cases
from engine.cases import Case
from ground import clock, jobs
from ground.database import reading, transaction
from tasks import awaited, stuck
from tests.engine import desk, flows
from tests.engine.test_calls_in_cases import HEARS, NEWS, SAYS, caller

TIMED = (
    '<bpmn:intermediateCatchEvent id="period"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("decision")</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)


def nobody(_session, _cases):
    return {}


@pytest.fixture
def officer(database):
    desk.publish(caller(flows.user("ask"), TIMED, SAYS.format(more=""), key="speaker", messages=NEWS))
    desk.publish(caller(HEARS.format(more=""), flows.user("then"), key="listener", messages=NEWS))
    desk.publish(flows.in_a_row("silent", 1))
    return desk.person("officer", "prov_officer")


def waits(case, by, known=nobody):
    with reading() as session:
        rows = session.execute(stuck.wide().where(Case.ref == case)).all()
        return list(awaited.of(session, rows, by, known).get(rows[0].case_id, ()))


def test_the_case_that_will_tell_is_named_with_its_task_then_with_its_day_and_then_nothing_is_waited_for(
    officer, stopped_clock
):
    listener = desk.start("listener", officer, key="1", subject="base:1")
    desk.start("silent", officer, key="2", subject="base:1")
    speaker = desk.start("speaker", officer, key="3", subject="base:1")
    (one,) = waits(listener, officer)
    assert (one.element, one.other.case.case_ref) == ("hear", speaker)
    assert (one.other.hand.element, one.other.hand.name) == ("ask", "")
    desk.claim(desk.waits(speaker)["ask"].ref, officer)
    (one,) = waits(listener, officer)
    assert one.other.hand.name == officer.name
    desk.do(speaker, "ask", officer)
    (one,) = waits(listener, officer)
    assert (one.other.hand, one.other.until > clock.today()) == (None, True)
    assert waits(speaker, officer) == []
    with transaction() as session:
        session.execute(update(Case).where(Case.ref == speaker).values(status="closed"))
    (one,) = waits(listener, officer)
    assert one.other is None
    assert stopped_clock


def test_a_case_about_something_else_or_that_sends_nothing_is_not_it_and_one_that_is_known_to_is(officer):
    listener = desk.start("listener", officer, key="1", subject="base:1")
    silent = desk.start("silent", officer, key="2", subject="base:1")
    desk.start("speaker", officer, key="3", subject="base:2")
    (one,) = waits(listener, officer)
    assert one.other is None
    number = desk.row(silent).id
    (one,) = waits(listener, officer, lambda _session, listed: dict.fromkeys(listed, number))
    assert one.other.case.case_ref == silent


def test_a_case_out_of_sight_is_not_named(officer):
    listener = desk.start("listener", officer, key="1", subject="base:1")
    speaker = desk.start("speaker", officer, key="2", subject="base:1")
    with transaction() as session:
        session.execute(update(Case).where(Case.ref == speaker).values(region="510104"))
    city = desk.person("city", "city_section_head", organ="city-510700")
    (one,) = waits(listener, city)
    assert (one.element, one.other) == ("hear", None)
    assert waits(listener, officer)[0].other.case.case_ref == speaker


def test_a_suspended_case_is_still_waited_for(officer, stopped_clock):
    listener = desk.start("listener", officer, key="1", subject="base:1")
    speaker = desk.start("speaker", officer, key="2", subject="base:1")
    cases.suspend(speaker, by=desk.person("head", "prov_division_head"), reason="等待补充材料", key="s")
    stopped_clock[0] += timedelta(days=3)
    jobs.run_due(clock.now())
    assert waits(listener, officer)[0].other.case.status == "suspended"
