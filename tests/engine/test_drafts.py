"""A draft is kept whatever it holds; what is proposed is approved by another person and comes into force as it was."""

from datetime import timedelta

import pytest

from engine import definitions, proposals
from engine.definitions import drafts
from ground import clock, parameters
from ground.database import reading, transaction
from ground.errors import Forbidden
from tests.engine import desk
from tests.engine.test_migrating import ask

WHY = {"basis": "川商外贸函〔2026〕12号", "note": "增加一步"}


@pytest.fixture
def owner(database):
    desk.publish(ask("first", "second"))
    return desk.person("owner", "process_owner")


@pytest.fixture
def second():
    return desk.person("second", "process_owner")


def begin(by):
    with transaction() as session:
        return drafts.begin(session, "ask", by=by, now=clock.now())


def save(by, seen, path="ask.bpmn", body=b"<x/>"):
    with transaction() as session:
        return drafts.save(session, "ask", {path: body}, seen=seen, by=by, now=clock.now())


def replace(by, parts, seen=1):
    with transaction() as session:
        return drafts.save(session, "ask", parts, seen=seen, by=by, now=clock.now())


def propose(by, seen=2, on=None, grounds=WHY):
    with transaction() as session:
        return proposals.propose(session, "ask", seen=seen, on=on, by=by, now=clock.now(), **grounds)


def approve(ref, by):
    with transaction() as session:
        return proposals.approve(session, ref, by=by, now=clock.now())


def number_in_force():
    with reading() as session:
        return next(row.number for row in definitions.processes(session) if row.key == "ask")


def test_a_draft_begins_as_the_version_that_new_cases_start_on_and_an_open_one_is_found_again(owner):
    first, again = begin(owner), begin(owner)
    assert first.ref == again.ref
    with reading() as session:
        assert drafts.look(session, "ask", owner).parts == ask("first", "second")
        assert [row.key for row in drafts.listed(session, owner)] == ["ask"]


def test_a_draft_keeps_what_could_never_run(owner):
    begin(owner)
    assert save(owner, 1, body=b"not a diagram at all") == 2
    with reading() as session:
        assert drafts.look(session, "ask", owner).parts["ask.bpmn"] == b"not a diagram at all"


def test_the_second_of_two_owners_is_told_who_was_quicker_and_nothing_is_lost(owner, second):
    begin(owner)
    save(owner, 1, body=b"<mine/>")
    with pytest.raises(drafts.Outdated) as told:
        save(second, 1, body=b"<theirs/>")
    assert (told.value.detail["who"], told.value.detail["rev"]) == ("owner", 2)
    with reading() as session:
        assert drafts.look(session, "ask", owner).parts["ask.bpmn"] == b"<mine/>"


@pytest.mark.parametrize(
    "path", ["../x.bpmn", "forms/../../x.json", "x.py", "forms/a/b.json", "/etc/passwd", "流程.bpmn"]
)
def test_a_draft_has_no_file_outside_a_process_folder(owner, path):
    begin(owner)
    with pytest.raises(drafts.WrongPath):
        save(owner, 1, path=path)


def test_a_draft_refuses_a_file_of_more_than_a_megabyte(owner):
    begin(owner)
    with pytest.raises(drafts.TooLarge):
        save(owner, 1, body=b"x" * 1_000_001)


def test_only_owners_of_processes_touch_drafts(owner):
    begin(owner)
    for role in ("supervisor", "prov_officer", "sysadmin"):
        with pytest.raises(Forbidden):
            save(desk.person(role, role), 1)


def test_what_is_proposed_comes_into_force_once_another_owner_approves_it(owner, second):
    before = number_in_force()
    begin(owner)
    replace(owner, ask("first", "second", "third"))
    proposal = propose(owner)
    assert (proposal.state, number_in_force()) == ("proposed", before)
    assert approve(proposal.ref, second).state == "published"
    assert number_in_force() == before + 1


def test_attack_27_nobody_approves_what_they_proposed(owner):
    begin(owner)
    replace(owner, ask("first"))
    ref = propose(owner).ref
    with pytest.raises(proposals.NeedsApproval):
        approve(ref, owner)
    assert number_in_force() == 1


def test_without_the_rule_of_the_second_person_it_comes_into_force_at_once(owner, stopped_clock):
    with transaction() as session:
        parameters.change(session, "publish.second_person", new=False, on=clock.today() + timedelta(days=1))
    stopped_clock[0] += timedelta(days=1)
    begin(owner)
    replace(owner, ask("first"))
    assert propose(owner).state == "published"


def test_what_is_approved_for_a_day_to_come_waits_for_it(owner, second, stopped_clock):
    begin(owner)
    replace(owner, ask("first"))
    ref = propose(owner, on=clock.today() + timedelta(days=2)).ref
    assert approve(ref, second).state == "approved"
    assert number_in_force() == 1
    stopped_clock[0] += timedelta(days=2)
    for expected in (1, 0):
        with transaction() as session:
            assert proposals.when_due(session, clock.today()) == expected
    assert number_in_force() == 2


def test_what_is_declined_becomes_the_draft_again_with_the_reason_on_record(owner, second):
    begin(owner)
    replace(owner, ask("first"))
    ref = propose(owner).ref
    with transaction() as session:
        proposals.decline(session, ref, reason="请先征求市州意见", by=second, now=clock.now())
    with reading() as session:
        assert drafts.look(session, "ask", owner).parts == ask("first")
        assert proposals.find(session, ref, owner).reason == "请先征求市州意见"
    with pytest.raises(proposals.Settled):
        approve(ref, second)


def test_a_proposal_names_the_document_that_it_rests_on_and_what_changes(owner):
    begin(owner)
    replace(owner, ask("first"))
    for empty in ("basis", "note"):
        with pytest.raises(proposals.NoGrounds) as told:
            propose(owner, grounds={**WHY, empty: " "})
        assert told.value.detail["field"] == empty


def test_what_cannot_run_is_not_proposed_and_the_draft_stays(owner):
    begin(owner)
    save(owner, 1, body=b"<x/>")
    with pytest.raises(definitions.NotRunnable):
        propose(owner)
    with reading() as session:
        assert drafts.look(session, "ask", owner).parts["ask.bpmn"] == b"<x/>"


def test_attack_25_a_proposal_of_an_older_state_of_the_draft_is_refused(owner):
    begin(owner)
    replace(owner, ask("first"))
    with pytest.raises(drafts.Outdated):
        propose(owner, seen=1)


def test_a_draft_that_changed_nothing_is_not_proposed(owner):
    begin(owner)
    with pytest.raises(proposals.Unchanged):
        propose(owner, seen=1)


def test_going_back_is_to_propose_an_older_version(owner, second):
    begin(owner)
    replace(owner, ask("first"))
    approve(propose(owner).ref, second)
    with transaction() as session:
        first = next(row for row in definitions.versions(session, "ask") if row.number == 1)
        drafts.begin(session, "ask", by=owner, now=clock.now(), version_id=first.id)
    approve(propose(owner, seen=1).ref, second)
    assert number_in_force() == 3
    with reading() as session:
        assert definitions.folder(session, definitions.current(session, "ask").version_id).digest == first.digest
