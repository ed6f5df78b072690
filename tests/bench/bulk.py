"""Many rows for a bench, copied by the database itself: a case that stands somewhere, as often as wanted."""

from collections.abc import Mapping

from sqlalchemy import select, text

from engine.cases import Case
from engine.waits import Wait
from ground import database
from ground.database import Row, Session, table, transaction

NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :copies) "


def cases(ref: str, copies: int, kind: type[Row]) -> None:
    """So many copies of this case with its timers or waits; its history stays with the one that was moved."""
    with transaction() as session:
        one = session.scalar(select(Case.id).where(Case.ref == ref))
        own = "CAST(100000000000 + n AS VARCHAR(12))"
        _copy(session, Case, {"ref": own, "number": own}, "cases.id = :one", {"one": one, "copies": copies})
        own = "CAST(200000000000 + copy.id AS VARCHAR(12))"
        from_all = f"{kind.__tablename__}.case_id = :one AND copy.id > :one AND n = 1"
        changes = {"case_id": "copy.id", **({"ref": own} if kind is Wait else {})}
        _copy(session, kind, changes, from_all, {"one": one, "copies": 1}, ", cases AS copy")
    settle()


def waits(each: int, queues: int) -> None:
    """So many more waits beside each wait there is, in so many queues, each due at a moment of its own."""
    changes = {
        "ref": f"CAST(300000000000 + wait.id * {each + 1} + n AS VARCHAR(12))",
        "queue": f"CASE (wait.id + n) % {queues} WHEN 0 THEN wait.queue ELSE 'other@' || (wait.id + n) % {queues} END",
        "due_at": f"wait.due_at + (wait.id * {each} + n) % 1000003 * 1000000",
    }
    with transaction() as session:
        _copy(session, Wait, changes, "wait.id > 0", {"copies": each})
    settle()


def settle() -> None:
    """What a database does in a quiet hour: statistics, and the log written back."""
    statements = ("PRAGMA wal_checkpoint(TRUNCATE)", "ANALYZE") if database.current().is_sqlite else ("VACUUM ANALYZE",)
    engine = database.current().writer.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.connection.cursor().execute(statement)


def _copy(
    session: Session,
    row: type[Row],
    changes: Mapping[str, str],
    where: str,
    values: Mapping[str, object],
    beside: str = "",
) -> None:
    name = row.__tablename__
    columns = [each.name for each in table(row).c if each.name != "id"]
    taken = [changes.get(column, f"{name}.{column}") for column in columns]
    if not database.current().is_sqlite:
        # The copies point where their pattern points: looking it up a million times is no part of any figure.
        session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(
        text(
            f"{NUMBERS} INSERT INTO {name} ({', '.join(columns)}) "
            f"SELECT {', '.join(taken)} FROM {name}, numbers{beside} WHERE {where}"
        ),
        values,
    )
