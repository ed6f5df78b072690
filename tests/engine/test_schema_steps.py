"""A house that has worked under an older schema keeps every row when its schema goes on."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from engine import schema
from ground.database import Database

ROWS: dict[str, dict[str, Any]] = {
    "region": {"code": "510000", "name": "四川", "name_en": "Sichuan", "level": "province", "sort_key": "s"},
    "organ": {
        "id": 1, "ref": "o", "code": "o", "name": "厅", "name_en": "D", "kind": "province", "region": "510000",
        "sort_key": "t", "valid_from": "2026-01-01",
    },
    "process": {"id": 1, "key": "p", "release_id": 1},
    "version": {
        "id": 1, "ref": "v", "process_id": 1, "number": 1, "digest": "d", "origin": "owner", "state": "published",
        "created_at": 1,
    },
    "release": {"id": 1, "version_id": 1, "calls": "{}", "policy": "2020"},
    "cases": {
        "id": 1, "ref": "c", "number": "2026-1", "title": "t", "process_id": 1, "release_id": 1, "version_id": 1,
        "subject": "base:1", "region": "510000", "organ_id": 1, "status": "open", "started_at": 1, "moved_at": 1,
        "rev": 0, "seq": 0, "head": "h", "state": b"s",
    },
}  # fmt: skip


@pytest.fixture
def old(tmp_path: Path):
    """A house under the first schema, with one case in it."""
    house = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with house.writer.connect() as connection, connection.begin():
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for name, row in ROWS.items():
            table = sa.table(name, *map(sa.column, row))
            connection.execute(sa.insert(table).values(row))
    yield house
    house.close()


def test_a_case_that_refers_to_its_release_survives_when_the_table_of_releases_is_laid_anew(old):
    schema.upgrade(old)
    with old.writer.connect() as connection, connection.begin():
        pinned = "SELECT number FROM cases JOIN release ON release.id = cases.release_id"
        assert connection.execute(sa.text(pinned)).scalars().all() == ["2026-1"]
        again = "INSERT INTO release (version_id, calls, policy) VALUES (1, '{}', '2020')"
        connection.execute(sa.text(again))
        assert connection.execute(sa.text("PRAGMA foreign_keys")).scalar() == 1


def test_a_reminder_that_was_sent_keeps_the_date_of_its_task_and_one_without_a_task_is_dropped(old):
    wait = {
        "id": 1, "ref": "w", "case_id": 1, "token": "1", "element": "ask", "form": "f", "queue": "q", "opened_at": 1,
        "due_at": 77, "provisional": 0,
    }  # fmt: skip
    with old.writer.connect() as connection, connection.begin():
        connection.execute(sa.insert(sa.table("wait", *map(sa.column, wait))).values(wait))
        for ref in ("w", "gone"):
            sent = {"wait_ref": ref, "kind": "soon", "case_id": 1, "sent_at": 5}
            connection.execute(sa.insert(sa.table("reminder", *map(sa.column, sent))).values(sent))
    schema.upgrade(old)
    with old.writer.connect() as connection:
        rows = connection.execute(sa.text("SELECT wait_ref, due_at FROM reminder")).all()
    assert [tuple(row) for row in rows] == [("w", 77)]


def test_an_upgrade_that_would_leave_a_row_without_its_release_is_undone(old):
    with old.writer.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            connection.execute(sa.text("DELETE FROM release"))
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
    with pytest.raises(schema.SchemaBroken):
        schema.upgrade(old)
    with old.writer.connect() as connection, connection.begin():
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "0001"
