"""Experts: which fields each stands for, and who of them holds office today."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.grants import Grant
from ground.organs import Organ
from ground.people import Person
from ground.types import Code, Id

EXPERT = "expert"
FIELDS = ("industry", "finance", "trade", "technology", "quality", "law")


class ExpertField(Row):
    """One field of an expert; D03 asks for one of industry, and one of finance or trade."""

    __tablename__ = "expert_field"

    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    field: Mapped[str] = mapped_column(Code(), primary_key=True)


class FieldUnknown(Refused):
    """No such field of experts."""

    code = "expert.field_unknown"
    status = 422


def describe(session: Session, person: int, fields: Iterable[str]) -> None:
    """Write the fields of an expert that are not there yet."""
    wanted = list(fields)
    if unknown := set(wanted) - set(FIELDS):
        raise FieldUnknown(fields=sorted(unknown), known=FIELDS)
    known = set(session.execute(select(ExpertField.field).where(ExpertField.person_id == person)).scalars())
    rows = [{"person_id": person, "field": each} for each in wanted if each not in known]
    if rows:
        session.execute(insert(ExpertField), rows)


def fields(session: Session) -> dict[int, tuple[str, ...]]:
    """The fields of every expert, in one order."""
    found: dict[int, list[str]] = {}
    for row in session.execute(select(ExpertField.person_id, ExpertField.field).order_by(ExpertField.field)):
        found.setdefault(row.person_id, []).append(row.field)
    return {person: tuple(each) for person, each in found.items()}


def holding(session: Session, on: date) -> Sequence[Record[Any]]:
    """Everybody who holds the role of an expert on this day: person, ref, name, organ, region; a row an organ."""
    return session.execute(
        select(Person.id, Person.ref, Person.name, Organ.id.label("organ"), Organ.region)
        .join(Grant, Grant.person_id == Person.id)
        .join(Organ, Organ.id == Grant.organ_id)
        .where(
            Person.active,
            Grant.role == EXPERT,
            Grant.valid_from <= on,
            or_(Grant.valid_to.is_(None), Grant.valid_to >= on),
        )
        .order_by(Person.ref, Grant.id)
    ).all()


def named(session: Session, name: str, on: date) -> list[int]:
    """The experts of this name on this day; one of them, if the name is unmistakable."""
    return sorted({row.id for row in holding(session, on) if row.name == name.strip()})
