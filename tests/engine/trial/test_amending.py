"""A test kept in step with a diagram that has a new task: it is done wherever it opens, all else stays as it was."""

import orjson
import pytest

from engine import trial
from tests.engine.trial.test_standing import BASE_CHANGE, folder

OPINION = (
    b'<bpmn:userTask id="opinion" name="\xe5\xa4\x84\xe5\xae\xa4\xe6\x84\x8f\xe8\xa7\x81" jidi:role="prov_officer" '
    b'jidi:scope="province" jidi:form="change-review"/>'
    b'<bpmn:sequenceFlow id="from_opinion" sourceRef="opinion" targetRef="city_review"/>'
    b'<bpmn:sequenceFlow id="to_city_review" sourceRef="prepare" targetRef="opinion"/>'
)
FLOW = b'<bpmn:sequenceFlow id="to_city_review" sourceRef="prepare" targetRef="city_review"/>'


def with_an_opinion():
    """The change of a base with a new task before the city's review."""
    body = BASE_CHANGE["base-change.bpmn"]
    assert FLOW in body
    return folder({**BASE_CHANGE, "base-change.bpmn": body.replace(FLOW, OPINION)})


def test_a_test_stops_at_a_task_that_it_does_not_know_and_says_where():
    proved = trial.proofs(with_an_opinion())
    stops = [each.stopped for each in proved]
    assert not any(each.held for each in proved)
    assert all(stop.open == ("opinion",) and stop.unknown == {"opinion"} for stop in stops)
    contact = next(each for each in proved if each.path == "tests/contact.json")
    assert contact.stopped.step.number == 3
    assert contact.stopped.step.given["element"] == "city_review"


def test_every_test_holds_again_when_the_task_is_done_wherever_it_opens():
    changed = with_an_opinion()
    files = trial.files_of(changed)
    for path, body in changed.parts.items():
        if path.startswith("tests/"):
            amended = trial.amended(body, files, {"opinion": {"outcome": "agree"}})
            assert trial.proof(path, amended, files).held, path
            before, after = orjson.loads(body), orjson.loads(amended)
            added = {"complete": "opinion", "data": {"outcome": "agree"}}
            assert [each for each in after.pop("steps") if each != added] == before.pop("steps")
            assert after == before


def test_what_is_expected_of_a_step_is_looked_at_after_the_task_that_it_opened():
    files = trial.files_of(with_an_opinion())
    body = orjson.dumps([{"complete": "fill", "tasks": ["city_review"]}])
    steps = orjson.loads(trial.amended(body, files, {"opinion": {}}))["steps"]
    assert steps == [{"complete": "fill"}, {"complete": "opinion", "data": {}}, {"tasks": ["city_review"]}]


def test_a_test_that_never_comes_there_stays_as_it_is():
    files = trial.files_of(with_an_opinion())
    steps = [{"start": "base_change"}, {"tasks": ["fill"]}]
    assert orjson.loads(trial.amended(orjson.dumps({"steps": steps}), files, {"opinion": {}}))["steps"] == steps


def test_what_cannot_be_read_is_refused():
    with pytest.raises(trial.ScriptRefused):
        trial.amended(b"no json", trial.files_of(with_an_opinion()), {"opinion": {}})
