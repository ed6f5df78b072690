"""What if: cases of the last year played through a draft; which go another way, where, and what would be late."""

from datetime import timedelta

import orjson
import pytest

from engine import cases, definitions, replaying
from engine.folders import Folder, digest_of
from ground import clock, jobs
from ground.database import reading
from tasks import reminders, timers
from tests.engine import desk, flows, test_decided
from tests.engine.test_decided import TABLE

assert reminders  # its step is called by the diagrams here

LOW = b'<rule id="low">'


def gate(mark: int, *, extra: str = "", between: str = "review", terms: dict | None = None) -> dict[str, bytes]:
    timer = (
        '<bpmn:boundaryEvent id="late" cancelActivity="false" attachedToRef="review"><bpmn:timerEventDefinition>'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("intake")</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:serviceTask id="remind" jidi:step="reminders.overdue"><bpmn:extensionElements>'
        '<jidi:parameter name="task" value="\'review\'"/></bpmn:extensionElements></bpmn:serviceTask>'
        '<bpmn:endEvent id="late_reminded"/>' + flows.flow("late", "remind") + flows.flow("remind", "late_reminded")
    )
    body = (
        '<bpmn:startEvent id="begin"/>'
        + flows.user("review", more='jidi:deadline="intake"')
        + timer
        + extra
        + '<bpmn:exclusiveGateway id="enough" default="too_low"/>'
        + flows.user("visit")
        + '<bpmn:endEvent id="seen"/><bpmn:endEvent id="refused"/>'
        + flows.flow("begin", "review")
        + flows.flow(between, "enough")
        + flows.flow("enough", "visit", f"score &gt;= {mark}")
        + flows.flow("enough", "refused", name="too_low")
        + flows.flow("visit", "seen")
    )
    made = flows.folder("gate", body, more={"parameters.json": orjson.dumps(terms)} if terms else {})
    facts = orjson.loads(made["process.json"]) | {"starts_with": ["score"]}
    return made | {"process.json": orjson.dumps(facts)}


@pytest.fixture
def officer(database):
    desk.publish(gate(60))
    return desk.person("officer", "prov_officer")


def begun(officer, *scores: int):
    return [
        cases.start(
            "gate",
            subject=f"base:{score}",
            region="510000",
            organ=1,
            title="x",
            data={"score": score},
            by=officer,
            key=f"{score}",
        ).ref
        for score in scores
    ]


def folder_of(parts) -> Folder:
    with reading() as session:
        return definitions.assembled(session, definitions.check(session, parts, clock.now()))


def asked(officer, parts):
    with reading() as session:
        return replaying.what_if(session, "gate", folder_of(parts), officer, clock.now())


def test_a_changed_condition_sends_those_between_the_two_marks_another_way_and_nobody_else(officer):
    low, middle, high = begun(officer, 55, 65, 75)
    for case in (low, middle, high):
        desk.do(case, "review", officer)
    desk.do(high, "visit", officer)
    found = asked(officer, gate(70))
    assert [found.count(kind) for kind in (replaying.SAME, replaying.OTHER, replaying.UNCLEAR)] == [2, 1, 0]
    ((at, instead, verdicts),) = found.places()
    assert (at, instead) == ("", "refused")
    assert [(each.past.ref, each.past.seen) for each in verdicts] == [(middle, True)]
    assert asked(officer, gate(60)).count(replaying.SAME) == 3


def test_a_task_that_is_new_is_passed_and_told_and_what_was_taken_out_stops_there(officer):
    (case,) = begun(officer, 80)
    desk.do(case, "review", officer)
    desk.do(case, "visit", officer)
    more = flows.user("opinion") + flows.flow("review", "opinion")
    found = asked(officer, gate(60, extra=more, between="opinion"))
    assert (found.count(replaying.SAME), found.new()) == (1, [("opinion", 1)])
    found = asked(officer, flows.in_a_row("gate", 1))
    assert (found.count(replaying.OTHER), found.places()[0][0]) == (1, "review")


def test_a_shorter_time_limit_reminds_of_cases_that_were_in_time(officer, stopped_clock):
    slow, quick = begun(officer, 61, 62)
    desk.do(quick, "review", officer)
    stopped_clock[0] += timedelta(days=4)
    timers.fire_due(clock.now())
    jobs.run_due(clock.now())
    desk.do(slow, "review", officer)
    before = asked(officer, gate(60))
    assert (before.count(replaying.SAME), before.late()) == (2, [])
    shorter = asked(officer, gate(60, terms={"deadline.intake": {"n": 2, "unit": "working_days"}}))
    assert (shorter.count(replaying.SAME), shorter.late()) == (2, [("remind", 1)])


def test_a_case_that_was_moved_by_hand_is_told_apart(officer):
    head = desk.person("head", "prov_division_head")
    (case,) = begun(officer, 65)
    cases.move(case, "review", "visit", by=head, reason="资料已另行审核", key="m")
    assert asked(officer, gate(70)).count(replaying.UNCLEAR) == 1


def test_nothing_is_changed_and_an_older_case_is_not_played(officer, stopped_clock):
    (case,) = begun(officer, 65)
    before = desk.row(case)
    assert len(asked(officer, gate(70)).verdicts) == 1
    assert desk.row(case) == before
    stopped_clock[0] += timedelta(days=400)
    assert not asked(officer, gate(70)).verdicts


def test_whoever_may_not_open_a_case_gets_its_count_and_not_its_number(officer):
    begun(officer, 65)
    stranger = desk.person("stranger", "process_owner")
    found = asked(stranger, gate(70))
    assert [each.past.seen for each in found.verdicts] == [False]


def test_the_digest_of_what_is_tried_is_its_own(officer):
    assert folder_of(gate(70)).digest == digest_of(gate(70))


def ruled(mark: int, *, also: str = "") -> dict[str, bytes]:
    """The table asks for this score, and has perhaps one row more."""
    table = TABLE.replace(b"&gt;= 70", f"&gt;= {mark}".encode()).replace(LOW, also.encode() + LOW)
    return test_decided.ruled("gate", table)


@pytest.fixture
def judged(database):
    desk.publish(ruled(70))
    officer = desk.person("officer", "prov_officer")
    low, middle, high = begun(officer, 55, 65, 75)
    desk.do(middle, "review", officer)
    return officer, low, middle, high


def test_a_case_for_which_another_row_would_answer_is_told_though_it_goes_the_same_way(judged):
    officer, _low, middle, _high = judged
    found = asked(officer, ruled(60))
    assert found.count(replaying.SAME) == 3
    ((at, then, now, verdicts),) = found.rows()
    assert (at, then, now) == ("decide", ("low",), ("high",))
    assert [each.past.ref for each in verdicts] == [middle]
    assert asked(officer, ruled(70)).rows() == []


def test_a_row_that_is_new_answers_for_the_cases_that_it_takes_from_others(judged):
    officer, low, middle, high = judged
    new = '<rule id="fair"><inputEntry id="x"><text>&gt;= 50</text></inputEntry>'
    found = asked(officer, ruled(80, also=f'{new}<outputEntry id="y"><text>true</text></outputEntry></rule>'))
    told = {(then, now): {each.past.ref for each in verdicts} for _at, then, now, verdicts in found.rows()}
    assert told == {(("low",), ("fair",)): {low, middle}, (("high",), ("fair",)): {high}}
    assert [len(verdicts) for *_row, verdicts in found.rows()] == [2, 1]  # what concerns most cases comes first
