"""A case moves in one transaction, once for each key, and what goes wrong is taken back whole."""

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from engine import cases, definitions, history, incidents, messages, submissions
from engine.cases import Case
from engine.submissions import Submission
from engine.waits import Timer, Wait
from ground import clock
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import queue, timers
from tests import databases
from tests.engine import desk, flows
from tests.engine.counting import counted

TIMED = flows.urged("timed")
CHOICE = flows.stopping("choice")


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 5))
    return desk.person("officer", "prov_officer")


def test_a_completion_opens_the_next_task_and_closes_its_own(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    assert list(desk.waits(case)) == ["task_2"]


def test_the_last_completion_ends_the_case_where_the_diagram_says(officer):
    case = desk.start("row", officer)
    for number in range(1, 6):
        moved = desk.do(case, f"task_{number}", officer)
    assert moved.outcome == "finish"
    assert (desk.row(case).status, desk.row(case).outcome) == ("closed", "finish")
    assert desk.waits(case) == {}


def test_a_completion_takes_at_most_twelve_statements_and_one_commit(officer, database):
    case = desk.start("row", officer)
    wait = desk.waits(case)["task_1"]
    desk.claim(wait.ref, officer)
    with counted(database) as count:
        cases.complete(wait.ref, desk.FORWARD, by=officer, key="k")
    assert count.statements <= 12, count
    assert count.commits == 1


@databases.on("postgresql")  # a statement costs no round trip here
def test_on_postgresql_a_completion_is_one_look_one_addressee_and_one_write(officer, database):
    case = desk.start("row", officer)
    wait = desk.waits(case)["task_1"]
    desk.claim(wait.ref, officer)
    with counted(database) as count:
        cases.complete(wait.ref, desk.FORWARD, by=officer, key="k")
    assert (count.statements, count.commits) == (3, 1)


def test_state_stays_below_twenty_kilobytes(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer, {"outcome": "forward", "opinion": "长" * 9_000})
    assert len(desk.row(case).state) < 20_000


def test_attack_077_the_same_key_gets_the_same_answer_and_moves_nothing_twice(officer):
    case = desk.start("row", officer)
    wait = desk.waits(case)["task_1"]
    desk.claim(wait.ref, officer)
    first = cases.complete(wait.ref, desk.FORWARD, by=officer, key="once")
    again = cases.complete(wait.ref, desk.FORWARD, by=officer, key="once")
    assert first == again
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1
    with pytest.raises(cases.Gone):
        cases.complete(wait.ref, desk.FORWARD, by=officer, key="other")


def test_the_same_key_starts_one_case(officer):
    assert desk.start("row", officer, key="once") == desk.start("row", officer, key="once")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_key_of_one_task_does_not_hide_another(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer, key="same")
    desk.do(case, "task_2", officer, key="same")
    assert list(desk.waits(case)) == ["task_3"]


def test_attack_074_a_task_held_by_another_is_refused_and_says_who(officer):
    case = desk.start("row", officer)
    other = desk.person("other", "prov_officer")
    wait = desk.waits(case)["task_1"]
    desk.claim(wait.ref, other)
    before = desk.row(case)
    with pytest.raises(cases.NotYours) as refused:
        cases.complete(wait.ref, desk.FORWARD, by=officer, key="k")
    assert refused.value.detail["held_by"] == other.person
    assert desk.row(case) == before


def test_a_task_of_a_role_that_was_lost_cannot_be_completed(officer, database):
    case = desk.start("row", officer)
    wait = desk.waits(case)["task_1"]
    desk.claim(wait.ref, officer)
    without = type(officer)(officer.person, officer.ref, officer.name, officer.name_en, (), frozenset())
    with pytest.raises(Forbidden):
        cases.complete(wait.ref, desk.FORWARD, by=without, key="k")


def test_a_form_that_is_not_right_names_its_field_and_moves_nothing(officer):
    case = desk.start("row", officer)
    wait = desk.waits(case)["task_1"]
    desk.claim(wait.ref, officer)
    before = desk.row(case)
    with pytest.raises(cases.Invalid) as refused:
        cases.complete(wait.ref, {"outcome": "whatever"}, by=officer, key="k")
    assert [(each.path, each.code) for each in refused.value.detail["problems"]] == [("outcome", "field.choice")]
    assert refused.value.detail["answers"] == {"outcome": "whatever"}
    assert desk.row(case) == before


def test_attack_019_no_true_condition_is_an_incident_and_the_task_stays(officer):
    desk.publish(CHOICE)
    case = desk.start("choice", officer)
    before = desk.waits(case)["ask"]
    with pytest.raises(cases.Stopped):
        desk.do(case, "ask", officer, {"outcome": "return", "opinion": ""})
    assert desk.waits(case)["ask"].ref == before.ref
    with reading() as session:
        found = incidents.open_of(session, desk.row(case).id)
    assert [incident.element for incident in found] == ["which"]
    assert desk.do(case, "ask", officer).outcome == "done"
    with reading() as session:
        assert incidents.open_of(session, desk.row(case).id) == []
        assert "incident.closed" in [line.kind for line in history.read(session, desk.row(case).id)]


def test_an_interrupting_timer_takes_the_task_away_once_its_day_is_over(officer, stopped_clock):
    desk.publish(TIMED)
    case = desk.start("timed", officer)
    due = desk.waits(case)
    with reading() as session:
        timer = session.execute(select(Timer)).one()
    assert timer.due_at == clock.end_of(timer.due_on)
    stopped_clock[0] = timer.due_at - timedelta(microseconds=1)
    assert timers.fire_due(clock.now()) == 0
    assert list(desk.waits(case)) == list(due)
    stopped_clock[0] = timer.due_at
    assert timers.fire_due(clock.now()) == 1
    assert list(desk.waits(case)) == ["urge"]
    assert timers.fire_due(clock.now()) == 0


@pytest.mark.parametrize(
    ("said", "kind"), [("P3D", "default"), ("in_notice('2026-11-26')", "notice"), ("in_text('2026-11-26')", "text")]
)
def test_a_task_has_the_date_that_its_diagram_works_out_and_one_of_the_text_or_a_notice_binds(officer, said, kind):
    asked = flows.user("ask").replace("<bpmn:userTask ", f'<bpmn:userTask jidi:due="{said}" ')
    desk.publish(
        flows.folder(
            "dated",
            f'<bpmn:startEvent id="begin"/>{asked}<bpmn:endEvent id="done"/>'
            + flows.flow("begin", "ask")
            + flows.flow("ask", "done"),
        )
    )
    wait = desk.waits(desk.start("dated", officer))["ask"]
    assert (wait.due_on.isoformat(), wait.due_kind) == ("2026-11-26", kind)


def test_a_completion_that_comes_after_the_deadline_loses_even_before_the_sweep(officer, stopped_clock):
    desk.publish(TIMED)
    case = desk.start("timed", officer)
    wait = desk.waits(case)["ask"]
    desk.claim(wait.ref, officer)
    with reading() as session:
        due_at = session.scalar(select(Timer.due_at))
    with pytest.raises(cases.Gone):
        cases.complete(wait.ref, desk.FORWARD, by=officer, key="late", received_at=due_at)
    assert cases.complete(wait.ref, desk.FORWARD, by=officer, key="in time", received_at=due_at - timedelta(1)).outcome


def test_every_line_of_history_hangs_on_the_one_before(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    found = desk.row(case)
    with reading() as session:
        kinds = [line.kind for line in history.read(session, found.id)]
        assert history.verify(session, found.id, history.Head(found.seq, found.head)) is None
        assert history.verify(session, found.id, history.Head(found.seq - 1, found.head)) is not None
    assert kinds == ["case.started", "task.opened", "task.claimed", "task.completed", "task.opened"]


@pytest.mark.parametrize("statement", ["UPDATE history SET kind = 'x'", "DELETE FROM history"])
def test_attack_102_history_can_only_grow(officer, statement):
    desk.start("row", officer)
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(text(statement))


def test_the_number_of_a_case_counts_up_in_its_year(officer):
    numbers = [desk.row(desk.start("row", officer, key=str(n))).number for n in range(3)]
    assert numbers == ["2026-row-001", "2026-row-002", "2026-row-003"]


def test_somebody_without_the_role_neither_sees_nor_takes_the_task(officer):
    case = desk.start("row", officer)
    stranger = desk.person("stranger")
    wait = desk.waits(case)["task_1"]
    with reading() as session:
        assert not queue.page(session, stranger, queue.Filters()).items
        with pytest.raises(Missing):
            cases.find(session, case, stranger)
    with pytest.raises(Missing):
        desk.claim(wait.ref, stranger)


def test_a_message_that_comes_before_anybody_waits_is_kept_and_arrives_once(officer):
    body = (
        '<bpmn:startEvent id="begin"/>'
        + flows.user("first")
        + '<bpmn:intermediateCatchEvent id="told"><bpmn:messageEventDefinition messageRef="news"/>'
        "</bpmn:intermediateCatchEvent>"
        + flows.user("second")
        + '<bpmn:endEvent id="done"/>'
        + flows.flow("begin", "first")
        + flows.flow("first", "told")
        + flows.flow("told", "second")
        + flows.flow("second", "done")
    )
    desk.publish(flows.folder("listens", body, messages='<bpmn:message id="news" name="news"/>'))
    case = desk.start("listens", officer)
    with transaction() as session:
        for _ in range(2):
            messages.post(session, sender_id=None, receiver=case, name="news", data={}, dedupe="one", now=clock.now())
    assert list(desk.waits(case)) == ["first"]
    desk.do(case, "first", officer)
    assert list(desk.waits(case)) == ["second"]


def test_a_draft_is_kept_with_its_revision_and_dropped_when_sent(officer):
    case = desk.start("row", officer)
    wait = desk.waits(case)["task_1"]
    desk.claim(wait.ref, officer)
    with transaction() as session:
        assert submissions.save_draft(session, wait, officer.person, {"opinion": "写到一"}, 0, clock.now()) == 1
        assert submissions.save_draft(session, wait, officer.person, {"opinion": "写到一半"}, 1, clock.now()) == 2
        with pytest.raises(submissions.DraftChanged):
            submissions.save_draft(session, wait, officer.person, {"opinion": "另一窗口"}, 1, clock.now())
    with reading() as session:
        assert submissions.draft(session, wait.ref, officer.person).answers == {"opinion": "写到一半"}
    cases.complete(wait.ref, desk.FORWARD, by=officer, key="k")
    with reading() as session:
        assert submissions.draft(session, wait.ref, officer.person) is None


def test_every_open_wait_has_a_row_and_no_row_is_left_behind(officer):
    case = desk.start("row", officer)
    for number in range(1, 6):
        desk.do(case, f"task_{number}", officer)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Wait)) == 0


