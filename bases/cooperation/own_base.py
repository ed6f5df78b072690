"""What a filler begins about a base of their own while it holds a name: a difficulty, or a change."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from bases import register
from bases.register import base
from engine import cases
from ground.database import Session, reading
from ground.errors import Forbidden, Refused
from ground.people import Actor

FILLER = "base_filler"
NAMED = frozenset({base.DESIGNATED, base.RECTIFYING})


def begin(
    process: str,
    base_ref: str,
    not_named: type[Refused],
    *,
    by: Actor,
    key: str,
    received_at: datetime | None,
    alone: bool = False,
) -> cases.Started:
    """Begin a case about this base; Forbidden for everybody who does not fill in for it, `not_named` without a name."""
    with reading() as session:
        found = register.by_ref(session, base_ref)
    if not any(held.role == FILLER and held.organ_id == found.organ_id for held in by.held):
        raise Forbidden(base=found.ref)
    if found.status not in NAMED:
        raise not_named(base=found.ref)
    return cases.start(
        process,
        subject=register.subject(found.id),
        region=found.county or found.city,
        organ=found.organ_id,
        title=found.name,
        alone=alone,
        by=by,
        key=key,
        received_at=received_at,
    )


def of(session: Session, by: Actor) -> list[Record[Any]]:
    """The named bases that this person fills in for."""
    organs = {held.organ_id for held in by.held if held.role == FILLER}
    return [one for one in register.bases_of(session, by) if one.organ_id in organs and one.status in NAMED]
