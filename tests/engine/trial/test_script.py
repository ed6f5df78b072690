"""What a script may say: read strictly, in the words of its package or in those that other tools use."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from engine import trial
from engine.trial import ScriptRefused
from engine.trial.script import MORNING


def steps(*written: Any) -> list[tuple[Any, ...]]:
    return [(each.act, dict(each.given), dict(each.expected)) for each in trial.read(orjson.dumps(written)).steps]


def test_an_act_is_written_with_its_argument_and_others_beside_it():
    assert steps({"complete": "a", "data": {"x": 1}, "nth": 2, "tasks": ["b"]}) == [
        ("complete", {"element": "a", "data": {"x": 1}, "nth": 2}, {"tasks": ["b"]})
    ]


@pytest.mark.parametrize(
    "written",
    [
        {"complete": {"element": "a", "data": {"x": 1}}},
        {"complete": {"id": "a", "variables": {"x": 1}}},
        {"do": "complete", "element": "a", "data": {"x": 1}},
        {"op": "complete", "task": "a", "data": {"x": 1}},
        {"step": "complete", "element_id": "a", "data": {"x": 1}},
    ],
)
def test_other_tools_words_say_the_same(written: Any):
    assert steps(written) == [("complete", {"element": "a", "data": {"x": 1}}, {})]


def test_expectations_stand_beside_an_act_below_expect_or_alone():
    assert steps({"expect": {"tasks": []}}, {"do": "expect", "ended": True}, {"data": {"x": 1}}) == [
        (None, {}, {"tasks": []}),
        (None, {}, {"ended": True}),
        (None, {}, {"data": {"x": 1}}),
    ]


def test_a_start_names_its_process_or_none():
    assert steps({"start": True}, {"start": "p", "data": {"x": 1}}, {"start": {"data": {"x": 1}}}, "start") == [
        ("start", {"process": None, "data": {}}, {}),
        ("start", {"process": "p", "data": {"x": 1}}, {}),
        ("start", {"process": None, "data": {"x": 1}}, {}),
        ("start", {"process": None, "data": {}}, {}),
    ]


def test_set_takes_the_values_themselves():
    assert steps({"set": {"name": "x", "data": 2}}) == [("set", {"data": {"name": "x", "data": 2}}, {})]


def test_a_script_says_what_it_shows_when_it_begins_and_what_steps_give():
    body = {"name": "示例", "at": "2026-03-02T09:00:00", "gives": {"s": {"x": 1}}, "steps": []}
    script = trial.read(orjson.dumps(body))
    assert (script.name, script.at, script.gives) == ("示例", datetime(2026, 3, 2, 1, 0, tzinfo=UTC), {"s": {"x": 1}})
    assert script.at == MORNING


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", {"reason": "not_json", "line": 1}),
        (b'"steps"', {"reason": "steps_wanted"}),
        (b'{"step": []}', {"reason": "steps_wanted"}),
        (b'{"steps": [], "nmae": ""}', {"reason": "unknown_key", "key": "nmae"}),
        (b'{"steps": [], "at": "soon"}', {"reason": "moment_wanted", "key": "at"}),
        (b'{"steps": [], "gives": {"s": 1}}', {"reason": "object_wanted", "key": "gives"}),
        (b'[{"complete": "a"}, 7]', {"step": 2, "reason": "object_wanted"}),
        (b'[{"finish": "a"}]', {"step": 1, "reason": "no_act", "key": "finish"}),
        (b"[{}]", {"step": 1, "reason": "no_act"}),
        (b'[{"complete": "a", "signal": "s"}]', {"step": 1, "reason": "several_acts", "key": "signal"}),
        (b'[{"complete": "a", "dta": {}}]', {"step": 1, "reason": "unknown_key", "key": "dta"}),
        (b'[{"complete": 3}]', {"step": 1, "reason": "name_wanted", "key": "element"}),
        (b'[{"complete": "a", "nth": "1"}]', {"step": 1, "reason": "number_wanted", "key": "nth"}),
        (b'[{"complete": "a", "data": [1]}]', {"step": 1, "reason": "object_wanted", "key": "data"}),
        (b'[{"advance_seconds": -1}]', {"step": 1, "reason": "seconds_wanted", "key": "seconds"}),
        (b'[{"do": ["x"], "complete": "a", "type": {}}]', {"step": 1, "reason": "unknown_key", "key": "do"}),
        (b'[{"tasks": "a"}]', {"step": 1, "reason": "names_wanted", "key": "tasks"}),
        (b'[{"tasks": [5]}]', {"step": 1, "reason": "names_wanted", "key": "tasks"}),
        (b'[{"passed": true}]', {"step": 1, "reason": "names_wanted", "key": "passed"}),
        (b'[{"waiting": {"a": 1}}]', {"step": 1, "reason": "name_wanted", "key": "waiting"}),
        (b'[{"complete": "a", "ended": ["end"]}]', {"step": 1, "reason": "name_wanted", "key": "ended"}),
        (b'[{"data": [1]}]', {"step": 1, "reason": "object_wanted", "key": "data"}),
        (b'{"steps": [], "expect_error": ["x"]}', {"step": 1, "reason": "name_wanted", "key": "expect_error"}),
        (b'[{"advance_seconds": true}]', {"step": 1, "reason": "seconds_wanted", "key": "seconds"}),
    ],
)
def test_what_is_wrong_is_named_with_its_place(body: bytes, said: dict[str, Any]):
    with pytest.raises(ScriptRefused) as refused:
        trial.read(body)
    assert said.items() <= refused.value.detail.items()
