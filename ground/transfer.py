"""Every table copied from one database to another, as stored, and compared: how many rows, and a digest of each table.

The digest does not depend on the order of rows, since two databases sort text differently: it is the sum of the
SHA-256 of each row. Nothing is committed here: who calls keeps the copy, or takes it back whole.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Table, TypeDecorator, column, func, insert, inspect, select, table, text
from sqlalchemy.sql.expression import ColumnClause, TableClause

from ground.database import Row
from ground.errors import Refused

BATCH = 1_000
MODULUS = 1 << 256


class Differs(Refused):
    """What arrived is not what was sent; nothing of it was kept."""

    code = "transfer.differs"


class NotEmpty(Refused):
    """The database that is to be filled has tables already; it is left as it is."""

    code = "transfer.not_empty"


@dataclass(frozen=True, slots=True)
class Sum:
    """One table: how many rows, and the digest of all of them (64 hexadecimal digits)."""

    table: str
    rows: int
    digest: str


def check_empty(target: Connection) -> None:
    """Refuse a database that holds any table."""
    found = inspect(target).get_table_names()
    if found:
        raise NotEmpty(tables=sorted(found)[:5])


def copy(source: Connection, target: Connection, *, without: Collection[str] = ()) -> list[Sum]:
    """Copy every table, those that others point at first, and say what was sent; Differs if another thing arrived."""
    sums = []
    for each in _tables(without):
        sent = _copy(source, target, each)
        arrived = summed(target, each)
        if arrived != sent:
            raise Differs(table=each.name, sent=sent.rows, arrived=arrived.rows)
        _number_on(target, each)
        sums.append(sent)
    return sums


def summed(connection: Connection, of: Table) -> Sum:
    """How many rows a table has, and their digest."""
    total = count = 0
    for rows in _rows(connection, of):
        count += len(rows)
        total += sum(map(_digest, rows))
    return Sum(of.name, count, f"{total % MODULUS:064x}")


def _tables(without: Collection[str]) -> list[Table]:
    return [each for each in Row.metadata.sorted_tables if each.name not in without]


def _copy(source: Connection, target: Connection, of: Table) -> Sum:
    total = count = 0
    for rows in _rows(source, of):
        target.execute(insert(_bare(of)), [dict(row) for row in rows])
        count += len(rows)
        total += sum(map(_digest, rows))
    return Sum(of.name, count, f"{total % MODULUS:064x}")


def _rows(connection: Connection, of: Table) -> Iterator[Sequence[Any]]:
    """The rows as they are stored, some at a time; parents before children where a table points at itself."""
    keys: list[ColumnClause[Any]] = [column(key.name) for key in of.primary_key]
    result = connection.execute(select(_bare(of)).order_by(*keys), execution_options={"yield_per": BATCH})
    for rows in result.mappings().partitions(BATCH):
        yield list(rows)


def _bare(of: Table) -> TableClause:
    """The table with the types of the database, so that nothing is read or written in another way than it stands."""
    return table(of.name, *[column(each.name, _stored(each)) for each in of.columns])


def _stored(of: Column[Any]) -> Any:
    return of.type.impl_instance if isinstance(of.type, TypeDecorator) else of.type


def _digest(row: Any) -> int:
    values = [value.hex() if isinstance(value, bytes) else value for value in row.values()]
    return int.from_bytes(hashlib.sha256(orjson.dumps(values)).digest())


def _number_on(target: Connection, of: Table) -> None:
    """New rows get numbers after those that were copied."""
    own = of.autoincrement_column
    if own is None or target.dialect.name != "postgresql":
        return
    last = target.scalar(select(func.max(of.c[own.name])))
    sequence = target.scalar(text("SELECT pg_get_serial_sequence(:name, :own)"), {"name": of.name, "own": own.name})
    if last and sequence:
        target.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})
