"""Diagrams tried by scripts: what is done, what is expected, and that a false expectation is always told."""

from typing import Any

import orjson
import pytest

from engine import trial
from engine.definitions import NotRunnable
from engine.spiff.diagrams import NoDiagram
from tests.engine.diagrams import (
    boundary,
    catch,
    end,
    event,
    exclusive,
    flow,
    line,
    loop,
    message,
    parallel,
    path,
    process,
    service,
    signal,
    start,
    timer,
    user,
)
from tests.engine.flows import FORM

TWO = process(
    start("s"), parallel("f"), user("a"), user("b"), parallel("j"), end("e"), path("s", "f", "a", "j", "e"),
    path("f", "b", "j"),
)  # fmt: skip
LATE = process(
    start("s"), user("a"), boundary("late", "a", timer("PT1H")), user("b"), end("e"), end("e2"), path("s", "a", "e"),
    path("late", "b", "e2"),
)  # fmt: skip
CHOICE = process(
    start("s"), exclusive("g", default="no"), user("a"), user("b"), path("s", "g"), flow("g", "a", "x > 3"),
    flow("g", "b", id="no"),
)  # fmt: skip
HARD_CHOICE = process(
    start("s"), user("ask"), exclusive("g"), user("a"), user("b"), path("s", "ask", "g"), flow("g", "a", "x > 3"),
    flow("g", "b", "x < 3"),
)  # fmt: skip
PARTNER = process(start("s"), catch("c", event("message", "m")), user("a"), path("s", "c", "a"), before=message("m"))


def played(body: bytes, *steps: Any, restore: bool = True, parts: dict[str, bytes] | None = None) -> list[str]:
    """Why steps do not hold, one line for each; none if all do."""
    script = trial.read(orjson.dumps(steps))
    files = trial.compiled({"a.bpmn": body, **(parts or {})}, script.completed)
    heard = trial.play(script, files, restore=restore)
    return [each.why for each in heard if not each.held]


def test_open_tasks_are_compared_as_a_multiset():
    assert played(TWO, {"tasks": ["b", "a"]}, {"complete": "a", "tasks": ["b"]}, {"complete": "b", "ended": True}) == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"tasks": ["a"]}, "tasks are ['a', 'b']"),
        ({"tasks": ["a", "b", "b"]}, "tasks are ['a', 'b']"),
        ({"ended": True}, "ended is False, at None"),
        ({"ended": "e"}, "ended is False, at None"),
        ({"waiting": False}, "ended is False"),
        ({"waiting": ["a"]}, "waiting are []"),
        ({"passed": ["a"]}, "met were []"),
        ({"data": {"x": 1}}, "data are {'x': None}"),
        ({"expect_error": True}, "no error"),
    ],
)
def test_a_false_expectation_is_told(wrong: dict[str, Any], why: str):
    assert played(TWO, {"start": True, "data": {}}, wrong) == [why]


def test_the_nth_of_several_open_tasks_counts_from_0():
    body = line(
        user(
            "a",
            '<multiInstanceLoopCharacteristics><loopDataInputRef>who</loopDataInputRef><inputDataItem id="one"/>'
            "</multiInstanceLoopCharacteristics>",
        )
    )
    steps = [{"complete": "a", "nth": 2, "tasks": ["a", "a"]}, {"complete": "a"}, {"complete": "a", "ended": True}]
    assert played(body, {"start": True, "data": {"who": [1, 2, 3]}}, *steps) == []
    assert "nth=3" in played(body, {"start": True, "data": {"who": [1, 2, 3]}}, {"complete": "a", "nth": 3})[0]


def test_a_task_that_is_not_open_cannot_be_done_and_what_is_open_is_said():
    assert played(TWO, {"complete": "x"}) == ["trial.not_open(element='x', nth=0, open=['a', 'b'])"]


def test_a_timer_fires_when_the_clock_reaches_it_and_no_earlier():
    assert played(LATE, {"advance_seconds": 3599, "tasks": ["a"]}, {"advance_seconds": 1, "tasks": ["b"]}) == []
    assert played(LATE, {"advance_to": "late", "tasks": ["b"]}, {"complete": "b", "ended": "e2"}) == []


def test_a_cycle_fires_at_each_of_its_moments():
    body = process(
        start("s"), user("a"), boundary("again", "a", timer("R3/PT10M", "timeCycle"), interrupting=False), user("look"),
        path("s", "a"), path("again", "look"),
    )  # fmt: skip
    assert played(body, {"advance_seconds": 1201, "tasks": ["a", "look", "look"]}) == []
    assert played(body, {"advance_seconds": 86400, "tasks": ["a", "look", "look", "look"], "waiting": []}) == []


def test_waiting_is_said_with_or_without_the_events_at_the_edge():
    body = process(
        start("s"), parallel("f"), user("a"), boundary("late", "a", timer("PT1H")), catch("t", timer("PT2H")),
        path("s", "f", "a"), path("f", "t"), path("late", "x"), user("x"),
    )  # fmt: skip
    assert played(body, {"waiting": ["t"]}, {"waiting": ["late", "t"]}, {"waiting": True}) == []
    assert played(body, {"waiting": ["late"]}) == ["waiting are ['late', 't']"]


