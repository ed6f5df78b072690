"""批量推动: what each case would do is told before, each is done once, and one that refuses stops no other."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine import cases
from engine.history import History
from ground import clock, jobs, organs
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import pushes, pushing
from tasks.pushing import Filters, Order
from tests.engine import desk, flows
from tests.tasks.test_charges import ASKED, CITY

WHY = "机构合并后统一移交"


@pytest.fixture
def officer(database):
    desk.publish(flows.folder("asked", ASKED))
    desk.publish(CITY)
    return desk.person("officer", "prov_officer")


@pytest.fixture
def head(officer):
    return desk.person("head", "prov_division_head")


@pytest.fixture
def refs(officer):
    return [desk.start("asked", officer, key=f"k{n}", subject=f"base:{n}") for n in range(4)]


def pushed(refs, order, by, key="p"):
    ref = pushes.start(refs, order, by=by, reason=WHY, key=key)
    work()
    with reading() as session:
        return pushes.progress(session, ref, by)


def work():
    while jobs.run_due(clock.now()):
        pass


def seen(refs, order, by):
    with reading() as session:
        return [(each.tasks, each.why) for each in pushes.preview(session, refs, order, by, clock.now())]


def counted(kind):
    with reading() as session:
        return session.scalar(select(func.count()).select_from(History).where(History.kind == kind))


def test_an_office_was_merged_and_its_tasks_are_given_to_the_new_one_at_once(officer, head):
    refs = [desk.start("city", officer, key=f"c{n}", subject=f"base:{n}") for n in range(3)]
    desk.person("town", "city_officer", organ="city-510700")
    desk.person("new", "city_officer", organ="city-510100")
    with transaction() as session:
        new = organs.body(session, "city-510100")
        organs.end(session, organs.body(session, "city-510700").id, clock.today() - timedelta(days=1))
    with reading() as session:
        left = pushing.listed(session, head, Filters(left="1"), 100)
        assert [row.case_ref for row in left] == refs
        assert not pushing.listed(session, head, Filters(left="1", city="5101"), 100)
    order = Order("reassign", {"organ": new.ref})
    assert seen(refs, order, head) == [(1, "")] * 3
    assert counted("task.reassigned") == 0
    found = pushed(refs, order, head)
    assert (found.total, found.left, found.results) == (3, 0, {"done": 3})
    assert found.row.ended_at is not None
    assert {desk.waits(ref)["ask"].queue for ref in refs} == {f"city_officer@{new.id}"}
    assert counted("task.reassigned") == 3


def test_one_that_refuses_says_why_and_stops_no_other(officer, head, refs):
    cases.suspend(refs[1], by=head, reason=WHY, key="s")
    cases.cancel(refs[2], by=head, reason=WHY, key="c")
    order = Order("suspend")
    assert seen(refs, order, head) == [(1, ""), (0, "case.suspended"), (0, "case.closed"), (1, "")]
    found = pushed(refs, order, head)
    assert found.results == {"done": 2, "refused": 2}
    with reading() as session:
        items = pushes.items(session, found.row.id, head)
    assert {row.case_ref: row.detail.get("why") for row in items if row.state == "refused"} == {
        refs[1]: "case.suspended",
        refs[2]: "case.closed",
    }
    assert pushed(refs, Order("resume"), head, "r").results == {"done": 3, "refused": 1}


def test_tasks_are_put_off_and_urged_once(officer, head, refs):
    assert pushed(refs, Order("extend", {"days": 1}), head).results == {"done": 4}
    assert seen(refs, Order("extend", {"days": 1}), head) == [(0, "extend.often_enough")] * 4
    assert pushed(refs, Order("urge"), head, "u").results == {"done": 4}
    assert pushed(refs, Order("urge"), head, "v").results == {"refused": 4}
    supervisor = desk.person("watcher", "supervisor")
    assert seen(refs, Order("urge"), supervisor) == [(0, "push.urged_today")] * 4


def test_what_has_failed_is_tried_again_and_what_has_not_is_left_alone(officer, head, refs):
    assert seen(refs, Order("retry"), head) == [(0, "push.nothing_to_do")] * 4


def test_the_same_key_is_the_same_push_and_a_second_runner_does_nothing_again(officer, head, refs):
    first = pushed(refs, Order("urge"), head)
    again = pushes.start(refs, Order("urge"), by=head, reason=WHY, key="p")
    assert again == first.row.ref
    pushes.run({"push": first.row.id})
    work()
    assert counted("task.pushed") == 4


def test_more_than_one_run_holds_goes_on_as_another_job(officer, head, refs, monkeypatch):
    monkeypatch.setattr(pushes, "AT_ONCE", 3)
    assert pushed(refs, Order("urge"), head).results == {"done": 4}


def test_who_may_not_is_refused_before_and_again_when_it_runs(officer, head, refs):
    city_head = desk.person("cityhead", "city_section_head", organ="city-510700")
    supervisor = desk.person("watcher", "supervisor")
    for by, order in (
        (officer, Order("urge")),
        (supervisor, Order("extend", {"days": 1})),
        (supervisor, Order("suspend")),
        (city_head, Order("retry")),
        (desk.person("auditor", "auditor"), Order("urge")),
    ):
        with pytest.raises(Forbidden):
            pushes.start(refs, order, by=by, reason=WHY, key="x")
    assert seen(refs, Order("extend", {"days": 1}), city_head) == [(0, "forbidden")] * 4
    assert seen(refs, Order("suspend"), city_head) == [(0, "forbidden")] * 4
    assert pushed(refs, Order("extend", {"days": 1}), city_head).results == {"refused": 4}


@pytest.mark.parametrize("order", [Order("burn"), Order("reassign"), Order("extend", {"days": "1"})])
def test_an_act_that_is_none_or_lacks_its_terms_is_refused(head, refs, order):
    with pytest.raises(pushing.NoSuchAct):
        pushes.start(refs, order, by=head, reason=WHY, key="x")


def test_cases_out_of_sight_too_many_or_none_are_refused(officer, head, refs):
    far_head = desk.person("far", "city_section_head", organ="city-510100")
    for chosen, by in ((refs, far_head), ([], head), (["nosuchcase22"], head)):
        with pytest.raises(pushes.Nothing):
            pushes.start(chosen, Order("urge"), by=by, reason=WHY, key="x")
    with pytest.raises(pushes.TooMany):
        pushes.start([f"{n:012}" for n in range(pushes.MOST + 1)], Order("urge"), by=head, reason=WHY, key="x")
    with pytest.raises(cases.NoReason):
        pushes.start(refs, Order("urge"), by=head, reason=" ", key="x")
    ref = pushes.start(refs, Order("urge"), by=head, reason=WHY, key="x")
    with reading() as session, pytest.raises(Missing):
        pushes.progress(session, ref, far_head)
