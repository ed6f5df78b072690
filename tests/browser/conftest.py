"""A demo served for real and a Chromium that looks at it; without a browser these tests fail, they do not skip."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.desk import Desk

STARTED_WITHIN = 180  # two of them may start at once on a slow machine


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo of one file."""
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """A demo on a free port for the tests of one file: what others have begun or moved on would stand in their way."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = data.parent
    settings = {"JIDI_MODE": "demo", "JIDI_DATA": str(data), "JIDI_PORT": str(port)}
    command = [sys.executable, "-c", "from web.commands import main; raise SystemExit(main(['demo', '--empty']))"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/", server, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without a past."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def desk(context: BrowserContext, address: str) -> Desk:
    """Somebody at a desk, signed in as whoever the test names; a fault on any page fails the test."""
    return Desk(context, address)


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  our own http address
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"no answer within {STARTED_WITHIN} s: {log.read_text()}")