def test_values_that_no_form_declares_are_plain_scalars():
    assert played(CHOICE, {"start": True, "data": {"x": 4}}, {"tasks": ["a"], "data": {"x": 4}}) == []
    assert played(CHOICE, {"start": True, "data": {"x": 2}}, {"tasks": ["b"]}) == []


def test_a_form_beside_the_diagram_says_what_may_be_answered():
    form = {"forms/opinion.json": orjson.dumps(FORM)}
    body = line(user("a"))
    assert played(body, {"complete": "a", "data": {"outcome": "forward"}, "ended": "end"}, parts=form) == []
    assert "field='x'" in played(body, {"complete": "a", "data": {"x": 1}}, parts=form)[0]
    assert "value='maybe'" in played(body, {"complete": "a", "data": {"outcome": "maybe"}}, parts=form)[0]


def test_an_incident_undoes_the_act_and_may_be_expected_beside_it_or_behind_it():
    fails = {"complete": "ask", "data": {"x": 3}}
    again = [{"tasks": ["ask"]}, {"complete": "ask", "data": {"x": 4}, "tasks": ["a"]}]
    assert played(HARD_CHOICE, fails | {"expect_error": True}, *again) == []
    assert played(HARD_CHOICE, fails, {"expect_error": "gateway.no_flow"}, *again) == []
    assert played(HARD_CHOICE, fails | {"expect_error": "g"}) == []
    assert played(HARD_CHOICE, fails) == ["gateway.no_flow(element='g')"]
    assert played(HARD_CHOICE, fails | {"expect_error": "timer.not_a_date"}) == ["gateway.no_flow(element='g')"]


def test_files_that_are_refused_are_right_where_an_error_is_expected():
    body = line(service("x", step=None), user("a")).replace(b"serviceTask", b"complexGateway")
    with pytest.raises(NotRunnable) as no:
        trial.compiled({"a.bpmn": body})
    findings = no.value.detail["findings"]
    for steps, held in (
        ([{"expect_error": True}], True),
        ([{"start": True, "expect_error": True}], True),
        ([{"complete": "a"}, {"expect_error": "bpmn.complex_gateway"}], True),
        ({"steps": [{"start": True}], "expect_error": True}, True),
        ([{"expect_error": "bpmn.send_task"}], False),
        ([{"complete": "a"}], False),
    ):
        assert trial.refused(trial.read(orjson.dumps(steps)), findings).held is held


def test_a_message_is_taken_by_one_and_kept_while_nobody_waits():
    assert played(PARTNER, {"message": "m", "data": {"x": 7}, "tasks": ["a"]}, {"data": {"x": 7}}) == []
    assert played(PARTNER, {"message": "m"}, {"start": True}, {"tasks": ["a"], "waiting": ["c"]}) == []
    body = line(user("first"), catch("c", event("message", "m")), user("a"), before=message("m"))
    assert played(body, {"message": "m"}, {"complete": "first", "tasks": ["a"]}) == []
    assert played(body, {"message": "other"}, {"complete": "first", "tasks": [], "waiting": ["c"]}) == []


def test_a_signal_is_heard_by_everybody():
    body = line(catch("c", event("signal", "go")), user("a"), before=signal("go"))
    assert played(body, {"start": True}, {"start": True}, {"signal": "go", "tasks": ["a", "a"]}) == []


def test_values_may_be_set():
    body = line(user("a"), user("b"))
    assert played(body, {"set": {"x": 5}}, {"data": {"x": 5}}) == []


def test_a_service_task_passes_by_itself_unless_the_script_does_it():
    body = line(service("w", step=None), user("a"))
    assert played(body, {"tasks": ["a"], "passed": ["w"]}) == []
    assert played(body, {"tasks": ["w"]}, {"complete": "w", "data": {"x": 1}, "tasks": ["a"]}, {"data": {"x": 1}}) == []


def test_a_service_task_of_another_engine_waits_if_the_script_does_it():
    body = line(service("w", step=None), user("a")).replace(
        b'<serviceTask id="w"',
        b'<serviceTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:topic="t" id="w"',
    )
    assert played(body, {"tasks": ["w"]}, {"complete": "w", "tasks": ["a"]}) == []
    assert played(body, {"tasks": ["a"]}) == []


def test_a_step_gives_what_the_script_says():
    script = trial.read(
        orjson.dumps({"gives": {"count": {"x": 9}}, "steps": [{"tasks": ["a"], "data": {"x": 9}, "passed": ["w"]}]})
    )
    files = trial.compiled({"a.bpmn": line(service("w", step="count"), user("a"))})
    assert [each.why for each in trial.play(script, files) if not each.held] == []


def test_a_loop_of_a_thousand_rounds_is_no_trouble():
    body = line(user("a", loop("x > 0", maximum="1000")))
    assert played(body, *[{"complete": "a", "data": {"x": 1}}] * 1000, {"ended": True}, restore=False) == []


def test_an_unknown_process_is_named_with_those_there_are():
    assert played(TWO, {"start": "q"}) == ["trial.unknown_process(process='q', known=['p'])"]


def test_files_without_a_diagram_are_refused_by_name():
    with pytest.raises(NoDiagram):
        trial.compiled({"forms/opinion.json": orjson.dumps(FORM)})
