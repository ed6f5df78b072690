"""委托代理: a colleague does my tasks while I am away, both of us see it, and nothing else becomes possible by it."""

from datetime import date, timedelta

import pytest

from engine import cases, submissions
from ground import clock, people, substitutes
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from ground.substitutes import Wish
from tasks import lapses, open_task, queue
from tests.engine import desk, flows

PAIR = flows.folder("pair", flows.row(flows.user("handle"), flows.user("recheck", more='jidi:separate="handle"')))


@pytest.fixture
def principal(database):
    desk.publish(PAIR)
    desk.publish(flows.in_a_row("row", 2))
    return desk.person("jia", "prov_officer")


@pytest.fixture
def colleague(database):
    return desk.person("yi", "legal")


def today() -> date:
    return clock.local_day(clock.now())


def named(principal, substitute, days=5, **more: str):
    wish = Wish(substitute.ref, principal.held[0].organ_id, today(), today() + timedelta(days=days - 1), **more)
    with transaction() as session:
        return substitutes.name(session, principal, wish, clock.now())


def again(actor):
    """The same person as their next request finds them."""
    with reading() as session:
        return substitutes.actor(session, actor.person, today())


def seen(by, **filters: str):
    with reading() as session:
        return [item.ref for item in queue.page(session, by, queue.Filters(**filters)).items]


def looked(ref, by):
    with reading() as session:
        return open_task.look(session, ref, by)


def test_a_substitute_does_a_task_on_behalf_and_history_and_paper_say_so(principal, colleague):
    case = desk.start("row", principal)
    ref = desk.waits(case)["task_1"].ref
    assert seen(colleague) == []
    named(principal, colleague)
    colleague = again(colleague)
    assert seen(colleague) == seen(colleague, held="lent") == [ref] == seen(principal)
    assert looked(ref, colleague).behalf.id == principal.person
    desk.do(case, "task_1", colleague)
    with reading() as session:
        lines = cases.story(session, case, principal)
        (paper,) = submissions.at(session, desk.row(case).id, "task_1")
    done = next(line for line in lines if line.kind == "task.completed")
    assert (done.by_name, done.behalf.name) == ("yi", "jia")
    assert (paper.by, paper.behalf_of) == (colleague.person, principal.person)
    assert paper.acting == principal_key(principal)


def principal_key(principal):
    return people.role_key("prov_officer", principal.held[0].organ_id)


def test_what_a_substitute_took_stays_in_the_principals_sight_who_may_take_it_back(principal, colleague):
    ref = desk.waits(desk.start("row", principal))["task_1"].ref
    named(principal, colleague)
    colleague = again(colleague)
    desk.claim(ref, colleague)
    assert seen(principal) == [ref]
    assert looked(ref, principal).holds
    desk.claim(ref, principal)
    assert looked(ref, principal).may_act
    assert looked(ref, principal).item.held_for is None


def test_a_substitute_may_take_what_the_principal_holds(principal, colleague):
    case = desk.start("row", principal)
    ref = desk.waits(case)["task_1"].ref
    desk.claim(ref, principal)
    named(principal, colleague)
    colleague = again(colleague)
    assert seen(colleague, held="lent") == [ref]
    desk.do(case, "task_1", principal, key="first")
    desk.claim(desk.waits(case)["task_2"].ref, principal)
    desk.claim(desk.waits(case)["task_2"].ref, colleague)
    desk.do(case, "task_2", colleague)


def test_a_colleague_with_the_same_role_takes_only_what_the_principal_holds_on_behalf(principal):
    fellow = desk.person("bing", "prov_officer")
    named(principal, fellow)
    fellow = again(fellow)
    free = desk.waits(desk.start("row", principal, key="a", subject="base:1"))["task_1"].ref
    held = desk.waits(desk.start("row", principal, key="b", subject="base:2"))["task_1"].ref
    desk.claim(held, principal)
    assert seen(fellow, held="lent") == [held]
    assert sorted(seen(fellow)) == sorted([free, held])
    desk.claim(free, fellow)
    assert looked(free, fellow).item.held_for is None
    desk.claim(held, fellow)
    assert looked(held, fellow).item.held_for == principal.person


def test_it_ends_by_itself_at_the_day_and_what_was_held_waits_again(principal, colleague, stopped_clock):
    case = desk.start("row", principal)
    ref = desk.waits(case)["task_1"].ref
    named(principal, colleague, days=2)
    colleague = again(colleague)
    desk.claim(ref, colleague)
    with transaction() as session:
        assert lapses.give_back(session, clock.now()) == 0
    stopped_clock[0] += timedelta(days=2)
    gone = again(colleague)
    assert gone.lent == ()
    with pytest.raises(cases.behalf.Ended):
        cases.complete(ref, desk.FORWARD, by=gone, key="late")
    with pytest.raises(Missing):
        looked(ref, gone)
    with transaction() as session:
        assert lapses.give_back(session, clock.now()) == 1
        assert lapses.give_back(session, clock.now()) == 0
    assert desk.waits(case)["task_1"].held_by is None
    assert desk.waits(case)["task_1"].held_for is None
    desk.do(case, "task_1", principal)


def test_ended_early_it_is_over_at_once(principal, colleague):
    ref = named(principal, colleague)
    with transaction() as session:
        substitutes.end(session, principal, ref, clock.now())
    assert again(colleague).lent == ()


