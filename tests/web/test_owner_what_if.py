"""What the page of a replay says of tables: rows by their number in the draft, each of its own table."""

from collections import Counter
from datetime import UTC, datetime

from engine.folders import Folder
from engine.replaying import SAME, Found
from engine.trial.replaying import Past, Verdict
from tests.engine import flows
from tests.engine.test_decided import TABLE
from web.owner import replaying

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
PAST = Past("2026-001", "x", True, {}, MOMENT, MOMENT, {}, (), {}, (), Counter())


def folder() -> Folder:
    """Two tables, whose rows have the same ids in another order."""
    high, low = TABLE.index(b'<rule id="high">'), TABLE.index(b'<rule id="low">')
    end = TABLE.index(b"</decisionTable>")
    turned = TABLE[:high] + TABLE[low:end] + TABLE[high:low] + TABLE[end:]
    body = (
        '<bpmn:startEvent id="begin"/><bpmn:businessRuleTask id="one" name="甲" jidi:table="way"/>'
        '<bpmn:businessRuleTask id="two" jidi:table="turned"/><bpmn:endEvent id="end"/>'
        + flows.flow("begin", "one")
        + flows.flow("one", "two")
        + flows.flow("two", "end")
    )
    parts = flows.folder("ruled", body, more={"way.dmn": TABLE, "turned.dmn": turned})
    return Folder(0, "what-if-rows", parts)


def told(*rows: object):
    found = Found([Verdict(PAST, SAME, rows=rows)], 0)
    return list(replaying.rows(found, folder(), {"one": "甲"}))


def test_the_same_row_has_in_each_table_the_number_that_it_has_there(pages):
    assert told(("one", ("low",), ("high",))) == [("甲", "2", "1", 1)]
    assert told(("two", ("low",), ("high",))) == [("two", "1", "2", 1)]


def test_several_rows_no_row_and_a_row_that_is_gone(pages):
    assert told(("one", ("high", "low"), ())) == [("甲", "1、2", "", 1)]
    assert told(("one", ("gone",), ("low",))) == [("甲", "gone", "2", 1)]
    assert told(("nowhere", ("low",), ("high",))) == [("nowhere", "low", "high", 1)]
