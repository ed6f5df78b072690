"""停滞 by one rule: what does not move is found with its reasons, and what waits as it should is not among it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from engine import cases, incidents
from engine.waits import Timer, Wait
from ground import clock, parameters
from ground.database import reading, transaction
from ground.grants import Grant
from tasks import asleep, going_back, pages, reasons, stuck, stuck_filters, stuck_rule, tallies, timers
from tests.engine import desk, flows

TWO = flows.in_a_row("two", 2)
LIMITED = flows.folder("limited", flows.row(flows.user("ask", more='jidi:deadline="intake"')))
SLEEPS = flows.folder(
    "sleeps",
    flows.row(
        '<bpmn:intermediateCatchEvent id="period"><bpmn:timerEventDefinition>'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("decision")</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    ),
)


@pytest.fixture
def officer(database):
    for parts in (TWO, LIMITED, SLEEPS):
        desk.publish(parts)
    return desk.person("officer", "prov_officer")


@pytest.fixture
def supervisor(database):
    return desk.person("watcher", "supervisor")


def listed(by, **filters: str):
    with reading() as session:
        rule = stuck_rule.at(session, clock.now())
        page = stuck.page(session, by, stuck_filters.Filters(**filters), rule)
        found = reasons.of(session, page.items, by, rule)
        assert stuck.count(session, by, rule, stuck_filters.Filters(**filters)) == len(page.items)
        return {row.case_ref: [each.code for each in found[row.case_id]] for row in page.items}


def waiting(by):
    with reading() as session:
        found = [one.case.case_ref for one in asleep.page(session, by)[0]]
        assert asleep.count(session, by) == len(found)
        return found


def test_a_case_that_nobody_claims_is_stuck_after_two_working_days_and_not_before(officer, supervisor, stopped_clock):
    case = desk.start("two", officer)
    stopped_clock[0] += timedelta(days=1)
    assert listed(supervisor) == {}
    stopped_clock[0] += timedelta(days=1)
    assert listed(supervisor) == {case: ["unclaimed"]}
    desk.claim(desk.waits(case)["task_1"].ref, officer)
    assert listed(supervisor) == {}


def test_a_claimed_task_that_nobody_touches_is_stuck_after_five_working_days_and_says_who_holds_it(
    officer, supervisor, stopped_clock
):
    case = desk.start("two", officer)
    desk.claim(desk.waits(case)["task_1"].ref, officer)
    stopped_clock[0] += timedelta(days=4)  # Friday
    assert listed(supervisor) == {}
    stopped_clock[0] += timedelta(days=3)
    assert listed(supervisor) == {case: ["untouched"]}
    with reading() as session:
        rule = stuck_rule.at(session, clock.now())
        page = stuck.page(session, supervisor, stuck_filters.EVERYTHING, rule)
        (reason,) = reasons.of(session, page.items, supervisor, rule)[page.items[0].case_id]
    assert (reason.element, reason.facts["name"], reason.facts["n"]) == ("task_1", officer.name, 5)
    desk.do(case, "task_1", officer)
    assert listed(supervisor) == {}


def test_what_is_past_a_default_says_so_and_is_no_breach(officer, supervisor, stopped_clock):
    case = desk.start("limited", officer)
    desk.claim(desk.waits(case)["ask"].ref, officer)
    stopped_clock[0] = desk.waits(case)["ask"].due_at + timedelta(hours=1)
    assert listed(supervisor) == {case: ["untouched", "past"]}
    assert set(listed(supervisor, why="overdue")) == {case}
    assert listed(supervisor, why="unclaimed") == {}


def test_a_queue_that_nobody_is_in_any_more_is_told_as_that(officer, supervisor, stopped_clock):
    case = desk.start("two", officer)
    with transaction() as session:
        queue = desk.waits(case)["task_1"].queue
        role, _, organ = queue.partition("@")
        holds = (Grant.role == role, Grant.organ_id == int(organ))
        session.execute(update(Grant).where(*holds).values(valid_to=clock.today()))
    stopped_clock[0] += timedelta(days=3)
    assert listed(supervisor) == {case: ["no_holder"]}


def test_a_move_that_failed_is_stuck_at_once(officer, supervisor):
    desk.publish(flows.stopping("fails"))
    case = desk.start("fails", officer)
    with pytest.raises(cases.Stopped):
        desk.do(case, "ask", officer, {"outcome": "return", "opinion": "x"})
    assert listed(supervisor, why="incident") == {case: ["incident"]}


def test_what_waits_for_a_day_is_waiting_as_it_should_however_long(officer, supervisor, stopped_clock):
    case = desk.start("sleeps", officer)
    stopped_clock[0] += timedelta(days=9)
    assert listed(supervisor) == {}
    assert waiting(supervisor) == [case]
    stopped_clock[0] += timedelta(days=60)
    timers.fire_due(clock.now())
    assert waiting(supervisor) == []


def test_a_case_that_was_suspended_is_not_stuck(officer, supervisor, stopped_clock):
    head = desk.person("head", "prov_division_head")
    case = desk.start("two", officer)
    cases.suspend(case, by=head, reason="等待补充材料", key="s")
    stopped_clock[0] += timedelta(days=30)
    assert listed(supervisor) == {}


def test_the_list_is_narrowed_by_its_address_and_goes_on_where_it_stopped(officer, supervisor, stopped_clock):
    refs = [desk.start("two", officer, key=f"k{n}", subject=f"base:{n}") for n in range(5)]
    other = desk.start("limited", officer, key="other", subject="base:9")
    stopped_clock[0] += timedelta(days=14)
    assert set(listed(supervisor, process="limited")) == {other}
    assert set(listed(supervisor, element="task_1")) == set(refs)
    assert listed(supervisor, city="5101") == {} or listed(supervisor, city="5101")
    assert set(listed(supervisor, q=desk.row(refs[2]).number)) == {refs[2]}
    assert listed(supervisor, q="100%_") == {}
    with reading() as session:
        rule = stuck_rule.at(session, clock.now())
        first = stuck.page(session, supervisor, stuck_filters.EVERYTHING, rule, limit=4)
        rest = stuck.page(session, supervisor, stuck_filters.EVERYTHING, rule, after=first.after, limit=4)
        tiles = tallies.of(session, supervisor, rule)
    assert [row.case_ref for row in [*first.items, *rest.items]] == [*refs, other]
    assert rest.after is None
    assert dict(tiles.processes) == {"two": 5, "limited": 1}
    assert sum(tiles.cities.values()) == 6
    assert dict(tiles.steps) == {"task_1": 5, "ask": 1}


def test_whoever_sees_no_case_sees_none_that_is_stuck(officer, stopped_clock):
    desk.start("two", officer)
    stopped_clock[0] += timedelta(days=14)
    assert listed(desk.person("stranger", "expert")) == {}


def test_every_tally_is_the_number_of_the_list_it_opens(officer, supervisor, stopped_clock):
    for n in range(3):
        desk.start("two", officer, key=f"k{n}", subject=f"base:{n}")
    desk.start("limited", officer, key="other", subject="base:9")
    stopped_clock[0] += timedelta(days=14)
    with reading() as session:
        rule = stuck_rule.at(session, clock.now())
        found = tallies.of(session, supervisor, rule)
        assert stuck.total(session, supervisor, clock.now()) == 4
        for name, tallied in (
            ("process", found.processes),
            ("element", found.steps),
            ("organ", found.organs),
            ("city", found.cities),
        ):
            assert tallied
            for value, n in tallied.items():
                assert stuck.count(session, supervisor, rule, stuck_filters.Filters(**{name: str(value)})) == n


@pytest.mark.parametrize("order", stuck_filters.ORDERS)
def test_the_list_is_ordered_as_asked_and_goes_on_in_that_order(officer, supervisor, stopped_clock, order):
    refs = []
    for n in range(3):
        refs.append(desk.start("limited", officer, key=f"k{n}", subject=f"base:{n}"))
        stopped_clock[0] += timedelta(hours=1)
    desk.claim(desk.waits(refs[0])["ask"].ref, officer)
    stopped_clock[0] += timedelta(days=60)
    with reading() as session:
        rule, after, seen = stuck_rule.at(session, clock.now()), None, []
        filters = stuck_filters.Filters(order=order)
        while True:
            page = stuck.page(session, supervisor, filters, rule, after=after, limit=1)
            seen += [row.case_ref for row in page.items]
            after = page.after
            if after is None:
                break
        assert stuck.opened(session, supervisor, filters, rule)[1] == 3
    assert seen == refs
    with reading() as session, pytest.raises(pages.BadCursor):
        stuck.page(session, supervisor, filters, rule, after="x y")


def test_who_begun_or_holds_a_case_finds_it_by_name(officer, supervisor, stopped_clock):
    case = desk.start("two", officer)
    other = desk.person("other", "prov_officer")
    desk.claim(desk.waits(case)["task_1"].ref, other)
    stopped_clock[0] += timedelta(days=14)
    assert set(listed(supervisor, q=other.name)) == {case}
    assert set(listed(supervisor, q=officer.name)) == {case}
    assert listed(supervisor, q="nobody of this name") == {}


def test_the_rule_of_a_day_is_reckoned_anew_when_its_parameter_changes(officer, supervisor, stopped_clock):
    desk.start("two", officer)
    stopped_clock[0] += timedelta(days=1)
    with reading() as session:
        assert stuck.total(session, supervisor, clock.now()) == 0
    with transaction() as session:
        parameters.change(session, stuck_rule.UNCLAIMED, 0, clock.today())
    with reading() as session:
        assert stuck.total(session, supervisor, clock.now()) == 1


def test_where_everybody_must_keep_apart_from_a_step_nobody_can_take_it(officer, supervisor, stopped_clock):
    desk.publish(flows.folder("apart", flows.row(flows.user("ask"), flows.user("check", more='jidi:separate="ask"'))))
    only = desk.person("only", "prov_officer")
    with transaction() as session:
        others = (Grant.role == "prov_officer", Grant.person_id != only.person)
        session.execute(update(Grant).where(*others).values(valid_to=clock.today()))
    case = desk.start("apart", only)
    desk.do(case, "ask", only)
    stopped_clock[0] += timedelta(days=3)
    assert listed(supervisor) == {case: ["kept_apart"]}
    other = desk.person("second", "prov_officer")
    assert listed(supervisor) == {case: ["unclaimed"]}
    desk.do(case, "check", other)
    assert listed(supervisor) == {}


def test_what_was_sent_back_and_not_sent_again_says_so_until_it_is(officer, supervisor, stopped_clock):
    case = desk.start("two", officer)
    desk.do(case, "task_1", officer)
    desk.claim(desk.waits(case)["task_2"].ref, officer)
    wait = desk.waits(case)["task_2"].ref
    going_back.send_back(wait, "task_1", by=officer, reason="请补充依据", asked=[], key="b")
    assert listed(supervisor) == {}
    stopped_clock[0] += timedelta(days=8)
    assert listed(supervisor) == {case: ["returned", "untouched"]}
    desk.do(case, "task_1", officer, key="again")
    assert listed(supervisor) == {}


def test_an_application_that_was_returned_by_its_form_says_so(officer, supervisor, stopped_clock):
    body = (
        '<bpmn:startEvent id="begin"/>'
        + flows.user("write")
        + flows.user("check")
        + '<bpmn:exclusiveGateway id="which"'
        ' default="which_back"/><bpmn:endEvent id="done"/>'
        + flows.flow("begin", "write")
        + flows.flow("write", "check")
        + flows.flow("check", "which")
        + flows.flow("which", "write", name="which_back")
        + flows.flow("which", "done", flows.FORWARD)
    )
    desk.publish(flows.folder("again", body))
    case = desk.start("again", officer)
    desk.do(case, "write", officer)
    desk.do(case, "check", officer, {"outcome": "return", "opinion": "请补充"})
    stopped_clock[0] += timedelta(days=8)
    assert listed(supervisor) == {case: ["returned", "unclaimed"]}


def test_an_expert_who_is_silent_a_timer_that_stopped_and_a_day_by_a_provisional_calendar(
    officer, supervisor, stopped_clock
):
    expert = desk.person("wise", "expert")
    asked = flows.user("judge", scope=f"person({expert.person})", role="expert", more='jidi:deadline="intake"')
    desk.publish(flows.folder("judged", flows.row(asked)))
    case = desk.start("judged", officer)
    stopped_clock[0] += timedelta(days=8)
    assert listed(supervisor)[case] == ["silent", "past"]
    with transaction() as session:
        session.execute(update(Wait).values(provisional=True))
    assert listed(supervisor)[case] == ["silent", "past", "provisional"]
    sleeper = desk.start("sleeps", officer, key="s")
    with transaction() as session:
        session.execute(update(Timer).where(Timer.case_id == desk.row(sleeper).id).values(stopped=True))
        incidents.report(session, desk.row(sleeper).id, "engine.failed", "period", {}, clock.now())
    assert listed(supervisor)[sleeper] == ["incident", "timer_stopped"]
