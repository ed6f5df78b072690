"""转办: a task goes for good to another holder of its key, with what was typed, and with a reason."""

import pytest
from sqlalchemy import select

from engine import cases, submissions
from engine.holding import Gone
from engine.submissions import Draft
from ground import clock
from ground.database import reading, transaction
from ground.errors import Missing
from tasks import at_task, handing, open_task
from tests.engine import desk, flows
from tests.tasks.at_task import WHY, claimed, do, holder, letters_of, lines, seen_kinds


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 2))
    return desk.person("officer", "prov_officer")


@pytest.fixture
def colleague(officer):
    return desk.person("colleague", "prov_officer")


def test_the_task_is_the_colleagues_now_and_they_complete_it(officer, colleague):
    case, wait = claimed(officer)
    do(handing.hand_over, wait, colleague.ref, WHY, by=officer)
    assert holder(case) == colleague.person
    with pytest.raises(cases.NotYours):
        cases.complete(wait, desk.FORWARD, by=officer, key="late")
    cases.complete(wait, desk.FORWARD, by=colleague, key="done")
    assert list(desk.waits(case)) == ["task_2"]


def test_the_history_keeps_who_why_and_to_whom_and_the_colleague_gets_a_letter(officer, colleague):
    case, wait = claimed(officer)
    do(handing.hand_over, wait, colleague.ref, WHY, by=officer)
    (line,) = lines(case, "task.handed_over")
    assert line.by_person == officer.person
    assert line.detail["persons"] == [colleague.person]
    assert line.detail["reason"] == WHY
    assert letters_of(colleague) == ["task_handed_over"]
    assert letters_of(officer) == []


def test_what_was_typed_goes_along(officer, colleague):
    _case, wait = claimed(officer)
    with transaction() as session:
        row = open_task.look(session, wait, officer).item
        submissions.save_draft(session, row, officer.person, {"opinion": "写到一半"}, 0, clock.now())
    do(handing.hand_over, wait, colleague.ref, WHY, by=officer)
    with reading() as session:
        drafts = session.execute(select(Draft.person_id, Draft.answers)).all()
        assert submissions.draft(session, wait, colleague.person).answers == {"opinion": "写到一半"}
    assert [row.person_id for row in drafts] == [colleague.person]


def test_the_same_click_twice_is_one_act(officer, colleague):
    case, wait = claimed(officer)
    for _ in range(2):
        do(handing.hand_over, wait, colleague.ref, WHY, by=officer)
    assert len(lines(case, "task.handed_over")) == 1
    assert letters_of(colleague) == ["task_handed_over"]


@pytest.mark.parametrize("words", ["", "  \n", "长" * 501])
def test_it_says_why(officer, colleague, words):
    case, wait = claimed(officer)
    with pytest.raises(at_task.NoWords):
        do(handing.hand_over, wait, colleague.ref, words, by=officer)
    assert holder(case) == officer.person


def test_only_to_who_holds_the_key(officer):
    _case, wait = claimed(officer)
    for stranger in (desk.person("checker", "prov_checker"), desk.person("legal", "legal"), officer):
        with pytest.raises(at_task.NotAmong):
            do(handing.hand_over, wait, stranger.ref, WHY, by=officer)
    with pytest.raises(at_task.NotAmong):
        do(handing.hand_over, wait, "nobodyhere00", WHY, by=officer)


def test_only_the_holder_hands_it_over(officer, colleague):
    _case, wait = claimed(officer)
    third = desk.person("third", "prov_officer")
    with pytest.raises(cases.NotYours):
        do(handing.hand_over, wait, third.ref, WHY, by=colleague)


def test_a_stranger_of_another_city_learns_nothing(officer, colleague):
    _case, wait = claimed(officer)
    stranger = desk.person("elsewhere", "city_officer", organ="city-511400")
    with pytest.raises(Missing):
        do(handing.hand_over, wait, colleague.ref, WHY, by=stranger)


def test_four_eyes_it_is_not_handed_to_who_did_the_step_it_is_apart_from(officer, colleague):
    body = flows.row(flows.user("handle"), flows.user("check", more='jidi:separate="handle"'))
    desk.publish(flows.folder("eyes", body))
    case = desk.start("eyes", officer)
    desk.do(case, "handle", officer)
    wait = desk.waits(case)["check"].ref
    desk.claim(wait, colleague)
    with pytest.raises(at_task.NotAmong):
        do(handing.hand_over, wait, officer.ref, WHY, by=colleague)


def test_a_step_of_a_person_by_name_knows_no_proxy(officer, colleague):
    person = f"person({officer.person})"
    body = flows.row(flows.user("own", scope=person))
    desk.publish(flows.folder("by-name", body))
    wait = desk.waits(desk.start("by-name", officer))["own"].ref
    with pytest.raises(cases.NoProxy):
        do(handing.hand_over, wait, colleague.ref, WHY, by=officer)


def test_a_task_that_is_done_or_suspended_is_not_handed_over(officer, colleague):
    case, wait = claimed(officer)
    head = desk.person("head", "prov_division_head")
    cases.suspend(case, by=head, reason="等材料", key="s")
    with pytest.raises(cases.Suspended):
        do(handing.hand_over, wait, colleague.ref, WHY, by=officer)
    cases.resume(case, by=head, reason="材料已到", key="r")
    cases.complete(wait, desk.FORWARD, by=officer, key="done")
    with pytest.raises(Gone):
        do(handing.hand_over, wait, colleague.ref, WHY, by=officer)


def test_what_an_office_does_inside_is_told_there_and_at_the_province(officer, colleague):
    case, wait = claimed(officer)
    do(handing.hand_over, wait, colleague.ref, WHY, by=officer)
    city = desk.person("mianyang", "city_officer", organ="city-510700")
    assert "task.handed_over" in seen_kinds(case, colleague)
    assert "task.handed_over" in seen_kinds(case, desk.person("boss", "prov_leader"))
    assert "task.handed_over" not in seen_kinds(case, city)
    assert "case.started" in seen_kinds(case, city)
