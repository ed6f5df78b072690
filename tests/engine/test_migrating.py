"""Running cases move to another version: asked first, case by case; what people know of them survives; and in bulk."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, select, update

from engine import cases, definitions, history, incidents, messages, submissions
from engine.cases import Case, migrations
from engine.waits import Subscription, Timer, Wait
from ground import clock, grants, jobs
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import open_task, timers
from tests.engine import desk, flows

WHY = "新版流程已发布"
TIMER = (
    '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("{}")</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)


def ask(*tasks: str, more: str = "", deadline: str = "intake", edge: str = "late") -> dict[str, bytes]:
    """Tasks in a row, the first with a deadline and a timer at its edge that reminds."""
    first, *rest = tasks
    places = ["begin", *tasks, "done"]
    body = (
        '<bpmn:startEvent id="begin"/>'
        + flows.user(first, more=f'jidi:deadline="{deadline}" {more}')
        + f'<bpmn:boundaryEvent id="{edge}" attachedToRef="{first}" cancelActivity="false">'
        + TIMER.format(deadline)
        + flows.user(f"{edge}_seen")
        + flows.flow(edge, f"{edge}_seen")
        + "".join(flows.user(task) for task in rest)
        + '<bpmn:endEvent id="done"/>'
        + "".join(flows.flow(a, b) for a, b in pairwise(places))
    )
    return flows.folder("ask", body)


@pytest.fixture
def officer(database):
    desk.publish(ask("first", "second"))
    return desk.person("officer", "prov_officer")


@pytest.fixture
def owner(officer):
    return desk.person("owner", "process_owner")


def version(parts: dict[str, bytes]) -> str:
    """Publish a folder; the ref of its version."""
    with transaction() as session:
        return str(definitions.publish(session, parts, origin="owner", by=None, now=clock.now()).ref)


def go(owner, to, *refs: str, dry=False, **more: Any):
    return cases.migrate(list(refs), to, by=owner, reason=WHY, dry=dry, **more)


def rows(case):
    with reading() as session:
        number = desk.row(case).id
        return [
            session.execute(select(of).where(of.case_id == number).order_by(of.id)).all()
            for of in (Wait, Timer, Subscription)
        ]


def whole(case):
    """All that a dry run must not change."""
    with reading() as session:
        row = desk.row(case)
        return row, rows(case), history.read(session, row.id)


def test_only_process_owners_migrate_and_say_why(officer, owner):
    case = desk.start("ask", officer)
    to = version(ask("first", "third"))
    for number, role in enumerate(("prov_division_head", "supervisor", "prov_officer", "sysadmin")):
        with pytest.raises(Forbidden):
            go(desk.person(f"other{number}", role), to, case)
    with pytest.raises(cases.NoReason):
        cases.migrate([case], to, by=owner, reason=" ", dry=False)
    with pytest.raises(Missing):
        go(owner, "nosuchversio", case)
    with pytest.raises(cases.NotInTarget):
        go(owner, to, case, mapping={"first": "nowhere"})
    with pytest.raises(cases.NotInTarget):
        go(owner, to, case, rearm=["nowhere"])


def test_a_dry_run_answers_for_each_case_and_changes_nothing(officer, owner):
    at_first, at_second = desk.start("ask", officer), desk.start("ask", officer, key="2")
    desk.do(at_second, "first", officer)
    closed = desk.start("ask", officer, key="3")
    for element in ("first", "second"):
        desk.do(closed, element, officer)
    to = version(ask("first", "third", edge="later"))
    before = [whole(case) for case in (at_first, at_second, closed)]
    moves, needs, stays, none = go(owner, to, at_first, at_second, closed, "nosuchcase22", dry=True)
    assert (moves.result, moves.opened, moves.closed) == ("moves", ["later"], ["late"])
    assert (needs.result, needs.elements) == ("needs_mapping", ["second"])
    assert (stays.result, stays.why) == ("must_stay", "closed")
    assert (none.result, none.why) == ("must_stay", "missing")
    mapped = go(owner, to, at_second, dry=True, mapping={"second": "third"})
    assert mapped[0].result == "moves"
    assert [whole(case) for case in (at_first, at_second, closed)] == before


def test_attack_026_three_that_stand_where_the_element_is_gone_stay_and_the_others_move(officer, owner):
    gone = [desk.start("ask", officer, key=f"g{n}") for n in range(3)]
    for case in gone:
        desk.do(case, "first", officer)
    others = [desk.start("ask", officer, key=f"o{n}") for n in range(2)]
    to = version(ask("first", "third"))
    before = [whole(case) for case in gone]
    verdicts = go(owner, to, *gone, *others)
    assert [verdict.result for verdict in verdicts] == ["needs_mapping"] * 3 + ["moved"] * 2
    assert [whole(case) for case in gone] == before
    assert {desk.row(case).version_id for case in others} != {desk.row(case).version_id for case in gone}
    for case in gone:
        assert desk.do(case, "second", officer).outcome == "done"
    for case in others:
        desk.do(case, "first", officer)
        assert desk.do(case, "third", officer).outcome == "done"


def test_deadline_draft_holder_and_history_survive(officer, owner, stopped_clock):
    case = desk.start("ask", officer)
    wait = desk.waits(case)["first"]
    desk.claim(wait.ref, officer)
    with transaction() as session:
        submissions.save_draft(session, wait, officer.person, {"opinion": "写到一半"}, 0, clock.now())
    before, timer_before = desk.waits(case)["first"], rows(case)[1][0]
    lines = whole(case)[2]
    stopped_clock[0] += timedelta(days=2)
    to = version(ask("asked", "third", deadline="city_review"))
    assert go(owner, to, case, mapping={"first": "asked"})[0].result == "moved"
    after, timer_after = desk.waits(case)["asked"], rows(case)[1][0]
    for name in ("id", "ref", "token", "held_by", "held_at", "opened_at", "due_at", "due_on", "due_kind", "queue"):
        assert getattr(after, name) == getattr(before, name), name
    for name in ("id", "token", "due_at", "due_on", "element", "deadline"):
        assert getattr(timer_after, name) == getattr(timer_before, name), name
    with reading() as session:
        assert open_task.look(session, after.ref, officer).draft.answers == {"opinion": "写到一半"}
        row = desk.row(case)
        found = history.read(session, row.id)
        assert found[: len(lines)] == lines
        assert history.verify(session, row.id, history.Head(row.seq, row.head)) is None
    line = found[-1]
    assert (line.kind, line.by_person) == ("case.migrated", owner.person)
    assert line.detail["reason"] == WHY
    assert (line.detail["before"], line.detail["after"]) == (["first", "late"], ["asked", "late"])
    assert line.detail["renamed"] == {"first": "asked"}
    stopped_clock[0] = timer_before.due_at
    assert timers.fire_due(clock.now()) == 1
    assert sorted(desk.waits(case)) == ["asked", "late_seen"]
    desk.do(case, "asked", officer)
    desk.do(case, "late_seen", officer)
    assert desk.do(case, "third", officer).outcome == "done"


def test_a_new_date_is_a_choice_that_names_its_element(officer, owner, stopped_clock):
    case = desk.start("ask", officer)
    before, timer_before = desk.waits(case)["first"], rows(case)[1][0]
    stopped_clock[0] += timedelta(days=7)
    to = version(ask("first", "third"))
    verdict = go(owner, to, case, rearm=["late", "third"], dry=True)[0]
    assert verdict.rearmed == ["late"]
    assert go(owner, to, case, rearm=["late", "third"])[0].rearmed == ["late"]
    timer = rows(case)[1][0]
    assert (timer.id, timer.token) == (timer_before.id, timer_before.token)
    assert timer.due_at > timer_before.due_at
    assert desk.waits(case)["first"].due_at == before.due_at
    to = version(ask("first", "fourth"))
    assert go(owner, to, case, rearm=["first"])[0].rearmed == ["first"]
    assert desk.waits(case)["first"].due_on > before.due_on
    assert rows(case)[1][0].due_at == timer.due_at


def test_what_was_due_before_it_moved_has_fired(officer, owner, stopped_clock):
    case = desk.start("ask", officer)
    stopped_clock[0] = rows(case)[1][0].due_at
    to = version(ask("first", "third"))
    assert go(owner, to, case)[0].result == "moved"
    assert sorted(desk.waits(case)) == ["first", "late_seen"]
    assert rows(case)[1] == []


def asks_the_head(case) -> None:
    """Move a case to a version whose first task is for a head of division."""
    parts = ask("first", "third")
    parts["ask.bpmn"] = parts["ask.bpmn"].replace(b'jidi:role="prov_officer"', b'jidi:role="legal"', 1)
    owner = desk.person("owner2", "process_owner")
    assert go(owner, version(parts), case)[0].result == "moved"


def readdressed(case):
    return next((line for line in whole(case)[2] if line.kind == "task.readdressed"), None)


def test_a_free_task_goes_to_whom_the_new_version_asks(officer):
    head = desk.person("head", "legal")
    case = desk.start("ask", officer)
    was = desk.waits(case)["first"]
    asks_the_head(case)
    now = desk.waits(case)["first"]
    assert (now.ref, now.due_at, now.held_by) == (was.ref, was.due_at, None)
    line = readdressed(case)
    assert line.detail == {"was": was.queue, "queue": now.queue, "held_before": None}
    with pytest.raises(Missing):
        desk.claim(now.ref, officer)
    desk.do(case, "first", head)
    assert "third" in desk.waits(case)


def test_whoever_holds_a_task_keeps_it_if_the_new_version_asks_them_too(officer):
    both = desk.person("both", "prov_officer", "legal")
    case = desk.start("ask", officer)
    desk.claim(desk.waits(case)["first"].ref, both)
    was = desk.waits(case)["first"]
    asks_the_head(case)
    now = desk.waits(case)["first"]
    assert (now.held_by, now.held_at) == (both.person, was.held_at)
    assert now.queue != was.queue
    assert readdressed(case).detail["held_before"] is None
    desk.do(case, "first", both)


def test_a_task_whose_holder_is_not_asked_any_more_is_given_to_the_new_queue(officer):
    head = desk.person("head", "legal")
    case = desk.start("ask", officer)
    desk.claim(desk.waits(case)["first"].ref, officer)
    asks_the_head(case)
    now = desk.waits(case)["first"]
    assert (now.held_by, now.held_at) == (None, None)
    assert readdressed(case).detail["held_before"] == officer.person
    desk.do(case, "first", head)


def test_a_version_that_asks_one_person_by_name_gives_them_the_task(officer, owner):
    other = desk.person("other", "prov_officer")
    case = desk.start("ask", officer)
    desk.claim(desk.waits(case)["first"].ref, officer)
    parts = ask("first", "third")
    scope = f'jidi:scope="person({other.person})"'.encode()
    parts["ask.bpmn"] = parts["ask.bpmn"].replace(b'jidi:scope="province"', scope, 1)
    assert go(owner, version(parts), case)[0].result == "moved"
    assert desk.waits(case)["first"].held_by == other.person
    desk.do(case, "first", other)


def test_a_version_that_asks_a_role_that_nobody_has_leaves_the_task_to_the_supervisor(officer):
    supervisor = desk.person("watch", "supervisor")
    case = desk.start("ask", officer)
    with transaction() as session:
        session.execute(delete(grants.Grant).where(grants.Grant.role == "legal"))
    asks_the_head(case)
    with reading() as session:
        found = [one.code for one in incidents.open_of(session, desk.row(case).id)]
    assert found == [incidents.NOBODY]
    desk.do(case, "first", supervisor)


def test_a_task_that_the_new_version_asks_of_the_same_role_stays_where_it_was(officer, owner):
    case = desk.start("ask", officer)
    was = desk.waits(case)["first"].queue
    assert go(owner, version(ask("first", "third")), case)[0].result == "moved"
    assert desk.waits(case)["first"].queue == was
    assert readdressed(case) is None


def test_a_suspended_case_moves_and_stays_suspended(officer, owner, stopped_clock):
    head = desk.person("head", "prov_division_head")
    case = desk.start("ask", officer)
    cases.suspend(case, by=head, reason=WHY, key="s")
    to = version(ask("first", "third", edge="later"))
    assert go(owner, to, case)[0].result == "moved"
    assert desk.row(case).status == "suspended"
    stopped_clock[0] += timedelta(days=400)
    assert timers.fire_due(clock.now()) == 0
    cases.resume(case, by=head, reason=WHY, key="r")
    assert list(desk.waits(case)) == ["first"]


def test_the_same_again_moves_nothing(officer, owner):
    case = desk.start("ask", officer)
    to = version(ask("first", "third"))
    assert [go(owner, to, case)[0].result for _ in range(2)] == ["moved", "there"]
    with reading() as session:
        kinds = [line.kind for line in history.read(session, desk.row(case).id)]
    assert kinds.count("case.migrated") == 1


def test_a_case_of_another_process_stays(officer, owner):
    desk.publish(flows.in_a_row("row", 2))
    case = desk.start("row", officer)
    verdict = go(owner, version(ask("first", "third")), case)[0]
    assert (verdict.result, verdict.why) == ("must_stay", "other_process")


def test_papers_and_history_are_read_by_the_version_that_they_were_written_under(officer, owner):
    case = desk.start("ask", officer)
    desk.do(case, "first", officer)
    parts = ask("other", "second")
    parts["forms/note.json"] = parts.pop("forms/opinion.json")
    parts["ask.bpmn"] = parts["ask.bpmn"].replace(b'jidi:form="opinion"', b'jidi:form="note"')
    assert go(owner, version(parts), case)[0].result == "moved"
    with reading() as session:
        view = cases.look(session, case, officer)
        assert [paper.form for paper in view.submissions] == ["opinion"]
        told = cases.story(session, case, officer)
    assert view.waits[0].form == "note"
    assert [line.version_id == view.case.version_id for line in told] == [False] * (len(told) - 1) + [True]


def sealed(task: str) -> dict[str, bytes]:
    form = {**flows.FORM, "readers": ["prov_checker"], "sealed": True}
    parts = flows.in_a_row("sealed", 1)
    parts["sealed.bpmn"] = parts["sealed.bpmn"].replace(b'"task_1"', f'"{task}"'.encode())
    return {**parts, "forms/opinion.json": orjson.dumps(form)}


def test_whose_act_it_was_stays_withheld_and_a_sealed_step_keeps_its_name(officer, owner):
    desk.publish(sealed("score"))
    case = desk.start("sealed", officer)
    to = version(sealed("mark"))
    verdict = go(owner, to, case, mapping={"score": "mark"})[0]
    assert (verdict.result, verdict.elements, verdict.why) == ("must_stay", ["score"], "sealed:mark")
    parts = sealed("score")
    parts["sealed.bpmn"] = parts["sealed.bpmn"].replace(b"<bpmn:endEvent", b'<bpmn:endEvent name="over"')
    desk.claim(desk.waits(case)["score"].ref, officer)
    assert go(owner, version(parts), case)[0].result == "moved"
    other = desk.person("other", "auditor")
    with reading() as session:
        claimed = next(line for line in cases.story(session, case, other) if line.kind == "task.claimed")
    assert (claimed.withheld, claimed.by) == (True, None)


def test_a_state_that_cannot_be_read_stops_no_other(officer, owner):
    broken, good = desk.start("ask", officer), desk.start("ask", officer, key="2")
    with transaction() as session:
        session.execute(update(Case).where(Case.ref == broken).values(state=b"\x01x"))
    to = version(ask("first", "third"))
    for dry in (True, False):
        verdicts = go(owner, to, broken, good, dry=dry)
        assert (verdicts[0].result, verdicts[0].why) == ("must_stay", "state.unreadable")
        assert verdicts[1].result in {"moves", "moved"}


def many(officer, number: int) -> list[str]:
    return [desk.start("ask", officer, key=f"k{n}", subject=f"base:{n}") for n in range(number)]


def drain() -> None:
    while jobs.run_due(clock.now()):
        pass


def states(case_refs) -> list[int]:
    return [desk.row(case).version_id for case in case_refs]


def test_in_bulk_each_case_has_its_verdict_and_one_refusal_stops_no_other(officer, owner, monkeypatch):
    monkeypatch.setattr(migrations, "AT_ONCE", 2)
    found = many(officer, 6)
    desk.do(found[2], "first", officer)
    to = version(ask("first", "third"))
    ref = migrations.start(to, by=owner, reason=WHY)
    with reading() as session:
        begun = migrations.progress(session, ref)
    assert (begun.total, begun.left, begun.ended_at) == (6, 6, None)
    drain()
    with reading() as session:
        over = migrations.progress(session, ref)
        stays = migrations.items(session, ref, "needs_mapping")
    assert (over.left, over.results) == (0, {"moved": 5, "needs_mapping": 1})
    assert over.ended_at is not None
    assert [(row.ref, row.detail["elements"]) for row in stays] == [(found[2], ["second"])]
    assert len(set(states(found))) == 2


def number_of(ref: str) -> int:
    with reading() as session:
        return int(session.scalar(select(migrations.CaseMigration.id).where(migrations.CaseMigration.ref == ref)))


class Killed(BaseException):
    """What no handler catches: the runner is gone."""


@pytest.mark.parametrize("after", [0, 1, 3, 4])
@pytest.mark.parametrize("where", ["between", "inside"])
def test_after_a_crash_it_is_taken_up_again_and_nothing_is_done_twice(officer, owner, monkeypatch, after, where):
    monkeypatch.setattr(migrations, "AT_ONCE", 3)
    found = many(officer, 5)
    ref = migrations.start(version(ask("first", "third")), by=owner, reason=WHY)
    whole_move, claim, count = migrations.moved, migrations._claim, [0]

    def dies(*given: Any) -> Any:
        count[0] += 1
        if count[0] == after + 1:
            raise Killed
        return (whole_move if where == "between" else claim)(*given)

    monkeypatch.setattr(migrations, "moved" if where == "between" else "_claim", dies)
    with pytest.raises(Killed):
        all(migrations.run({"migration": number_of(ref)}) is None for _ in found)
    monkeypatch.setattr(migrations, "moved", whole_move)
    monkeypatch.setattr(migrations, "_claim", claim)
    assert len(set(states(found))) == (1 if after == 0 else 2)
    drain()  # the job was never ended, so whoever looks next takes it
    with reading() as session:
        over = migrations.progress(session, ref)
        kinds = [[line.kind for line in history.read(session, desk.row(case).id)] for case in found]
        assert not jobs.failed(session)
        assert not [one for case in found for one in incidents.open_of(session, desk.row(case).id)]
    assert (over.left, over.results) == (0, {"moved": 5})
    assert [told.count("case.migrated") for told in kinds] == [1] * 5


def test_two_runners_at_once_do_each_case_once(officer, owner, monkeypatch):
    found = many(officer, 3)
    ref = migrations.start(version(ask("first", "third")), by=owner, reason=WHY)
    number = number_of(ref)
    listed = migrations._waiting

    def twice(session, migration_id):
        rows = listed(session, migration_id)
        monkeypatch.setattr(migrations, "_waiting", listed)
        if rows:
            other.append(rows)
        return rows

    other: list[Any] = []
    monkeypatch.setattr(migrations, "_waiting", twice)
    migrations.run({"migration": number})
    monkeypatch.setattr(migrations, "_waiting", lambda session, _: other.pop() if other else listed(session, number))
    migrations.run({"migration": number})  # with the list that the first one saw
    with reading() as session:
        assert migrations.progress(session, ref).results == {"moved": 3}
        kinds = [[line.kind for line in history.read(session, desk.row(case).id)] for case in found]
    assert [told.count("case.migrated") for told in kinds] == [1] * 3


def test_a_migration_names_the_cases_that_it_is_for(officer, owner):
    found = many(officer, 3)
    ref = migrations.start(version(ask("first", "third")), by=owner, reason=WHY, case_refs=found[:1])
    drain()
    with reading() as session:
        assert migrations.progress(session, ref).results == {"moved": 1}
        with pytest.raises(Missing):
            migrations.progress(session, "nosuchref222")
    with pytest.raises(Forbidden):
        migrations.start("x", by=officer, reason=WHY)


def test_a_message_that_is_waited_for_keeps_its_sender_under_its_new_name(officer, owner):
    def listens(event: str, message: str) -> dict[str, bytes]:
        body = (
            f'<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="{event}">'
            f'<bpmn:messageEventDefinition messageRef="{message}"/></bpmn:intermediateCatchEvent>'
            + flows.user("second")
            + '<bpmn:endEvent id="done"/>'
            + flows.flow("begin", event)
            + flows.flow(event, "second")
            + flows.flow("second", "done")
        )
        return flows.folder("listens", body, messages=f'<bpmn:message id="{message}" name="{message}"/>')

    desk.publish(listens("told", "news"))
    case = desk.start("listens", officer)
    kept = rows(case)[2][0].id
    assert go(owner, version(listens("heard", "word")), case, mapping={"told": "heard"})[0].result == "moved"
    row = rows(case)[2][0]
    assert (row.id, row.element, row.message) == (kept, "heard", "word")
    with transaction() as session:
        messages.post(session, sender_id=None, receiver=case, name="word", data={}, dedupe="one", now=clock.now())
    cases.deliver({"receiver": case})
    assert list(desk.waits(case)) == ["second"]


def test_a_message_that_a_person_sends_is_sent_by_whom_the_new_version_names(officer, owner):
    head = desk.person("head", "legal")

    def listens(role: str) -> dict[str, bytes]:
        sender = f'jidi:role="{role}" jidi:scope="province" jidi:form="opinion"'
        body = (
            f'<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="told" {sender}>'
            '<bpmn:messageEventDefinition messageRef="news"/></bpmn:intermediateCatchEvent><bpmn:endEvent id="done"/>'
            + flows.flow("begin", "told")
            + flows.flow("told", "done")
        )
        return flows.folder("listens", body, messages='<bpmn:message id="news" name="news"/>')

    desk.publish(listens("prov_officer"))
    case = desk.start("listens", officer)
    assert rows(case)[2][0].sender in officer.keys
    assert go(owner, version(listens("legal")), case)[0].result == "moved"
    assert rows(case)[2][0].sender in head.keys
