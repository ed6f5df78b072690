"""改派, 延期, 中止: by the head of the handling unit and nobody else; capped, on record, never of one's own sheet."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine import cases, history
from engine.holding import Gone
from engine.waits import Timer, Wait
from ground import clock, grants, organs, people
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from ground.grants import Grant
from tasks import extension, reassigning, reminders
from tasks.charges import ByName
from tasks.letters import Letter
from tasks.reassigning import To
from tests.engine import desk, flows

ASKED = (
    '<bpmn:startEvent id="begin"/>'
    + flows.user("ask", more='jidi:deadline="intake"')
    + '<bpmn:boundaryEvent id="late" attachedToRef="ask" cancelActivity="false"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("intake")</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    '<bpmn:endEvent id="told"/>'
    + flows.user("sign", more='jidi:signed="true" jidi:deadline="intake"')
    + '<bpmn:endEvent id="done"/>'
    + flows.flow("begin", "ask")
    + flows.flow("late", "told")
    + flows.flow("ask", "sign")
    + flows.flow("sign", "done")
)
CITY = flows.folder(
    "city", flows.row(flows.user("ask", scope="case-city", role="city_officer", more='jidi:deadline="intake"'))
)
APART = flows.folder("apart", flows.row(flows.user("first"), flows.user("second", more='jidi:separate="first"')))
WHY = "承办人员出差"


@pytest.fixture
def officer(database):
    for parts in (flows.folder("asked", ASKED), CITY, APART):
        desk.publish(parts)
    return desk.person("officer", "prov_officer")


@pytest.fixture
def second(officer):
    return desk.person("second", "prov_officer")


@pytest.fixture
def head(officer):
    return desk.person("head", "prov_division_head")


def task(case, element="ask"):
    return desk.waits(case)[element]


def give(case, to, by, element="ask", reason=WHY):
    with transaction() as session:
        reassigning.reassign(session, task(case, element).ref, to, by=by, reason=reason, now=clock.now())


def extend(case, days, by, element="ask", reason=WHY):
    with transaction() as session:
        return extension.extend(session, task(case, element).ref, days, by=by, reason=reason, now=clock.now())


def lines(case, kind):
    with reading() as session:
        row = desk.row(case)
        assert history.verify(session, row.id, history.Head(row.seq, row.head)) is None
        return [line for line in history.read(session, row.id) if line.kind == kind]


def letters(template):
    with reading() as session:
        return sorted(session.execute(select(Letter.person_id).where(Letter.template == template)).scalars())


def test_a_task_goes_to_another_who_holds_its_key_and_both_are_told(officer, second, head):
    case = desk.start("asked", officer)
    desk.claim(task(case).ref, officer)
    give(case, To(person=second.ref), head)
    assert task(case).held_by == second.person
    (line,) = lines(case, "task.reassigned")
    assert (line.by_person, line.detail["held_before"], line.detail["to"]) == (
        head.person,
        officer.person,
        second.person,
    )
    assert (letters("reassigned"), letters("relieved")) == ([second.person], [officer.person])
    with pytest.raises(reassigning.NotACandidate):
        give(case, To(person=second.ref), head)
    with pytest.raises(reassigning.NotACandidate):
        give(case, To(person=head.ref), head)


def test_four_eyes_stay_apart(officer, second, head):
    case = desk.start("apart", officer)
    desk.do(case, "first", second)
    with pytest.raises(cases.Separate):
        give(case, To(person=second.ref), head, "second")


def test_nobody_but_the_head_of_the_unit_reassigns_or_extends(officer, second, head):
    city_head = desk.person("city", "city_section_head", organ="city-510700")
    far_head = desk.person("far", "city_section_head", organ="city-510100")
    town = desk.person("town", "city_officer", organ="city-510700")
    ours, theirs = desk.start("asked", officer), desk.start("city", officer, subject="base:2")
    with transaction() as session:
        place = organs.body(session, "city-510700")
        grants.give(session, town.person, "prov_officer", place.id, clock.today())
    for by, case in ((city_head, ours), (far_head, ours), (far_head, theirs), (head, theirs), (officer, ours)):
        with pytest.raises((Forbidden, Missing)):
            give(case, To(person=second.ref), by)
        with pytest.raises((Forbidden, Missing)):
            extend(case, 1, by)
    give(theirs, To(person=town.ref), city_head)
    assert task(theirs).held_by == town.person
    extend(theirs, 1, city_head)


def test_a_signed_step_and_what_one_person_is_asked_by_name_stay_where_they_are(officer, second, head):
    case = desk.start("asked", officer)
    desk.do(case, "ask", officer)
    for act in (lambda: give(case, To(person=second.ref), head, "sign"), lambda: extend(case, 1, head, "sign")):
        with pytest.raises(cases.Signed):
            act()
    with transaction() as session:
        session.execute(update(Wait).values(queue=people.person_key(officer.person), element="ask"))
    for act in (lambda: give(case, To(person=second.ref), head), lambda: extend(case, 1, head)):
        with pytest.raises(ByName):
            act()


def test_it_says_why_and_of_a_task_that_is_open(officer, second, head):
    case = desk.start("asked", officer)
    for reason in ("", "长" * 501):
        with pytest.raises(cases.NoReason):
            give(case, To(person=second.ref), head, reason=reason)
        with pytest.raises(cases.NoReason):
            extend(case, 1, head, reason=reason)
    ref = task(case).ref
    cases.suspend(case, by=head, reason=WHY, key="s")
    with pytest.raises(cases.Suspended):
        give(case, To(person=second.ref), head)
    cases.cancel(case, by=head, reason=WHY, key="c")
    with pytest.raises(Gone), transaction() as session:
        reassigning.reassign(session, ref, To(person=second.ref), by=head, reason=WHY, now=clock.now())


def test_an_extension_is_short_once_and_takes_the_reminder_with_it(officer, head):
    case = desk.start("asked", officer)
    before = task(case)
    with reading() as session:
        most = extension.longest(session, _row(session, case), clock.now())
    assert most == max(1, 5 // 2)
    for days in (0, -1, most + 1, 10_000):
        with pytest.raises(extension.TooLong):
            extend(case, days, head)
    after = extend(case, most, head)
    assert after > before.due_on
    assert (task(case).due_on, task(case).due_at) == (after, clock.end_of(after))
    with reading() as session:
        assert session.scalar(select(Timer.due_on).where(Timer.element == "late")) == after
    (line,) = lines(case, "task.extended")
    assert (line.detail["before_on"], line.detail["after_on"]) == (str(before.due_on), str(after))
    assert officer.person in letters("extended")
    with pytest.raises(extension.OftenEnough):
        extend(case, 1, head)


def test_what_the_text_or_a_notice_fixes_is_never_put_off(officer, head):
    case = desk.start("asked", officer)
    for kind in ("text", "notice"):
        with transaction() as session:
            session.execute(update(Wait).values(due_kind=kind))
        with pytest.raises(extension.NotOurs):
            extend(case, 1, head)
    with transaction() as session:
        session.execute(update(Wait).values(due_kind=None, due_on=None))
    with pytest.raises(extension.NoDate):
        extend(case, 1, head)


def test_a_day_that_would_have_passed_too_is_no_extension(officer, head, stopped_clock):
    case = desk.start("asked", officer)
    stopped_clock[0] += timedelta(days=60)
    with pytest.raises(extension.StillPast):
        extend(case, 1, head)


def test_what_is_put_off_is_reminded_of_again(officer, head, stopped_clock):
    case = desk.start("asked", officer)
    stopped_clock[0] = task(case).due_at - timedelta(days=1)
    with transaction() as session:
        first = reminders.send_due(session, clock.now())
    extend(case, 2, head)
    stopped_clock[0] = task(case).due_at - timedelta(days=1)
    with transaction() as session:
        assert (first, reminders.send_due(session, clock.now())) == (1, 1)


def test_where_an_office_is_gone_the_task_goes_to_another_organ(officer, head):
    case = desk.start("city", officer)
    town = desk.person("town", "city_officer", organ="city-510700")
    desk.claim(task(case).ref, town)
    other = desk.person("other", "city_officer", organ="city-510100")
    to = To(organ=_organ("city-510100").ref)
    city_head = desk.person("cityhead", "city_section_head", organ="city-510700")
    with pytest.raises(reassigning.StillHeld):
        give(case, to, city_head)
    with transaction() as session:
        organs.end(session, _organ("city-510700").id, clock.today() - timedelta(days=1))
    for by in (other, city_head):
        with pytest.raises((Forbidden, Missing)):
            give(case, to, by)
    give(case, to, head)
    assert task(case).queue == people.role_key("city_officer", _organ("city-510100").id)
    assert task(case).held_by is None
    with pytest.raises((reassigning.NotACandidate, Forbidden)):
        give(case, To(organ=_organ("sc-mofcom").ref), head)


def test_what_fell_to_the_supervisor_goes_back_to_an_office_and_the_incident_is_mended(officer, head):
    desk.person("watcher", "supervisor")
    with transaction() as session:
        session.execute(update(Grant).where(Grant.role == "city_officer").values(valid_to=clock.today() - timedelta(1)))
    case = desk.start("city", officer)
    assert task(case).queue.startswith("supervisor@")
    found = desk.person("found", "city_officer", organ="city-510700")
    give(case, To(organ=_organ("city-510700").ref), head)
    assert task(case).queue in found.keys
    with reading() as session:
        assert not cases.look(session, case, head).incidents


def test_the_head_of_a_city_lets_its_own_cases_stand_still_and_no_others(officer, head, stopped_clock):
    city_head = desk.person("cityhead", "city_section_head", organ="city-510700")
    far_head = desk.person("far", "city_section_head", organ="city-510100")
    ours, theirs = desk.start("asked", officer), desk.start("city", officer, subject="base:2")
    for by, case in ((city_head, ours), (far_head, theirs)):
        with pytest.raises((Forbidden, Missing)):
            cases.suspend(case, by=by, reason=WHY, key="s")
    cases.suspend(theirs, by=city_head, reason=WHY, key="s")
    cases.resume(theirs, by=city_head, reason=WHY, key="r")
    elsewhere = desk.person("elsewhere", "prov_division_head", organ="city-510100")
    with pytest.raises((Forbidden, Missing)):
        cases.suspend(ours, by=elsewhere, reason=WHY, key="x")
    stopped_clock[0] += timedelta(hours=1)
    cases.suspend(theirs, by=head, reason=WHY, key="h")


def _organ(code):
    with reading() as session:
        return organs.body(session, code)


def _row(session, case):
    return session.execute(select(Wait).where(Wait.ref == task(case).ref)).one()
