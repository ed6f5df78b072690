"""What a table was asked of late: the values, the rows that answered, and whose they are where that may be told."""

from dataclasses import replace

import orjson
import pytest

from engine import cases, decided
from ground.database import reading
from tests.engine import desk, flows

TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="way" namespace="urn:x">
<decision id="way" name="way"><decisionTable id="t" hitPolicy="FIRST">
<input id="i" label="score"><inputExpression id="e" typeRef="number"><text>score</text></inputExpression></input>
<output id="o" label="visit" name="visit" typeRef="boolean"/>
<rule id="high"><inputEntry id="a"><text>&gt;= 70</text></inputEntry>
<outputEntry id="b"><text>true</text></outputEntry></rule>
<rule id="low"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="f"><text>false</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def ruled(key: str, table: bytes = TABLE) -> dict[str, bytes]:
    """A process that asks its table for the score before its one task; whatever it answers, the way is the same."""
    body = flows.row('<bpmn:businessRuleTask id="decide" jidi:table="way"/>', flows.user("review"), end="finish")
    made = flows.folder(key, body, more={"way.dmn": table})
    facts = orjson.loads(made["process.json"]) | {"starts_with": ["score"]}
    return made | {"process.json": orjson.dumps(facts)}


@pytest.fixture
def officer(database):
    desk.publish(ruled("ruled"))
    return desk.person("officer", "prov_officer")


def begin(officer, score: int) -> str:
    about = {"subject": f"base:{score}", "region": "510000", "organ": 1, "title": "x"}
    return cases.start("ruled", **about, data={"score": score}, by=officer, key=f"{score}").ref


def lately(by, table: str = "way"):
    with reading() as session:
        return decided.lately(session, "ruled", table, by)


def test_the_last_answers_are_told_with_what_was_asked_and_by_whose_case(officer):
    low, high = begin(officer, 55), begin(officer, 75)
    assert {(each.ref, each.asked["score"], tuple(each.rules)) for each in lately(officer)} == {
        (high, 75, ("high",)),
        (low, 55, ("low",)),
    }
    assert lately(officer, "another") == []


def test_whoever_may_not_see_a_case_is_told_nothing_of_it(officer):
    begin(officer, 55)
    assert lately(replace(officer, person=999, held=(), keys=frozenset())) == []


def test_whoever_may_not_read_what_sealed_forms_came_to_sees_values_without_their_case(officer, monkeypatch):
    begin(officer, 55)
    monkeypatch.setattr(decided.sight, "insider", lambda *_who: False)
    (one,) = lately(officer)
    assert (one.asked, one.ref, one.number, one.at) == ({"score": 55}, "", "", None)
