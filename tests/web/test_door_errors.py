"""Refusals: words for people with all that was typed, problem+json for programs, a trace for nobody but the log."""

import logging

import pytest
from sqlalchemy import select

from ground import security
from ground.database import reading
from ground.security import SecurityEvent
from tests.web import support
from web.door import errors

JSON = {"Accept": "application/json"}
TELLING = ("Traceback", "sqlalchemy", "SELECT", ".py", "site-packages")


@pytest.fixture
def client(signed_in):
    return signed_in("zhou.ping")


def events():
    security.flush()
    with reading() as store:
        return store.execute(select(SecurityEvent.object, SecurityEvent.reason).order_by(SecurityEvent.id)).all()


def test_a_program_gets_a_problem(visitor):
    answer = visitor.get("/profile", headers=JSON)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert {**problem, "title": "", "request_id": ""} == {
        "status": 401,
        "title": "",
        "code": "signed_out",
        "request_id": "",
    }
    assert problem["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/nowhere", 404, "没有这个页面"), ("/register/000000000000", 404, "没有找到"), ("/profile", 401, "请先登录")],
)
def test_a_person_gets_a_page_in_words(visitor, path, status, words):
    answer = visitor.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert not [word for word in TELLING if word in answer.text]


def test_a_refusal_is_said_in_english_too(visitor):
    visitor.set_cookie("jidi-language", "en")
    assert "There is no such page." in visitor.get("/nowhere").text


def test_everything_typed_is_kept_but_passwords_and_tokens(client):
    answer = client.post(
        "/profile", data={"csrf": "old", "remark": "<b>意见</b>", "list": ["1", "2"], "password": "geheim"}
    )
    assert answer.status_code == 403
    assert 'name="remark" value="&lt;b&gt;意见&lt;/b&gt;"' in answer.text
    assert answer.text.count('name="list"') == 2
    assert "geheim" not in answer.text


def test_what_nobody_foresaw_shows_a_number_and_logs_a_trace(visitor, pages, monkeypatch, caplog):
    def broken():
        message = "SELECT secret FROM /srv/jidi.py"
        raise RuntimeError(message)

    monkeypatch.setitem(pages.view_functions, "public.register", broken)
    with caplog.at_level(logging.ERROR, logger="jidi.web"):
        answer = visitor.get("/register")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "secret" not in answer.text
    assert "SELECT secret" in caplog.text


def test_where_even_the_page_of_the_error_breaks_there_is_still_an_answer(visitor, pages, monkeypatch):
    def broken(*_args: object):
        message = "no pages at all"
        raise RuntimeError(message)

    monkeypatch.setitem(pages.view_functions, "public.register", broken)
    monkeypatch.setattr(errors, "render_template", broken)
    answer = visitor.get("/register")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "no pages" not in answer.text


def test_refusals_of_rights_are_noted_and_wrong_addresses_are_not(client, visitor):
    before = len(events())
    visitor.get("/nowhere")
    visitor.get("/register/000000000000")
    assert len(events()) == before
    visitor.get("/profile")
    client.post("/profile", data={"csrf": "forged"})
    client.get("/applications/new")
    assert [tuple(row) for row in events()[before:]][:2] == [
        ("GET /profile", "signed_out"),
        ("POST /profile", "csrf.token"),
    ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Accept-Language": "tlh;q=1, x-\xff"}, 200, id="attack[094] an unknown language"),
        pytest.param({"X-Long": "x" * 8_200}, 431, id="attack[094] a long header"),
    ],
)
def test_odd_headers(visitor, headers, status):
    assert visitor.get("/register", headers=headers).status_code == status


def test_too_many_parts_of_a_form_are_refused_attack_094(client):
    data = {f"part{n}": (None, "x") for n in range(1_500)} | {"csrf": support.token_of(client)}
    body = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nx\r\n' for name in data) + "--b--\r\n"
    answer = client.post("/profile", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413


def test_a_field_of_600_kilobytes_is_refused_attack_094(client):
    answer = client.post("/profile", data={"csrf": support.token_of(client), "remark": "x" * 600_000})
    assert answer.status_code == 413


def test_a_body_beyond_the_routes_limit_is_refused(client):
    answer = client.post("/profile", data=b"x" * 2_100_000, content_type="application/octet-stream", headers=JSON)
    assert answer.status_code in {403, 413}


@pytest.mark.parametrize(
    "path",
    ["/register/" + "0" * 13, "/register/SHOUTINGREFS", "/notices/%00", "/processes/" + "x" * 61, "/notices/七八九"],
)
def test_an_address_that_we_never_made_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_an_address_of_a_megabyte_is_refused_attack_086(visitor):
    assert visitor.get("/register?q=" + "x" * 1_000_000).status_code == 414


@pytest.mark.parametrize(
    "query", ["sort=password_hash", "fields=*", "filter=__class__", "q=' OR 1=1--", "q=%25_%25", "order=(select 1)"]
)
def test_what_the_address_asks_is_taken_literally_or_not_at_all_attack_084(visitor, query):
    answer = visitor.get(f"/register?{query}")
    assert answer.status_code == 200
    if query.startswith("q="):
        assert "共0个基地" in answer.text
