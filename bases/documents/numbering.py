"""Numbers of documents (D-2): by series and year, `川商贸发〔2026〕15号`; a number once given is never given again.

By the parameter `document.numbering` they come from the office's own system («登记OA文号») or from here («系统编号»),
and then without a gap: the counter's row is locked until the transaction ends, and what is rolled back was never given.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground import parameters
from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Id, Instant, Text, Whole

PARAMETER = "document.numbering"
OA, SYSTEM = "oa", "system"
GIVEN, VOID = "given", "void"
# GB/T 9704-2012 §7.2.5: the year in full between six-cornered brackets, no leading zero, no 第.
NUMBER = re.compile(r"(?P<series>[\u3400-\u9fff]{1,20})〔(?P<year>20[0-9]{2})〕(?P<seq>[1-9][0-9]{0,4})号")


class DocumentNumber(Row):
    """One number; a void one stays, with its reason."""

    __tablename__ = "document_number"
    __table_args__ = (Index("ix_document_number_document", "document_id"),)

    series: Mapped[str] = mapped_column(Text(20), primary_key=True)
    year: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"))
    source: Mapped[str] = mapped_column(Code(10))
    state: Mapped[str] = mapped_column(Code(10))
    reason: Mapped[str] = mapped_column(Text(2000))
    given_at: Mapped[datetime] = mapped_column(Instant)
    given_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))


class DocumentCounter(Row):
    """The last number of a series in a year."""

    __tablename__ = "document_counter"

    series: Mapped[str] = mapped_column(Text(20), primary_key=True)
    year: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Whole)


class NumberTaken(Refused):
    """This number was given before, to this document or to another; a void number is not given again either."""

    code = "document.number_taken"


class BadNumber(Refused):
    """This is no number as documents bear them."""

    code = "document.bad_number"
    status = 422


@dataclass(frozen=True)
class Number:
    """A number in its parts."""

    series: str
    year: int
    seq: int

    def __str__(self) -> str:
        return f"{self.series}〔{self.year}〕{self.seq}号"


def switch(session: Session, on: date) -> str:
    """Where numbers come from on this day: `oa` or `system`."""
    return SYSTEM if parameters.value(session, PARAMETER, on).value == SYSTEM else OA


def parse(text: str) -> Number:
    """The parts of a number that was typed; BadNumber if it is none."""
    found = NUMBER.fullmatch(text.strip())
    if found is None:
        raise BadNumber(number=text[:60])
    return Number(found["series"], int(found["year"]), int(found["seq"]))


def give(session: Session, document_id: int, series: str, year: int, by: int | None, now: datetime) -> Number:
    """The next number of this series and year."""
    number = Number(series, year, _counted(session, series, year, None))
    _write(session, number, document_id, SYSTEM, by, now)
    return number


def register(session: Session, document_id: int, number: Number, by: int | None, now: datetime) -> Number:
    """Write down a number that the office's own system gave; NumberTaken if it stands here already."""
    if taken(session, number):
        raise NumberTaken(number=str(number))
    _counted(session, number.series, number.year, number.seq)
    _write(session, number, document_id, OA, by, now)
    return number


def taken(session: Session, number: Number) -> bool:
    """Whether this number was given, void or not."""
    wanted = select(DocumentNumber.seq).where(*_at(number))
    return session.scalar(wanted) is not None


def void(session: Session, number: Number, reason: str) -> None:
    """The number is not used; it stays in the register with the reason."""
    session.execute(update(DocumentNumber).where(*_at(number)).values(state=VOID, reason=reason))


def registered(session: Session, series: str, year: int) -> list[Record[Any]]:
    """The register of a series and year, in the order of its numbers."""
    rows = select(DocumentNumber.__table__).where(DocumentNumber.series == series, DocumentNumber.year == year)
    return list(session.execute(rows.order_by(DocumentNumber.seq)))


def _counted(session: Session, series: str, year: int, seen: int | None) -> int:
    """Move the counter on by one, or up to a number that came from elsewhere; its row is locked from here on."""
    session.put_once(DocumentCounter, {"series": series, "year": year, "last": 0})
    row = (DocumentCounter.series == series, DocumentCounter.year == year)
    if seen is not None:
        session.execute(update(DocumentCounter).where(*row, DocumentCounter.last < seen).values(last=seen))
        return seen
    counted = update(DocumentCounter).where(*row).values(last=DocumentCounter.last + 1)
    return int(session.scalar(counted.returning(DocumentCounter.last)))


def _write(session: Session, number: Number, document_id: int, source: str, by: int | None, now: datetime) -> None:
    values = {"series": number.series, "year": number.year, "seq": number.seq, "document_id": document_id}
    written = {"source": source, "state": GIVEN, "reason": "", "given_at": now, "given_by": by}
    if not session.put_once(DocumentNumber, {**values, **written}):
        raise NumberTaken(number=str(number))


def _at(number: Number) -> tuple[Any, ...]:
    return (
        DocumentNumber.series == number.series,
        DocumentNumber.year == number.year,
        DocumentNumber.seq == number.seq,
    )