def test_four_eyes_hold_for_both_of_them(principal, colleague):
    third = desk.person("ding", "prov_officer")
    named(principal, colleague)
    colleague = again(colleague)
    case = desk.start("pair", principal)
    desk.do(case, "handle", principal)
    recheck = desk.waits(case)["recheck"].ref
    with pytest.raises(cases.Separate):
        desk.claim(recheck, colleague)
    assert looked(recheck, colleague).apart
    other = desk.start("pair", principal, key="o", subject="base:2")
    desk.do(other, "handle", colleague)
    for who in (colleague, principal):
        with pytest.raises(cases.Separate):
            desk.claim(desk.waits(other)["recheck"].ref, who)
    desk.do(other, "recheck", third)


def test_a_signed_step_a_named_person_and_a_watcher_are_lent_to_nobody(principal, colleague):
    signed = flows.folder("signs", flows.row(flows.user("sign", more='jidi:signed="true"')))
    desk.publish(signed)
    ref = desk.waits(desk.start("signs", principal))["sign"].ref
    named(principal, colleague)
    colleague = again(colleague)
    assert seen(colleague) == []
    with pytest.raises(Missing):
        desk.claim(ref, colleague)
    assert people.person_key(principal.person) not in {lent.key for lent in colleague.lent}
    watcher = desk.person("watch", "supervisor")
    wish = Wish(colleague.ref, watcher.held[0].organ_id, today(), today())
    with transaction() as session, pytest.raises(substitutes.NotOfOwnOrgan):
        substitutes.name(session, watcher, wish, clock.now())


def test_it_is_narrowed_by_process_and_region(principal, colleague):
    row = desk.waits(desk.start("row", principal))["task_1"].ref
    pair = desk.waits(desk.start("pair", principal, key="p", subject="base:2"))["handle"].ref
    named(principal, colleague, process="pair")
    assert seen(again(colleague)) == [pair]
    with pytest.raises(Missing):
        desk.claim(row, again(colleague))
    elsewhere = desk.person("wu", "prov_checker")
    named(principal, elsewhere, region="511500")
    assert seen(again(elsewhere)) == []
    near = desk.person("liu", "prov_checker")
    named(principal, near, region="510700")
    assert sorted(seen(again(near))) == sorted([row, pair])
    assert sorted(seen(again(near), q="2026")) == sorted([row, pair])
    assert seen(again(near), process="pair") == [pair]


def test_no_chain_and_none_of_another_organ(principal, colleague):
    third = desk.person("ding", "prov_office")
    ref = desk.waits(desk.start("row", principal))["task_1"].ref
    named(principal, colleague)
    named(again(colleague), third)  # for the days on which the colleague is away, the colleague's own tasks
    assert seen(again(third)) == []
    with pytest.raises(Missing):
        desk.claim(ref, again(third))
    with pytest.raises(substitutes.Chained):
        named(third, colleague)
    stranger = desk.person("far", "city_officer", organ="city-511500")
    with pytest.raises(substitutes.NotOfOwnOrgan):
        named(principal, stranger)
    with pytest.raises(substitutes.Oneself):
        named(principal, principal)
    with pytest.raises(Missing):
        named(principal, type("Nobody", (), {"ref": "nobodyatall1"}))


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (2, 1), (0, 90)])
def test_days_are_from_today_on_and_not_too_many(principal, colleague, first, last):
    wish = Wish(
        colleague.ref, principal.held[0].organ_id, today() + timedelta(days=first), today() + timedelta(days=last)
    )
    with transaction() as session, pytest.raises(substitutes.DaysWrong):
        substitutes.name(session, principal, wish, clock.now())


def test_named_twice_is_named_once_and_only_so_many(principal, colleague):
    assert named(principal, colleague) == named(principal, colleague)
    for days in range(6, 25):
        named(principal, colleague, days=days)
    with pytest.raises(substitutes.TooMany):
        named(principal, colleague, days=40)


def test_both_see_it_watchers_list_it_and_nobody_else(principal, colleague):
    ref = named(principal, colleague)
    with reading() as session:
        assert [row.ref for row in substitutes.of(session, principal)] == [ref]
        assert [row.ref for row in substitutes.of(session, colleague)] == [ref]
    outsider = desk.person("out", "prov_officer")
    with reading() as session:
        assert list(substitutes.of(session, outsider)) == []
        with pytest.raises(Forbidden):
            substitutes.listed(session, outsider)
    for role in substitutes.READERS:
        watcher = desk.person(role, role)
        with reading() as session:
            assert [row.ref for row in substitutes.listed(session, watcher)] == [ref]
    with transaction() as session, pytest.raises(Missing):
        substitutes.end(session, outsider, ref, clock.now())


def test_a_substitution_lends_no_role_no_start_and_no_message(principal, colleague):
    named(principal, colleague)
    colleague = again(colleague)
    assert not colleague.has("prov_officer")
    assert principal_key(principal) not in colleague.keys


def test_a_case_is_known_to_a_substitute_only_while_its_task_waits(principal):
    signs = flows.user("sign", role="dept_liaison", scope="organ(&quot;city-510700-industry&quot;)")
    ends = '<bpmn:startEvent id="begin"/>' + signs + '<bpmn:endEvent id="done"/>'
    desk.publish(flows.folder("city", ends + flows.flow("begin", "sign") + flows.flow("sign", "done")))
    head = desk.person("head", "dept_liaison", organ="city-510700-industry")
    clerk = desk.person("clerk", "legal", organ="city-510700-industry")
    case = desk.start("city", principal)
    with reading() as session, pytest.raises(Missing):
        cases.find(session, case, clerk)
    named(head, clerk)
    clerk = again(clerk)
    with reading() as session:
        assert cases.find(session, case, clerk).ref == case
    desk.do(case, "sign", clerk)
    with reading() as session, pytest.raises(Missing):
        cases.find(session, case, clerk)
