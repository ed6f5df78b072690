"""Acts by hand: suspended, resumed, cancelled, corrected; with a right, a reason, and before and after on record."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from engine import cases, history, incidents, messages, submissions
from engine.cases.suspension import Suspension
from engine.submissions import Draft
from engine.waits import Subscription, Timer, Wait
from ground import clock
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import open_task, queue, reminders, timers
from tests.engine import desk, flows

DUE = flows.urged("due", more='jidi:deadline="intake"')
LISTENS = flows.folder(
    "listens",
    flows.row(
        '<bpmn:intermediateCatchEvent id="told"><bpmn:messageEventDefinition messageRef="news"/>'
        "</bpmn:intermediateCatchEvent>",
        flows.user("second"),
    ),
    messages='<bpmn:message id="news" name="news"/>',
)
CHOICE = flows.folder(
    "choice",
    '<bpmn:startEvent id="begin"/>'
    + flows.user("first")
    + '<bpmn:intermediateCatchEvent id="told"><bpmn:messageEventDefinition messageRef="news"/>'
    '</bpmn:intermediateCatchEvent><bpmn:exclusiveGateway id="which" default="which_back"/><bpmn:endEvent id="done"/>'
    + flows.user("back")
    + flows.flow("begin", "first")
    + flows.flow("first", "told")
    + flows.flow("told", "which")
    + flows.flow("which", "done", 'outcome == "forward"')
    + flows.flow("which", "back")
    + flows.flow("back", "done"),
    messages='<bpmn:message id="news" name="news"/>',
)
WHY = {"reason": "当事人申请"}


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 2))
    return desk.person("officer", "prov_officer")


@pytest.fixture
def head(officer):
    return desk.person("head", "prov_division_head")


def act(name, case, by, key="h", **more: Any):
    return getattr(cases, name)(case, **{"by": by, "key": f"{name}-{key}", **WHY, **more})


def lines(case):
    with reading() as session:
        return history.read(session, desk.row(case).id)


def last(case, kind):
    return [line for line in lines(case) if line.kind == kind][-1]


def rows_of(case):
    """Everything of the case that an act could change."""
    with reading() as session:
        number = desk.row(case).id
        tables = (Wait, Timer, Subscription)
        return desk.row(case), [session.execute(select(t).where(t.case_id == number)).all() for t in tables]


@pytest.mark.parametrize("name", ["suspend", "resume", "cancel", "correct", "move"])
def test_only_the_head_of_the_handling_unit_acts_by_hand(officer, head, name):
    case = desk.start("row", officer)
    if name == "resume":
        act("suspend", case, head)
    more = {
        "correct": {"scalar": "outcome", "value": "forward"},
        "move": {"source": "task_1", "target": "task_2"},
    }.get(name, {})
    before = rows_of(case)
    for number, role in enumerate(("supervisor", "process_owner", "auditor", "prov_leader", "prov_officer", "legal")):
        with pytest.raises(Forbidden):
            act(name, case, desk.person(f"other{number}", role), **more)
    elsewhere = desk.person("nobody")
    with pytest.raises(Forbidden):
        act(name, case, elsewhere, **more)
    assert rows_of(case) == before
    act(name, case, head, **more)
    assert rows_of(case) != before


@pytest.mark.parametrize("reason", ["", "  \n ", "长" * 501])
def test_an_act_by_hand_needs_a_reason(officer, head, reason):
    case = desk.start("row", officer)
    before = rows_of(case)
    for name in ("suspend", "cancel"):
        with pytest.raises(cases.NoReason):
            act(name, case, head, reason=reason)
    assert rows_of(case) == before


def test_an_unknown_case_is_missing(head):
    with pytest.raises(Missing):
        act("suspend", "nosuchcase22", head)


def test_the_history_says_how_it_stood_before_and_after_and_why(officer, head):
    case = desk.start("row", officer)
    act("suspend", case, head)
    act("resume", case, head)
    act("correct", case, head, scalar="outcome", value="return")
    act("cancel", case, head)
    for kind in ("suspended", "resumed", "corrected"):
        line = last(case, f"case.{kind}")
        assert line.by_person == head.person
        assert (line.detail["before"], line.detail["after"]) == (["task_1"], ["task_1"])
        assert line.detail["reason"] == WHY["reason"]
    assert last(case, "case.cancelled").detail == {"before": ["task_1"], "after": [], **WHY}
    with reading() as session:
        row = desk.row(case)
        assert history.verify(session, row.id, history.Head(row.seq, row.head)) is None


def test_while_it_is_suspended_nothing_is_claimed_completed_or_fired(officer, head, stopped_clock):
    desk.publish(DUE)
    case = desk.start("due", officer)
    wait = desk.waits(case)["ask"]
    desk.claim(wait.ref, officer)
    act("suspend", case, head)
    with pytest.raises(cases.Suspended):
        cases.complete(wait.ref, desk.FORWARD, by=officer, key="k")
    with transaction() as session:
        queue.release(session, wait.ref, officer, clock.now())
    with pytest.raises(cases.Suspended):
        desk.claim(wait.ref, officer)
    with transaction() as session, pytest.raises(queue.NothingFree):
        queue.claim_next(session, officer, queue.Filters(element="ask"), clock.now())
    stopped_clock[0] += timedelta(days=365)
    assert timers.fire_due(clock.now()) == 0
    assert cases.wake(desk.row(case).id, received_at=clock.now()) is False
    with transaction() as session:
        assert reminders.send_due(session, clock.now()) == 0
    with pytest.raises(cases.Suspended):
        act("suspend", case, head, key="again")
    with pytest.raises(cases.Suspended):
        act("correct", case, head, scalar="outcome", value="return")
    assert list(desk.waits(case)) == ["ask"]
    with reading() as session:
        assert incidents.open_of(session, desk.row(case).id) == []
        item = queue.page(session, officer, queue.Filters(element="ask")).items[0]
        assert item.status == "suspended"
        assert open_task.look(session, item.ref, officer).may_claim is False


def test_dates_move_on_by_the_days_of_the_calendar_and_keep_their_kind(officer, head, stopped_clock):
    desk.publish(DUE)
    case = desk.start("due", officer)
    desk.claim(desk.waits(case)["ask"].ref, officer)
    before, timer_before = desk.waits(case)["ask"], rows_of(case)[1][1][0]
    stopped_clock[0] += timedelta(hours=14)  # 23:00 in Shanghai
    act("suspend", case, head)
    asleep = desk.waits(case)["ask"]
    assert (asleep.due_on, asleep.due_at) == (before.due_on, clock.NEVER)
    stopped_clock[0] += timedelta(days=9, hours=2)  # 1:00 of the tenth day
    act("resume", case, head)
    after, timer_after = desk.waits(case)["ask"], rows_of(case)[1][1][0]
    for old, new in ((before, after), (timer_before, timer_after)):
        assert new.due_on == old.due_on + timedelta(days=10)
        assert new.due_at == clock.end_of(new.due_on)
        assert (new.due_kind, new.deadline) == (old.due_kind, old.deadline)
    assert (after.ref, after.held_by, after.clause) == (before.ref, officer.person, before.clause)
    assert last(case, "case.resumed").detail["days"] == 10
    with reading() as session:
        mine = session.execute(select(Suspension).where(Suspension.case_id == desk.row(case).id)).one()
    assert (mine.days, mine.ended_at - mine.began_at) == (10, timedelta(days=9, hours=2))
    stopped_clock[0] = timer_after.due_at - timedelta(microseconds=1)
    assert timers.fire_due(clock.now()) == 0
    stopped_clock[0] = timer_after.due_at
    assert timers.fire_due(clock.now()) == 1
    assert list(desk.waits(case)) == ["urge"]


def test_an_instant_that_is_no_days_end_moves_on_by_the_time_that_passed(officer, head, stopped_clock):
    desk.publish(DUE)
    case = desk.start("due", officer)
    noon = clock.now() + timedelta(days=3, hours=3)
    with transaction() as session:
        session.execute(Timer.__table__.update().values(due_at=noon, due_on=clock.local_day(noon)))
    act("suspend", case, head)
    stopped_clock[0] += timedelta(days=1, hours=20)
    act("resume", case, head)
    timer = rows_of(case)[1][1][0]
    assert timer.due_at == noon + timedelta(days=1, hours=20)
    assert timer.due_on == clock.local_day(timer.due_at)


def test_a_draft_survives_a_suspension(officer, head):
    case = desk.start("row", officer)
    wait = desk.waits(case)["task_1"]
    desk.claim(wait.ref, officer)
    with transaction() as session:
        cases_draft = {"opinion": "写到一半"}
        submissions.save_draft(session, wait, officer.person, cases_draft, 0, clock.now())
    act("suspend", case, head)
    act("resume", case, head)
    with reading() as session:
        assert open_task.look(session, wait.ref, officer).draft.answers == cases_draft
    assert desk.do(case, "task_1", officer).outcome is None


def test_what_is_sent_meanwhile_waits_and_arrives_when_it_is_resumed(officer, head, stopped_clock):
    desk.publish(LISTENS)
    case = desk.start("listens", officer)
    act("suspend", case, head)
    with transaction() as session:
        messages.post(session, sender_id=None, receiver=case, name="news", data={}, dedupe="one", now=clock.now())
    cases.deliver({"receiver": case})
    assert desk.waits(case) == {}
    stopped_clock[0] += messages.KEPT + timedelta(days=30)
    act("resume", case, head)
    assert list(desk.waits(case)) == ["second"]


def test_a_case_that_stands_still_cannot_be_resumed_twice(officer, head):
    case = desk.start("row", officer)
    with pytest.raises(cases.NotSuspended):
        act("resume", case, head)
    act("suspend", case, head)
    assert act("resume", case, head) == act("resume", case, head)
    with pytest.raises(cases.NotSuspended):
        act("resume", case, head, key="other")


@pytest.mark.parametrize("asleep", [False, True])
def test_a_cancelled_case_is_closed_and_waits_for_nothing(officer, head, asleep):
    desk.publish(DUE)
    case = desk.start("due", officer)
    wait = desk.waits(case)["ask"]
    with transaction() as session:
        submissions.save_draft(session, wait, officer.person, {"opinion": "一"}, 0, clock.now())
    if asleep:
        act("suspend", case, head)
    assert act("cancel", case, head).outcome == cases.CANCELLED
    row, open_rows = rows_of(case)
    assert (row.status, row.outcome, row.alone) == ("closed", cases.CANCELLED, None)
    assert open_rows == [[], [], []]
    assert "case.completed" not in [line.kind for line in lines(case)]
    with reading() as session:
        assert session.scalar(select(Draft.answers)) == {"opinion": "一"}
    with pytest.raises(cases.Gone):
        cases.complete(wait.ref, desk.FORWARD, by=officer, key="k")
    for name in ("cancel", "suspend", "resume"):
        with pytest.raises(cases.Ended):
            act(name, case, head, key="again")


def test_a_corrected_value_is_what_the_gateway_reads(officer, head):
    desk.publish(CHOICE)
    case = desk.start("choice", officer)
    desk.do(case, "first", officer)
    act("correct", case, head, scalar="outcome", value="return")
    line = last(case, "case.corrected")
    assert (line.detail["name"], line.detail["old"], line.detail["new"]) == ("outcome", "forward", "return")
    with transaction() as session:
        messages.post(session, sender_id=None, receiver=case, name="news", data={}, dedupe="one", now=clock.now())
    cases.deliver({"receiver": case})
    assert list(desk.waits(case)) == ["back"]


@pytest.mark.parametrize(
    ("scalar", "value", "refusal"),
    [
        ("opinion", "x", cases.NotDeclared),
        ("nrOfInstances", 3, cases.NotDeclared),
        ("outcome", "whatever", cases.WrongValue),
        ("outcome", {"a": 1}, cases.WrongValue),
        ("outcome", True, cases.WrongValue),
    ],
)
def test_only_a_declared_value_of_its_fields_type_is_taken(officer, head, scalar, value, refusal):
    case = desk.start("row", officer)
    before = rows_of(case)
    with pytest.raises(refusal):
        act("correct", case, head, scalar=scalar, value=value)
    assert rows_of(case) == before


def test_what_a_signed_form_declares_is_not_corrected(officer, head):
    parts = flows.in_a_row("signed", 2)
    parts["signed.bpmn"] = parts["signed.bpmn"].replace(b'id="task_2"', b'id="task_2" jidi:signed="true"')
    desk.publish(parts)
    case = desk.start("signed", officer)
    with pytest.raises(cases.Signed):
        act("correct", case, head, scalar="outcome", value="return")


def test_a_number_is_corrected_as_answers_hold_it(officer, head):
    field = {"name": "amount", "type": "decimal", "label": "金额", "places": 2}
    form = {**flows.FORM, "scalars": ["outcome", "amount"]}
    form["sections"] = [{"title": "意见", "fields": [*flows.FORM["sections"][0]["fields"], field]}]
    desk.publish({**flows.in_a_row("amounts", 1), "forms/opinion.json": orjson.dumps(form)})
    case = desk.start("amounts", officer)
    act("correct", case, head, scalar="amount", value="12.5")
    assert last(case, "case.corrected").detail["new"] == "12.50"
    with pytest.raises(cases.WrongValue) as refused:
        act("correct", case, head, "again", scalar="amount", value="12.555")
    assert refused.value.detail["problem"] == "field.places"
    act("correct", case, head, "none", scalar="amount", value=None)
    assert last(case, "case.corrected").detail["old"] == "12.50"


def test_a_moved_token_leaves_its_row_and_gets_a_new_one(officer, head):
    desk.publish(DUE)
    case = desk.start("due", officer)
    old = desk.waits(case)["ask"]
    desk.claim(old.ref, officer)
    act("move", case, head, source="ask", target="urge")
    row, (waits, open_timers, _) = rows_of(case)
    assert [(wait.element, wait.held_by) for wait in waits] == [("urge", None)]
    assert open_timers == []
    assert row.status == "open"
    with pytest.raises(cases.Gone):
        cases.complete(old.ref, desk.FORWARD, by=officer, key="k")
    line = last(case, "case.moved")
    assert (line.by_person, line.element) == (head.person, "urge")
    assert line.detail == {"source": "ask", "to": "urge", "before": ["ask", "late"], "after": ["urge"], **WHY}
    act("move", case, head, "back", source="urge", target="ask")
    _, (waits, open_timers, _) = rows_of(case)
    assert [wait.element for wait in waits] == ["ask"]
    assert waits[0].ref != old.ref
    assert [timer.element for timer in open_timers] == ["late"]
    assert act("move", case, head, "end", source="ask", target="done").outcome == "done"


@pytest.mark.parametrize(
    ("source", "target", "refusal"),
    [
        ("late", "urge", cases.NoSuchToken),
        ("urge", "ask", cases.NoSuchToken),
        ("ask", "late", cases.TargetNotReachable),
        ("ask", "nowhere", cases.TargetUnknown),
    ],
)
def test_a_move_that_cannot_be_is_refused_and_nothing_moves(officer, head, source, target, refusal):
    desk.publish(DUE)
    case = desk.start("due", officer)
    before = rows_of(case)
    with pytest.raises(refusal):
        act("move", case, head, source=source, target=target)
    assert rows_of(case) == before
    with reading() as session:
        assert incidents.open_of(session, desk.row(case).id) == []


def test_a_move_after_which_the_case_could_not_go_on_is_a_refusal_and_no_incident(officer, head):
    body = flows.user("first") + '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="which"/>'
    body += '<bpmn:endEvent id="done"/>' + flows.flow("begin", "first") + flows.flow("first", "which")
    desk.publish(flows.folder("needs", body + flows.flow("which", "done", 'outcome == "forward"')))
    case = desk.start("needs", officer)
    before = rows_of(case)
    with pytest.raises(cases.Stuck) as refused:
        act("move", case, head, source="first", target="which")
    assert refused.value.detail["element"] == "which"
    assert rows_of(case) == before
    with reading() as session:
        assert incidents.open_of(session, desk.row(case).id) == []


def test_a_move_that_runs_into_a_signed_step_is_refused(officer, head):
    parts = flows.in_a_row("guarded", 3)
    parts["guarded.bpmn"] = parts["guarded.bpmn"].replace(b'id="task_2"', b'id="task_2" jidi:signed="true"')
    desk.publish(parts)
    case = desk.start("guarded", officer)
    for target in ("task_2", "task_3", "finish"):
        with pytest.raises(cases.Signed):
            act("move", case, head, source="task_1", target=target)
    desk.do(case, "task_1", officer)
    for target in ("task_1", "task_3"):
        with pytest.raises(cases.Signed):
            act("move", case, head, source="task_2", target=target)
    desk.do(case, "task_2", officer)
    act("move", case, head, source="task_3", target="task_1")
    assert list(desk.waits(case)) == ["task_1"]


def test_the_same_key_moves_a_case_once(officer, head):
    case = desk.start("row", officer)
    first = act("move", case, head, source="task_1", target="task_2")
    assert act("move", case, head, source="task_1", target="task_2") == first
    assert [line.kind for line in lines(case)].count("case.moved") == 1
