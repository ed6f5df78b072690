"""Whose register it is: the places where a person may enter something, and the entries that a person may see.

Nobody sees or writes anything that no line here allows; what a person may not see is Missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from bases.register.base import EVERYWHERE, IN_THE_CITY, Base
from bases.register.ledgers.definition import BASE, CITY, ORGAN, PROVINCE, PUBLIC, SIGNED_IN, Register
from bases.register.ledgers.entry import LIVE, LedgerEntry
from ground import organs, regions
from ground.database import Session
from ground.people import Actor, Held, role_key

DEPARTMENT = "dept_liaison"
OF_THE_BASE = frozenset({"base_filler", "base_authority"})
# Who stands above whom: an entry is changed by the organ that made it, or by one above.
RANKS = {
    "base_filler": 1,
    "base_authority": 2,
    **dict.fromkeys(IN_THE_CITY, 3),
    DEPARTMENT: 4,
    **dict.fromkeys(EVERYWHERE, 5),
}
ALL_PROVINCE = "province"


@dataclass(frozen=True)
class Seat:
    """A place where somebody may enter something: a base, an organ, a city or the whole province; `at` names it."""

    at: str
    name: str
    name_en: str
    role: str
    organ_id: int
    base_id: int | None = None
    city: str | None = None

    @property
    def key(self) -> str:
        """Under which role and organ the entry is made."""
        return role_key(self.role, self.organ_id)


def seats(session: Session, register: Register, by: Actor) -> list[Seat]:
    """Every place where this person may enter something, the highest role first where several allow it."""
    held = sorted(
        (each for each in by.held if each.role in register.writers), key=lambda each: -RANKS.get(each.role, 0)
    )
    found: dict[str, Seat] = {}
    for each in held:
        for seat in _SEATS[register.scope](session, each):
            found.setdefault(seat.at, seat)
    return list(found.values())


def seat(session: Session, register: Register, by: Actor, at: str) -> Seat | None:
    """The place of this name, if this person may enter something there."""
    return next((each for each in seats(session, register, by) if each.at == at), None)


def changes_as(session: Session, register: Register, by: Actor, entry: Any) -> Seat | None:
    """As whom this person may change an entry: as the organ that made it, or as one that stands above it there."""
    wanted = _at(session, register, entry)
    for each in seats(session, register, by):
        above = RANKS.get(each.role, 0) > RANKS.get(entry.by_role, 0)
        if each.at == wanted and (above or each.organ_id == entry.organ_id):
            return each
    return None


def publishes(register: Register, by: Actor) -> bool:
    """Whether this person may publish what stands in this register."""
    return any(by.has(role) for role in register.published_by)


def sight(register: Register, by: Actor) -> ColumnElement[bool]:
    """Which entries of a register this person may see."""
    allowed = [_of_one(register, each) for each in by.held if not register.readers or each.role in register.readers]
    if by.held and register.open in {SIGNED_IN, PUBLIC}:
        allowed.append(LedgerEntry.published_at.is_not(None) if register.published_by else true())
    return and_(LedgerEntry.register == register.code, or_(false(), *allowed))


def is_reader(register: Register, by: Actor) -> bool:
    """Whether there can be anything for this person in this register at all."""
    if not by.held:
        return False
    known = register.readers or RANKS
    return register.open in {SIGNED_IN, PUBLIC} or any(each.role in known for each in by.held)


def public(register: Register) -> ColumnElement[bool]:
    """Which entries everybody may see: those of a public register that are published and stand."""
    shown = register.open == PUBLIC
    return and_(
        LedgerEntry.register == register.code if shown else false(),
        LedgerEntry.published_at.is_not(None),
        LedgerEntry.state == LIVE,
    )


def _of_one(register: Register, held: Held) -> ColumnElement[bool]:
    """What one role in one organ shows."""
    if held.role in EVERYWHERE:
        return true()
    if held.role in IN_THE_CITY:
        own = LedgerEntry.city == held.region
        return or_(own, LedgerEntry.city.is_(None)) if register.scope == CITY else own
    if held.role in OF_THE_BASE:
        return _of_base(register, held)
    return LedgerEntry.organ_id == held.organ_id if held.role == DEPARTMENT else false()


def _of_base(register: Register, held: Held) -> ColumnElement[bool]:
    if register.scope == CITY:
        return or_(LedgerEntry.city == regions.city_of(held.region), LedgerEntry.city.is_(None))
    mine = Base.organ_id == held.organ_id if held.role == "base_filler" else Base.county == held.region
    return LedgerEntry.base_id.in_(select(Base.id).where(mine))


def _at(session: Session, register: Register, entry: Any) -> str:
    if register.scope == BASE:
        return str(session.scalar(select(Base.ref).where(Base.id == entry.base_id)))
    if register.scope == ORGAN:
        return organs.bodies(session, [entry.organ_id])[entry.organ_id].ref
    return entry.city or ALL_PROVINCE


def _bases(session: Session, held: Held) -> Sequence[Seat]:
    where: ColumnElement[bool]
    if held.role in EVERYWHERE or held.role == DEPARTMENT:
        where = true()
    elif held.role in IN_THE_CITY:
        where = Base.city == held.region
    elif held.role == "base_authority":
        where = Base.county == held.region
    else:
        where = Base.organ_id == held.organ_id
    rows = session.execute(
        select(Base.id, Base.ref, Base.name, Base.name_en, Base.city).where(where).order_by(Base.sort_key, Base.id)
    )
    return [Seat(row.ref, row.name, row.name_en, held.role, held.organ_id, row.id, row.city) for row in rows]


def _organs(session: Session, held: Held) -> Sequence[Seat]:
    body = organs.bodies(session, [held.organ_id])[held.organ_id]
    city = regions.city_of(held.region) if held.region != regions.PROVINCE else None
    return [Seat(body.ref, body.name, body.name_en, held.role, held.organ_id, None, city)]


def _cities(session: Session, held: Held) -> Sequence[Seat]:
    if held.role in EVERYWHERE:
        return _province(session, held)
    if held.role not in IN_THE_CITY:
        return []
    place = regions.find(session, held.region)
    name, name_en = (place.name, place.name_en) if place else (held.region, held.region)
    return [Seat(held.region, name, name_en, held.role, held.organ_id, None, held.region)]


def _province(session: Session, held: Held) -> Sequence[Seat]:
    place = regions.find(session, regions.PROVINCE)
    name, name_en = (place.name, place.name_en) if place else ("", "")
    return [Seat(ALL_PROVINCE, name, name_en, held.role, held.organ_id)] if held.role in EVERYWHERE else []


_SEATS = {BASE: _bases, ORGAN: _organs, CITY: _cities, PROVINCE: _province}
