"""An application for the provincial name: who may begin one, for which base, in which batch, and only one at a time.

As soon as a batch has been announced, one applies on its days and on no others; before the first, in none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record, select

from bases import register
from bases.register import base
from bases.verdicts import batch, revocation
from engine import cases
from engine.cases import Case
from engine.definitions import Process
from ground import clock
from ground.database import Session, reading
from ground.errors import Forbidden, Refused
from ground.people import Actor

PROCESS = "designation-case"
FILLER = "base_filler"


class AlreadyOpen(Refused):
    """This base has an application under way; `case` is its ref."""

    code = "application.already_open"


class NotOpenToIt(Refused):
    """This base holds the name, so it cannot apply now."""

    code = "application.not_open_to_it"


class CoolingDown(Refused):
    """R-14.5: a base that has lost its name may apply again from this day on (文件未规定，系统默认：12个月)."""

    code = "application.cooling_down"


@dataclass(frozen=True)
class Prospect:
    """A base that this person fills in for, with its open application or the reason why none can begin."""

    base: Record[Any]
    open_case: str | None
    refused: Refused | None


def begin(base_ref: str, *, by: Actor, key: str, received_at: datetime | None = None) -> cases.Started:
    """Start an application for this base in the batch of this day; whoever has one under way is led back to it."""
    with reading() as session:
        found = register.by_ref(session, base_ref)
        under_way = _may_begin(session, found, by, clock.local_day(received_at or clock.now()))
        entered = 0 if under_way else _batch_on(session, received_at or clock.now())
    return under_way or cases.start(
        PROCESS,
        subject=register.subject(found.id),
        region=found.county or found.city,
        organ=found.organ_id,
        title=found.name,
        data={"whole_city": found.extent == base.WHOLE_CITY, "batch": entered},
        alone=True,
        by=by,
        key=key,
        received_at=received_at,
    )


def prospects(session: Session, by: Actor) -> list[Prospect]:
    """The bases for which this person may fill in, each with what can be done."""
    own = [held.organ_id for held in by.held if held.role == FILLER]
    bases = [each for each in register.bases_of(session, by) if each.organ_id in own]
    under_way = _open_cases(session, [register.subject(each.id) for each in bases])
    return [
        Prospect(
            base=each,
            open_case=under_way[subject].ref if subject in under_way else None,
            refused=_refused(session, each, clock.today()),
        )
        for each in bases
        for subject in [register.subject(each.id)]
    ]


def _batch_on(session: Session, at: datetime) -> int:
    """The number of the batch that is open at this moment; 0 while there has been none, NotOpen between two."""
    try:
        return int(batch.open_on(session, clock.local_day(at)).id)
    except batch.NoBatch:
        return 0


def _refused(session: Session, found: Record[Any], on: date) -> Refused | None:
    """Why this base cannot apply on this day."""
    if found.status == base.DRAFT:
        return None
    if found.status != base.REVOKED:
        return NotOpenToIt(base=found.ref, status=found.status)
    until = revocation.cooled(session, found.id, on)
    return CoolingDown(base=found.ref, until=until.isoformat(), clause=revocation.FROM) if until else None


def _may_begin(session: Session, found: Record[Any], by: Actor, on: date) -> cases.Started | None:
    if not any(held.role == FILLER and held.organ_id == found.organ_id for held in by.held):
        raise Forbidden(base=found.ref)
    if (refused := _refused(session, found, on)) is not None:
        raise refused
    open_case = _open_cases(session, [register.subject(found.id)]).get(register.subject(found.id))
    if open_case is None:
        return None
    if open_case.started_by != by.person:
        raise AlreadyOpen(base=found.ref, case=open_case.ref)
    return cases.Started(open_case.ref, open_case.number)


def _open_cases(session: Session, subjects: Sequence[str]) -> dict[str, Record[Any]]:
    rows = session.execute(
        select(Case.subject, Case.ref, Case.number, Case.started_by)
        .join(Process, Process.id == Case.process_id)
        .where(Process.key == PROCESS, Case.subject.in_(list(subjects)), Case.status != "closed")
        .order_by(Case.id)
    )
    return {row.subject: row for row in rows}
