"""催办 by the waiting side: to whom, with how many days, how often, and for whom it is not."""

from datetime import timedelta

import orjson
import pytest

from engine import cases, history
from engine.cases.hand import Ended
from ground import clock, organs, parameters
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import letters, urging
from tests.engine import desk, flows


@pytest.fixture
def filler(database):
    desk.publish(flows.in_a_row("row", 2))
    return desk.person("filler", "base_filler", organ="county-511502")


@pytest.fixture
def officer(filler):
    return desk.person("officer", "prov_officer")


@pytest.fixture
def case(officer, filler):
    return cases.start(
        "row", subject="base:1", region="511502", organ=filler.held[0].organ_id, title="示例", by=filler, key="k"
    ).ref


def urge(case, by):
    with transaction() as session:
        return urging.urge(session, case, by, clock.now())


def inbox(by):
    with reading() as session:
        return [(row.template, row.facts) for row in letters.inbox(session, by)]


def test_the_organ_that_waits_urges_whoever_holds_the_task_with_the_days_it_waits(case, filler, officer, stopped_clock):
    other = desk.person("other", "prov_officer")
    desk.claim(desk.waits(case)["task_1"].ref, officer)
    stopped_clock[0] += timedelta(days=2)
    assert urge(case, filler) == 1
    ((template, facts),) = inbox(officer)
    with reading() as session:
        organ = organs.bodies(session, [filler.held[0].organ_id])[filler.held[0].organ_id].name
        last = history.read(session, desk.row(case).id)[-1]
    assert (template, facts["days"], facts["by"]) == ("urged", 2, f"{organ}filler")
    assert inbox(other) == []
    assert (last.kind, last.element, last.by_person, last.detail["days"]) == (
        "task.urged",
        "task_1",
        filler.person,
        2,
    )


def test_a_task_that_nobody_has_claimed_is_urged_with_everybody_in_its_queue(case, filler, officer):
    other = desk.person("other", "prov_officer")
    urge(case, filler)
    assert [len(inbox(each)) for each in (officer, other)] == [1, 1]


def test_a_case_is_urged_once_a_working_day_and_as_often_as_the_parameter_says(case, filler, officer, stopped_clock):
    urge(case, filler)
    with pytest.raises(urging.TooSoon):
        urge(case, filler)
    stopped_clock[0] += timedelta(days=1)
    urge(case, filler)
    with transaction() as session:
        parameters.change(session, urging.EVERY, 3, clock.today())
    stopped_clock[0] += timedelta(days=2)
    with pytest.raises(urging.TooSoon) as refused:
        urge(case, filler)
    assert refused.value.detail["every"] == 3
    assert len(inbox(officer)) == 2


def test_whoever_sent_it_on_urges_the_next_and_nobody_else_does(case, filler, officer):
    with pytest.raises(Forbidden):
        urge(case, officer)
    supervisor = desk.person("watcher", "supervisor")
    with pytest.raises(Forbidden):
        urge(case, supervisor)
    checker = desk.person("checker", "prov_checker")
    with pytest.raises(Forbidden):
        urge(case, checker)
    desk.do(case, "task_1", officer)
    with pytest.raises(urging.NobodyToUrge):
        urge(case, officer)  # the next task is of their own queue, too


@pytest.mark.parametrize("role", ["auditor", "sysadmin"])
def test_whoever_only_looks_on_in_the_organ_that_waits_urges_nobody(officer, role):
    watcher = desk.person("watcher", role)
    own = {"organ": watcher.held[0].organ_id, "region": "510000", "title": "示例"}
    case = cases.start("row", subject="base:2", by=officer, key="own", **own).ref
    with pytest.raises((Forbidden, Missing)):
        urge(case, watcher)


def test_another_organ_s_case_is_not_there_for_them(case):
    stranger = desk.person("stranger", "base_filler", organ="city-510100")
    with pytest.raises(Missing):
        urge(case, stranger)


def test_a_closed_and_a_suspended_case_are_not_urged(case, filler, officer):
    head = desk.person("head", "prov_division_head")
    cases.suspend(case, by=head, reason="等待", key="s")
    with pytest.raises(cases.Suspended):
        urge(case, filler)
    cases.resume(case, by=head, reason="继续", key="r")
    desk.do(case, "task_1", officer)
    desk.do(case, "task_2", officer)
    with pytest.raises(Ended):
        urge(case, filler)


@pytest.mark.parametrize(("sealed", "urged"), [(True, 0), (False, 1)])
def test_who_judges_under_seal_hears_nothing_from_those_who_may_not_know_of_them(officer, filler, sealed, urged):
    """Blind both ways; whoever only keeps their papers within their organ is urged like everybody else."""
    form = flows.FORM | {"readers": ["prov_officer"], "sealed": sealed}
    parts = flows.in_a_row("blind", 1)
    desk.publish(parts | {"forms/opinion.json": orjson.dumps(form)})
    case = cases.start(
        "blind", subject="base:1", region="511502", organ=filler.held[0].organ_id, title="示例", by=filler, key="b"
    ).ref
    if urged:
        urge(case, filler)
    else:
        with pytest.raises(urging.NobodyToUrge):
            urge(case, filler)
    assert len(inbox(officer)) == urged
