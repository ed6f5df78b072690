"""Gathered writes stand together: one statement on PostgreSQL, one after the other on SQLite, and the same rows."""

import contextlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, delete, func, insert, select, update

from ground import writes
from ground.database import Database, reading, table, transaction
from ground.errors import Missing, Stale
from ground.jobs.embedded import Job
from tests.engine.counting import counted

AT = datetime(2026, 11, 23, tzinfo=UTC)
INSERT = insert(table(Job))
RENAME = update(table(Job)).where(Job.kind == bindparam("before")).values(kind=bindparam("after"), state="done")
DROP = delete(table(Job)).where(Job.kind.in_(bindparam("kinds", expanding=True)))


def job(kind: str, **more: object) -> dict[str, object]:
    return {
        "kind": kind,
        "payload": {},
        "run_at": AT,
        "dedupe": None,
        "state": "waiting",
        "attempts": 0,
        "fence": 0,
        **more,
    }


def kinds() -> list[tuple[str, str]]:
    with reading() as session:
        return [tuple(row) for row in session.execute(select(Job.kind, Job.state).order_by(Job.kind))]


@pytest.fixture
def three(database):
    with transaction() as session:
        session.later(INSERT, [job("a", dedupe="one"), job("b"), job("c", payload={"n": 1})])
    return database


def test_inserts_updates_and_deletes_of_one_transaction_stand_together(three: Database):
    with counted(three) as count, transaction() as session:
        session.later(INSERT, [job("d"), job("e", dedupe="e")])
        session.later(RENAME, [{"before": "a", "after": "x"}, {"before": "b", "after": "y"}])
        session.later(DROP, [{"kinds": ["c", "nothing"]}])
        session.later_once(Job, job("f", dedupe="f"))
    assert kinds() == [("d", "waiting"), ("e", "waiting"), ("f", "waiting"), ("x", "done"), ("y", "done")]
    assert (count.statements, count.commits) == ((5, 1) if three.is_sqlite else (1, 1))


def test_what_comes_next_reads_what_was_gathered(three: Database):
    with transaction() as session:
        session.later(DROP, [{"kinds": ["a"]}])
        assert session.peek(select(func.count()).select_from(Job), {}).scalar() == 3
        assert session.scalar(select(func.count()).select_from(Job)) == 2


@pytest.mark.parametrize("missed", ["update", "key"])
def test_a_write_that_misses_its_row_takes_all_others_back(three: Database, missed):
    before = kinds()
    with pytest.raises(Stale):
        _write_and_miss(missed)
    assert kinds() == before


def test_more_rows_than_one_statement_should_carry_are_written_all_the_same(three: Database):
    many = writes.MOST_ROWS + 1
    with transaction() as session:
        session.later(INSERT, [job("many") for _ in range(many)])
        session.later(DROP, [{"kinds": ["a", "b", "c"]}])
    assert kinds() == [("many", "waiting")] * many


def test_a_transaction_that_fails_writes_nothing_of_what_was_gathered(three: Database):
    before = kinds()
    with contextlib.suppress(Missing), transaction() as session:
        session.later(DROP, [{"kinds": ["a"]}])
        raise Missing(what="anything")
    assert kinds() == before


def _write_and_miss(missed: str) -> None:
    with transaction() as session:
        session.later(INSERT, [job("z")])
        if missed == "update":
            session.later(RENAME, [{"before": "nobody", "after": "x"}], Stale)
        else:
            session.later_once(Job, job("again", dedupe="one"), Stale)
        session.later_once(Job, job("new", dedupe="new"), Missing)
