"""提醒规则: who is told of which case, none twice for the same step and occasion, and a broken rule stops no other."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from engine import cases, definitions, holding
from ground import clock, leases
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing, Stale
from ground.grants import Grant
from ground.ids import ref as new_ref
from tasks import alert_reasons, alert_rules, alerts, letters, stuck, stuck_rule
from tasks.alert_rules import AlertRule, Said
from tasks.alerts import Alert
from tests.engine import desk, flows

TWO = flows.in_a_row("two", 2)
LIMITED = flows.folder("limited", flows.row(flows.user("ask", more='jidi:deadline="intake"')))
FAILS = flows.stopping("fails")
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def officer(database):
    for parts in (TWO, LIMITED, FAILS):
        desk.publish(parts)
    return desk.person("officer", "prov_officer")


@pytest.fixture
def supervisor(database):
    return desk.person("watcher", "supervisor")


def keep(by, **said: str):
    with transaction() as session:
        wanted = Said(**{"name": "规则", "reason": "unclaimed", "to_kind": "self", **said})
        return alert_rules.keep(session, wanted, by=by, key=new_ref(), now=clock.now())


def turn() -> bool:
    """What housekeeping does: one node, under its lease, whenever it is asked."""
    return leases.alone("alerts", timedelta(), alerts.turn)


def templates(by) -> list[str]:
    with reading() as session:
        return [row.template for row in reversed(letters.inbox(session, by))]


def history(ref: str, by):
    with reading() as session:
        return alerts.sent(session, alert_rules.one(session, ref, by).id, by)


def named(ref: str, by) -> int:
    with reading() as session:
        return alerts.count(session, alert_rules.one(session, ref, by), by, clock.now())


def test_a_case_is_told_once_and_again_only_when_its_reason_has_ended_and_begun_anew(
    officer, supervisor, stopped_clock
):
    case = desk.start("two", officer)
    rule = keep(supervisor)
    assert turn()
    assert templates(supervisor) == []
    stopped_clock[0] += timedelta(days=2)
    for _ in range(3):
        turn()
    assert templates(supervisor) == ["alert_unclaimed"]
    wait = desk.waits(case)["task_1"]
    desk.claim(wait.ref, officer)
    turn()
    with transaction() as session:
        from_queue = Alert.ended != ""
        assert session.scalar(select(func.count()).select_from(Alert).where(from_queue)) == 1
    desk.do(case, "task_1", officer)
    turn()
    assert templates(supervisor) == ["alert_unclaimed"]
    stopped_clock[0] += timedelta(days=2)  # task_2 has lain for two days now
    turn()
    turn()
    assert templates(supervisor) == ["alert_unclaimed", "alert_unclaimed"]
    assert [(row.element, row.told, bool(row.ended_at)) for row in history(rule, supervisor)] == [
        ("task_2", 1, False),
        ("task_1", 1, True),
    ]


def test_a_task_that_was_given_back_is_told_of_again(officer, supervisor, stopped_clock):
    case = desk.start("two", officer)
    keep(supervisor)
    stopped_clock[0] += timedelta(days=2)
    turn()
    wait = desk.waits(case)["task_1"].ref
    desk.claim(wait, officer)
    turn()
    with transaction() as session:
        alert_release(session, wait, officer)
    turn()
    turn()
    assert templates(supervisor) == ["alert_unclaimed"] * 2


def alert_release(session, wait, by):

    holding.let_go(session, wait, by.person)


def test_two_nodes_at_once_and_a_restart_send_nothing_twice(officer, supervisor, stopped_clock):
    for number in range(6):
        desk.start("two", officer, key=f"k{number}", subject=f"base:{number}")
    keep(supervisor)
    keep(supervisor, reason="stuck")
    stopped_clock[0] += timedelta(days=2)
    nodes = [threading.Thread(target=turn) for _ in range(3)]
    for node in nodes:
        node.start()
    for node in nodes:
        node.join()
    turn()  # a node that comes up later
    assert sorted(templates(supervisor)) == ["alert_stuck"] * 6 + ["alert_unclaimed"] * 6


def test_a_node_that_has_lost_its_lease_sends_nothing(officer, supervisor, stopped_clock):
    desk.start("two", officer)
    keep(supervisor)
    stopped_clock[0] += timedelta(days=2)
    held = leases.take("alerts", clock.now())
    stopped_clock[0] += leases.TERM * 2
    assert leases.take("alerts", clock.now())
    with pytest.raises(leases.Lost):
        alerts.turn(held)
    assert templates(supervisor) == []


def test_the_rule_of_what_is_stuck_names_what_the_board_lists(officer, supervisor, stopped_clock):
    for number in range(3):
        desk.start("two", officer, key=f"k{number}", subject=f"base:{number}")
    held = desk.start("limited", officer, key="held", subject="base:9")
    desk.claim(desk.waits(held)["ask"].ref, officer)
    broken = desk.start("fails", officer, key="broken", subject="base:8")
    with pytest.raises(cases.Stopped):
        desk.do(broken, "ask", officer, {"outcome": "return", "opinion": "x"})
    rule = keep(supervisor, reason="stuck")
    for days in (0, 1, 2, 5, 7, 20):
        stopped_clock[0] += timedelta(days=days)
        with reading() as session:
            board = stuck.count(session, supervisor, stuck_rule.at(session, clock.now()))
        assert named(rule, supervisor) == board
    turn()
    turn()
    # One alert a step and occasion: the broken case has an incident, and a task that lies.
    assert len({row.case_id for row in history(rule, supervisor)}) == board == 5


def test_each_reason_names_what_it_says_and_a_passed_default_accuses_nobody(officer, supervisor, stopped_clock):
    case = desk.start("limited", officer)
    due = desk.waits(case)["ask"].due_at
    for reason, days in (("soon", "3"), ("overdue", "0"), ("overdue", "2"), ("waits", "4"), ("incident", "0")):
        keep(supervisor, reason=reason, days=days, element="ask", process="limited")
    stopped_clock[0] += timedelta(days=4)
    turn()
    assert templates(supervisor) == ["alert_waits"] or "alert_waits" in templates(supervisor)
    stopped_clock[0] = due - timedelta(hours=1)
    turn()
    assert templates(supervisor).count("alert_soon") == 1
    stopped_clock[0] = due + timedelta(hours=1)
    turn()
    assert templates(supervisor).count("alert_past") == 1
    stopped_clock[0] = due + timedelta(days=5)
    turn()
    assert templates(supervisor).count("alert_past") == 2
    assert "alert_overdue" not in templates(supervisor)
    assert "alert_incident" not in templates(supervisor)


def test_the_head_of_the_unit_the_owner_a_role_and_a_person_are_told(officer, supervisor, stopped_clock):
    head, owner = desk.person("chief", "prov_division_head"), desk.person("drawer", "process_owner")
    desk.start("two", officer)
    for to in ({"to_kind": "head"}, {"to_kind": "role", "to_role": "prov_division_head"}):
        keep(supervisor, **to)
    keep(supervisor, to_kind="person", to_person=head.ref)
    keep(supervisor, to_kind="supervisor")
    unseen = keep(supervisor, to_kind="owner")
    stopped_clock[0] += timedelta(days=2)
    turn()
    assert templates(head) == ["alert_unclaimed"] * 3
    assert templates(supervisor) == ["alert_unclaimed"]
    # The process owner sees no case, and so is told of none; the history says that nobody was.
    assert templates(owner) == []
    assert [row.told for row in history(unseen, supervisor)] == [0]


def test_a_process_owner_keeps_rules_and_is_told_of_incidents_which_stand_on_their_list(officer):
    owner = desk.person("drawer", "process_owner")
    keep(owner, reason="incident")
    case = desk.start("fails", officer)
    with pytest.raises(cases.Stopped):
        desk.do(case, "ask", officer, {"outcome": "return", "opinion": "x"})
    turn()
    assert templates(owner) == ["alert_incident"]


def test_nobody_is_told_of_a_case_that_they_may_not_know_of(officer, supervisor, stopped_clock):
    """The case is Mianyang's; a city officer of another city is named by the rule, and learns nothing."""
    other = desk.person("elsewhere", "city_officer", organ="city-511500")
    own = desk.person("near", "city_leader", organ="city-510700")
    desk.start("two", officer)
    for person in (other, own):
        keep(supervisor, to_kind="person", to_person=person.ref)
    stopped_clock[0] += timedelta(days=2)
    turn()
    assert templates(other) == []
    assert templates(own) == ["alert_unclaimed"]


