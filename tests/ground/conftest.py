"""What the ground's tests stand on: a seeded database of either kind, and one open transaction on it."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import ground.files
import ground.jobs
import ground.leases
import ground.security  # noqa: F401  with these, every table of the ground is known
from ground import clock
from ground.database import Database, Session, transaction
from tests import databases


class TakenBack(Exception):  # noqa: N818  an ending, not an error
    """Ends a test's transaction without a trace."""


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh seeded database for one test that commits."""
    if request.param == "sqlite":
        fresh = databases.sqlite_database(tmp_path)
        with databases.using(fresh):
            yield fresh
        fresh.close()
    else:
        with databases.postgresql_database("fresh") as fresh, databases.using(fresh):
            yield fresh


@pytest.fixture(scope="module", params=databases.KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One seeded database for the tests of a module that leave no trace."""
    if request.param == "sqlite":
        one = databases.sqlite_database(tmp_path_factory.mktemp("shared"))
        yield one
        one.close()
    else:
        with databases.postgresql_database("shared") as one:
            yield one


@pytest.fixture
def session(shared: Database) -> Iterator[Session]:
    """An open transaction that is taken back afterwards."""
    with databases.using(shared), contextlib.suppress(TakenBack), transaction() as opened:
        yield opened
        raise TakenBack


@pytest.fixture
def stopped_clock() -> Iterator[list]:
    """A clock that stands still until the test moves it: `stopped_clock[0] = …`."""
    moment = [datetime(2026, 11, 23, 1, 0, tzinfo=UTC)]
    before = clock.use(lambda: moment[0])
    yield moment
    clock.use(before)
