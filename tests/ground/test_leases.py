"""What only one node does at a time."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ground import clock, leases
from ground.database import reading
from ground.leases import Adrift, Lease, Lost
from tests import databases

pytestmark = pytest.mark.usefixtures("database")
HOUR = timedelta(hours=1)


def row(name="tidy"):
    with reading() as session:
        return session.execute(select(Lease).where(Lease.name == name)).one()


def test_a_lease_is_one_holders_until_it_runs_out(stopped_clock):
    first = leases.take("tidy", clock.now())
    assert first.fence == 1
    assert leases.take("tidy", clock.now()) is None
    assert leases.take("remind", clock.now()).fence == 1
    stopped_clock[0] += leases.TERM
    assert leases.take("tidy", clock.now()).fence == 2


def test_a_node_that_slept_past_its_lease_writes_nothing(stopped_clock):
    slow = leases.take("tidy", clock.now())
    stopped_clock[0] += leases.TERM
    quick = leases.take("tidy", clock.now())

    def write(held, name):
        with leases.writing(held) as session:
            session.put_once(Lease, {"name": name, "holder": "", "until": clock.now(), "fence": 0, "done_at": None})

    with pytest.raises(Lost):
        write(slow, "by-slow")
    write(quick, "by-quick")
    with reading() as session:
        assert set(session.execute(select(Lease.name)).scalars()) == {"tidy", "by-quick"}
    with pytest.raises(Lost):
        leases.renew(slow, clock.now())
    with pytest.raises(Lost):
        leases.done(slow, clock.now())
    assert row().done_at is None


def test_a_renewed_lease_lasts_another_term(stopped_clock):
    held = leases.take("tidy", clock.now())
    stopped_clock[0] += leases.TERM / 2
    leases.renew(held, clock.now())
    stopped_clock[0] += leases.TERM / 2
    assert leases.take("tidy", clock.now()) is None


def test_work_is_done_once_a_period_whoever_asks(stopped_clock):
    start, done = clock.now(), []
    for minutes in (0, 1, 59, 60, 61, 119, 121):
        stopped_clock[0] = start + timedelta(minutes=minutes)
        leases.alone("tidy", HOUR, lambda held, at=minutes: done.append((at, held.fence)))
    assert done == [(0, 1), (60, 2), (121, 3)]


def test_work_that_broke_off_is_done_again_when_its_lease_is_over(stopped_clock):
    def fail(_held):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        leases.alone("tidy", HOUR, fail)
    assert leases.alone("tidy", HOUR, lambda _held: None) is False
    stopped_clock[0] += leases.TERM
    assert leases.alone("tidy", HOUR, lambda _held: None) is True
    assert row().done_at == clock.now()


@databases.on("postgresql")  # one process, one writer: nobody else can be taking it
def test_a_row_that_another_node_is_taking_is_passed_over(database):
    leases.take("tidy", clock.now() - leases.TERM)
    with database.writer.connect() as other, other.begin():
        other.execute(update(Lease).values(holder="other"))
        assert leases.take("tidy", clock.now()) is None
    assert row().holder == "other"


def test_looking_whether_it_is_ones_turn_writes_nothing(database, monkeypatch):
    leases.alone("tidy", HOUR, lambda _held: None)
    monkeypatch.setattr(database.writer, "connect", None)
    assert leases.alone("tidy", HOUR, lambda _held: None) is False


@databases.on("postgresql")  # one machine has one clock
def test_a_node_whose_clock_is_off_the_databases_takes_no_lease(database, monkeypatch):
    true = clock.wall
    monkeypatch.setattr(clock, "wall", lambda: true() + timedelta(seconds=6))
    with pytest.raises(Adrift) as no:
        leases.take("tidy", clock.now())
    assert 5 < no.value.detail["seconds"] < 8
