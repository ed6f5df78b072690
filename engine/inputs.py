"""What came into a diagram from outside, line by line of its case's history: enough to play the case once more.

What people answered stands in their submissions. Here stand the data that a case began with, what the registered steps
gave back, what messages brought and what tables were asked: scalars that the diagram reads. A trial plays them again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session, table
from ground.types import Document, Id


class Input(Row):
    """The data of one line."""

    __tablename__ = "case_input"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    data: Mapped[dict[str, Any]] = mapped_column(Document)


def write(session: Session, case_id: int, given: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Keep the data of these lines, with the move that they belong to."""
    if given:
        session.later(_INSERT, [{"case_id": case_id, "seq": seq, "data": dict(data)} for seq, data in given])


def of_case(session: Session, case_id: int) -> dict[int, Mapping[str, Any]]:
    """The data by line."""
    rows = session.execute(select(Input.seq, Input.data).where(Input.case_id == case_id))
    return {row.seq: row.data for row in rows}


_INSERT = insert(table(Input))
