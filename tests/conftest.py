"""What every test stands on: a house laid once a worker, copied for each test, on both databases, on a set clock."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from bases import demo
from engine import definitions, schema
from ground import clock, seed
from ground.database import Database, Session, transaction
from tests import databases
from tests.requirements import pytest_collection_modifyitems, pytest_terminal_summary  # noqa: F401 (hooks)
from web import house, shipped

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# A Monday morning in Shanghai with nothing special about it.
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class TakenBack(Exception):  # noqa: N818
    """Ends a test's transaction without a trace."""


def lay_house(empty: Database) -> None:
    """The schema by its migrations, the seed, the shipped processes, the demo's persons and bases."""
    assert house.STEPS  # registered before anything is published
    schema.upgrade(empty)
    before = clock.use(lambda: MORNING)
    with databases.using(empty), transaction() as session:
        seed.lay(session)
        shipped.publish(session, MORNING)
        demo.lay(session, MORNING)
    clock.use(before)


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A house of its own for one test that commits."""
    definitions.forget()
    if request.param == "sqlite":
        fresh = databases.sqlite_database(tmp_path, lay_house)
        with databases.using(fresh):
            yield fresh
        fresh.close()
    else:
        with databases.postgresql_database("fresh", lay_house) as fresh, databases.using(fresh):
            yield fresh


@pytest.fixture(scope="module", params=databases.KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One house for the tests of a module that leave no trace."""
    if request.param == "sqlite":
        one = databases.sqlite_database(tmp_path_factory.mktemp("shared"), lay_house)
        yield one
        one.close()
    else:
        with databases.postgresql_database("shared", lay_house) as one:
            yield one


@pytest.fixture
def session(shared: Database) -> Iterator[Session]:
    """An open transaction that is taken back afterwards."""
    with databases.using(shared), contextlib.suppress(TakenBack), transaction() as opened:
        yield opened
        raise TakenBack


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[list[datetime]]:
    """A clock that stands still until the test moves it: `stopped_clock[0] = …`."""
    moment = [MORNING]
    before = clock.use(lambda: moment[0])
    yield moment
    clock.use(before)


@pytest.fixture(scope="session", autouse=True)
def hasty_disk() -> Iterator[None]:
    """What a power cut would leave is tried in processes of their own (tests/trust); here nobody waits for a disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's own Chromium."""
    found = next((path for path in map(shutil.which, CHROMIUM) if path), None)
    assert found, f"no Chromium on this machine: install one of {', '.join(CHROMIUM)}"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()