def test_a_rule_that_fits_everything_buries_nobody(officer, supervisor, stopped_clock, monkeypatch):
    monkeypatch.setattr(alerts, "most_a_day", lambda *_: 3)
    for number in range(5):
        desk.start("two", officer, key=f"k{number}", subject=f"base:{number}")
    keep(supervisor)
    stopped_clock[0] += timedelta(days=2)
    turn()
    turn()
    assert len(templates(supervisor)) == 3
    stopped_clock[0] += timedelta(days=1)
    turn()
    assert len(templates(supervisor)) == 5


def test_a_broken_rule_is_named_and_stops_no_other(officer, supervisor, stopped_clock):
    leaver = desk.person("leaver", "supervisor")
    gone, away, old = keep(supervisor, process="two"), keep(leaver), keep(supervisor, process="two", element="task_2")
    keep(supervisor)
    case = desk.start("two", officer)
    with transaction() as session:
        session.execute(update(AlertRule).where(AlertRule.ref == gone).values(process="abolished"))
        session.execute(update(AlertRule).where(AlertRule.ref == old).values(element="task_9"))
        session.execute(update(Grant).where(Grant.person_id == leaver.person).values(valid_to=clock.today()))
    stopped_clock[0] += timedelta(days=2)
    turn()
    with reading() as session:
        found = alert_rules.faults(session, alert_rules.running(session), clock.now())
    assert found == {gone: "process_gone", away: "keeper_gone", old: "step_gone"}
    assert templates(supervisor) == ["alert_unclaimed"]
    assert templates(leaver) == []
    assert case


