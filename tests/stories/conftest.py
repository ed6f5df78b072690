"""The days on which the stories of the yearly reports begin."""

import pytest

from bases import demo
from ground import clock, files
from ground.database import transaction
from tests.bases import reporting


@pytest.fixture
def january(database, tmp_path, stopped_clock):
    """10 January 2026: the reports of 2025 have begun by themselves."""
    files.keep_in(tmp_path / "files")
    stopped_clock[0] = reporting.TENTH
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    reporting.staff()
    reporting.begin()
    return stopped_clock
