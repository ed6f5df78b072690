"""Persons, and who holds which key in which organ, on a given day.

A key is what a task waits for and what a person holds: `role@<organ id>` or `person:<person id>`.
Validity runs from its first to its last day, both included.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from ground import ids, pinyin, regions
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.grants import Grant
from ground.organs import Organ, valid
from ground.types import Code, Day, Flag, Id, Ref, Text

SCOPES = ("case-county", "case-city", "province", "organ", "person")


class Person(Row):
    """Somebody who signs in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    login: Mapped[str] = mapped_column(Code(60), unique=True)
    name: Mapped[str] = mapped_column(Text(60))
    name_en: Mapped[str] = mapped_column(Text(120))
    sort_key: Mapped[str] = mapped_column(Text(400))
    password_hash: Mapped[str | None] = mapped_column(Text(200))
    active: Mapped[bool] = mapped_column(Flag)
    language: Mapped[str] = mapped_column(Code(2))


class ScopeUnknown(Refused):
    """No such scope; the linter lets no such diagram through."""

    code = "people.scope_unknown"
    status = 422


@dataclass(frozen=True, slots=True)
class Held:
    """One role in one organ, as its holder carries it."""

    role: str
    organ_id: int
    organ_code: str
    organ_name: str
    organ_name_en: str
    organ_kind: str
    region: str


@dataclass(frozen=True, slots=True)
class Lent:
    """A key that another person has lent, with whom it is of; for one process or region, or (empty) for all."""

    key: str
    person: int
    name: str
    name_en: str
    process: str = ""
    region: str = ""

    def covers(self, process: str, region: str) -> bool:
        """Whether it is good for a case of this process in this region."""
        return self.process in {"", process} and region.startswith(regions.stem(self.region))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with every role and key held on that day, and beside them the keys that others have lent for it.

    What is lent gives no role and opens no page: only tasks ask for it, and only where it is allowed.
    """

    person: int | None
    ref: str
    name: str
    name_en: str
    held: tuple[Held, ...]
    keys: frozenset[str]
    lent: tuple[Lent, ...] = ()

    def has(self, role: str) -> bool:
        """Whether the role is held anywhere."""
        return any(held.role == role for held in self.held)


SYSTEM = Actor(person=None, ref="", name="系统", name_en="System", held=(), keys=frozenset())


@dataclass(frozen=True, slots=True)
class Addressee:
    """The key a wait is stored with, and whether anybody holds it today."""

    key: str
    held: bool


@dataclass(frozen=True, slots=True)
class Name:
    """What a person or an organ is called."""

    id: int
    ref: str
    name: str
    name_en: str


def actor(session: Session, person_id: int, on: date) -> Actor:
    """The person with all keys held on this day, in one statement; Missing if inactive or unknown."""
    rows = session.execute(_ACTOR, {"person": person_id, "on": on}).all()
    if not rows:
        raise Missing(person=person_id)
    held = tuple(Held(*tuple(row)[4:]) for row in rows if row.role is not None)
    keys = {person_key(person_id), *(role_key(one.role, one.organ_id) for one in held)}
    person, ref, name, name_en = tuple(rows[0])[:4]
    return Actor(person, ref, name, name_en, held, frozenset(keys))


def resolve(session: Session, role: str, scope: str, argument: int | str | None, region: str, on: date) -> Addressee:
    """Turn a task's role and scope into one key; where no such organ is, a key that nobody can hold."""
    if scope == "person":
        person_id = argument if isinstance(argument, int) else 0
        active = session.peek(_IS_ACTIVE, {"person": person_id}).scalar()
        return Addressee(person_key(person_id), held=bool(active))
    statement, where = _seat_of(scope, argument, region)
    seat = session.peek(statement, {"role": role, "on": on, **where}).first()
    return Addressee(role_key(role, seat.organ), held=bool(seat.held)) if seat else Addressee(role_key(role, 0), False)


def holders(session: Session, key: str, on: date) -> list[Name]:
    """Everybody active who holds this key on this day, in Chinese order."""
    role, _, number = key.partition("@")
    if number:
        rows = session.execute(_HOLDERS, {"role": role, "organ": int(number), "on": on})
    else:
        rows = session.execute(_ACTIVE_PERSON, {"person": int(key.removeprefix("person:"))})
    return [Name(*tuple(row)) for row in rows]


def members(session: Session, organ_id: int, on: date) -> list[tuple[Name, str]]:
    """Everybody active in an organ on this day with each of their roles there, in Chinese order."""
    rows = session.execute(_MEMBERS, {"organ": organ_id, "on": on})
    return [(Name(*tuple(row)[:4]), row.role) for row in rows]


def in_office(session: Session, role: str, on: date) -> list[Name]:
    """Everybody active who holds this role anywhere on this day, in Chinese order."""
    held = exists().where(Grant.person_id == Person.id, Grant.role == role, valid(Grant))
    rows = session.execute(select(*_NAME).where(held, Person.active).order_by(Person.sort_key, Person.id), {"on": on})
    return [Name(*tuple(row)) for row in rows]


