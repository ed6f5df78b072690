"""A form counts only when it comes from a page of ours, with this session's token."""

import pytest
from flask import request

from tests.web import support
from web.door import csrf


@pytest.fixture
def client(signed_in):
    return signed_in("zhou.ping")


def post(client, token, headers=None):
    return client.post("/profile", data={"csrf": token, "size": "large"}, headers=headers)


def test_a_form_of_ours_is_taken(client):
    assert post(client, support.token_of(client)).status_code == 302
    assert post(client, support.token_of(client), {"Sec-Fetch-Site": "same-origin"}).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="attack[059] cross-site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="attack[059] a neighbour"),
        pytest.param({"Sec-Fetch-Site": "none"}, id="attack[059] from nowhere"),
        pytest.param({"Origin": "http://evil.example"}, id="attack[059] an old browser"),
        pytest.param({"Origin": "null"}, id="attack[059] a sandbox"),
    ],
)
def test_a_form_of_another_site_is_refused_even_with_the_token(client, headers):
    answer = post(client, support.token_of(client), headers)
    assert answer.status_code == 403
    assert "large" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="attack[059] none"),
        pytest.param("AAAA", id="attack[059] short"),
        pytest.param("不是", id="attack[059] not even text of ours"),
        pytest.param(csrf.token("another session's cookie"), id="attack[059] of another session"),
    ],
)
def test_a_form_without_this_sessions_token_is_refused(client, token):
    answer = post(client, token)
    assert answer.status_code == 403
    assert '<input type="hidden" name="size" value="large">' in answer.text


def test_a_form_of_another_site_is_not_offered_to_be_sent_again(client):
    answer = post(client, "", {"Sec-Fetch-Site": "cross-site"})
    assert '<input type="hidden" name="size"' not in answer.text


def test_the_token_looks_different_on_each_page_and_says_nothing_of_the_cookie():
    assert csrf.token("cookie") != csrf.token("cookie")


def test_a_program_may_send_the_token_in_a_header(pages):
    with pages.test_request_context("/", method="POST", headers={csrf.HEADER: csrf.token("cookie")}):
        csrf.check(request, "cookie")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/sign-out", "/language"])
def test_what_changes_something_has_one_method_attack_060(client, path, method):
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


def test_a_header_that_names_another_method_changes_nothing_attack_060(client):
    answer = client.get("/sign-out", headers={"X-HTTP-Method-Override": "POST"})
    assert answer.status_code == 405
    assert client.get("/profile").status_code == 200
