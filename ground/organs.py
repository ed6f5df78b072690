"""Organs: the bodies that act, with their names through time.

Validity runs from its first to its last day, both included.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, bindparam, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground import ids, pinyin
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.types import Code, Day, Id, Ref, Text

KINDS = ("province", "city", "county", "base_body", "department", "expert_pool")


class Organ(Row):
    """A body that acts: its name may change, then it ends and has a successor, and old papers keep the old name."""

    __tablename__ = "organ"
    __table_args__ = (Index(None, "kind", "region"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    code: Mapped[str] = mapped_column(Code(60), unique=True)
    name: Mapped[str] = mapped_column(Text(120))
    name_en: Mapped[str] = mapped_column(Text(200))
    kind: Mapped[str] = mapped_column(Code(20))
    region: Mapped[str] = mapped_column(ForeignKey("region.code"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))
    sort_key: Mapped[str] = mapped_column(Text(800))
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))


class KindUnknown(Refused):
    """No such kind of organ."""

    code = "people.kind_unknown"
    status = 422


@dataclass(frozen=True, slots=True)
class Body:
    """An organ as others read it."""

    id: int
    ref: str
    code: str
    name: str
    name_en: str
    kind: str
    region: str


_BODY = select(Organ.id, Organ.ref, Organ.code, Organ.name, Organ.name_en, Organ.kind, Organ.region)


def body(session: Session, code: str) -> Body:
    """The organ with this code."""
    row = session.execute(_BODY.where(Organ.code == code)).first()
    if row is None:
        raise Missing(organ=code)
    return Body(*tuple(row))


def by_ref(session: Session, ref: str) -> Body:
    """The organ of this ref."""
    row = session.execute(_BODY.where(Organ.ref == ref)).first()
    if row is None:
        raise Missing(organ=ref)
    return Body(*tuple(row))


def first_of(session: Session, kind: str) -> int:
    """The first organ of this kind: of a province there is one."""
    number: int | None = session.scalar(select(Organ.id).where(Organ.kind == kind).order_by(Organ.id).limit(1))
    if number is None:
        raise Missing(kind=kind)
    return number


def acting(session: Session, on: date) -> list[Body]:
    """Every organ that acts on this day, by kind and in Chinese order."""
    rows = session.execute(_BODY.where(valid(Organ)).order_by(Organ.kind, Organ.sort_key, Organ.id), {"on": on})
    return [Body(*tuple(row)) for row in rows]


def bodies(session: Session, organ_ids: Iterable[int]) -> dict[int, Body]:
    """These organs, ended or not."""
    rows = session.execute(_BODY.where(Organ.id.in_(set(organ_ids))))
    return {row.id: Body(*tuple(row)) for row in rows}


def add(
    session: Session,
    code: str,
    name: str,
    name_en: str,
    *,
    kind: str,
    region: str,
    valid_from: date,
    parent_id: int | None = None,
) -> int:
    """Write an organ and return its number."""
    if kind not in KINDS:
        raise KindUnknown(kind=kind, known=KINDS)
    named = {"ref": ids.ref(), "code": code, "name": name, "name_en": name_en, "sort_key": pinyin.key(name)}
    placed = {"kind": kind, "region": region, "valid_from": valid_from, "parent_id": parent_id}
    number: int = session.scalar(insert(Organ).values(**named, **placed).returning(Organ.id))
    return number


def end(session: Session, organ_id: int, last: date, successor_id: int | None = None) -> None:
    """The organ acts for the last time on this day; what waits for it afterwards goes to the successor."""
    session.execute(update(Organ).where(Organ.id == organ_id).values(valid_to=last, successor_id=successor_id))


def valid(row: Any) -> ColumnElement[bool]:
    """A condition for a table with valid_from and valid_to: the bound day `on` lies within."""
    on = bindparam("on", type_=Day())
    return and_(row.valid_from <= on, or_(row.valid_to.is_(None), row.valid_to >= on))
