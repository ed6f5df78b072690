"""What a page of the desk costs: statements and bytes, the same at any number of tasks."""

import brotli
import pytest

from bases import demo
from ground import clock, files
from ground.database import transaction
from tests.engine.counting import counted
from tests.web import reviewing
from tests.web.reviewing import Reviewer

# Who asks, with which rights and working days: the door's part of each page.
DOOR = 4


@pytest.fixture
def officer(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    reviewing.at_the_department(office)
    return Reviewer(office, "chen.jing").claim_next()


@pytest.mark.parametrize(
    ("page", "statements", "kilobytes"), [("queue", 8, 6), ("task", 22, 14), ("case", 24, 6), ("done", 7, 4)]
)
def test_a_page_asks_the_database_this_often_and_weighs_this_much(officer, database, page, statements, kilobytes):
    case = officer.all("p.under a")[0].get("href")
    path = {"queue": "/tasks", "task": officer.path, "case": case, "done": "/tasks/done"}[page]
    officer.go(path)
    with counted(database) as count:
        officer.go(path)
    assert count.statements - DOOR <= statements + 2 * database.is_sqlite  # SQLite says BEGIN
    assert len(brotli.compress(officer.answer.get_data(), quality=4)) <= kilobytes * 1_000
