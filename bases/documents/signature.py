"""线下签批: what a leader wrote on paper, entered with its scan by one person and confirmed against it by another.

Until it is confirmed it moves nothing. Any signed step may call the process paper-signature instead of its own task:
it comes back with `outcome` as it stands on the paper, and the record kept here is shown wherever the decision is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases import Case
from ground.database import Row, Session
from ground.errors import Refused
from ground.ids import ref as new_ref
from ground.people import Person
from ground.types import Code, Day, Id, Instant, Ref, Text, Whole

PAGE = 50


class PaperSignature(Row):
    """One confirmed signature on paper: where it counts, its words, the scan and the page, and the two who vouch."""

    __tablename__ = "paper_signature"
    __table_args__ = (Index("ix_paper_signature_case", "case_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    place: Mapped[str] = mapped_column(Code(120))
    outcome: Mapped[str] = mapped_column(Code(20))
    words: Mapped[str] = mapped_column(Text(3000))
    signer: Mapped[str] = mapped_column(Text(60))
    signed_on: Mapped[date] = mapped_column(Day)
    scan: Mapped[str] = mapped_column(Ref)
    page: Mapped[int] = mapped_column(Whole)
    entered_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    confirmed_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    confirmed_at: Mapped[datetime] = mapped_column(Instant)


class Unconfirmed(Refused):
    """A signature on paper counts once a second person has confirmed it."""

    code = "signature.unconfirmed"


@dataclass(frozen=True)
class Entered:
    """What stands on the paper, as it was typed."""

    outcome: str
    words: str
    signer: str
    signed_on: date
    scan: str
    page: int
    by: int


def confirm(
    session: Session, case_id: int, place: str, entered: Entered, confirmed_by: int | None, now: datetime
) -> str:
    """Keep it; Unconfirmed unless two different persons stand behind it. Returns its ref."""
    if confirmed_by is None or confirmed_by == entered.by:
        raise Unconfirmed(case=case_id, place=place)
    ref = new_ref()
    values = {
        "ref": ref,
        "case_id": case_id,
        "place": place,
        "outcome": entered.outcome,
        "words": entered.words,
        "signer": entered.signer,
        "signed_on": entered.signed_on,
        "scan": entered.scan,
        "page": entered.page,
        "entered_by": entered.by,
        "confirmed_by": confirmed_by,
        "confirmed_at": now,
    }
    session.execute(insert(PaperSignature).values(**values))
    return ref


def of_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """The signatures on paper of a case, oldest first, with the names of the two who vouch."""
    return session.execute(_NAMED.where(PaperSignature.case_id == case_id).order_by(PaperSignature.id)).all()


def named(session: Session, refs: Collection[str]) -> Mapping[str, Record[Any]]:
    """These signatures by their refs, wherever they were entered; nothing is asked where there is none."""
    if not refs:
        return {}
    return {row.ref: row for row in session.execute(_NAMED.where(PaperSignature.ref.in_(refs)))}


def listed(session: Session, year: int | None = None, before: str | None = None) -> Sequence[Record[Any]]:
    """N-8: a page of all signatures on paper, the newest first, each with its case; `before` is the last one seen."""
    wanted = _NAMED.add_columns(Case.ref.label("case_ref"), Case.number, Case.title).join(
        Case, Case.id == PaperSignature.case_id
    )
    if year is not None:
        wanted = wanted.where(PaperSignature.signed_on.between(date(year, 1, 1), date(year, 12, 31)))
    if before is not None:
        seen = select(PaperSignature.id).where(PaperSignature.ref == before).scalar_subquery()
        wanted = wanted.where(PaperSignature.id < seen)
    return session.execute(wanted.order_by(PaperSignature.id.desc()).limit(PAGE)).all()


def years(session: Session) -> list[int]:
    """The years in which anything was signed on paper, the newest first."""
    ends = select(func.min(PaperSignature.signed_on).label("first"), func.max(PaperSignature.signed_on).label("last"))
    found = session.execute(ends).one()
    return list(range(found.last.year, found.first.year - 1, -1)) if found.first else []


_entered, _confirmed = Person.__table__.alias("entered"), Person.__table__.alias("confirmed")
_NAMED = (
    select(
        PaperSignature.__table__,
        _entered.c.name.label("entered_name"),
        _entered.c.name_en.label("entered_name_en"),
        _confirmed.c.name.label("confirmed_name"),
        _confirmed.c.name_en.label("confirmed_name_en"),
    )
    .join(_entered, _entered.c.id == PaperSignature.entered_by)
    .join(_confirmed, _confirmed.c.id == PaperSignature.confirmed_by)
)
