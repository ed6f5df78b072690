"""退回修改 and 撤回: who may, where to, what comes of it, and everything that is refused."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update

from engine import cases, history, submissions
from engine.cases import passed, sending_back, taking_back
from engine.cases.hand import Ended
from engine.steps import step
from ground import calendar, clock
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from ground.grants import Grant
from tasks import durations, elapsed, going_back, letters, open_task, queue
from tests.engine import desk, flows

ASKED = [{"field": "opinion", "remark": "请补充<b>依据</b>。"}]


@step("tests.harmless", again=True)
def _harmless(move: Any) -> None:
    move.record("task.closed", element="nothing")


@step("tests.for_good")
def _for_good(_move: Any) -> None:
    pass


def service(name: str, which: str) -> str:
    return f'<bpmn:serviceTask id="{name}" jidi:step="{which}"/>'


def row_of(key: str, *middle: str, more: str = "", role: str = "prov_officer") -> dict[str, bytes]:
    """Begin → first → … → last → end; `middle` are whole elements, each with an id of its own."""
    first, last = flows.user("first", role=role), flows.user("last", more=more)
    return flows.folder(key, flows.row(first, *middle, last, end="finish"))


SIDE_BY_SIDE = flows.folder(
    "beside",
    '<bpmn:startEvent id="begin"/>'
    + flows.user("first")
    + '<bpmn:parallelGateway id="split"/>'
    + flows.user("one")
    + flows.user("two")
    + '<bpmn:parallelGateway id="join"/>'
    + flows.user("last")
    + '<bpmn:endEvent id="finish"/>'
    + flows.flow("begin", "first")
    + flows.flow("first", "split")
    + flows.flow("split", "one")
    + flows.flow("split", "two")
    + flows.flow("one", "join")
    + flows.flow("two", "join")
    + flows.flow("join", "last")
    + flows.flow("last", "finish"),
)


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 3))
    desk.publish(SIDE_BY_SIDE)
    return desk.person("officer", "prov_officer")


@pytest.fixture
def other(officer):
    return desk.person("other", "prov_officer")


def at(place, case, by):
    """The open task at this place, held by this person."""
    wait = desk.waits(case)[place]
    if wait.held_by is None:
        desk.claim(wait.ref, by)
    return wait.ref


def send_back(case, source, target, by, **more: Any):
    given = {"reason": "数据有误。", "asked": ASKED, "key": f"{source}-{target}", **more}
    return going_back.send_back(at(source, case, by), target, by=by, **given)


def offered(case, source, by):
    with reading() as session:
        return going_back.targets(session, open_task.look(session, at(source, case, by), by))


def lines(case):
    with reading() as session:
        return history.read(session, desk.row(case).id)


def kinds(case, but=("task.claimed",)):
    return [(line.kind, line.element) for line in lines(case) if line.kind not in but]


def chain_holds(case):
    row = desk.row(case)
    with reading() as session:
        return history.verify(session, row.id, history.Head(row.seq, row.head)) is None


def two_steps_on(officer, other, process="row"):
    case = desk.start(process, officer)
    desk.do(case, "task_1", officer)
    desk.do(case, "task_2", officer, {"outcome": "forward", "opinion": "第二步"})
    return case


def test_a_case_goes_back_to_any_passed_step_for_whoever_did_it_and_then_its_drawn_way_again(officer, other):
    case = two_steps_on(officer, other)
    assert [each.element for each in offered(case, "task_3", other)] == ["task_2", "task_1"]
    send_back(case, "task_3", "task_1", other)
    (wait,) = desk.waits(case).values()
    assert (wait.element, wait.held_by) == ("task_1", officer.person)
    with reading() as session:
        row = going_back.asked_at(session, desk.row(case).id, "task_1")
        letter = letters.inbox(session, officer)[0]
    assert (row.source, row.reason, row.asked) == ("task_3", "数据有误。", ASKED)
    assert (letter.template, letter.facts["reason"]) == ("sent_back", "数据有误。")
    assert kinds(case)[-2:] == [("task.sent_back", "task_3"), ("task.opened", "task_1")]
    (told,) = [line for line in lines(case) if line.kind == "task.sent_back"]
    assert (told.by_person, told.detail) == (
        other.person,
        {"target": "task_1", "reason": "数据有误。", "asked": ASKED, "acting": other.held[0].role + "@1"},
    )
    desk.do(case, "task_1", officer, {"outcome": "forward", "opinion": "已补充"})
    with reading() as session:
        assert going_back.asked_at(session, desk.row(case).id, "task_1") is None
    assert list(desk.waits(case)) == ["task_2"]
    desk.do(case, "task_2", officer)
    assert list(desk.waits(case)) == ["task_3"]
    assert chain_holds(case)


def test_it_goes_to_the_queue_where_whoever_did_it_may_do_it_no_more(officer, other):
    case = two_steps_on(officer, other)
    with transaction() as session:
        session.execute(
            update(Grant).where(Grant.person_id == officer.person).values(valid_to=clock.today() - clock.DAY)
        )
    send_back(case, "task_3", "task_2", other)
    (wait,) = desk.waits(case).values()
    assert (wait.element, wait.held_by) == ("task_2", None)
    with reading() as session:
        assert letters.inbox(session, other)[0].template == "sent_back"


def test_between_a_split_and_its_join_all_branches_begin_anew_and_what_is_lost_is_told_before(officer, other):
    case = desk.start("beside", officer)
    desk.do(case, "first", officer)
    desk.do(case, "one", officer)
    (target,) = [each for each in offered(case, "two", other) if each.element == "first"]
    assert (target.lost, target.whole) == ((), False)
    desk.do(case, "two", other)
    found = {each.element: each for each in offered(case, "last", other)}
    assert (found["one"].whole, found["first"].whole) == (True, False)
    send_back(case, "last", "one", other)
    assert sorted(desk.waits(case)) == ["one", "two"]


def test_of_two_branches_the_other_one_is_lost_with_it_and_that_is_on_record(officer, other):
    case = desk.start("beside", officer)
    desk.do(case, "first", officer)
    (target,) = offered(case, "two", other)
    assert (target.element, target.lost) == ("first", ("one",))
    send_back(case, "two", "first", other)
    assert list(desk.waits(case)) == ["first"]
    assert ("task.closed", "one") in kinds(case)


def test_only_whoever_holds_the_task_sends_it_back_and_only_to_what_was_passed(officer, other):
    case = two_steps_on(officer, other)
    ref = at("task_3", case, other)
    given = {"reason": "x", "key": "k"}
    with pytest.raises(cases.NotYours):
        going_back.send_back(ref, "task_1", by=officer, **given)
    for target in ("task_3", "nothing", "begin", "finish", ""):
        with pytest.raises(sending_back.NotPassed):
            going_back.send_back(ref, target, by=other, **given)
    with pytest.raises(cases.Gone):
        going_back.send_back("x" * 12, "task_1", by=other, **given)
    assert list(desk.waits(case)) == ["task_3"]


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_a_sending_back_says_why(officer, other, reason):
    case = two_steps_on(officer, other)
    with pytest.raises(sending_back.Unreasoned):
        send_back(case, "task_3", "task_1", other, reason=reason)
    with pytest.raises(sending_back.Unreasoned):
        send_back(case, "task_3", "task_1", other, asked=[{"field": "opinion", "remark": reason}])


def test_only_fields_of_that_form_are_asked_each_once(officer, other):
    case = two_steps_on(officer, other)
    for asked in ([{"field": "nothing", "remark": "x"}], ASKED + ASKED):
        with pytest.raises(sending_back.UnknownField):
            send_back(case, "task_3", "task_1", other, asked=asked)


def test_the_same_key_twice_sends_it_back_once(officer, other):
    case = two_steps_on(officer, other)
    ref = at("task_3", case, other)
    given = {"reason": "x", "by": other, "key": "same"}
    assert going_back.send_back(ref, "task_1", **given) == going_back.send_back(ref, "task_1", **given)
    with pytest.raises(cases.Gone):
        going_back.send_back(ref, "task_1", **{**given, "key": "another"})
    assert [kind for kind, _ in kinds(case)].count("task.sent_back") == 1


def test_a_diagram_may_say_where_to_or_that_nothing_is_sent_back(officer, other):
    for key, more in (("some", 'jidi:back="first"'), ("none", 'jidi:back="none"')):
        desk.publish(row_of(key, flows.user("middle"), more=more))
    some, none = desk.start("some", officer, key="s"), desk.start("none", officer, key="n", subject="base:2")
    for case in (some, none):
        desk.do(case, "first", officer)
        desk.do(case, "middle", officer)
    assert [each.element for each in offered(some, "last", other)] == ["first"]
    with pytest.raises(sending_back.NotPassed):
        send_back(some, "last", "middle", other)
    with pytest.raises(sending_back.NotFromHere):
        send_back(none, "last", "first", other)
    with pytest.raises(sending_back.NotFromHere):
        offered(none, "last", other)


def test_an_applicant_s_own_task_sends_nothing_back(officer):
    base = desk.person("filler", "base_filler", "prov_officer")
    desk.publish(row_of("own", role="prov_officer").copy())
    desk.publish(
        flows.folder(
            "filled",
            flows.row(
                flows.user("first"), flows.user("own", role="base_filler", scope="organ(case.organ)"), end="finish"
            ),
        )
    )
    case = desk.start("filled", base)
    desk.do(case, "first", base)
    with pytest.raises(sending_back.NotFromHere):
        send_back(case, "own", "first", base)


def test_nothing_goes_back_past_a_signed_step_or_from_it_or_to_it(officer, other):
    desk.publish(row_of("signed", flows.user("sign", more='jidi:signed="true"')))
    case = desk.start("signed", officer)
    desk.do(case, "first", officer)
    with pytest.raises(sending_back.NotFromHere):
        send_back(case, "sign", "first", other)
    desk.do(case, "sign", other)
    assert offered(case, "last", other) == []
    with pytest.raises(passed.Barred):
        send_back(case, "last", "first", other)
    with pytest.raises(cases.Signed):
        send_back(case, "last", "sign", other)


def test_a_step_is_gone_back_past_only_if_it_says_that_it_may_be_done_again(officer, other):
    desk.publish(row_of("harmless", service("note", "tests.harmless")))
    desk.publish(row_of("for_good", service("serve", "tests.for_good")))
    harmless, served = desk.start("harmless", officer), desk.start("for_good", officer, key="g", subject="base:2")
    for case in (harmless, served):
        desk.do(case, "first", officer)
    assert [each.element for each in offered(harmless, "last", other)] == ["first"]
    assert offered(served, "last", other) == []
    with pytest.raises(passed.Barred) as refused:
        send_back(served, "last", "first", other)
    assert refused.value.detail["element"] == "serve"


def test_nothing_goes_back_into_what_several_do_side_by_side(officer, other):
    items = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false"><bpmn:loopCardinality '
        'xsi:type="bpmn:tFormalExpression">2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>'
    )
    desk.publish(row_of("many", flows.user("score", inner=items)))
    case = desk.start("many", officer)
    desk.do(case, "first", officer)
    with reading() as session:
        rows = [row for row in session.execute(select(queue.Wait)).all() if row.element == "score"]
    for row in rows:
        desk.claim(row.ref, officer)
    with pytest.raises(sending_back.NotFromHere):
        going_back.send_back(rows[0].ref, "first", reason="x", by=officer, key="k")
    for row in rows:
        cases.complete(row.ref, desk.FORWARD, by=officer, key=row.ref)
    with pytest.raises(cases.Signed):
        send_back(case, "last", "score", other)
    with pytest.raises(passed.Barred):
        send_back(case, "last", "first", other)


def test_its_days_with_whoever_was_asked_again_are_not_the_reviewer_s(officer, other, stopped_clock):
    case = two_steps_on(officer, other)
    stopped_clock[0] += timedelta(days=1)
    send_back(case, "task_3", "task_2", other)
    stopped_clock[0] += timedelta(days=3)
    desk.do(case, "task_2", officer)
    stopped_clock[0] += timedelta(days=3)
    with reading() as session:
        known = calendar.load(session)
    way = durations.way(lines(case), ["task_2", "task_3"], lambda place: place, clock.now(), known)
    assert way.days == {"task_2": 3, "task_3": 2}
    assert way.returned == {"task_3"}
    applied = {"task_2": elapsed.APPLICANT}
    assert elapsed.of_case(lines(case), applied.get, clock.now(), known).returned == 3


def take_back(case, by, key="t"):
    return going_back.take_back(case, by=by, key=key)


def test_what_was_sent_is_taken_back_while_nobody_has_claimed_the_next_and_is_a_draft_again(officer, other):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer, {"outcome": "forward", "opinion": "写错了"})
    take_back(case, officer)
    (wait,) = desk.waits(case).values()
    assert (wait.element, wait.held_by) == ("task_1", officer.person)
    with reading() as session:
        assert submissions.draft(session, wait.ref, officer.person).answers["opinion"] == "写错了"
        assert submissions.count(session, desk.row(case).id) == 1
    assert kinds(case)[-3:] == [("task.taken_back", "task_1"), ("task.closed", "task_2"), ("task.opened", "task_1")]
    desk.do(case, "task_1", officer, {"outcome": "forward", "opinion": "改好了"}, key="again")
    assert list(desk.waits(case)) == ["task_2"]
    assert chain_holds(case)


def test_once_somebody_has_claimed_the_next_it_says_who_and_when_also_after_they_gave_it_back(officer, other):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    ref = at("task_2", case, other)
    with pytest.raises(taking_back.Opened) as refused:
        take_back(case, officer)
    assert refused.value.detail["by"] == other.person
    with transaction() as session:
        queue.release(session, ref, other, clock.now())
    with pytest.raises(taking_back.Opened):
        take_back(case, officer, "later")
    assert list(desk.waits(case)) == ["task_2"]


def test_only_its_sender_takes_it_back_and_only_the_last_sending(officer, other):
    case = desk.start("row", officer)
    with pytest.raises(taking_back.NothingSent):
        take_back(case, officer)
    desk.do(case, "task_1", officer)
    with pytest.raises(taking_back.NothingSent):
        take_back(case, other)
    desk.do(case, "task_2", other)
    with pytest.raises(taking_back.NothingSent):
        take_back(case, officer)
    stranger = desk.person("stranger", "base_filler", organ="city-511500")
    with pytest.raises(Missing):
        take_back(case, stranger)


def test_whoever_has_left_the_office_takes_nothing_back(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    left = type(officer)(officer.person, officer.ref, officer.name, officer.name_en, officer.held, frozenset())
    with pytest.raises(Forbidden):
        take_back(case, left)


def test_what_stands_for_good_is_not_taken_back(officer, other):
    desk.publish(row_of("for_good", service("serve", "tests.for_good")))
    desk.publish(row_of("signed", flows.user("sign", more='jidi:signed="true"')))
    served, signed = desk.start("for_good", officer), desk.start("signed", officer, key="s", subject="base:2")
    desk.do(served, "first", officer)
    with pytest.raises(taking_back.Irrevocable):
        take_back(served, officer)
    desk.do(signed, "first", officer)
    take_back(signed, officer)  # asked of the leader, who has not looked
    assert list(desk.waits(signed)) == ["first"]
    desk.do(signed, "first", officer, key="again")
    desk.do(signed, "sign", other)
    with pytest.raises(taking_back.Irrevocable):
        take_back(signed, other)


def test_a_closed_case_is_neither_sent_nor_taken_back(officer, other):
    case = two_steps_on(officer, other)
    ref = at("task_3", case, other)
    desk.do(case, "task_3", other)
    with pytest.raises(Ended):
        take_back(case, other)
    with pytest.raises(cases.Gone):
        going_back.send_back(ref, "task_1", reason="x", by=other, key="late")


def test_a_branch_is_taken_back_alone_and_not_once_all_have_joined(officer, other):
    case = desk.start("beside", officer)
    desk.do(case, "first", officer)
    take_back(case, officer)
    assert list(desk.waits(case)) == ["first"]
    desk.do(case, "first", officer, key="again")
    desk.do(case, "one", officer)
    with pytest.raises(taking_back.Irrevocable):
        take_back(case, officer, "one")  # nothing is open that came of it
    desk.do(case, "two", other)
    with pytest.raises(taking_back.Irrevocable):
        take_back(case, other, "joined")
    assert list(desk.waits(case)) == ["last"]


def test_taken_back_twice_by_the_same_key_it_happens_once(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    assert take_back(case, officer) == take_back(case, officer)
    with pytest.raises(taking_back.Irrevocable):
        take_back(case, officer, "another")


def test_what_was_asked_is_asked_again_when_the_answer_is_taken_back(officer, other):
    case = two_steps_on(officer, other)
    send_back(case, "task_3", "task_1", other)
    desk.do(case, "task_1", officer)
    take_back(case, officer)
    with reading() as session:
        assert going_back.asked_at(session, desk.row(case).id, "task_1").asked == ASKED


def test_a_form_that_locks_lets_only_the_named_fields_be_changed(officer, other):
    parts = flows.in_a_row("locked", 2)
    (section,) = flows.FORM["sections"]
    more = [{"name": name, "type": "text", "label": name} for name in ("one", "two", "empty")]
    form = flows.FORM | {"locks": True, "sections": [section | {"fields": [*section["fields"], *more]}]}
    desk.publish(parts | {"forms/opinion.json": orjson.dumps(form)})
    case = desk.start("locked", officer)
    desk.do(case, "task_1", officer, {"outcome": "forward", "opinion": "旧", "one": "甲", "two": "乙"})
    send_back(case, "task_2", "task_1", other, asked=[{"field": "two", "remark": "请改"}])
    typed = {"outcome": "return", "opinion": "新", "one": "丙", "two": "丁", "empty": "戊"}
    desk.do(case, "task_1", officer, typed)
    with reading() as session:
        *_, sent = submissions.at(session, desk.row(case).id, "task_1")
    assert sent.answers == {"outcome": "return", "opinion": "旧", "one": "甲", "two": "丁", "empty": "戊"}


def test_a_suspended_case_stands_still(officer, other):
    head = desk.person("head", "prov_division_head")
    case = two_steps_on(officer, other)
    ref = at("task_3", case, other)
    cases.suspend(case, by=head, reason="等待", key="s")
    with pytest.raises(cases.Suspended):
        going_back.send_back(ref, "task_1", reason="x", by=other, key="k")
    with pytest.raises(cases.Suspended):
        take_back(case, officer)
