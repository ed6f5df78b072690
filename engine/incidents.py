"""What went wrong with a case, for the supervisor to see: where, which code, since when, and that it was mended."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Row as Record,
    SQLColumnExpression,
    exists,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.ids import ref as new_ref
from ground.types import Code, Document, Id, Instant, Ref, Whole

NOBODY = "role.without_holder"
# A letter that does not leave: the case goes on, and no move of it mends the line.
UNDELIVERED = "letter.undelivered"


class Incident(Row):
    """A move that failed; the same failure again is counted, not written again."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_case", "case_id", "closed_at"),
        Index(
            "ix_incident_open",
            *("opened_at", "id", "case_id"),
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    code: Mapped[str] = mapped_column(Code())
    element: Mapped[str | None] = mapped_column(Code(120))
    detail: Mapped[dict[str, Any]] = mapped_column(Document)
    count: Mapped[int] = mapped_column(Whole)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


def report(
    session: Session, case_id: int, code: str, element: str | None, detail: dict[str, Any], now: datetime
) -> tuple[str, bool]:
    """Write it down, or count it if it is open already; its ref, and whether it is new."""
    again = session.execute(
        update(Incident)
        .where(
            Incident.case_id == case_id,
            Incident.code == code,
            Incident.element.is_not_distinct_from(element),
            Incident.closed_at.is_(None),
        )
        .values(count=Incident.count + 1)
        .returning(Incident.ref)
    ).first()
    if again is not None:
        return again.ref, False
    ref = new_ref()
    session.execute(
        insert(Incident).values(
            ref=ref, case_id=case_id, code=code, element=element, detail=detail, count=1, opened_at=now
        )
    )
    return ref, True


def is_open(case_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether a case has an incident, as a column beside its own."""
    return exists().where(Incident.case_id == case_id, Incident.closed_at.is_(None))


def mend(session: Session, case_id: int, standing: Collection[str], now: datetime) -> list[str]:
    """The case has moved: close what stood open, but for a task that still waits for a role nobody holds; the refs."""
    rows = session.execute(
        update(Incident)
        .where(
            Incident.case_id == case_id,
            Incident.closed_at.is_(None),
            Incident.code != UNDELIVERED,
            or_(Incident.code != NOBODY, Incident.element.not_in(list(standing))),
        )
        .values(closed_at=now)
        .returning(Incident.ref)
    )
    return sorted(row.ref for row in rows)


def end(session: Session, case_id: int, code: str, now: datetime) -> list[str]:
    """What stood open under this code is mended; the refs."""
    rows = session.execute(
        update(Incident)
        .where(Incident.case_id == case_id, Incident.code == code, Incident.closed_at.is_(None))
        .values(closed_at=now)
        .returning(Incident.ref)
    )
    return sorted(row.ref for row in rows)


def end_at(session: Session, case_id: int, code: str, element: str, now: datetime) -> None:
    """What stood open under this code at one element is mended."""
    here = (Incident.case_id == case_id, Incident.code == code, Incident.element == element)
    session.execute(update(Incident).where(*here, Incident.closed_at.is_(None)).values(closed_at=now))


def open_of(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """What stands open in a case, oldest first."""
    return session.execute(
        select(Incident)
        .where(Incident.case_id == case_id, Incident.closed_at.is_(None))
        .order_by(Incident.opened_at, Incident.id)
    ).all()