def vacant(session: Session, role: str, kind: str, on: date) -> list[str]:
    """The regions of this kind of organ in which nobody active holds the role on this day, by code."""
    holds = exists().where(
        Grant.organ_id == Organ.id, Grant.role == role, valid(Grant), Person.id == Grant.person_id, Person.active
    )
    wanted = select(Organ.region).where(Organ.kind == kind, valid(Organ)).group_by(Organ.region)
    held = select(Organ.region).where(Organ.kind == kind, valid(Organ), holds)
    rows = session.execute(wanted.where(Organ.region.not_in(held)).order_by(Organ.region), {"on": on})
    return [row.region for row in rows]


def organ_of(session: Session, person_id: int, role: str, on: date) -> int | None:
    """The organ in which this person holds a role on this day; None if they do not."""
    held = select(Grant.organ_id).where(Grant.person_id == person_id, Grant.role == role, valid(Grant))
    organ: int | None = session.execute(held.order_by(Grant.id).limit(1), {"on": on}).scalar()
    return organ


def role_key(role: str, organ_id: int) -> str:
    """`city_officer@12`."""
    return f"{role}@{organ_id}"


def person_key(person_id: int) -> str:
    """`person:7`."""
    return f"person:{person_id}"


def name_of(session: Session, person_ids: Iterable[int]) -> dict[int, Name]:
    """The names of these persons, active or not."""
    rows = session.execute(select(*_NAME).where(Person.id.in_(set(person_ids))))
    return {row.id: Name(*tuple(row)) for row in rows}


def add_person(
    session: Session, login: str, name: str, name_en: str, *, password_hash: str | None = None, language: str = "zh"
) -> int:
    """Write an active person without any role and return the number."""
    values = {
        "ref": ids.ref(),
        "login": login,
        "name": name,
        "name_en": name_en,
        "sort_key": pinyin.person_key(name),
        "password_hash": password_hash,
        "active": True,
        "language": language,
    }
    number: int = session.scalar(insert(Person).values(**values).returning(Person.id))
    return number


def _seat_of(scope: str, argument: int | str | None, region: str) -> tuple[Select[Any], dict[str, Any]]:
    if scope == "case-county":
        return _BY_REGION, {"kind": "county", "region": region}
    if scope == "case-city":
        return _BY_REGION, {"kind": "city", "region": region[:4] + "00"}
    if scope == "province":
        return _BY_REGION, {"kind": "province", "region": region[:2] + "0000"}
    if scope == "organ":
        return (_BY_ID, {"organ": argument}) if isinstance(argument, int) else (_BY_CODE, {"organ": argument or ""})
    raise ScopeUnknown(scope=scope, known=SCOPES)


def _seat(where: ColumnElement[bool]) -> Select[Any]:
    """The organ meant, or its successor once it has ended, and whether anybody active holds the role there.

    Of two organs in one place the one that acts is meant; where none does, the successor of the one that did.
    """
    ended = Organ.valid_to < bindparam("on", type_=Day())
    organ = case((ended, func.coalesce(Organ.successor_id, Organ.id)), else_=Organ.id).label("organ")
    holds = and_(Grant.organ_id == organ, Grant.role == bindparam("role"), valid(Grant))
    held = exists().where(holds, Person.id == Grant.person_id, Person.active)
    return select(organ, held.label("held")).where(where).order_by(case((ended, 1), else_=0), Organ.id).limit(1)


_NAME = (Person.id, Person.ref, Person.name, Person.name_en)
_HELD = (Grant.role, Organ.id, Organ.code, Organ.name, Organ.name_en, Organ.kind, Organ.region)
_ACTOR = (
    select(*_NAME, *_HELD)
    .select_from(Person)
    .outerjoin(Grant, and_(Grant.person_id == Person.id, valid(Grant)))
    .outerjoin(Organ, Organ.id == Grant.organ_id)
    .where(Person.id == bindparam("person"), Person.active)
    .order_by(Grant.id)
)
_HAS_BEGUN = Organ.valid_from <= bindparam("on", type_=Day())
_BY_REGION = _seat(and_(Organ.kind == bindparam("kind"), Organ.region == bindparam("region"), _HAS_BEGUN))
_BY_ID = _seat(Organ.id == bindparam("organ"))
_BY_CODE = _seat(Organ.code == bindparam("organ"))
_ACTIVE_PERSON = select(*_NAME).where(Person.id == bindparam("person"), Person.active)
_IS_ACTIVE = select(exists().where(Person.id == bindparam("person"), Person.active))
_HOLDS = and_(Grant.person_id == Person.id, Grant.role == bindparam("role"), Grant.organ_id == bindparam("organ"))
_HOLDERS = (
    select(*_NAME).where(exists().where(_HOLDS, valid(Grant)), Person.active).order_by(Person.sort_key, Person.id)
)
_MEMBERS = (
    select(*_NAME, Grant.role)
    .join(Grant, Grant.person_id == Person.id)
    .where(Grant.organ_id == bindparam("organ"), valid(Grant), Person.active)
    .order_by(Person.sort_key, Person.id, Grant.role)
)
