"""To which unit what may be sent: an order in the department's own line, a request beyond it, never to a person.

Handbook §7.3: about a case it goes to whoever is answerable for what the case waits for.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row as Record, and_, or_, select

from bases.cooperation.supervision import COLOURS, REMIND, REQUEST
from engine import definitions
from engine.cases import Case
from engine.waits import Wait
from ground import clock, organs, people, regions
from ground.database import Session
from ground.errors import Refused
from ground.organs import Body, Organ

DEPARTMENT = "sc-mofcom"
# What a kind of organ may be sent: the department's own line orders, other organs a request, experts a reminder.
OPEN_TO = {
    "province": COLOURS,
    "city": COLOURS,
    "department": (REQUEST,),
    "expert_pool": (REMIND,),
}


class ToPerson(Refused):
    """An order goes to a unit and never to a person."""

    code = "supervision.to_person"
    status = 422


class OtherOrgan(Refused):
    """An order goes to the department's own divisions and to city authorities; other organs are sent a request."""

    code = "supervision.other_organ"
    status = 422


def addressee(session: Session, code: str, level: str = "") -> Body:
    """The unit of this code; refused by name where an order of this level may not go there."""
    if not code or code.startswith("person:"):
        raise ToPerson(unit=code)
    organ = organs.body(session, code)
    open_to = OPEN_TO.get(organ.kind, ())
    if not open_to or (level and level not in open_to):
        raise OtherOrgan(unit=code, level=level)
    return organ


def check(session: Session, organ_id: int, level: str) -> None:
    """OtherOrgan where this organ is not sent anything of this level."""
    addressee(session, organs.bodies(session, [organ_id])[organ_id].code, level)


def holder_unit(session: Session, case_id: int) -> Body:
    """Who is answerable for what a case waits for: the organ asked; for a county or a base, its city's authority."""
    wait = waiting(session, case_id)
    if wait is None:
        return organs.body(session, DEPARTMENT)
    organ_id = asked_organ(session, wait)
    organ = organs.bodies(session, [organ_id])[organ_id]
    if organ.kind in OPEN_TO:
        return organ
    return organs.body(session, f"city-{regions.city_of(organ.region)}")


def waiting(session: Session, case_id: int) -> Record[Any] | None:
    """What a case has waited for longest past its day; None if it waits for nobody."""
    return session.execute(
        select(*Wait.__table__.columns).where(Wait.case_id == case_id).order_by(Wait.due_at, Wait.id).limit(1)
    ).one_or_none()


def asked_organ(session: Session, wait: Record[Any]) -> int:
    """The organ whose queue a task is in; of a task of one person the organ in which they hold its role."""
    _role, _at, organ = wait.queue.partition("@")
    if organ:
        return int(organ)
    case = session.execute(select(Case.organ_id, Case.release_id).where(Case.id == wait.case_id)).one()
    element = definitions.pinned(session, case.release_id).element(wait.element)
    person = int(wait.queue.rpartition(":")[2])
    where = people.organ_of(session, person, element.role if element and element.role else "", clock.today())
    return case.organ_id if where is None else where


def addressees(session: Session, on: date) -> Sequence[Record[Any]]:
    """The units that an order or a request may be sent to today: the department, the cities' authorities, others."""
    where = (
        Organ.kind.in_(("province", "city")),
        and_(Organ.kind == "department", Organ.region == regions.PROVINCE),
    )
    return session.execute(
        select(Organ.code, Organ.name, Organ.name_en).where(or_(*where), organs.valid(Organ)).order_by(Organ.id),
        {"on": on},
    ).all()
