"""What touches security: noted at once, written in batches, never more than a source's share."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from ground import clock, database, security
from ground.database import reading, transaction
from ground.security import SecurityEvent


@pytest.fixture(autouse=True)
def appender(database, stopped_clock, monkeypatch):
    fresh = security.Appender()
    monkeypatch.setattr(security, "_appender", fresh)
    yield fresh
    fresh.stop()


def rows(*columns):  # noqa: ANN002
    with reading() as session:
        return session.execute(select(*columns or (SecurityEvent.kind,)).order_by(SecurityEvent.id)).all()


def test_an_event_keeps_who_from_where_on_what_and_why():
    security.note("security.refused", person_id=7, ip="10.0.0.1", object="POST /tasks/1", reason="forbidden")
    security.flush()
    columns = (SecurityEvent.at, SecurityEvent.person_id, SecurityEvent.ip, SecurityEvent.object, SecurityEvent.reason)
    assert rows(*columns, SecurityEvent.count) == [(clock.now(), 7, "10.0.0.1", "POST /tasks/1", "forbidden", 1)]


def test_noting_costs_the_request_no_statement(database):
    seen = []
    event.listen(database.writer, "before_cursor_execute", lambda *_: seen.append(1))
    for n in range(50):
        security.note("sign_in.failed", ip="10.0.0.1", object=str(n))
    assert seen == []
    security.flush()
    assert len(rows()) == 50


def test_a_batch_is_one_commit(database):
    commits = []
    event.listen(database.writer, "commit", commits.append)
    for n in range(40):
        security.note("sign_in.failed", ip=f"10.0.0.{n}")
    security.flush()
    security.flush()
    assert len(commits) == 1


def test_beyond_sixty_a_minute_one_row_counts_the_rest_of_a_source(stopped_clock):
    for _ in range(1_000):
        security.note("security.refused", ip="10.0.0.9", object="GET /")
    security.note("security.refused", ip="10.0.0.1", object="GET /")
    stopped_clock[0] += timedelta(minutes=1)
    security.note("security.refused", ip="10.0.0.9", object="GET /")
    security.flush()
    found = rows(SecurityEvent.kind, SecurityEvent.ip, SecurityEvent.count, SecurityEvent.reason)
    assert [row for row in found if row.kind == security.FLOOD] == [
        (security.FLOOD, "10.0.0.9", 940, "security.refused")
    ]
    assert len(found) == 60 + 1 + 1 + 1


def test_a_source_without_an_address_is_the_person():
    for _ in range(61):
        security.note("security.refused", person_id=7)
    security.note("security.refused", person_id=8)
    security.flush()
    found = rows(SecurityEvent.kind, SecurityEvent.person_id)
    assert found.count(("security.refused", 7)) == 60
    assert found.count(("security.refused", 8)) == 1
    assert found.count((security.FLOOD, 7)) == 1


def test_what_somebody_did_is_written_in_the_middle_of_a_flood_of_refusals():
    for _ in range(100):
        security.note("security.refused", ip="10.0.0.9", person_id=7)
    security.note("objection.entered", ip="10.0.0.9", person_id=7)
    security.flush()
    assert rows(SecurityEvent.kind).count(("objection.entered",)) == 1


def test_made_up_sources_beyond_counting_share_one_share(monkeypatch):
    monkeypatch.setattr(security, "MOST_SOURCES", 10)
    for n in range(1_000):
        security.note("security.refused", ip=f"10.1.{n // 250}.{n % 250}")
    security.flush()
    assert len(rows()) == 10 + 60 + 1
    assert rows(SecurityEvent.count)[-1].count == 930


def test_what_waits_is_bounded_and_the_rest_is_counted(monkeypatch):
    monkeypatch.setattr(security, "MOST_WAITING", 20)
    for n in range(100):
        security.note("security.refused", ip=f"10.0.0.{n}")
    security.flush()
    assert sum(row.count for row in rows(SecurityEvent.count)) == 100
    assert len(rows()) <= 40


@pytest.mark.parametrize("text", ["x" * 100_000, "क़" * 200, "a\0b\ud800", "成都\u202e" * 200])
def test_no_text_from_outside_can_hold_up_a_batch(text):
    security.note("sign_in.failed", ip=text, object=text, reason=text)
    security.note("sign_in.failed", ip="10.0.0.1")
    security.flush()
    assert len(rows()) == 2


def test_the_background_writes_within_a_second_or_two(appender):
    appender.start()
    security.note("sign_in.done", person_id=7)
    until = time.monotonic() + 4
    while not rows() and time.monotonic() < until:
        time.sleep(0.05)
    assert rows() == [("sign_in.done",)]


def test_events_wait_while_the_store_is_busy_and_are_not_lost(appender, monkeypatch):
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    if database.current().turnstile is None:
        monkeypatch.setattr(security, "transaction", pretend_busy)
    appender.start()
    with transaction():
        security.note("sign_in.done", person_id=7)
        time.sleep(1.5)
        assert appender._thread.is_alive()
    monkeypatch.setattr(security, "transaction", transaction)
    appender.stop()
    assert rows() == [("sign_in.done",)]


def pretend_busy():
    raise database.Busy(waited=0.1)


def test_stopping_writes_what_is_left(appender):
    appender.start()
    security.note("settings.changed")
    appender.stop()
    assert rows() == [("settings.changed",)]
