"""In which role and organ a person acts: that of the task's queue, or the one that they choose."""

import pytest
from sqlalchemy import select

from engine import cases
from engine.submissions import Submission
from ground import clock, grants, organs, people
from ground.database import reading, transaction
from tasks import open_task
from tests.engine import desk, flows


@pytest.fixture
def both(database):
    """Somebody who is an expert of two organs, and an officer."""
    first = desk.person("both", "expert", "prov_officer")
    with transaction() as session:
        grants.give(session, first.person, "expert", organs.body(session, "sc-finance").id, clock.today())
        return people.actor(session, first.person, clock.today())


def asked(by, scope="province", role="prov_officer"):
    """The task of a case that asks in this way."""
    desk.publish(flows.folder("asked", flows.row(flows.user("ask", role=role, scope=scope))))
    case = desk.start("asked", by)
    wait = desk.waits(case)["ask"]
    if wait.held_by is None:
        desk.claim(wait.ref, by)
    return wait


def capacities(wait, by):
    with reading() as session:
        return open_task.look(session, wait.ref, by).capacities


def acted(wait):
    with reading() as session:
        return session.scalar(select(Submission.acting).where(Submission.case_id == wait.case_id))


def keys(by, role):
    return [people.role_key(held.role, held.organ_id) for held in by.held if held.role == role]


def test_a_task_of_a_queue_is_done_in_the_role_of_the_queue(both):
    wait = asked(both)
    assert capacities(wait, both) == keys(both, "prov_officer") == [wait.queue]
    cases.complete(wait.ref, desk.FORWARD, by=both, key="k")
    assert acted(wait) == wait.queue


def test_whoever_is_asked_by_name_acts_in_the_only_office_that_gives_the_role(both):
    wait = asked(both, scope=f"person({both.person})")
    cases.complete(wait.ref, desk.FORWARD, by=both, key="k")
    assert [acted(wait)] == keys(both, "prov_officer")


def test_whoever_holds_the_role_in_two_organs_chooses_and_may_choose_no_other(both):
    wait = asked(both, scope=f"person({both.person})", role="expert")
    own = keys(both, "expert")
    assert capacities(wait, both) == own
    for wrong in (None, "expert@999", *keys(both, "prov_officer")):
        with pytest.raises(cases.NoCapacity):
            cases.complete(wait.ref, desk.FORWARD, by=both, key="k", acting=wrong)
    cases.complete(wait.ref, desk.FORWARD, by=both, key="k", acting=own[1])
    assert acted(wait) == own[1]


def test_nobody_gives_themselves_another_role_with_a_task_of_a_queue(both):
    wait = asked(both)
    with pytest.raises(cases.NoCapacity):
        cases.complete(wait.ref, desk.FORWARD, by=both, key="k", acting=keys(both, "expert")[0])