def test_a_task_with_named_readers_is_seen_by_whom_it_asks_while_it_is_free_and_then_by_its_holder(officer):
    form = flows.FORM | {"readers": ["prov_checker"]}
    desk.publish(flows.in_a_row("blind", 1) | {"forms/opinion.json": orjson.dumps(form)})
    case, colleague = desk.start("blind", officer), desk.person("colleague", "prov_officer")

    def seen(by):
        with reading() as session:
            return [row.element for row in cases.look(session, case, by).waits]

    assert seen(desk.person("head", "prov_division_head")) == []
    assert seen(officer) == seen(colleague) == ["task_1"]
    desk.claim(desk.waits(case)["task_1"].ref, officer)
    assert seen(officer) == seen(desk.person("checker", "prov_checker")) == ["task_1"]
    assert seen(colleague) == []


ELECTED = {"fields": [{"name": "leader", "type": "choice", "label": "组长", "choices_from": "nothing"}]}


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({**flows.FORM, "readers": ["emperor"]}, "form.unknown_role"),
        ({**flows.FORM, "checks": ["nobody"]}, "form.unknown_check"),
        ({**flows.FORM, "prefill": "nothing"}, "form.unknown_prefill"),
        ({**flows.FORM, "remarks": "nothing"}, "form.unknown_remarks"),
        ({**flows.FORM, "sections": [*flows.FORM["sections"], ELECTED]}, "form.unknown_choices"),
    ],
)
def test_a_form_that_names_what_is_not_there_is_not_published(officer, form, code):
    parts = {**flows.in_a_row("named", 1), "forms/opinion.json": orjson.dumps(form)}
    with pytest.raises(definitions.NotRunnable) as refused:
        desk.publish(parts)
    assert [finding.code for finding in refused.value.detail["findings"]] == [code]


def test_a_folder_that_cannot_run_is_refused_and_what_was_published_stays(officer):
    bad = flows.in_a_row("row", 2)
    bad["row.bpmn"] = bad["row.bpmn"].replace(b"userTask", b"scriptTask")
    with pytest.raises(definitions.NotRunnable):
        desk.publish(bad)
    assert list(desk.waits(desk.start("row", officer))) == ["task_1"]
