"""The lists of a batch as they were signed: who signed, when and how; and who is on the next one, or off it, and why.

A base stands on a list when its notice is over and no objection holds it. One whose objection was upheld leaves the
list only when a person has confirmed it, and is refused only by a signed list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.verdicts import batch_entry
from bases.verdicts.notice import CLOSED, Notice, NoticeBase
from bases.verdicts.objection import HOLDS, UPHELD, Objection
from ground.database import Row, Session
from ground.people import Person
from ground.types import Code, Day, Id, Instant, Ref, Text, Whole

HERE, ON_PAPER = "here", "paper"
STRUCK_REASON = "因异议成立不列入。"


class BatchList(Row):
    """One signed list; `signature` is the ref of the paper signature that it rests on, if it was signed on paper."""

    __tablename__ = "batch_list"

    batch_id: Mapped[int] = mapped_column(Id, ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    how: Mapped[str] = mapped_column(Code(10))
    signer: Mapped[str] = mapped_column(Text(60))
    decided_on: Mapped[date] = mapped_column(Day)
    by_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    minutes_number: Mapped[str | None] = mapped_column(Text(60))
    signature: Mapped[str | None] = mapped_column(Ref)


@dataclass(frozen=True)
class Signing:
    """How a list was signed: here by a leader, or on paper, confirmed by a second person."""

    how: str
    signer: str
    decided_on: date
    by: int
    at: datetime
    minutes_number: str | None = None
    signature: str | None = None


def sign(session: Session, batch_id: int, signing: Signing) -> int:
    """Keep a signed list; its number in the batch."""
    last = session.scalar(select(func.max(BatchList.number)).where(BatchList.batch_id == batch_id))
    number = int(last or 0) + 1
    facts = {"how": signing.how, "signer": signing.signer, "decided_on": signing.decided_on, "at": signing.at}
    rest = {"minutes_number": signing.minutes_number, "signature": signing.signature, "by_person": signing.by}
    session.execute(insert(BatchList).values(batch_id=batch_id, number=number, **facts, **rest))
    return number


def signed(session: Session, batch_id: int, number: int | None) -> Record[Any] | None:
    """The list of this number, if it was signed."""
    wanted = select(*_COLUMNS).where(BatchList.batch_id == batch_id, BatchList.number == number)
    return session.execute(wanted).one_or_none()


def of_batch(session: Session, batch_id: int) -> Sequence[Record[Any]]:
    """The signed lists, oldest first."""
    return session.execute(select(*_COLUMNS).where(BatchList.batch_id == batch_id).order_by(BatchList.number)).all()


def next_one(session: Session, batch_id: int) -> list[Record[Any]]:
    """Whoever the next signature designates: noticed, held by no objection, and none upheld."""
    waiting = [each for each in _ready(session, batch_id) if each.noticed]
    off = objected(session, waiting, (*HOLDS, UPHELD))
    return [each for each in waiting if each.case_id not in off and each.struck_at is None]


def struck(session: Session, batch_id: int) -> list[Record[Any]]:
    """Whoever was taken off by a person's confirmation, and is not decided yet."""
    return [each for each in _ready(session, batch_id) if each.struck_at is not None]


def upheld(session: Session, batch_id: int) -> list[tuple[Record[Any], Record[Any]]]:
    """Whoever has an upheld objection that nobody has confirmed yet, each with that objection."""
    waiting = [each for each in _ready(session, batch_id) if each.noticed and each.struck_at is None]
    found = objected(session, waiting, (UPHELD,))
    return [(each, found[each.case_id]) for each in waiting if each.case_id in found]


def strike(session: Session, case_id: int, by: int | None, now: datetime) -> None:
    """A person has confirmed that the base is not on the list, since an objection to it was upheld."""
    batch_entry.amend(session, case_id, struck_by=by, struck_at=now, reason=STRUCK_REASON)


def objected(session: Session, entries: Sequence[Record[Any]], states: Sequence[str]) -> Mapping[int, Record[Any]]:
    """For each of these applications the newest objection in one of these states, in a notice of it that is over."""
    if not entries:
        return {}
    rows = session.execute(
        select(NoticeBase.case_id, Objection.ref, Objection.state, Objection.settled_at, Objection.case_id.label("of"))
        .join(Notice, Notice.id == NoticeBase.notice_id)
        .join(Objection, (Objection.notice_id == Notice.id) & (Objection.base_id == NoticeBase.base_id))
        .where(
            NoticeBase.case_id.in_([each.case_id for each in entries]),
            Notice.state == CLOSED,
            Objection.state.in_(list(states)),
        )
        .order_by(Objection.id)
    )
    return {row.case_id: row for row in rows}


def strikers(session: Session, entries: Sequence[Record[Any]]) -> Mapping[int, Record[Any]]:
    """The names of those who confirmed that a base leaves the list, by person."""
    wanted = {each.struck_by for each in entries if each.struck_by is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name, Person.name_en).where(Person.id.in_(wanted)))
    return {row.id: row for row in rows}


def _ready(session: Session, batch_id: int) -> list[Record[Any]]:
    return [each for each in batch_entry.of_batch(session, batch_id) if each.state == batch_entry.READY]


_COLUMNS = tuple(BatchList.__table__.columns)
