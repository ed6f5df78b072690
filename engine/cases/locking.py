"""Take one case for a move: one statement locks its row and reads all that it waits for.

Where two moves meet on PostgreSQL, the second waits inside this statement and then sees the new row of the case beside
the old rows of what it waited for (READ COMMITTED takes its snapshot before the lock). `seen` tells: if the case has
gone on since the snapshot, by a move (`rev`) or a line of its history (`seq`), it is read again, under the lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Label,
    Row as Record,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from engine import incidents
from engine.cases.case import Case
from engine.waits import TABLES, Subscription, Timer, Wait
from ground.database import Session, table
from ground.types import Flag, Whole


class Which(NamedTuple):
    """Which case is meant: the statement that takes it, and the value it is found by."""

    statement: CompoundSelect[Any]
    value: int | str


@dataclass(frozen=True)
class Taken:
    """The case's row with `troubled` beside it, and its open waits, timers and subscriptions: `kind` says which."""

    case: Record[Any]
    standing: Sequence[Record[Any]]


def of_wait(wait_ref: str) -> Which:
    """The case of this open task."""
    return Which(_OF_WAIT, wait_ref)


def of_ref(case_ref: str) -> Which:
    """The case of this address."""
    return Which(_OF_REF, case_ref)


def of_id(case_id: int) -> Which:
    """The case of this number."""
    return Which(_OF_ID, case_id)


def take_free(session: Session, case_ids: Sequence[int]) -> list[Taken]:
    """Those of these cases that nobody else is moving, locked and read; a busy one is left for another time."""
    rows = session.execute(_OF_IDS, {"values": list(case_ids)}).all()
    standing: dict[int, list[Record[Any]]] = {}
    for row in rows:
        if row.kind != "case":
            standing.setdefault(row.case_id, []).append(row)
    cases = sorted((row for row in rows if row.kind == "case"), key=lambda row: row.id)
    return [Taken(row, standing.get(row.id, [])) for row in cases if _is_fresh(row)]


def due_free(session: Session, now: datetime, limit: int) -> list[int]:
    """The cases that have a timer due and that no other node is moving, the longest due first."""
    return list(session.execute(_DUE_FREE, {"now": now, "most": limit}).scalars())


def take(session: Session, which: Which) -> Taken | None:
    """Lock the case and read it; None if there is no such case, or no longer such a task."""
    taken = _read(session, which)
    return taken if taken is None or _is_fresh(taken.case) else _read(session, which)


def _read(session: Session, which: Which) -> Taken | None:
    rows = session.execute(which.statement, {"value": which.value}).all()
    case = next((row for row in rows if row.kind == "case"), None)
    return Taken(case, [row for row in rows if row.kind != "case"]) if case else None


def _is_fresh(case: Record[Any]) -> bool:
    return bool(case.seen == case.rev + case.seq)


def _take(which: ColumnElement[bool], *, skip_locked: bool = False) -> CompoundSelect[Any]:
    """The case first, then what it waits for: rows of one width, empty where a column is not theirs."""
    locked = select(*_OF_CASE).where(which).with_for_update(skip_locked=skip_locked).cte("locked")
    before = aliased(Case)
    facts = {
        **locked.c,
        "troubled": incidents.is_open(locked.c.id),
        "seen": select(before.rev + before.seq).where(before.id == locked.c.id).scalar_subquery(),
    }
    types = {**{each.name: each.type for each in (*_OF_CASE, *_OF_WAITS)}, "troubled": Flag, "seen": Whole}
    first = [facts[name] if name in facts else cast(null(), of) for name, of in types.items()]
    # The first line names the columns and gives them their types.
    lines = [select(literal_column("'case'").label("kind"), *map(Label, types, first)).select_from(locked)]
    for kind, row in TABLES.items():
        own = {each.name: each for each in table(row).c}
        columns: list[Any] = [own.get(name, literal_column("NULL")) for name in types]
        lines.append(
            select(literal_column(f"'{kind}'"), *columns).select_from(locked.join(row, row.case_id == locked.c.id))
        )
    return union_all(*lines)


_OF_CASE = (
    Case.id,
    Case.ref,
    Case.number,
    Case.title,
    Case.release_id,
    Case.process_id,
    Case.version_id,
    Case.subject,
    Case.region,
    Case.organ_id,
    Case.started_at,
    Case.status,
    Case.rev,
    Case.seq,
    Case.head,
    Case.state,
)
_OF_WAITS = (
    Wait.token,
    Wait.element,
    Wait.case_id,
    Wait.form,
    Wait.item,
    Wait.queue,
    Wait.held_by,
    Wait.held_at,
    Wait.hung,
    Wait.held_for,
    Timer.due_at,
    Subscription.message,
    Subscription.sender,
)
_VALUE: BindParameter[Any] = bindparam("value")
_OF_WAIT = _take(Case.id == select(Wait.case_id).where(Wait.ref == _VALUE).scalar_subquery())
_OF_REF = _take(Case.ref == _VALUE)
_OF_ID = _take(Case.id == _VALUE)
_OF_IDS = _take(Case.id.in_(bindparam("values", expanding=True)), skip_locked=True)
_DUE_FREE = (
    select(Case.id)
    .join(Timer, Timer.case_id == Case.id)
    .where(Timer.stopped.is_(False), Timer.due_at <= bindparam("now"))
    .order_by(Timer.due_at, Timer.id)
    .limit(bindparam("most"))
    .with_for_update(of=table(Case), skip_locked=True)
)
