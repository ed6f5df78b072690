"""The alarm of one node, and several nodes on one database."""

import threading

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from engine import waits
from engine.cases import Case
from engine.history import History
from engine.waits import Timer
from ground import bell, clock, files, leases
from ground.database import reading, transaction
from ground.errors import Busy
from tasks import demo_clock, scheduler, timers
from tasks.scheduler import Scheduler
from tests import databases
from tests.engine import desk, flows

TIMER = (
    '<bpmn:intermediateCatchEvent id="hour" name="hour"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)


@pytest.fixture
def officer(database):
    desk.publish(flows.folder("soon", flows.row(TIMER, flows.user("ask"))))
    return desk.person("officer", "prov_officer")


def fired():
    with reading() as session:
        return sorted(session.execute(select(History.case_id).where(History.kind == "timer.fired")).scalars())


def test_nodes_share_what_is_due_and_do_none_of_it_twice(officer, stopped_clock):
    for number in range(12):
        desk.start("soon", officer, key=f"k{number}")
    with reading() as session:
        cases = sorted(session.execute(select(Timer.case_id)).scalars())
    stopped_clock[0] += leases.TERM * 240
    moved = []
    nodes = [threading.Thread(target=lambda: moved.append(timers.fire_due(clock.now()))) for _ in range(3)]
    for node in nodes:
        node.start()
    for node in nodes:
        node.join()
    assert fired() == cases
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Timer)) == 0


@databases.on("postgresql")  # one process takes everything
def test_what_another_node_has_taken_is_passed_over_and_hides_nothing_behind_it(
    officer, database, stopped_clock, monkeypatch
):
    monkeypatch.setattr(timers, "BATCH", 2)
    ids = sorted(desk.row(desk.start("soon", officer, key=f"k{number}")).id for number in range(5))
    stopped_clock[0] += leases.TERM * 240
    with database.writer.connect() as other, other.begin():
        other.execute(select(Case.id).where(Case.id.in_(ids[:2])).with_for_update()).all()
        assert timers.fire_due(clock.now()) == 3
        assert fired() == ids[2:]
    assert timers.fire_due(clock.now()) == 2
    assert fired() == ids


@databases.on("postgresql")  # one process opens and fires
def test_a_node_fires_what_another_one_has_opened(officer, database):
    node = Scheduler()
    node.start()
    try:
        waits.set_alarm(lambda _due_at: None)
        swept = threading.Event()
        case = desk.row(desk.start("soon", officer)).id
        with transaction() as session:
            session.execute(update(Timer).values(due_at=clock.now()))
            session.after_commit(swept.set)
        for _ in range(100):
            if fired() == [case]:
                break
            swept.clear()
            swept.wait(0.05)
        assert fired() == [case]
    finally:
        node.stop()
        waits.set_alarm(lambda _due_at: None)


def test_a_timer_that_is_due_at_once_wakes_the_other_nodes_and_a_later_one_does_not(officer, monkeypatch):
    rung = []
    monkeypatch.setattr(bell, "ring", rung.append)
    desk.start("soon", officer)
    assert rung == []
    row = {"case_id": 1, "token": "1", "element": "hour", "due_at": clock.now(), "stopped": False}
    with reading() as session:
        row["case_id"] = session.scalar(select(Timer.case_id))
    with transaction() as session:
        waits.open_all(session, "timer", [row])
    assert len(rung) == 1


@pytest.mark.parametrize("failure", [Busy(waited=5), OperationalError("SELECT 1", {}, Exception("gone"))])
def test_a_look_at_a_store_that_is_away_is_made_again_later(database, monkeypatch, failure):
    def away(_now):
        raise failure

    monkeypatch.setattr(timers, "fire_due", away)
    Scheduler().sweep()


def test_housekeeping_that_fails_stops_no_other_and_is_done_again(database, monkeypatch, stopped_clock):
    done = []

    def fail(_held):
        raise Busy(waited=5)

    every = scheduler.HOUSEKEEPING["tidy"][0]
    monkeypatch.setattr(
        scheduler, "HOUSEKEEPING", {"bad": (every, fail), "good": (every, lambda held: done.append(held.fence))}
    )
    node = Scheduler()
    node.keep_house()
    node.keep_house()
    assert done == [1]
    stopped_clock[0] += leases.TERM
    monkeypatch.setitem(scheduler.HOUSEKEEPING, "bad", (every, lambda held: done.append(held.name)))
    node.keep_house()
    assert done == [1, "bad"]


def test_the_housekeeping_of_this_house_runs(database, tmp_path):
    files.keep_in(tmp_path / "files")
    for name, (every, work) in scheduler.HOUSEKEEPING.items():
        assert leases.alone(name, every, work)
        assert not leases.alone(name, every, work)


def test_a_node_follows_the_demo_clock_that_was_moved_on_another(database, monkeypatch):
    monkeypatch.setattr(demo_clock, "_ahead", [demo_clock._ahead[0] * 0])
    monkeypatch.setattr(demo_clock, "_started", [False])
    demo_clock.start()
    with transaction() as session:
        session.execute(update(demo_clock.DemoClock).values(ahead=3_600_000_000))
    before = clock.now()
    Scheduler().sweep()
    assert (clock.now() - before).total_seconds() > 3_590
