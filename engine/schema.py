"""Where the database's schema stands, and bringing it up: Alembic's steps, one script for both dialects."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ground import jobs
from ground.database import Database, Session
from ground.errors import Refused

FOLDER = Path(__file__).parent / "migrations"


class SchemaBehind(Refused):
    """The database is below the schema that this program needs; run `jidi migrate`."""

    code = "schema.behind"
    status = 503


class SchemaBroken(Refused):
    """After the upgrade a row refers to one that is not there; nothing was changed."""

    code = "schema.broken"
    status = 500


def upgrade(database: Database) -> None:
    """Bring the schema up to the newest step; the same again changes nothing."""
    with database.writer.connect() as connection, _rebuilding(connection), connection.begin():
        lay(connection)
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise SchemaBroken


def lay(connection: Connection) -> None:
    """Do the steps that are missing, in the transaction of this connection."""
    config = _config()
    config.attributes["connection"] = connection
    config.attributes["jobs_schema"] = jobs.schema()
    command.upgrade(config, "head")


def check(session: Session) -> None:
    """Refuse to work on a schema that is older or newer than this program."""
    found = MigrationContext.configure(session.connection).get_current_revision()
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    if found != wanted:
        raise SchemaBehind(found=found, wanted=wanted)


@contextlib.contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by laying a new one in its place; meanwhile what refers to it refers to nothing."""
    pragma = connection.connection.cursor().execute if connection.dialect.name == "sqlite" else None
    if pragma:
        pragma("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        if pragma:
            pragma("PRAGMA foreign_keys=ON")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
