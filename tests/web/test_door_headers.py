"""What every answer carries: the policy, no guessing of types, packed pages, bundles kept for ever, our own host."""

import gzip

import brotli
import pytest

from tests.web import support
from web.door import assets


@pytest.mark.parametrize("path", ["/", "/register", "/nowhere", "/profile", "/assets/theme-0.css"])
def test_every_answer_says_what_a_page_may_do(visitor, path):
    headers = visitor.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_no_page_needs_what_the_policy_forbids(visitor, signed_in):
    officer = signed_in("zhou.ping")
    for client, path in [(visitor, "/"), (visitor, "/sign-in"), (officer, "/profile"), (officer, "/tasks")]:
        text = client.get(path).text
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


def test_in_production_the_browser_is_told_to_stay_with_https(shared, tmp_path):
    client = support.browser(support.application(tmp_path / "b", mode="production"))
    answer = client.get("/about/measures", base_url="https://127.0.0.1:8000")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("accepts", "coding", "unpack"),
    [("br, gzip", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", None, bytes)],
)
def test_a_page_goes_out_packed_as_the_browser_can_read_it(visitor, accepts, coding, unpack):
    answer = visitor.get("/about/measures", headers={"Accept-Encoding": accepts})
    assert answer.headers.get("Content-Encoding") == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "第九条" in unpack(answer.data).decode()


def test_a_short_answer_is_not_packed(visitor):
    answer = visitor.get("/profile", headers={"Accept": "application/json", "Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers


def test_pages_are_not_kept_by_anybody(visitor):
    assert visitor.get("/register").headers["Cache-Control"] == "no-store"


def test_a_bundle_is_kept_for_ever_and_comes_packed(visitor):
    answer = visitor.get("/assets/theme-0.css", headers={"Accept-Encoding": "gzip, br"})
    assert answer.data == b"packed by brotli"
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Cache-Control"] == assets.FOREVER
    assert answer.content_type == "text/css; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    plain = visitor.get("/assets/theme-0.css", headers={"Accept-Encoding": ""})
    assert plain.data.startswith(b"/* nothing */")


@pytest.mark.parametrize("name", ["manifest.json", "../app.py", "%2e%2e/app.py", "theme-0.css.br", "nothing.css"])
def test_only_what_the_manifest_names_is_a_bundle(visitor, name):
    assert visitor.get(f"/assets/{name}").status_code == 404


def test_without_its_bundles_the_application_says_what_to_run(tmp_path):
    with pytest.raises(assets.NotBuilt, match=r"make build.*run\.py build"):
        assets.load(tmp_path)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1", "127.0.0.1:8001", "127.0.0.1:8000, evil.example", "127.0.0.1:8000@evil.example", ""],
)
def test_another_host_is_turned_away_attack_067(visitor, host):
    answer = visitor.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_our_own_host_is_let_in(visitor):
    assert visitor.get("/sign-in", headers={"Host": "127.0.0.1:8000"}).status_code == 200
