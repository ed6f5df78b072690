"""Signing in with a password: slow to guess, the same for everybody, and no weapon against a colleague."""

import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from ground import security
from ground.database import reading, transaction
from ground.people import Person
from ground.security import SecurityEvent
from tests.web import support
from web import app
from web.people import attempts, passwords

RIGHT = "correct horse battery staple"
WRONG = "wrong"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """What is tried here is who is let in, not how hard a hash is."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(passwords, "_nobody", [])


@pytest.fixture
def client(office):
    with transaction() as store:
        store.execute(update(Person).where(Person.login == "zhou.ping").values(password_hash=passwords.hashed(RIGHT)))
    return support.browser(office)


def sign_in(client, login, password, ip="127.0.0.1"):
    data = {"csrf": support.token_of(client), "login": login, "password": password, "back": "/profile"}
    return client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": ip})


def test_the_right_password_leads_on_to_the_page_that_was_wanted(client):
    answer = sign_in(client, "zhou.ping", RIGHT)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/profile"
    assert "周平" in client.get("/profile").text


def test_the_cookie_is_another_one_after_signing_in_attack_055(client, office):
    client.get("/sign-in")
    before = client.get_cookie(app.PLAIN_COOKIE).value
    sign_in(client, "zhou.ping", RIGHT)
    assert client.get_cookie(app.PLAIN_COOKIE).value != before
    attacker = support.browser(office)
    attacker.set_cookie(app.PLAIN_COOKIE, before)
    assert attacker.get("/profile").status_code == 401


@pytest.mark.parametrize("login", ["zhou.ping", "nobody.here", ""])
def test_a_wrong_password_and_an_unknown_login_get_the_same_words_attack_052(client, login):
    answer = sign_in(client, login, WRONG)
    assert answer.status_code == 401
    assert "账号或密码不对。" in answer.text
    assert f'name="login" value="{login}"' in answer.text
    assert WRONG not in answer.text


def test_an_unknown_login_takes_as_long_to_refuse_as_a_wrong_password_attack_052(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    stored = passwords.hashed(RIGHT)
    passwords.fits(None, WRONG)
    taken = {}
    for name, hash_ in (("known", stored), ("unknown", None)):
        begun = time.perf_counter()
        for _ in range(3):
            assert not passwords.fits(hash_, WRONG)
        taken[name] = time.perf_counter() - begun
    assert 0.5 < taken["known"] / taken["unknown"] < 2


def test_a_person_without_a_password_cannot_sign_in_with_one(client):
    assert sign_in(client, "chen.jing", "").status_code == 401
    assert sign_in(client, "chen.jing", "nobody").status_code == 401


def test_a_person_who_has_left_cannot_sign_in(client):
    with transaction() as store:
        store.execute(update(Person).where(Person.login == "zhou.ping").values(active=False))
    assert sign_in(client, "zhou.ping", RIGHT).status_code == 401


def test_the_sixth_wrong_password_shuts_the_login_for_longer_each_time_attack_052(client, stopped_clock):
    for _ in range(6):
        assert sign_in(client, "zhou.ping", WRONG).status_code == 401
    shut = sign_in(client, "zhou.ping", RIGHT)
    assert shut.status_code == 429
    assert "15分钟" in shut.text
    stopped_clock[0] += timedelta(minutes=15, seconds=1)
    assert sign_in(client, "zhou.ping", WRONG).status_code == 401
    assert "30分钟" in sign_in(client, "zhou.ping", RIGHT).text
    stopped_clock[0] += timedelta(minutes=31)
    assert sign_in(client, "zhou.ping", RIGHT).status_code == 303


def test_a_login_that_does_not_exist_is_shut_as_well_attack_052(client):
    for _ in range(6):
        sign_in(client, "nobody.here", WRONG)
    assert sign_in(client, "nobody.here", WRONG).status_code == 429


def test_others_at_the_same_address_are_not_shut_attack_052(client):
    for _ in range(7):
        sign_in(client, "chen.jing", WRONG)
    assert sign_in(client, "zhou.ping", RIGHT).status_code == 303


def test_the_right_password_ends_the_count(client):
    for _ in range(2):
        for _ in range(5):
            assert sign_in(client, "zhou.ping", WRONG).status_code == 401
        assert sign_in(client, "zhou.ping", RIGHT).status_code == 303


def test_one_password_for_many_logins_is_stopped_by_the_network_attack_053(client, monkeypatch):
    monkeypatch.setattr(passwords, "fits", lambda *_: False)
    statuses = [sign_in(client, f"person.{n}", WRONG, ip="10.0.0.9").status_code for n in range(62)]
    assert statuses == [401] * 61 + [429]
    assert sign_in(client, "zhou.ping", WRONG, ip="10.0.0.10").status_code == 401


def test_a_stranger_cannot_shut_a_colleague_out_attack_054(client, office):
    assert sign_in(client, "zhou.ping", RIGHT).status_code == 303
    client.post("/sign-out", data={"csrf": support.token_of(client)})
    stranger = support.browser(office)
    for _ in range(8):
        sign_in(stranger, "zhou.ping", WRONG, ip="10.0.0.9")
    assert sign_in(stranger, "zhou.ping", RIGHT, ip="10.0.0.9").status_code == 429
    assert sign_in(client, "zhou.ping", RIGHT).status_code == 303


def test_a_devices_mark_is_good_for_one_login_only():
    mark = attempts.device_mark("secret", "zhou.ping")
    assert attempts.known_device("secret", "zhou.ping", mark) == mark
    assert attempts.known_device("secret", "chen.jing", mark) is None
    assert attempts.known_device("another", "zhou.ping", mark) is None
    assert attempts.known_device("secret", "zhou.ping", "不是") is None


def test_who_tried_in_vain_stands_in_the_security_log(client):
    sign_in(client, "zhou.ping", WRONG, ip="10.0.0.7")
    security.flush()
    with reading() as store:
        noted = store.execute(
            select(SecurityEvent.kind, SecurityEvent.object, SecurityEvent.reason).where(SecurityEvent.ip == "10.0.0.7")
        ).one()
    assert tuple(noted) == ("sign_in.failed", "zhou.ping", "sign_in.wrong")


def test_the_password_itself_is_logged_nowhere(client, caplog):
    sign_in(client, "zhou.ping", "a very secret word")
    security.flush()
    with reading() as store:
        stored = str(store.execute(select(SecurityEvent)).all())
    assert "a very secret word" not in stored + caplog.text
