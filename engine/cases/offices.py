"""Which offices know of a case by themselves, without being asked by name: the province all, others what is theirs."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row as Record, or_, select

from ground.database import Session
from ground.grants import Grant
from ground.organs import Organ, valid
from ground.people import Actor, Held, Person

# Whoever works at the province sees every case; a city its own region, a county its own, a base its own.
PROVINCE_SEES = frozenset(
    {
        "prov_officer",
        "prov_checker",
        "prov_division_head",
        "prov_office",
        "prov_leader",
        "legal",
        "visit_team",
        "fair_trade",
        "meeting_secretary",
        "supervisor",
        "auditor",
    }
)
CITY_SEES = frozenset({"city_officer", "city_section_head", "city_leader"})


def knows(by: Actor, region: str, organ: int) -> bool:
    """Whether one of this person's roles shows them a case of this region and organ; the same as `sight.visible`."""
    return any(_knows(held, region, organ) for held in by.held)


def inside(by: Actor, organ_id: int | None) -> bool:
    """Whether this person is told what an office does among its own people: there, and at the province."""
    if by.person is None:
        return True
    return any(
        held.organ_id == organ_id or (held.role in PROVINCE_SEES and held.organ_kind == "province") for held in by.held
    )


def seat(by: Actor, region: str, organ: int, but: frozenset[str]) -> Held | None:
    """The first of this person's offices that shows them a case of this region and organ, without these roles."""
    return next((held for held in by.held if held.role not in but and _knows(held, region, organ)), None)


def who_know(session: Session, region: str, organ: int, on: date) -> Sequence[Record[Any]]:
    """Everybody whom one of their roles shows a case of this region and organ, once for each such role.

    Rows of id, ref, name, name_en, role, organ_id, organ_kind, region, organ_name, organ_name_en, in Chinese order.
    """
    here = or_(Organ.kind == "province", Organ.region.startswith(region[:4], autoescape=True), Organ.id == organ)
    rows = session.execute(_HOLDING.where(here).order_by(Organ.id, Person.sort_key, Person.id), {"on": on}).all()
    return [row for row in rows if _knows(row, region, organ)]


def _knows(held: Any, region: str, organ: int) -> bool:
    return bool(
        (held.role in PROVINCE_SEES and held.organ_kind == "province")
        or (held.role in CITY_SEES and region.startswith(held.region[:4]))
        or (held.role == "base_authority" and region == held.region)
        or (held.role == "base_filler" and organ == held.organ_id)
    )


_HOLDING = (
    select(
        Person.id,
        Person.ref,
        Person.name,
        Person.name_en,
        Grant.role,
        Organ.id.label("organ_id"),
        Organ.kind.label("organ_kind"),
        Organ.region,
        Organ.name.label("organ_name"),
        Organ.name_en.label("organ_name_en"),
    )
    .join(Grant, Grant.person_id == Person.id)
    .join(Organ, Organ.id == Grant.organ_id)
    .where(Person.active, valid(Grant), valid(Organ))
)
