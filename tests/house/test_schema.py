"""The schema that migrations lay is the one that the tables declare, on both databases, triggers included."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from engine import schema
from ground.database import Row, reading
from tests.house import source

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def test_migrations_lay_what_the_tables_declare(database):
    source.load()
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        found = compare_metadata(context, Row.metadata)
    assert [difference for difference in found if not _is_a_librarys(difference)] == []


def test_history_keeps_its_triggers(database):
    with database.writer.connect() as connection:
        names = {row[0] for row in connection.execute(text(TRIGGERS[connection.dialect.name]))}
    assert any(name.startswith("history_") for name in names)


def test_a_house_at_its_schema_opens(database):
    with reading() as session:
        schema.check(session)


def _is_a_librarys(difference: object) -> bool:
    """Alembic's and Procrastinate's own tables."""
    return "alembic_version" in str(difference) or "procrastinate_" in str(difference)
