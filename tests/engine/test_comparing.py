"""What differs between two states of a process folder, part by part and in the words of whoever drew it."""

import orjson

from engine import decisions
from engine.definitions import comparing
from engine.spiff import comparing as drawings
from tests.engine import flows
from tests.engine.test_migrating import ask
from tests.workflows.folders import ROOT, parts

SIGNERS = parts(ROOT / "designation-case")["signers.dmn"]


def told(before, after):
    return [(each.kind, each.where, each.field, each.before, each.after) for each in comparing.changes(before, after)]


def test_the_same_folder_does_not_differ_from_itself():
    assert comparing.changes(ask("first"), ask("first")) == []


def test_a_step_that_came_and_what_leads_to_it_are_told_as_added_and_changed():
    found = comparing.changes(ask("first", "second"), ask("first", "between", "second"))
    assert ("added", "between") in [(each.kind, each.element) for each in found]
    assert ("removed", "first_second") in [(each.kind, each.element) for each in found]


def test_another_deadline_is_told_as_what_it_was_and_what_it_is():
    found = told(ask("first"), ask("first", deadline="decision"))
    assert ("changed", "first", "jidi:deadline", "intake", "decision") in found


def test_what_a_modeler_leaves_out_or_writes_as_it_likes_is_no_difference():
    body = flows.folder("x", '<bpmn:startEvent id="b"/><bpmn:endEvent id="e"/>' + flows.flow("b", "e"))["x.bpmn"]
    loud = body.replace(b'<bpmn:startEvent id="b"/>', b'<bpmn:startEvent id="b" isInterrupting="true"/>')
    assert drawings.changes(body, loud) == []


def test_a_shape_that_only_stands_elsewhere_has_moved():
    drawn = parts(ROOT / "base-change")["base-change.bpmn"].decode()
    at = drawn.index('bpmnElement="city_review"')
    moved = drawn[:at] + drawn[at:].replace('<dc:Bounds x="', '<dc:Bounds x="1', 1)
    assert [(each.kind, each.id) for each in drawings.changes(drawn.encode(), moved.encode())] == [
        ("moved", "city_review")
    ]


def test_a_table_is_told_row_by_row_and_cell_by_cell():
    table = decisions.load(SIGNERS)
    first = table.rules[0].results[0].source
    changed = SIGNERS.replace(first.encode(), b'"leader"', 1)
    found = comparing.changes({"signers.dmn": SIGNERS}, {"signers.dmn": changed})
    assert [(each.kind, each.where, each.before, each.after) for each in found] == [("changed", "1", first, '"leader"')]


def test_a_form_is_told_field_by_field():
    form = orjson.loads(parts(ROOT / "base-change")["forms/change-review.json"])
    fields = form["sections"][0]["fields"]
    fields[0]["required"] = True
    fields.append({"name": "more", "type": "text", "label": "另外"})
    old = {"forms/x.json": parts(ROOT / "base-change")["forms/change-review.json"]}
    found = told(old, {"forms/x.json": orjson.dumps(form)})
    assert ("added", "审核意见 › 审核意见", "required", "", "true") in found
    assert ("added", "审核意见 › 另外", "fields", "", "") in found


def test_a_part_that_cannot_be_read_is_told_as_changed_whole():
    assert told({"a.bpmn": b"<x"}, {"a.bpmn": b"<y"}) == [("changed", "", "", "", "")]
