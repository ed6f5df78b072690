"""A base: an export-oriented cluster area (Article 2), with its place, its industry and the body that runs it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Row as Record,
    Select,
    false,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bases.register import change
from ground import pinyin
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.people import Actor
from ground.types import Code, Document, Id, Instant, Ref, Text, Whole

DRAFT, DESIGNATED, RECTIFYING, REVOKED = "draft", "designated", "rectifying", "revoked"
WHOLE_CITY, COUNTY, AREA = "whole_city", "county", "area"
EVERYWHERE = frozenset(
    {
        "prov_officer",
        "prov_checker",
        "prov_division_head",
        "prov_office",
        "prov_leader",
        "legal",
        "fair_trade",
        "meeting_secretary",
        "supervisor",
        "auditor",
        "process_owner",
    }
)
IN_THE_CITY = frozenset({"city_officer", "city_section_head", "city_leader"})


class Base(Row):
    """One base; a county's base lies in a county, a whole city's base in none."""

    __tablename__ = "base"
    # Nobody is rectified or without a name unless a case has decided it and a person has signed.
    __table_args__ = (
        Index("ix_base_status", "status", "city", "sort_key"),
        CheckConstraint("status NOT IN ('rectifying', 'revoked') OR decided_in IS NOT NULL", name="ck_base_decided_in"),
        CheckConstraint("status NOT IN ('rectifying', 'revoked') OR decided_by IS NOT NULL", name="ck_base_decided_by"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    code: Mapped[str | None] = mapped_column(Code(40), unique=True)
    name: Mapped[str] = mapped_column(Text(120))
    name_en: Mapped[str] = mapped_column(Text(200))
    sort_key: Mapped[str] = mapped_column(Text(400))
    extent: Mapped[str] = mapped_column(Code())
    city: Mapped[str] = mapped_column(Code(6))
    county: Mapped[str | None] = mapped_column(Code(6))
    industry: Mapped[str] = mapped_column(Code())
    carriers: Mapped[list[str]] = mapped_column(Document)
    feature: Mapped[str] = mapped_column(Text(200))
    hs_codes: Mapped[list[str]] = mapped_column(Document)
    area_mu: Mapped[int | None] = mapped_column(Whole)
    status: Mapped[str] = mapped_column(Code())
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    decided_in: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    decided_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))


class AlreadyNamed(Refused):
    """This base holds the name already, or has lost it: it cannot be designated."""

    code = "base.already_named"


@dataclass(frozen=True)
class Facts:
    """What is known of a base before anybody has decided anything about it."""

    name: str
    name_en: str
    sort_key: str
    extent: str
    city: str
    county: str | None
    industry: str
    carriers: list[str]
    feature: str
    hs_codes: list[str]
    area_mu: int | None
    organ_id: int


def add(session: Session, facts: Facts, now: datetime) -> int:
    """Enter a base into the register as a draft; no name is given by that."""
    values = {**vars(facts), "ref": new_ref(), "status": DRAFT, "created_at": now}
    base_id = int(session.scalar(insert(Base).values(**values).returning(Base.id)))
    change.record(session, base_id, "entered", None, DRAFT, change.Source(at=now))
    return base_id


def amend(session: Session, base_id: int, name: str | None, area_mu: int | None) -> None:
    """A recorded change of name or area (变更备案); the line of the history is written by whoever records it."""
    values: dict[str, Any] = {}
    if name is not None:
        values |= {"name": name, "sort_key": pinyin.key(name)}
    if area_mu is not None:
        values["area_mu"] = area_mu
    if values:
        session.execute(update(Base).where(Base.id == base_id).values(**values))


def subject(base_id: int) -> str:
    """How a case names the base it is about."""
    return f"base:{base_id}"


def of_subject(session: Session, named: str) -> Record[Any]:
    """The base that a case is about, from `base:17`."""
    kind, _, number = named.partition(":")
    if kind != "base" or not number.isascii() or not number.isdigit():
        raise Missing(subject=named)
    return by_id(session, int(number))


def by_id(session: Session, base_id: int) -> Record[Any]:
    """The base of this number."""
    return _one(session, _columns().where(Base.id == base_id), base=base_id)


def by_ref(session: Session, ref: str) -> Record[Any]:
    """The base of this ref."""
    return _one(session, _columns().where(Base.ref == ref), base=ref)


def named(session: Session, base_ids: Iterable[int]) -> dict[int, Record[Any]]:
    """What these bases are called, and their refs."""
    rows = session.execute(select(Base.id, Base.ref, Base.name, Base.name_en).where(Base.id.in_(set(base_ids))))
    return {row.id: row for row in rows}


def in_english(session: Session, names: Collection[str]) -> dict[str, str]:
    """The English names of the bases that are called so in Chinese."""
    rows = session.execute(select(Base.name, Base.name_en).where(Base.name.in_(set(names)), Base.name_en != ""))
    return {row.name: row.name_en for row in rows}


def bases_of(session: Session, actor: Actor) -> Sequence[Record[Any]]:
    """The bases that this person has to do with: the own one, those of the county or the city, or all."""
    return session.execute(_columns().where(belong_to(actor)).order_by(Base.sort_key, Base.id)).all()


def belong_to(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition, for whoever asks for more than the bases in one statement."""
    mine: list[ColumnElement[bool]] = [false()]
    for held in actor.held:
        if held.role in EVERYWHERE:
            return true()
        if held.role == "base_filler":
            mine.append(Base.organ_id == held.organ_id)
        elif held.role == "base_authority":
            mine.append(Base.county == held.region)
        elif held.role in IN_THE_CITY:
            mine.append(Base.city == held.region)
    return or_(*mine)


def _columns() -> Select[Any]:
    return select(*Base.__table__.columns)


def _one(session: Session, statement: Select[Any], **named: Any) -> Record[Any]:
    found = session.execute(statement).one_or_none()
    if found is None:
        raise Missing(**named)
    return found
