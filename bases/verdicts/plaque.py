"""The plaques of newly designated bases (Article 2, 授牌): made, handed over, received; one by one or all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.verdicts import batch_entry
from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Day, Id, Instant, Ref, Text


class Plaque(Row):
    """One plaque that was handed over; `photo` is the ref of a photograph or of a signed receipt."""

    __tablename__ = "plaque"
    __table_args__ = (Index("ix_plaque_batch", "batch_id"),)

    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"), primary_key=True, autoincrement=False)
    batch_id: Mapped[int] = mapped_column(Id, ForeignKey("batch.id"), primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(Code(60), unique=True)
    made_on: Mapped[date | None] = mapped_column(Day)
    handed_on: Mapped[date] = mapped_column(Day)
    receiver: Mapped[str] = mapped_column(Text(60))
    photo: Mapped[str | None] = mapped_column(Ref)
    entered_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)


class NumberTaken(Refused):
    """Another base has the plaque of this number."""

    code = "plaque.number_taken"
    status = 422


@dataclass(frozen=True)
class Handed:
    """One plaque as it was entered."""

    base_id: int
    number: str
    made_on: date | None
    handed_on: date
    receiver: str
    photo: str | None


def hand(session: Session, batch_id: int, given: Handed, by: int | None, now: datetime) -> None:
    """Keep it; NumberTaken if this number was given, or if this base has its plaque."""
    values = {"batch_id": batch_id, **vars(given), "entered_by": by, "entered_at": now}
    if not session.put_once(Plaque, values):
        raise NumberTaken(number=given.number)


def missing(session: Session, batch_id: int) -> list[Record[Any]]:
    """The designated bases of a batch that have no plaque yet, in the order of the ranking."""
    handed = {each.base_id for each in of_batch(session, batch_id)}
    return [
        each
        for each in batch_entry.of_batch(session, batch_id)
        if each.outcome == batch_entry.DESIGNATE and each.base_id not in handed
    ]


def of_batch(session: Session, batch_id: int) -> Sequence[Record[Any]]:
    """The plaques of a batch."""
    return session.execute(
        select(*_COLUMNS).where(Plaque.batch_id == batch_id).order_by(Plaque.handed_on, Plaque.base_id)
    ).all()


def of_base(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """The plaques of a base, the newest first."""
    return session.execute(select(*_COLUMNS).where(Plaque.base_id == base_id).order_by(Plaque.handed_on.desc())).all()


def taken(session: Session, numbers: Sequence[str]) -> set[str]:
    """Which of these numbers are on a plaque already."""
    rows = session.execute(select(Plaque.number).where(Plaque.number.in_(list(numbers))))
    return {row.number for row in rows}


_COLUMNS = tuple(Plaque.__table__.columns)
