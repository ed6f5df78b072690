"""The supervisor begins an order: about a case, to whoever has it in hand, or about a matter, to a named unit."""

from datetime import datetime

from bases.cooperation import supervision_units as units
from bases.cooperation.supervision import ABOUT_CASE, ABOUT_MATTER, PROCESS, SUPERVISOR
from engine import cases
from ground import organs
from ground.database import reading
from ground.errors import Forbidden, Refused
from ground.people import Actor
from ground.types import clean


class NoMatter(Refused):
    """Neither a case nor a matter is named."""

    code = "supervision.no_matter"
    status = 422


def begin(
    *, by: Actor, key: str, about: str = "", matter: str = "", unit: str = "", received_at: datetime | None = None
) -> cases.Started:
    """Begin an order about a case or about a matter; Forbidden for everybody but the supervisor.

    The case itself is not touched.
    """
    if not by.has(SUPERVISOR):
        raise Forbidden(process=PROCESS)
    with reading() as session:
        found = cases.find(session, about, by) if about else None
        title = f"{found.number} {found.title}" if found else clean(matter).strip()
        if not title:
            raise NoMatter
        organ = units.holder_unit(session, found.id) if found else units.addressee(session, unit)
        home = organs.body(session, units.DEPARTMENT)
    return cases.start(
        PROCESS,
        subject=f"{ABOUT_CASE}{found.ref}" if found else f"{ABOUT_MATTER}{key}",
        region=home.region,
        organ=organ.id,
        title=title[:120],
        by=by,
        key=key,
        received_at=received_at,
    )
