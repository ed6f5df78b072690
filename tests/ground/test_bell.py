"""Waking other nodes."""

import contextlib
import threading

import pytest
from sqlalchemy import text

from ground import bell
from ground.bell import Listener
from ground.database import transaction
from tests import databases

EVERY = 1.0  # seconds until the listener of these tests looks by itself
SOON = 0.5


@pytest.fixture
def woken(database):
    rung = threading.Semaphore(0)
    listener = Listener(database, rung.release, EVERY)
    listener.start()
    yield rung
    listener.stop()


def ring():
    with transaction() as session:
        bell.ring(session)


@databases.on("postgresql")  # one process wakes itself
def test_a_ring_is_heard_at_once_and_nothing_of_a_transaction_that_fails(woken):
    assert woken.acquire(timeout=5)
    with contextlib.suppress(ZeroDivisionError), transaction() as session:
        bell.ring(session)
        raise ZeroDivisionError
    assert not woken.acquire(timeout=SOON)
    ring()
    assert woken.acquire(timeout=SOON)


@databases.on("postgresql")  # one process wakes itself
def test_a_listener_that_hears_nothing_looks_by_itself(woken):
    assert woken.acquire(timeout=5)
    assert woken.acquire(timeout=EVERY + 5)


@databases.on("postgresql")  # one process wakes itself
def test_whoever_is_cut_off_goes_on_looking_and_listens_again(database, woken):
    assert woken.acquire(timeout=5)
    with database.writer.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN jidi'"))
    assert woken.acquire(timeout=SOON)
    assert woken.acquire(timeout=EVERY + 5)
    ring()
    assert woken.acquire(timeout=SOON)


@databases.on("sqlite")  # several nodes are rung by a statement
def test_on_one_process_a_ring_asks_nothing_of_the_database(database, monkeypatch):
    with transaction() as session:
        monkeypatch.setattr(session, "peek", None)
        bell.ring(session)
