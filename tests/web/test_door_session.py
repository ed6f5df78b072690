"""Sessions: a row found by the hash of a cookie, ended by time, by signing out, and never moved to another browser."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from ground import clock, database
from ground.database import reading
from ground.errors import Busy
from tests.web import support
from web import app
from web.door import session
from web.door.session import WebSession


@pytest.fixture
def client(office):
    return support.browser(office)


def cookie(client) -> str:
    return client.get_cookie(app.PLAIN_COOKIE).value


def rows() -> int:
    with reading() as store:
        return store.scalar(select(func.count()).select_from(WebSession))


def test_the_table_does_not_hold_what_the_cookie_holds(client):
    token = support.sign_in(client, "zhou.ping")
    with reading() as store:
        stored = store.execute(select(WebSession.token_hash)).scalars().all()
    assert token not in stored
    assert "周平" in client.get("/profile").text


def test_a_made_up_cookie_opens_nothing(client):
    client.set_cookie(app.PLAIN_COOKIE, "x" * 43)
    assert client.get("/profile").status_code == 401


def test_a_visitor_gets_a_cookie_and_no_row(client):
    client.get("/register")
    assert cookie(client)
    assert rows() == 0


def test_a_session_ends_after_half_an_hour_without_use_attack_058(client, stopped_clock):
    support.sign_in(client, "zhou.ping")
    stopped_clock[0] += timedelta(minutes=29)
    assert client.get("/profile").status_code == 200
    stopped_clock[0] += timedelta(minutes=30)
    assert client.get("/profile").status_code == 401


def test_a_session_ends_after_twelve_hours_however_much_it_is_used_attack_058(client, stopped_clock):
    support.sign_in(client, "zhou.ping")
    for _ in range(35):
        stopped_clock[0] += timedelta(minutes=20)
        assert client.get("/profile").status_code == 200
    stopped_clock[0] += timedelta(minutes=20)
    assert client.get("/profile").status_code == 401


def test_what_was_typed_is_kept_when_the_session_has_ended_attack_058(client, stopped_clock):
    support.sign_in(client, "zhou.ping")
    token = support.token_of(client)
    stopped_clock[0] += timedelta(hours=1)
    answer = client.post("/profile", data={"csrf": token, "language": "en", "remark": "写了很久的意见"})
    assert answer.status_code == 401
    assert 'name="remark" value="写了很久的意见"' in answer.text


def test_a_copied_cookie_is_worth_nothing_after_signing_out_attack_056(client, office):
    token = support.sign_in(client, "zhou.ping")
    thief = support.browser(office)
    thief.set_cookie(app.PLAIN_COOKIE, token)
    assert thief.get("/profile").status_code == 200
    client.post("/sign-out", data={"csrf": support.token_of(client)})
    assert thief.get("/profile").status_code == 401
    assert rows() == 0


def test_a_session_whose_person_is_locked_out_ends_at_once(client):
    support.sign_in(client, "zhou.ping")
    with database.transaction() as store:
        person = store.scalar(select(WebSession.person_id))
        session.end_all(store, person)
    assert client.get("/profile").status_code == 401


def test_a_page_begins_a_write_at_most_once_a_minute(client, stopped_clock):
    support.sign_in(client, "zhou.ping")
    begun = []
    event.listen(database.current().writer, "begin", begun.append)
    for _ in range(3):
        client.get("/profile")
    assert not begun
    stopped_clock[0] += timedelta(seconds=61)
    client.get("/profile")
    client.get("/profile")
    assert len(begun) == 1
    with reading() as store:
        assert store.scalar(select(WebSession.seen_at)) == clock.now()


def test_people_can_read_while_the_store_cannot_write(client, stopped_clock, monkeypatch):
    support.sign_in(client, "zhou.ping")
    stopped_clock[0] += timedelta(minutes=2)

    def busy():
        raise Busy

    monkeypatch.setattr(session, "transaction", busy)
    assert client.get("/profile").status_code == 200


def test_the_cookie_is_for_the_browser_alone_and_in_production_bound_to_the_host(client, database, tmp_path):
    said = client.get("/register").headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    office = support.browser(support.application(tmp_path / "production", mode="production"))
    said = office.get("/register", base_url="https://127.0.0.1:8000").headers["Set-Cookie"]
    assert said.startswith("__Host-jidi=")
    assert "Secure" in said
    assert "Path=/" in said
    assert "Domain" not in said
