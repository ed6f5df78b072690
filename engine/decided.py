"""What a table was asked of late, in which cases, and which of its rows answered: its rule on cases that were.

Only of cases that the reader may know of, and only what the table reads. Whoever may not read what sealed forms came to
sees the values and not whose they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, and_, select

from engine import definitions
from engine.cases import Case, sight, visible
from engine.definitions import Process
from engine.history import History
from engine.inputs import Input
from ground.database import Session
from ground.people import Actor

CASES = 60  # so many of the newest cases are looked through: a bounded walk however long the history is
SHOWN = 12


@dataclass(frozen=True)
class Decision:
    """One answer of the table: what it was asked, the ids of the rules that answered, and for which case, if told."""

    asked: Mapping[str, Any]
    rules: Sequence[str]
    ref: str = ""
    number: str = ""
    at: datetime | None = None


def lately(session: Session, process: str, table: str, by: Actor) -> list[Decision]:
    """The last answers of this table in cases of this process, the newest first."""
    newest = (
        select(Case.id, Case.ref, Case.number, Case.release_id)
        .join(Process, Process.id == Case.process_id)
        .where(Process.key == process, visible(by))
        .order_by(Case.id.desc())
        .limit(CASES)
        .subquery()
    )
    rows = session.execute(
        select(newest.c.ref, newest.c.number, newest.c.release_id, History.at, History.detail, Input.data)
        .join(History, History.case_id == newest.c.id)
        .join(Input, and_(Input.case_id == History.case_id, Input.seq == History.seq))
        .where(History.kind == "table.decided")
        .order_by(History.at.desc(), newest.c.ref)
    )
    of_table = [row for row in rows if row.detail.get("table") == table]
    return [_decision(session, row, by) for row in of_table[:SHOWN]]


def _decision(session: Session, row: Record[Any], by: Actor) -> Decision:
    if not sight.insider(by, definitions.pinned(session, row.release_id)):
        return Decision(row.data, row.detail["rows"])
    return Decision(row.data, row.detail["rows"], row.ref, row.number, row.at)
