"""委派: a colleague prepares a task and hands it back; the lender sends it, and nobody else."""

import pytest

from engine import cases, submissions
from ground import clock
from ground.database import reading, transaction
from tasks import at_task, handing, lending, open_task, queue
from tests.engine import desk, flows
from tests.tasks.at_task import WHY, claimed, do, holder, letters_of, lines, open_tasks, told


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 2))
    return desk.person("officer", "prov_officer")


@pytest.fixture
def clerk(officer):
    """Somebody of the department who does not hold the key of the task."""
    return desk.person("clerk", "prov_office")


def typed(wait, by, words):
    with transaction() as session:
        work = open_task.look(session, wait, by)
        submissions.save_draft(session, work.item, by.person, {"opinion": words}, 0, clock.now())


def draft_of(wait, by):
    with reading() as session:
        found = submissions.draft(session, wait, by.person)
        return found and found.answers["opinion"]


def lent_by(person):
    with reading() as session:
        return [row.ref for row in lending.lent_by(session, person.person, 10)]


def test_the_borrower_prepares_it_hands_it_back_and_the_lender_sends_it(officer, clerk):
    case, wait = claimed(officer)
    do(lending.lend, wait, clerk.ref, WHY, by=officer)
    assert holder(case) == clerk.person
    assert lent_by(officer) == [wait]
    typed(wait, clerk, "已核对")
    do(lending.give_back, wait, "请看第二项", by=clerk)
    assert holder(case) == officer.person
    assert (draft_of(wait, officer), draft_of(wait, clerk)) == ("已核对", None)
    cases.complete(wait, desk.FORWARD, by=officer, key="done")
    assert told(case) == ["loan.begun", "loan.given_back", "task.completed"]
    assert (letters_of(clerk), letters_of(officer)) == (["task_lent"], ["task_given_back"])


def test_the_borrower_cannot_send_release_hand_over_or_lend_it(officer, clerk):
    second = desk.person("second", "prov_officer")
    for borrower in (clerk, second):
        case, wait = claimed(officer, key=borrower.ref)
        do(lending.lend, wait, borrower.ref, WHY, by=officer)
        with pytest.raises(cases.Lent):
            cases.complete(wait, desk.FORWARD, by=borrower, key="x")
        with pytest.raises(cases.Lent), transaction() as session:
            queue.release(session, wait, borrower, clock.now())
        for act in (handing.hand_over, lending.lend):
            with pytest.raises((cases.Lent, cases.NotYours)):
                do(act, wait, officer.ref, WHY, by=borrower)
        assert holder(case) == borrower.person


def test_the_lender_cannot_send_it_meanwhile_and_takes_it_back_with_a_reason(officer, clerk):
    case, wait = claimed(officer)
    do(lending.lend, wait, clerk.ref, WHY, by=officer)
    with pytest.raises(cases.NotYours):
        cases.complete(wait, desk.FORWARD, by=officer, key="x")
    with pytest.raises(at_task.NoWords):
        do(lending.call_back, wait, " ", by=officer)
    do(lending.call_back, wait, "等不及了", by=officer)
    assert holder(case) == officer.person
    with pytest.raises(lending.NotLent):
        do(lending.give_back, wait, "", by=clerk)


def test_a_signature_is_not_lent(officer, clerk):
    body = flows.row(flows.user("sign", more='jidi:signed="true"'))
    desk.publish(flows.folder("signed", body))
    _case, wait = claimed(officer, "signed", "sign")
    with pytest.raises(lending.SignatureNotLent):
        do(lending.lend, wait, clerk.ref, WHY, by=officer)


def test_it_is_lent_to_colleagues_who_work_on_such_cases_only(officer):
    _case, wait = claimed(officer)
    city = desk.person("mianyang", "city_officer", organ="city-510700")
    for other in (desk.person("watch", "supervisor"), desk.person("audit", "auditor"), city, officer):
        with pytest.raises(at_task.NotAmong):
            do(lending.lend, wait, other.ref, WHY, by=officer)


def test_what_ends_the_task_ends_the_loan_and_the_history_says_so(officer, clerk):
    case, wait = claimed(officer)
    do(lending.lend, wait, clerk.ref, WHY, by=officer)
    cases.cancel(case, by=desk.person("head", "prov_division_head"), reason=WHY, key="c")
    assert open_tasks(case) == []
    assert lent_by(officer) == []
    assert [line.detail["persons"] for line in lines(case, "loan.ended")] == [[clerk.person]]


def test_handing_it_back_twice_is_one_act(officer, clerk):
    case, wait = claimed(officer)
    do(lending.lend, wait, clerk.ref, WHY, by=officer)
    for _ in range(2):
        do(lending.give_back, wait, "", by=clerk)
    assert len(lines(case, "loan.given_back")) == 1
