"""Two moves that meet at one case: the second sees what the first has left, on either database."""

import threading
import time

import pytest
from sqlalchemy import select, text

from engine import cases
from engine.cases.under_way import Moving
from engine.waits import Wait
from ground.database import Database, reading
from ground.errors import Refused
from tests.engine import desk, flows

FORKED = flows.folder(
    "forked",
    '<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>'
    + flows.user("left")
    + flows.user("right")
    + flows.user("last")
    + '<bpmn:endEvent id="done"/>'
    + flows.flow("begin", "fork")
    + flows.flow("fork", "left")
    + flows.flow("fork", "right")
    + flows.user("more")
    + flows.flow("left", "more")
    + flows.flow("more", "join")
    + flows.flow("right", "join")
    + flows.flow("join", "last")
    + flows.flow("last", "done"),
)


@pytest.fixture
def forked(database):
    desk.publish(FORKED)
    officer = desk.person("officer", "prov_officer")
    case = desk.start("forked", officer)
    waits = desk.waits(case)
    for wait in waits.values():
        desk.claim(wait.ref, officer)
    return officer, case, waits


def _queue_behind(database: Database, monkeypatch, first, second):
    """Let `second` come while `first` holds the case and has not written yet; what each of them raised, or None."""
    entered, raised = threading.Event(), {}
    finish = Moving.finish

    def wait_for_the_other(move):
        if threading.current_thread().name == "first":
            entered.set()
            _until_somebody_queues(database)
        finish(move)

    def run(name, act):
        try:
            act()
        except Refused as no:
            raised[name] = no

    monkeypatch.setattr(Moving, "finish", wait_for_the_other)
    threads = [
        threading.Thread(target=run, name=name, args=(name, act))
        for name, act in (("first", first), ("second", second))
    ]
    threads[0].start()
    assert entered.wait(10)
    threads[1].start()
    for thread in threads:
        thread.join(20)
    return raised


def _until_somebody_queues(database: Database) -> None:
    for _ in range(1_000):
        if database.is_sqlite:
            queued = len(database.turnstile._queue)
        else:
            with database.reader.connect() as looking:
                queued = looking.execute(
                    text(
                        "SELECT count(*) FROM pg_stat_activity"
                        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
                    )
                ).scalar_one()
        if queued:
            return
        time.sleep(0.01)
    raise AssertionError("nobody came")


def test_what_the_first_has_opened_the_second_does_not_open_again(forked, database, monkeypatch):
    officer, case, waits = forked
    left, right = (
        lambda element=element: cases.complete(waits[element].ref, desk.FORWARD, by=officer, key="k")
        for element in ("left", "right")
    )
    assert _queue_behind(database, monkeypatch, left, right) == {}
    with reading() as session:
        assert session.execute(select(Wait.element)).scalars().all() == ["more"]
    for element in ("more", "last"):
        moved = desk.do(case, element, officer)
    assert moved.outcome == "done"


def test_of_two_who_complete_the_same_task_the_second_finds_it_gone(forked, database, monkeypatch):
    officer, case, waits = forked
    again, other = (
        lambda key=key: cases.complete(waits["left"].ref, desk.FORWARD, by=officer, key=key) for key in ("one", "two")
    )
    raised = _queue_behind(database, monkeypatch, again, other)
    assert {name: no.code for name, no in raised.items()} == {"second": "task.gone"}
    assert sorted(desk.waits(case)) == ["more", "right"]
