"""What begins with an entry: a register may name a process that is asked for about the base, once for each entry.

Its case is the department's own: the base, its county and its city see it only when they are asked by name.
"""

from datetime import datetime
from typing import Any

from bases.register import base
from bases.register.ledgers.definition import Register
from engine import cases
from engine.cases import Beginning
from ground import people, regions
from ground.clock import local_day
from ground.database import Session

OFFICER = "prov_officer"


def begin(session: Session, register: Register, entry: Any, now: datetime) -> None:
    """Ask for the process right after the commit; it knows the entry by its ref."""
    found = base.by_id(session, entry.base_id)
    seat = people.resolve(session, OFFICER, "province", None, regions.PROVINCE, local_day(now)).key
    cases.ask(
        session,
        Beginning(
            process=register.begins,
            subject=base.subject(found.id),
            region=regions.PROVINCE,
            organ=int(seat.partition("@")[2]),
            title=found.name,
            key=entry.ref,
            data={"entry": entry.ref},
            alone=False,
        ),
    )
