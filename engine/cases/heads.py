"""Who answers for what a case waits for: the unit in whose queue a task is, and the head of that unit.

A task of the department's is its division head's, one of a city's its section head's. A county and a base answer to
their city; experts and other departments, where the department has asked, to the department. What an organ that has
ended left behind is its successor's, or the department's where it has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ground import organs, regions
from ground.database import Session
from ground.errors import Forbidden
from ground.organs import Organ
from ground.people import Actor

DIVISION, SECTION = "prov_division_head", "city_section_head"
CITY_LINE = frozenset({"city", "county", "base_body"})


@dataclass(frozen=True)
class Head:
    """The head of a unit: the role, and the organ in which it is held."""

    role: str
    organ_id: int

    def is_(self, by: Actor) -> bool:
        """Whether this person is it."""
        return any(held.role == self.role and held.organ_id == self.organ_id for held in by.held)


def of_queue(session: Session, queue: str, on: date) -> Head:
    """Whose head answers for a task in this queue; for one that is a person's own, the department's."""
    number = queue.rpartition("@")[2]
    return _of_organ(session, int(number), on) if number.isdigit() else _department(session)


def answers_for_all(session: Session, by: Actor, queues: Iterable[str], on: date) -> bool:
    """Whether this person is head of the department, or of the one city in which everything waits."""
    if any(held.role == DIVISION and held.organ_kind == "province" for held in by.held):
        return True
    heads = {of_queue(session, queue, on) for queue in set(queues)}
    return len(heads) == 1 and heads.pop().is_(by)


def check(session: Session, by: Actor, queue: str, on: date) -> None:
    """Forbidden for everybody but the head of the unit that this queue belongs to."""
    head = of_queue(session, queue, on)
    if not head.is_(by):
        raise Forbidden(queue=queue, role=head.role, rights=True)


def _of_organ(session: Session, organ_id: int, on: date) -> Head:
    row = session.execute(
        select(Organ.id, Organ.kind, Organ.region, Organ.valid_to, Organ.successor_id).where(Organ.id == organ_id)
    ).one_or_none()
    if row is None:
        return _department(session)
    if row.valid_to is not None and row.valid_to < on:
        return _of_organ(session, row.successor_id, on) if row.successor_id else _department(session)
    if row.kind not in CITY_LINE:
        return _department(session)
    if row.kind == "city":
        return Head(SECTION, row.id)
    acts = (Organ.kind == "city", Organ.region == regions.city_of(row.region), organs.valid(Organ))
    city = session.execute(select(Organ.id).where(*acts).order_by(Organ.id).limit(1), {"on": on}).scalar()
    return Head(SECTION, city) if city else _department(session)


def _department(session: Session) -> Head:
    return Head(DIVISION, organs.first_of(session, "province"))
