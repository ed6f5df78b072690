"""Work queues: what is open for whom, and that a task is never with two people."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine import cases, holding, waits
from engine.cases import Case
from ground import clock, people
from ground.database import reading, transaction
from ground.errors import Missing
from tasks import lists, pages, queue
from tests import databases
from tests.engine import desk, flows

CLIENTS = 8
ROUNDS = 12


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 3))
    return desk.person("officer", "prov_officer")


def seen(by, filters=None, after=None, limit=20):
    with reading() as session:
        return queue.page(session, by, filters or queue.Filters(), after=after, limit=limit)


def refs(page):
    return [item.ref for item in page.items]


def test_a_free_task_is_open_for_everybody_of_its_queue(officer):
    colleague = desk.person("colleague", "prov_officer")
    case = desk.start("row", officer)
    assert refs(seen(officer)) == refs(seen(colleague)) == [desk.waits(case)["task_1"].ref]


def test_a_claimed_task_leaves_the_others_lists_and_stays_on_its_holders(officer):
    colleague = desk.person("colleague", "prov_officer")
    wait = desk.waits(desk.start("row", officer))["task_1"]
    desk.claim(wait.ref, officer)
    assert refs(seen(officer)) == [wait.ref]
    assert refs(seen(colleague)) == []


def test_the_loser_of_a_claim_learns_who_was_quicker(officer):
    colleague = desk.person("colleague", "prov_officer")
    wait = desk.waits(desk.start("row", officer))["task_1"]
    desk.claim(wait.ref, officer)
    with pytest.raises(holding.Taken) as refused:
        desk.claim(wait.ref, colleague)
    assert refused.value.detail["held_by"] == officer.person
    assert refused.value.detail["at"] == clock.now()


def test_claiming_again_what_one_holds_changes_nothing(officer):
    wait = desk.waits(desk.start("row", officer))["task_1"]
    desk.claim(wait.ref, officer)
    desk.claim(wait.ref, officer)
    assert refs(seen(officer)) == [wait.ref]


def test_a_released_task_is_free_again(officer):
    colleague = desk.person("colleague", "prov_officer")
    wait = desk.waits(desk.start("row", officer))["task_1"]
    desk.claim(wait.ref, officer)
    with transaction() as session:
        queue.release(session, wait.ref, officer, clock.now())
    assert refs(seen(colleague)) == [wait.ref]


def test_only_the_holder_can_release(officer):
    colleague = desk.person("colleague", "prov_officer")
    wait = desk.waits(desk.start("row", officer))["task_1"]
    desk.claim(wait.ref, officer)
    with pytest.raises(holding.Taken), transaction() as session:
        queue.release(session, wait.ref, colleague, clock.now())


def test_a_stranger_gets_the_same_answer_as_for_a_task_that_never_was(officer):
    stranger = desk.person("stranger", "legal")
    wait = desk.waits(desk.start("row", officer))["task_1"]
    with pytest.raises(Missing):
        desk.claim(wait.ref, stranger)


def test_claim_next_takes_the_most_urgent_and_says_when_nothing_is_left(officer):
    first = desk.waits(desk.start("row", officer, key="1"))["task_1"]
    second = desk.waits(desk.start("row", officer, key="2", subject="base:2"))["task_1"]
    taken = []
    for _ in range(2):
        with transaction() as session:
            taken.append(queue.claim_next(session, officer, queue.Filters(), clock.now()))
    assert taken == [first.ref, second.ref]
    with pytest.raises(queue.NothingFree), transaction() as session:
        queue.claim_next(session, officer, queue.Filters(), clock.now())


def test_four_eyes_whoever_handled_may_not_recheck(officer):
    body = flows.row(flows.user("handle"), flows.user("check", more='jidi:separate="handle"'))
    desk.publish(flows.folder("eyes", body))
    case = desk.start("eyes", officer)
    desk.do(case, "handle", officer)
    with pytest.raises(cases.Separate):
        desk.claim(desk.waits(case)["check"].ref, officer)
    colleague = desk.person("colleague", "prov_officer")
    assert desk.do(case, "check", colleague).outcome == "done"


def test_pages_follow_one_another_without_gap_or_repetition(officer):
    for number in range(7):
        desk.start("row", officer, key=str(number), subject=f"base:{number}")
    met, after = [], None
    while True:
        page = seen(officer, after=after, limit=3)
        met += refs(page)
        after = page.after
        if after is None:
            break
    assert len(met) == len(set(met)) == 7


@pytest.mark.parametrize("cursor", ["", "x", "1.2", "99999999999999999999.1", "20261123010000000000.x", "' OR 1=1--"])
def test_attack_086_a_place_in_the_list_that_cannot_be_read_is_refused_by_name(officer, cursor):
    if cursor:
        with pytest.raises(pages.BadCursor):
            seen(officer, after=cursor)
    else:
        assert refs(seen(officer, after=cursor)) == []


@pytest.mark.parametrize("text", ["' OR 1=1--", "%", "_", "\\", "%_%"])
def test_attack_084_what_is_searched_for_is_taken_literally(officer, text):
    desk.start("row", officer)
    assert refs(seen(officer, queue.Filters(q=text))) == []
    assert len(refs(seen(officer, queue.Filters(q="示例")))) == 1


def test_filters_narrow_by_process_step_and_city(officer):
    desk.start("row", officer)
    assert len(refs(seen(officer, queue.Filters(process="row", element="task_1", city="510700")))) == 1
    assert refs(seen(officer, queue.Filters(process="other"))) == []
    assert refs(seen(officer, queue.Filters(element="task_2"))) == []
    assert refs(seen(officer, queue.Filters(city="510100"))) == []


@pytest.mark.parametrize(("kind", "asked", "other"), [("text", "overdue", "past"), ("default", "past", "overdue")])
def test_what_has_passed_is_counted_and_asked_for_by_its_kind(officer, stopped_clock, kind, asked, other):
    """N-6: a passed default of ours stands apart from what can be a breach."""
    due = 'jidi:deadline="intake"'
    body = flows.row(flows.user("ask", more=due))
    desk.publish(flows.folder("due", body))
    wait = desk.waits(desk.start("due", officer))["ask"]
    with transaction() as session:
        session.execute(update(waits.Wait).where(waits.Wait.ref == wait.ref).values(due_kind=kind))
    assert refs(seen(officer, queue.Filters(due=asked))) == []
    stopped_clock[0] = wait.due_at + timedelta(hours=1)
    assert refs(seen(officer, queue.Filters(due=asked))) == [wait.ref]
    assert refs(seen(officer, queue.Filters(due=other))) == []
    with reading() as session:
        expected = {"free": 1, "mine": 0, asked: 1, other: 0}
        assert queue.counts(session, officer) == queue.Counts(**expected)


def test_attack_075_of_eight_who_claim_at_once_exactly_one_gets_the_task(officer, database):
    persons = [desk.person(f"client{number}", "prov_officer") for number in range(CLIENTS)]
    for round_ in range(ROUNDS):
        wait = desk.waits(desk.start("row", officer, key=f"r{round_}", subject=f"base:{round_}"))["task_1"]
        results: list[object] = []
        gate = threading.Barrier(CLIENTS)

        def race(by: people.Actor, wait_ref: str = wait.ref, gate=gate, results=results) -> None:
            gate.wait()
            try:
                desk.claim(wait_ref, by)
                results.append(by.person)
            except holding.Taken as taken:
                results.append(taken.detail["held_by"])

        threads = [threading.Thread(target=race, args=(by,)) for by in persons]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == CLIENTS
        assert len(set(results)) == 1, results


def test_done_and_started_list_what_a_person_did(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    with reading() as session:
        assert [item.element for item in lists.done(session, officer).items] == ["task_1"]
        assert [item.case_ref for item in lists.started(session, officer).items] == [case]


@databases.on("postgresql")  # one process moves one case at a time
def test_claim_next_passes_over_a_case_that_another_node_is_moving(officer, database):
    first, second = (desk.start("row", officer, key=key, subject=f"base:{key}") for key in "12")
    with database.writer.connect() as other, other.begin():
        other.execute(select(Case.id).where(Case.ref == first).with_for_update()).all()
        with transaction() as session:
            taken = queue.claim_next(session, officer, queue.Filters(), clock.now())
    assert taken == desk.waits(second)["task_1"].ref


def test_what_is_looked_for_may_be_full_of_signs(officer):
    desk.start("row", officer)
    for q in ("%" * 60, "_/" * 30, "'--" * 20):
        assert refs(seen(officer, queue.Filters(q=q))) == []
        with reading() as session:
            assert lists.in_sight(session, officer, lists.Search(q=q)).items == []
