"""The names a base holds: provincial, given by the Department of Commerce (Article 2), national, given by the Ministry.

A base may hold both. Article 9: only a signed decision after the notice gives the provincial one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Row as Record,
    ScalarSelect,
    distinct,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bases.register import base, change
from bases.register.base import AlreadyNamed, Base
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.types import Code, Day, Id, Text, Whole

PROVINCIAL, NATIONAL = "provincial", "national"


class Title(Row):
    """One name of one base; `granted_on` stays empty where only the year is known.

    A national one that is entered here names the Ministry's document with its day; no row is ever deleted. A
    provincial one with the day on which it was given has the case that gave it; those of before this register do not.
    """

    __tablename__ = "title"
    __table_args__ = (
        Index("ix_title_base", "base_id", "kind"),
        CheckConstraint(
            "kind <> 'national' OR granted_on IS NULL OR "
            "(document IS NOT NULL AND document_on IS NOT NULL AND case_id IS NOT NULL)",
            name="ck_title_paper",
        ),
        CheckConstraint("kind <> 'provincial' OR granted_on IS NULL OR case_id IS NOT NULL", name="ck_title_case_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    kind: Mapped[str] = mapped_column(Code())
    year: Mapped[int] = mapped_column(Whole)
    granted_on: Mapped[date | None] = mapped_column(Day)
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    document: Mapped[str | None] = mapped_column(Text(120))
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    document_on: Mapped[date | None] = mapped_column(Day)


class NoPaper(Refused):
    """The national name is the Ministry's to give: it is entered with the case, the document and its day."""

    code = "title.no_paper"
    status = 422


@dataclass(frozen=True)
class Signed:
    """What `verdicts` brings with it: the case, who signed, from which day it holds, on which document."""

    source: change.Source
    document: str | None = None
    document_on: date | None = None


def designate(session: Session, base_id: int, signed: Signed) -> str:
    """Give a base the provincial name and its code; AlreadyNamed unless it is a draft or has lost the name."""
    code, before = _name(session, base_id)
    grant(session, base_id, PROVINCIAL, signed)
    change.record(session, base_id, "status", before, base.DESIGNATED, signed.source)
    return code


def inherit(session: Session, base_id: int, named: Sequence[tuple[str, int]], at: datetime) -> str:
    """Enter names given before this register was kept, known by kind and year; for the first filling only."""
    code, _before = _name(session, base_id)
    for kind, year in named:
        last_day = date(year, 12, 31)
        session.execute(insert(Title).values(base_id=base_id, kind=kind, year=year, valid_from=last_day))
        change.record(session, base_id, "title", None, kind, change.Source(at, last_day))
    first = date(min(year for _kind, year in named), 12, 31)
    change.record(session, base_id, "status", base.DRAFT, base.DESIGNATED, change.Source(at, first))
    return code


def grant(session: Session, base_id: int, kind: str, signed: Signed) -> None:
    """Write the name itself, from the day of the decision."""
    on = signed.source.holds_from
    if on is None:
        message = "a name needs the day it is given"
        raise ValueError(message)
    if kind == NATIONAL and not (signed.document and signed.document_on and signed.source.case_id):
        raise NoPaper(base=base_id)
    session.execute(
        insert(Title).values(
            base_id=base_id,
            kind=kind,
            year=on.year,
            granted_on=on,
            valid_from=on,
            document=signed.document,
            document_on=signed.document_on,
            case_id=signed.source.case_id,
        )
    )
    change.record(session, base_id, "title", None, kind, signed.source)


def titles_of(session: Session, base_ids: Sequence[int]) -> dict[int, list[Record[Any]]]:
    """The names of these bases, oldest first."""
    rows = session.execute(
        select(
            Title.base_id, Title.kind, Title.year, Title.granted_on, Title.valid_from, Title.valid_to, Title.document
        )
        .where(Title.base_id.in_(list(base_ids)))
        .order_by(Title.valid_from, Title.id)
    )
    found: dict[int, list[Record[Any]]] = {}
    for row in rows:
        found.setdefault(row.base_id, []).append(row)
    return found


def holding(
    session: Session, on: date, cities: Sequence[str] | None = None
) -> list[tuple[Record[Any], frozenset[str]]]:
    """The bases that hold a name on this day, in Chinese order, each with the kinds that it holds."""
    wanted = select(*Base.__table__.columns, Title.kind).join(Title, Title.base_id == Base.id).where(*_holds(on))
    if cities is not None:
        wanted = wanted.where(Base.city.in_(list(cities)))
    kinds: dict[int, set[str]] = {}
    rows: dict[int, Record[Any]] = {}
    for row in session.execute(wanted.order_by(Base.sort_key, Base.id)):
        rows.setdefault(row.id, row)
        kinds.setdefault(row.id, set()).add(row.kind)
    return [(row, frozenset(kinds[number])) for number, row in rows.items()]


def number_of(kind: str, on: date) -> ScalarSelect[int]:
    """How many bases hold a name of this kind on this day, for whoever asks for more in one statement."""
    wanted = select(func.count(distinct(Title.base_id))).join(Base, Title.base_id == Base.id)
    return wanted.where(Title.kind == kind, *_holds(on)).scalar_subquery()


def _holds(on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Title.valid_from <= on,
        # Its last day is that of the decision. A national name that is left alone counts for no base without the other.
        or_(Title.valid_to > on, Title.valid_to.is_(None) & Base.status.in_([base.DESIGNATED, base.RECTIFYING])),
    )


def _name(session: Session, base_id: int) -> tuple[str, str]:
    """Turn a draft, or a base without its name, into a designated one, under a lock: two decisions make one name."""
    found = session.execute(
        select(Base.status, Base.code, Base.city, Base.county).where(Base.id == base_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise Missing(base=base_id)
    if found.status not in {base.DRAFT, base.REVOKED}:
        raise AlreadyNamed(base=base_id, status=found.status)
    code = found.code or f"SC{found.county or found.city}-{base_id:03d}"
    session.execute(update(Base).where(Base.id == base_id).values(status=base.DESIGNATED, code=code))
    return code, found.status
