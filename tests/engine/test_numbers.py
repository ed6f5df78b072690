"""The numbers that people read: each names one case, in whichever process."""

import orjson
import pytest

from engine.definitions import NotRunnable
from ground.database import Database
from tests.engine import desk, flows


def test_two_processes_do_not_share_the_word_of_their_numbers(database: Database):
    desk.publish(flows.in_a_row("first", 1))
    same = flows.folder(
        "second", '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>' + flows.flow("s", "e"), number="first"
    )
    with pytest.raises(NotRunnable) as refused:
        desk.publish(same)
    assert [(each.code, each.params["by"]) for each in refused.value.detail["findings"]] == [
        ("process.number_taken", ["first"])
    ]


def test_a_process_keeps_its_word_from_version_to_version(database: Database):
    desk.publish(flows.in_a_row("first", 1))
    desk.publish(flows.in_a_row("first", 2))


def test_a_process_that_nobody_could_begin_is_not_published(database: Database):
    parts = flows.in_a_row("first", 1)
    facts = orjson.loads(parts["process.json"]) | {"begun_by": ["prov_officer", "king"]}
    with pytest.raises(NotRunnable) as refused:
        desk.publish(parts | {"process.json": orjson.dumps(facts)})
    assert [(each.code, each.params["role"]) for each in refused.value.detail["findings"]] == [("role.unknown", "king")]


def test_an_element_that_bears_the_id_of_its_process_is_refused_and_holds_nobody_up(database: Database):
    body = flows.row(flows.user("same", scope="person(case.organ)"), end="end")
    with pytest.raises(NotRunnable) as refused:
        desk.publish(flows.folder("same", body))
    assert "bpmn.duplicate_id" in {each.code for each in refused.value.detail["findings"]}
