"""The application for tests: small bundles, a client, and signing in by a session row."""

import atexit
import functools
import secrets
import shutil
import tempfile
from pathlib import Path

import orjson
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from ground import clock
from ground.database import transaction
from ground.people import Person
from ground.settings import Settings
from web import app
from web.door import csrf, session

BUNDLES = {
    "theme.css": "theme-0.css",
    "viewer.js": "viewer-0.js",
    "viewer.css": "viewer-0.css",
    "editor.js": "editor-0.js",
    "editor.css": "editor-0.css",
    "table.js": "table-0.js",
    "table.css": "table-0.css",
    "queue.js": "queue-0.js",
    "task.js": "task-0.js",
    "forms.js": "forms-0.js",
    "pdf.js": "pdf-0.js",
    "pdf.css": "pdf-0.css",
    "htmx.js": "htmx-0.js",
    "favicon.svg": "favicon-0.svg",
    "third-party.txt": "third-party-0.txt",
}
SECRET = "not a secret: a test's own, and long enough"  # noqa: S105


@functools.cache
def bundles() -> Path:
    """A manifest and its files, without a build; laid once a worker."""
    folder = Path(tempfile.mkdtemp(prefix="jidi-bundles-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in BUNDLES.values():
        (folder / name).write_text("/* nothing */" * 100, "utf-8")
        (folder / f"{name}.br").write_bytes(b"packed by brotli")
    entries = {name: {"file": file, "size": 1, "gzip": 1, "brotli": 1} for name, file in BUNDLES.items()}
    (folder / "manifest.json").write_bytes(orjson.dumps(entries))
    return folder


def application(folder: Path, mode: str = "test") -> Flask:
    """The whole application, as it is served, before this folder of data."""
    folder.mkdir(exist_ok=True)
    built = _built(mode)
    built.extensions["settings"] = _settings(folder, mode)
    return built


def browser(application_: Flask) -> FlaskClient:
    """A browser without a past."""
    client = application_.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def sign_in(client: FlaskClient, login: str) -> str:
    """Open a session for this person as signing in would; returns the cookie's value."""
    token = secrets.token_urlsafe(session.TOKEN_BYTES)
    now = clock.now()
    with transaction() as store:
        person = store.scalar(select(Person.id).where(Person.login == login))
        store.execute(
            insert(session.WebSession).values(
                token_hash=session.hashed(token), person_id=person, created_at=now, seen_at=now
            )
        )
    client.set_cookie(app.PLAIN_COOKIE, token)
    return token


def token_of(client: FlaskClient) -> str:
    """The hidden field that this browser's pages carry."""
    cookie = client.get_cookie(app.PLAIN_COOKIE)
    if cookie is None:
        client.get("/about/measures")
        cookie = client.get_cookie(app.PLAIN_COOKIE)
    assert cookie
    return csrf.token(cookie.value)


@functools.cache
def _built(mode: str) -> Flask:
    """Built once a worker, and its templates compiled once: it keeps nothing of what its visitors did."""
    return app.create(_settings(bundles(), mode), bundles())


def _settings(folder: Path, mode: str) -> Settings:
    return Settings(mode=mode, data=folder, url="", secret=SECRET)
