"""Recusal (N-1): ties of experts to bases and organs, declared or on file, with their source and who decided.

A tie keeps an expert from a base while it is upheld; what follows from the register of persons alone (the same unit,
the same city) is worked out at each draw and needs no row.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, func, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.register.base import Base
from engine.cases import Case
from ground.database import Row, Session
from ground.organs import Organ
from ground.people import Person
from ground.types import Code, Day, Id, Instant, Text

KIN, PAST_EMPLOYER, ADVISER, INTEREST, OTHER = "kin", "past_employer", "adviser", "interest", "other"
KINDS = (KIN, PAST_EMPLOYER, ADVISER, INTEREST, OTHER)
SOURCES = ("expert", "file", "reported")
UPHELD, REFUSED = "upheld", "refused"
MOST = 500


class Conflict(Row):
    """One tie of an expert to a base or an organ; `until` is the last day of an employment, none while it lasts."""

    __tablename__ = "conflict"
    __table_args__ = (Index("ix_conflict_person", "person_id", "base_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    base_id: Mapped[int | None] = mapped_column(Id, ForeignKey("base.id"))
    organ_id: Mapped[int | None] = mapped_column(Id, ForeignKey("organ.id"))
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(Code())
    source: Mapped[str] = mapped_column(Code())
    until: Mapped[date | None] = mapped_column(Day)
    facts: Mapped[str] = mapped_column(Text(2000))
    decision: Mapped[str] = mapped_column(Code())
    decided_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)


def record(session: Session, person: int, kind: str, source: str, now: datetime, **more: Any) -> None:
    """Write a tie; the same tie of the same case is written once."""
    row = {"person_id": person, "kind": kind, "source": source, "decision": UPHELD, "decided_at": now, **_EMPTY, **more}
    same = select(Conflict.id).where(
        Conflict.person_id == person, Conflict.kind == kind, Conflict.case_id == row["case_id"]
    )
    if row["case_id"] is None or session.execute(same).first() is None:
        session.execute(insert(Conflict).values(**row))


def against(session: Session, base: Record[Any], on: date, years: int) -> dict[int, str]:
    """Who must stand aside for this base on this day, and why; an employment counts for so many years after its end."""
    rows = session.execute(
        select(Conflict.person_id, Conflict.kind, Conflict.until)
        .where(
            Conflict.decision == UPHELD,
            or_(Conflict.base_id == base.id, Conflict.organ_id == base.organ_id),
        )
        .order_by(Conflict.id)
    )
    found: dict[int, str] = {}
    for row in rows:
        if row.kind != PAST_EMPLOYER or row.until is None or _years_after(row.until, years) > on:
            found.setdefault(row.person_id, row.kind)
    return found


def of_case(session: Session, case_id: int) -> list[Record[Any]]:
    """What was declared in a case, refused or upheld, oldest first."""
    columns = (Conflict.person_id, Conflict.kind, Conflict.source, Conflict.facts, Conflict.until)
    decided = (Conflict.decision, Conflict.decided_by, Conflict.decided_at)
    where = Conflict.case_id == case_id
    return list(session.execute(select(*columns, *decided).where(where).order_by(Conflict.id)))


def count(session: Session) -> int:
    """How many ties are on record."""
    return int(session.scalar(select(func.count()).select_from(Conflict)) or 0)


def every(session: Session, limit: int = MOST) -> Sequence[Record[Any]]:
    """The register of recusals, the newest first: whose tie to which base or organ, from where, decided by whom."""
    decider = Person.__table__.alias("decider")
    columns = (
        *Conflict.__table__.columns,
        Person.name,
        Person.name_en,
        Base.name.label("base"),
        Base.name_en.label("base_en"),
        Organ.name.label("organ"),
        Organ.name_en.label("organ_en"),
        Case.ref.label("case_ref"),
        Case.number,
        decider.c.name.label("decider"),
        decider.c.name_en.label("decider_en"),
    )
    return session.execute(
        select(*columns)
        .join(Person, Person.id == Conflict.person_id)
        .outerjoin(Base, Base.id == Conflict.base_id)
        .outerjoin(Organ, Organ.id == Conflict.organ_id)
        .outerjoin(Case, Case.id == Conflict.case_id)
        .outerjoin(decider, decider.c.id == Conflict.decided_by)
        .order_by(Conflict.id.desc())
        .limit(limit)
    ).all()


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


_EMPTY = {"base_id": None, "organ_id": None, "case_id": None, "until": None, "facts": "", "decided_by": None}
