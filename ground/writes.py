"""Writes that a transaction gathers: on PostgreSQL one statement for all of them, on SQLite one after the other.

A round trip to a server costs more than the rows it carries. So each insert, update and delete becomes a part of
one `WITH` (PostgreSQL 18, 7.8.4 "Data-Modifying Statements in WITH"), and the SELECT at its end says how many rows
each part has touched. The parts see the store as it was before all of them, so no two may touch the same row.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    Connection,
    Delete,
    Insert,
    Label,
    Select,
    Table,
    Update,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.visitors import replacement_traverse

from ground.errors import Refused

# Beyond these, one statement would be prepared for a size that never comes again.
MOST_ROWS = 60
SHAPES = 400

Statement = Insert | Update | Delete
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Write:
    """One statement and the rows it is for; `otherwise` is raised unless it touches as many rows as were given."""

    statement: Statement
    rows: Sequence[Values]
    otherwise: Callable[[], Refused] | None = None


def once(table: Table, dialect: str) -> Insert:
    """An insert that leaves alone what is there under the same key."""
    return _once(table, sqlite=dialect == "sqlite")


def run(connection: Connection, writes: Sequence[Write]) -> None:
    """Do all of this now, in the order in which its statements came; a write that missed rows raises its refusal."""
    writes = _merged(writes)
    together = connection.dialect.name == "postgresql" and sum(len(write.rows) for write in writes) <= MOST_ROWS
    counts = _as_one(connection, writes) if together and len(writes) > 1 else _one_by_one(connection, writes)
    for write, touched in zip(writes, counts, strict=True):
        if write.otherwise and touched != len(write.rows):
            raise write.otherwise()


def _merged(writes: Sequence[Write]) -> list[Write]:
    """One write for each statement, with the rows of all: many cases that move together write as one."""
    same: dict[Statement, list[Write]] = {}
    for write in writes:
        same.setdefault(write.statement, []).append(write)
    return [
        Write(statement, [row for write in each for row in write.rows], each[0].otherwise)
        for statement, each in same.items()
    ]


def _one_by_one(connection: Connection, writes: Sequence[Write]) -> list[int]:
    # Without this option an insert says -1 on PostgreSQL, whatever happened.
    keep = {"preserve_rowcount": True}
    return [
        connection.execute(
            write.statement, write.rows[0] if len(write.rows) == 1 else write.rows, execution_options=keep
        ).rowcount
        for write in writes
    ]


def _as_one(connection: Connection, writes: Sequence[Write]) -> list[int]:
    shape = tuple((write.statement, len(write.rows), _names(write), bool(write.otherwise)) for write in writes)
    values = {
        f"{part}_{place}_{name}": row[name]
        for part, write in enumerate(writes)
        for place, row in enumerate(write.rows)
        for name in shape[part][2]
    }
    counted = iter(connection.execute(_whole(shape), values).one())
    return [next(counted) if write.otherwise else 0 for write in writes]


def _names(write: Write) -> tuple[str, ...]:
    """The parameters of a write; an insert is not told of a column that stays empty, since the driver counts them."""
    if isinstance(write.statement, Insert):
        return tuple(name for name in write.rows[0] if any(row[name] is not None for row in write.rows))
    return tuple(write.rows[0])


@functools.lru_cache(SHAPES)
def _whole(shape: tuple[tuple[Statement, int, tuple[str, ...], bool], ...]) -> Select[Any]:
    """The statement for writes of this shape, built once; the database prepares it once, too."""
    parts: list[CTE] = []
    counts: list[Any] = []
    for number, (statement, rows, names, counted) in enumerate(shape):
        own = [
            (each.returning(_ONE) if counted else each).cte(f"part_{number}_{place}")
            for place, each in enumerate(_parts(number, statement, rows, names))
        ]
        parts += own
        if counted:
            counts.append(select(func.count()).select_from(union_all(*map(select, own)).subquery()).scalar_subquery())
    return select(*counts or [_ONE]).add_cte(*parts)


def _parts(number: int, statement: Statement, rows: int, names: Sequence[str]) -> list[Any]:
    """One part for an insert of any number of rows; an update or a delete stands once for each of its rows."""
    if not isinstance(statement, Insert):
        return [_renamed(statement, f"{number}_{row}_") for row in range(rows)]
    # A SELECT of the values and not VALUES: sqlalchemy keeps the text of the one and writes the other anew each time.
    types = {name: statement.table.c[name].type for name in names}
    given = [
        select(*[bindparam(f"{number}_{row}_{name}", type_=of) for name, of in types.items()]) for row in range(rows)
    ]
    return [statement.from_select(list(names), given[0] if rows == 1 else union_all(*given), include_defaults=False)]


def _renamed(statement: Statement, prefix: str) -> Any:
    """The same statement with parameters of its own; its constants stay."""

    def renamed(element: Any, **_: Any) -> Any:
        if isinstance(element, BindParameter) and not element.unique:
            return bindparam(prefix + element.key, type_=element.type, expanding=element.expanding)
        return None

    return replacement_traverse(statement, {}, renamed)


_ONE: Label[int] = literal_column("1").label("one")


@functools.lru_cache(SHAPES)
def _once(table: Table, *, sqlite: bool) -> Insert:
    return (sqlite_insert if sqlite else postgresql_insert)(table).on_conflict_do_nothing()