def test_a_rule_that_rests_sends_nothing_and_one_given_up_is_gone(officer, supervisor, stopped_clock):
    rule = keep(supervisor)
    desk.start("two", officer)
    stopped_clock[0] += timedelta(days=2)
    with transaction() as session:
        alert_rules.pause(session, rule, paused=True, seen=1, by=supervisor, now=clock.now())
    turn()
    assert templates(supervisor) == []
    with transaction() as session:
        with pytest.raises(Stale):
            alert_rules.pause(session, rule, paused=False, seen=1, by=supervisor, now=clock.now())
        alert_rules.pause(session, rule, paused=False, seen=2, by=supervisor, now=clock.now())
    turn()
    assert templates(supervisor) == ["alert_unclaimed"]
    with transaction() as session:
        alert_rules.drop(session, rule, seen=3, by=supervisor, now=clock.now())
        with pytest.raises(Missing):
            alert_rules.one(session, rule, supervisor)


@ONE
def test_each_keeps_their_own_rules_and_nobody_else_keeps_any(officer, supervisor):
    other, owner = desk.person("second", "supervisor"), desk.person("drawer", "process_owner")
    strangers = (officer, desk.person("filler", "base_filler"))
    rule = keep(supervisor)
    said = Said("x", reason="stuck", to_kind="self")
    with transaction() as session:
        with pytest.raises(Missing):
            alert_rules.change(session, rule, said, seen=1, by=other, now=clock.now())
        with pytest.raises(Forbidden):
            alert_rules.change(session, rule, said, seen=1, by=owner, now=clock.now())
        with pytest.raises(Forbidden):
            alerts.try_out(session, rule, by=owner, key="k", now=clock.now())
        for stranger in strangers:
            with pytest.raises(Forbidden):
                alert_rules.listed(session, stranger)
            with pytest.raises(Forbidden):
                alert_rules.keep(session, said, by=stranger, key="k", now=clock.now())
        assert [row.ref for row in alert_rules.listed(session, owner)] == [rule]
        assert alert_rules.listed(session, other) == []
        alert_rules.pause(session, rule, paused=True, seen=1, by=owner, now=clock.now())


