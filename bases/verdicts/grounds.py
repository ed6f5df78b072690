"""Grounds of Articles 14 and 13(2), each confirmed by a named person with evidence, kept apart from every score.

A confirmed ground of Article 14 shuts «pass»; whether to rectify or to revoke stays for a decision. A suspicion, a
passed default deadline or a low score is no ground.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Document, Id, Instant, Text

# Article 14: no organs or idle ones; no reports or false ones; serious accidents and violations.
ARTICLE_14 = ("14a", "14b", "14c")
# Article 13(2): no application for re-assessment; not rectified; not passed.
ARTICLE_13_2 = ("13.2a", "13.2b", "13.2c")
CLAUSES: Mapping[str, str] = {**dict.fromkeys(ARTICLE_14, "14"), **dict.fromkeys(ARTICLE_13_2, "13(2)")}


class Ground(Row):
    """One confirmed ground of one case; one that was confirmed anew or taken back keeps its row with the day."""

    __tablename__ = "ground"
    __table_args__ = (Index("ix_ground_case", "case_id", "code"), Index("ix_ground_base", "base_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    code: Mapped[str] = mapped_column(Code(10))
    evidence: Mapped[str] = mapped_column(Text(5000))
    files: Mapped[Any] = mapped_column(Document)
    confirmed_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    confirmed_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class UnknownGround(Refused):
    """The text knows no ground of this code."""

    code = "ground.unknown"
    status = 422


class Unconfirmed(Refused):
    """A ground stands only with a person who confirms it and with evidence."""

    code = "ground.unconfirmed"
    status = 422


def confirm(
    session: Session,
    *,
    case_id: int,
    base_id: int,
    code: str,
    evidence: str,
    by: int | None,
    at: datetime,
    files: Sequence[str] = (),
) -> None:
    """Put the ground on record under this person's name; what was confirmed of it before stands aside."""
    if code not in CLAUSES:
        raise UnknownGround(ground=code)
    if by is None or not evidence.strip():
        raise Unconfirmed(ground=code)
    withdraw(session, case_id, code, at)
    values = {"case_id": case_id, "base_id": base_id, "code": code, "evidence": evidence.strip()}
    session.execute(insert(Ground).values(**values, files=list(files), confirmed_by=by, confirmed_at=at))


def withdraw(session: Session, case_id: int, code: str, at: datetime) -> None:
    """The ground is confirmed no longer; that it once was stays to be read."""
    standing = (Ground.case_id == case_id, Ground.code == code, Ground.withdrawn_at.is_(None))
    session.execute(update(Ground).where(*standing).values(withdrawn_at=at))


def confirmed(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """The grounds of a case that stand, by code."""
    return session.execute(
        select(*Ground.__table__.columns)
        .where(Ground.case_id == case_id, Ground.withdrawn_at.is_(None))
        .order_by(Ground.code, Ground.id)
    ).all()


def of_article_14(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """R-14.4: those that shut «pass»."""
    return [row for row in confirmed(session, case_id) if row.code in ARTICLE_14]
