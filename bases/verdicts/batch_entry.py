"""The applications in a batch: when each entered, how it was scored and ranked, what became of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.verdicts.batch import Batch
from engine.cases import Case
from ground.database import Row, Session
from ground.types import Code, Day, Flag, Id, Instant, Text, Whole

UNDER_WAY, READY, DECIDED, OUT = "under_way", "ready", "decided", "out"
DESIGNATE, REFUSE = "designate", "refuse"


class Entry(Row):
    """One application in a batch; `average` and `spread` in hundredths of a point.

    `list_number` is the signed list it stood on. `struck_by` confirmed that it leaves the list, since an objection to
    it was upheld.
    """

    __tablename__ = "batch_entry"
    __table_args__ = (Index("ix_batch_entry_batch", "batch_id", "state", "rank"),)

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(Id, ForeignKey("batch.id"))
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    city: Mapped[str] = mapped_column(Code(6))
    state: Mapped[str] = mapped_column(Code())
    reported_on: Mapped[date | None] = mapped_column(Day)
    city_rank: Mapped[int | None] = mapped_column(Whole)
    average: Mapped[int | None] = mapped_column(Whole)
    spread: Mapped[int | None] = mapped_column(Whole)
    visited: Mapped[bool] = mapped_column(Flag)
    rank: Mapped[int | None] = mapped_column(Whole)
    tied: Mapped[bool] = mapped_column(Flag)
    listed: Mapped[str | None] = mapped_column(Code())
    reason: Mapped[str | None] = mapped_column(Text(2000))
    noticed: Mapped[bool] = mapped_column(Flag)
    withdrawn: Mapped[bool] = mapped_column(Flag)
    list_number: Mapped[int | None] = mapped_column(Whole)
    outcome: Mapped[str | None] = mapped_column(Code())
    struck_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    struck_at: Mapped[datetime | None] = mapped_column(Instant)


def counts(session: Session, cities: Collection[str] | None = None) -> Mapping[int, int]:
    """How many applications each batch has; with `cities`, how many of theirs."""
    wanted = select(Entry.batch_id, func.count().label("n")).group_by(Entry.batch_id)
    if cities is not None:
        wanted = wanted.where(Entry.city.in_(list(cities)))
    return {row.batch_id: row.n for row in session.execute(wanted)}


def enter(session: Session, batch_id: int, case_id: int, base: Record[Any]) -> None:
    """An application enters the batch."""
    flags = {"visited": False, "tied": False, "noticed": False, "withdrawn": False}
    values = {"case_id": case_id, "batch_id": batch_id, "base_id": base.id, "city": base.city, "state": UNDER_WAY}
    session.execute(insert(Entry).values(**values, **flags))


def of_case(session: Session, case_id: int) -> Record[Any] | None:
    """The application's place in its batch; None for one that began before there were batches."""
    return session.execute(select(*_COLUMNS).where(Entry.case_id == case_id)).one_or_none()


def deciding(session: Session, case_ids: Collection[int]) -> Mapping[int, int]:
    """For each of these applications that stands in a batch, the case of that batch."""
    rows = session.execute(
        select(Entry.case_id, Batch.case_id.label("batch_case"))
        .join(Batch, Batch.id == Entry.batch_id)
        .where(Entry.case_id.in_(list(case_ids)), Batch.case_id.is_not(None))
    )
    return {row.case_id: row.batch_case for row in rows}


def of_batch(session: Session, batch_id: int) -> Sequence[Record[Any]]:
    """Every application of the batch with its base and number, those ranked first, in their order."""
    return session.execute(
        _WITH_BASE.where(Entry.batch_id == batch_id).order_by(
            Entry.rank.is_(None), Entry.rank, Entry.city, func.coalesce(Entry.city_rank, 9999), Entry.case_id
        )
    ).all()


def amend(session: Session, case_id: int, **facts: Any) -> None:
    """Write down what is new about an application in its batch."""
    session.execute(update(Entry).where(Entry.case_id == case_id).values(**facts))


def undecided(session: Session, batch_id: int) -> int:
    """How many wait for a result; one that was refused at intake stands in the batch and waits for nothing."""
    waiting = {READY, UNDER_WAY}
    return sum(each.state in waiting and each.case_status != "closed" for each in of_batch(session, batch_id))


def room(session: Session, batch: Record[Any]) -> int | None:
    """How many may still be proposed: the quota less who was designated or stands on a notice; None is no limit."""
    if batch.quota is None:
        return None
    taken: int = sum(
        each.outcome == DESIGNATE or (each.noticed and each.state == READY) for each in of_batch(session, batch.id)
    )
    return max(int(batch.quota) - taken, 0)


def stages(session: Session, batch_id: int) -> Mapping[str, int]:
    """How many applications stand where, by state."""
    rows = session.execute(
        select(Entry.state, func.count().label("n")).where(Entry.batch_id == batch_id).group_by(Entry.state)
    )
    return {row.state: row.n for row in rows}


_COLUMNS = tuple(Entry.__table__.columns)
_BASE = register.Base.__table__.c
_WITH_BASE = (
    select(
        *_COLUMNS,
        _BASE.ref.label("base_ref"),
        _BASE.name.label("base_name"),
        _BASE.name_en.label("base_name_en"),
        Case.ref.label("case_ref"),
        Case.number,
        Case.started_at,
        Case.moved_at,
        Case.status.label("case_status"),
        Case.region,
        Case.organ_id,
    )
    .join(register.Base, _BASE.id == Entry.base_id)
    .join(Case, Case.id == Entry.case_id)
)