@ONE
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " \n"}),
        ("name", {"name": "长" * 61}),
        ("reason", {"reason": "every"}),
        ("days", {"days": "-1"}),
        ("days", {"days": "９"}),
        ("days", {"days": "61"}),
        ("days", {"reason": "waits", "days": "0"}),
        ("process", {"process": "nowhere"}),
        ("process", {"process": "two", "element": "ask"}),
        ("process", {"element": "task_1"}),
        ("to", {"to_kind": "all"}),
        ("to", {"to_kind": "role", "to_role": "expert"}),
        ("to", {"to_kind": "role", "to_role": "secadmin"}),
        ("to", {"to_kind": "person", "to_person": "nobody"}),
    ],
)
def test_what_does_not_hold_is_refused_by_its_field(officer, supervisor, field, wrong):
    with pytest.raises(alert_rules.Wrong) as refused:
        keep(supervisor, **wrong)
    assert refused.value.detail["field"] == field


@ONE
def test_a_person_without_such_work_cannot_be_named(officer, supervisor):
    filler = desk.person("filler", "base_filler")
    with pytest.raises(alert_rules.Wrong):
        keep(supervisor, to_kind="person", to_person=filler.ref)


def test_the_same_key_is_the_same_rule_and_the_same_trial(officer, supervisor, stopped_clock):
    said = Said("规则", reason="unclaimed", to_kind="supervisor")
    with transaction() as session:
        first = alert_rules.keep(session, said, by=supervisor, key="k", now=clock.now())
        assert alert_rules.keep(session, said, by=supervisor, key="k", now=clock.now()) == first
        with pytest.raises(alerts.NothingToTry):
            alerts.try_out(session, first, by=supervisor, key="t", now=clock.now())
    for number in range(2):
        desk.start("two", officer, key=f"k{number}", subject=f"base:{number}")
    stopped_clock[0] += timedelta(days=2)
    for _ in range(2):
        with transaction() as session:
            assert alerts.try_out(session, first, by=supervisor, key="t", now=clock.now()) == 2
    assert templates(supervisor) == ["alert_unclaimed"]
    with reading() as session:
        (letter,) = letters.inbox(session, supervisor)
        assert letter.facts["rule"] == {"zh": "规则（测试）", "en": "规则 (test)"}
    turn()
    assert len(templates(supervisor)) == 3  # the trial counts as sent to nobody


@ONE
def test_a_rule_asks_one_statement_for_what_is_new(officer, supervisor, stopped_clock):
    """The statement is one, whatever the reason has of ways; it compiles on its own."""
    rule = keep(supervisor, reason="stuck")
    with reading() as session:
        of = alert_reasons.asked(session, alert_rules.one(session, rule, supervisor), clock.now())
        assert len(list(alert_reasons.arms(of))) == 4
        assert session.execute(alert_reasons.named(supervisor, of)).all() == []


def test_markup_and_slots_in_the_name_of_a_rule_are_words(officer, supervisor, stopped_clock):
    keep(supervisor, name="<b>{title}</b>{{7*7}}%(n)s")
    desk.start("two", officer)
    stopped_clock[0] += timedelta(days=2)
    turn()
    with reading() as session:
        (row,) = letters.inbox(session, supervisor)

        words = letters.words(definitions.folder(session, row.version_id), row.template, row.facts, "zh")
    assert "<b>{title}</b>{{7*7}}%(n)s" in words.body
