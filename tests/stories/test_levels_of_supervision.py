"""Handbook §7.3, row by row: 提醒, 黄·催办, 橙·督办, 红·提级督办; when, to whom, and by when an answer is asked."""

from datetime import timedelta

import pytest

from bases.cooperation import issue, supervision_level, supervision_units, supervision_week
from engine import definitions
from ground import calendar, clock
from ground.database import reading, transaction
from tasks import letters, queue, reminders
from tests.bases import cooperating as desk
from tests.stories import test_supervision as orders

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SUPERVISOR, LEADER = "liang.bo", "gao.yuan"
late = orders.late


@pytest.fixture
def lying(database):
    """A difficulty that its filler has not claimed."""
    assert database
    return issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref


def told(login: str, template: str) -> int:
    with reading() as session:
        return sum(row.template == template for row in letters.inbox(session, desk.person(login)))


def remind() -> None:
    with transaction() as session:
        reminders.send_due(session, clock.now())
        reminders.send_unclaimed(session, clock.now())


def working_days_on(clock_: list, days: int, since=None) -> None:
    with reading() as session:
        day = calendar.load(session).add_working_days(since or clock.today(), days)
    clock_[0] = clock.start_of(day) + timedelta(hours=9)


def proposal(ref: str) -> str:
    """What an order about this case would propose now."""
    with reading() as session:
        wait = supervision_units.waiting(session, desk.case(ref).id)
        return supervision_level.propose(session, supervision_level.facts(session, wait, None, clock.now()))


def test_a_reminder_goes_to_the_holder_three_working_days_before_the_end_and_not_sooner(lying, stopped_clock):
    task = desk.task(lying, "register")
    with transaction() as session:
        queue.claim(session, task.ref, desk.person(desk.FILLER), clock.now())
    working_days_on(stopped_clock, -4, task.due_on)
    remind()
    assert told(desk.FILLER, "due_soon") == 0
    assert proposal(lying) == "none"
    working_days_on(stopped_clock, -3, task.due_on)
    remind()
    remind()
    assert told(desk.FILLER, "due_soon") == 1
    assert proposal(lying) == "remind"


def test_a_reminder_goes_to_whoever_could_claim_what_has_lain_for_more_than_two_working_days(lying, stopped_clock):
    working_days_on(stopped_clock, 2)
    remind()
    assert told(desk.FILLER, "unclaimed") == 0
    working_days_on(stopped_clock, 1)
    remind()
    remind()
    assert told(desk.FILLER, "unclaimed") == 1
    with reading() as session:
        wait = supervision_units.waiting(session, desk.case(lying).id)
        assert supervision_level.facts(session, wait, None, clock.now())["unclaimed"]
        (letter,) = [each for each in letters.inbox(session, desk.person(desk.FILLER)) if each.template == "unclaimed"]
        folder = definitions.folder(session, letter.version_id)
        assert "3个工作日无人领取" in letters.words(folder, letter.template, letter.facts, "zh").body
        assert "3 working days" in letters.words(folder, letter.template, letter.facts, "en").body


def test_what_was_claimed_is_not_told_of_as_unclaimed(lying, stopped_clock):
    with transaction() as session:
        queue.claim(session, desk.task(lying, "register").ref, desk.person(desk.FILLER), clock.now())
    working_days_on(stopped_clock, 4)
    remind()
    assert told(desk.FILLER, "unclaimed") == 0


@ONE
def test_yellow_an_overdue_task_is_urged_with_its_holder_and_asks_an_answer_within_one_working_day(late):
    with transaction() as session:
        queue.claim(session, desk.task(late, "meeting_action:city_act").ref, desk.person(desk.CITY), clock.now())
    assert proposal(late) == "urge"
    ref = orders.begin(late)
    orders.raise_(ref, "urge")
    asked = desk.task(ref, "holder_answer")
    assert asked.queue == f"person:{desk.person(desk.CITY).person}"
    with reading() as session:
        assert asked.due_on == calendar.load(session).add_working_days(clock.today(), 1)


@ONE
def test_orange_more_than_three_working_days_or_an_unanswered_urging_is_an_order_to_the_unit_within_three(
    late, stopped_clock
):
    due_on = desk.task(late, "meeting_action:city_act").due_on
    working_days_on(stopped_clock, 3, due_on)
    assert proposal(late) == "urge"
    working_days_on(stopped_clock, 4, due_on)
    assert proposal(late) == "order"
    ref = orders.begin(late)
    orders.raise_(ref, "urge")
    orders.over(stopped_clock, desk.task(ref, "city_answer").due_on)
    assert orders.first(ref, "supervision_examination", "proposal") == {"proposal": "order"}
    orders.examine(ref, "change", level="order", days=3, reason="催办未反馈。")
    letter, _words = orders.issued(ref)
    asked = desk.task(ref, "city_answer")
    assert asked.queue == f"city_officer@{orders.order(ref).organ_id}"
    assert letter.number == orders.NUMBER
    with reading() as session:
        assert asked.due_on == calendar.load(session).add_working_days(clock.today(), 3)


@ONE
def test_red_more_than_ten_or_an_unanswered_order_is_approved_by_the_leader_and_named_in_the_circular(
    late, stopped_clock
):
    working_days_on(stopped_clock, 10, desk.task(late, "meeting_action:city_act").due_on)
    assert proposal(late) == "order"
    working_days_on(stopped_clock, 11, desk.task(late, "meeting_action:city_act").due_on)
    assert proposal(late) == "raised"
    ref = orders.begin(late)
    orders.raise_(ref, "order")
    orders.issued(ref)
    orders.over(stopped_clock, desk.task(ref, "city_answer").due_on)
    assert orders.first(ref, "supervision_examination", "proposal") == {"proposal": "raised"}
    orders.examine(ref, "change", level="raised", days=2, reason="督办单未反馈。")
    approving = desk.task(ref, "approve")
    assert approving.queue.startswith("prov_leader@")
    fixed = orders.first(ref, "supervision_approval", "unit", "matter", "ground", "request")
    desk.do(LEADER, ref, "approve", {**fixed, "outcome": "agree", "opinion": "同意。"})
    orders.issued(ref, "川商贸函〔2026〕90号")
    with reading() as session:
        (named,) = supervision_week.standing(session)["raised"]
    assert named["number"] == "川商贸函〔2026〕90号"
    assert orders.order(ref).approved_by == desk.person(LEADER).person
