"""Browsers for tests, without a past or signed in, before a house that is laid."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ground.database import Database
from tests import databases
from tests.web import support


@pytest.fixture(scope="module")
def pages(shared: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application before the module's house: for tests that only read, or write nothing that others see."""
    with databases.using(shared):
        yield support.application(tmp_path_factory.mktemp("pages"))


@pytest.fixture
def visitor(pages: Flask) -> FlaskClient:
    """Somebody of the public."""
    return support.browser(pages)


@pytest.fixture
def signed_in(pages: Flask) -> Callable[[str], FlaskClient]:
    """A browser in which this person is signed in: `signed_in("zhou.ping")`."""

    def browser_of(login: str) -> FlaskClient:
        client = support.browser(pages)
        support.sign_in(client, login)
        return client

    return browser_of


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Flask:
    """The application before a house of its own: for tests that change what others would see."""
    assert database
    return support.application(tmp_path / "bundles")
