"""Requests to other people's servers: they go where we were told to send them, and nowhere that an answer names."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ground.channels import Undelivered, http

KEY = "no-secret-of-anybody"
INWARD = ("http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "ftp://127.0.0.1/x", "//127.0.0.1:9/x")


class Server:
    """Answers every request with one status and one Location; remembers what it was asked."""

    def __init__(self) -> None:
        self.status, self.location, self.asked = 200, "", []
        keeper = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                keeper.asked.append(f"{self.command} {self.path}")
                self.send_response(keeper.status)
                self.send_header("Location", keeper.location)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def do_GET(self) -> None:
                self.do_POST()  # a client that follows a 303 asks with GET

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.listening.server_port}/send?key={KEY}"
        threading.Thread(target=self.listening.serve_forever, daemon=True).start()


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server]]:
    """The one that we send to, and one that it might lead us to."""
    found = Server(), Server()
    yield found
    for each in found:
        each.listening.shutdown()
        each.listening.server_close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_attack_98_a_redirect_from_an_allowed_host_is_not_followed(servers, status):
    ours, other = servers
    ours.status = status
    for ours.location in (other.url, *INWARD):
        with pytest.raises(Undelivered) as no:
            http.post("wecom", ours.url, {"text": "x"}, {})
        assert no.value.detail["reason"] == f"answered {status}"
        assert KEY not in str(no.value)
    assert ours.asked == [f"POST /send?key={KEY}"] * (1 + len(INWARD))
    assert other.asked == []


def test_attack_98_only_the_web_is_asked(servers):
    ours, _other = servers
    for url in ("file:///etc/passwd", "ftp://127.0.0.1/x", f"gopher://127.0.0.1:{ours.listening.server_port}/x"):
        with pytest.raises(Undelivered):
            http.post("wecom", url, {}, {})
    assert ours.asked == []
