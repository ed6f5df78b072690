"""Where the database's schema stands, and bringing it up: Alembic's steps, one script for both dialects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ground.database import Database, Session
from ground.errors import Refused

FOLDER = Path(__file__).parent / "migrations"


class SchemaBehind(Refused):
    """The database is below the schema that this program needs; run `jidi migrate`."""

    code = "schema.behind"
    status = 503


def upgrade(database: Database) -> None:
    """Bring the schema up to the newest step; the same again changes nothing."""
    with database.writer.connect() as connection, connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(session: Session) -> None:
    """Refuse to work on a schema that is older or newer than this program."""
    found = MigrationContext.configure(session.connection).get_current_revision()
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    if found != wanted:
        raise SchemaBehind(found=found, wanted=wanted)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
