"""A case that begins by itself does so after the commit that asks for it, once, as nobody's act."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from engine import cases
from engine.cases import Beginning, Case
from ground import clock, jobs
from ground.database import reading, transaction
from tests.engine import desk, flows


@pytest.fixture
def beginning(database):
    assert database
    desk.publish(flows.in_a_row("row", 1))
    officer = desk.person("officer", "prov_officer")
    organ = officer.held[0].organ_id
    return Beginning("row", "base:1", "510703", organ, "示例", "2026", data={"goods": "泡菜"})


def begun() -> list[tuple[str, int | None]]:
    jobs.run_due(clock.now())
    with reading() as session:
        rows = session.execute(select(Case.subject, Case.started_by).order_by(Case.id)).all()
        return [(row.subject, row.started_by) for row in rows]


def ask_and_fail(beginning: Beginning) -> None:
    with transaction() as session:
        cases.ask(session, beginning)
        raise RuntimeError


def test_it_begins_after_the_commit_and_names_nobody(beginning):
    with transaction() as session:
        assert cases.ask(session, beginning)
        assert not session.execute(select(Case.id)).all()
    assert begun() == [("base:1", None)]


def test_asked_for_twice_it_begins_once(beginning):
    for _ in range(2):
        with transaction() as session:
            cases.ask(session, beginning)
    assert len(begun()) == 1


def test_one_that_is_asked_for_in_a_transaction_that_fails_does_not_begin(beginning):
    with pytest.raises(RuntimeError):
        ask_and_fail(beginning)
    assert begun() == []


def test_where_one_is_open_already_that_one_stands_and_no_job_fails(beginning):
    for key in ("2026", "2027"):
        with transaction() as session:
            cases.ask(session, replace(beginning, key=key))
    assert len(begun()) == 1
    with reading() as session:
        assert list(jobs.failed(session)) == []


def test_one_that_cannot_begin_stops_no_other(beginning):
    with transaction() as session:
        cases.ask(session, replace(beginning, process="unknown"))
        cases.ask(session, replace(beginning, subject="base:2"))
    assert [subject for subject, _by in begun()] == ["base:2"]
