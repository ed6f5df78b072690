"""改派: the head of a unit gives an open task to another who holds its key or, where an office is gone, to another.

Four eyes stay apart, what was typed stays the draft of whoever typed it, and both are written to. To another organ goes
only what nobody can take any more: its organ has ended, or nobody holds the role there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, exists, select

from engine import cases, history, holding, incidents
from engine.cases import hanging
from engine.folders import Folder
from ground import clock, organs, people
from ground.database import Session
from ground.errors import Refused
from ground.grants import Grant
from ground.numerals import whole
from ground.organs import Body, Organ
from ground.people import Actor, Name, Person, role_key
from tasks import charges, letters

LONGEST = 500


class NotACandidate(Refused):
    """This person or organ cannot take the task: the key is not theirs, or it is in their hands already."""

    code = "reassign.not_a_candidate"
    status = 422


class StillHeld(Refused):
    """The organ acts and somebody there can take the task, so it does not go to another organ."""

    code = "reassign.still_held"


@dataclass(frozen=True)
class To:
    """Whom a task is given: a person who holds its key, or another organ; refs, one of the two."""

    person: str = ""
    organ: str = ""


def reassign(session: Session, wait_ref: str, to: To, *, by: Actor, reason: str, now: datetime) -> None:
    """Give it away, with a reason; NotACandidate, Separate, StillHeld, and what `charges.taken` refuses."""
    cases.check_reason("reassign", reason)
    row, folder = charges.taken(session, wait_ref, by, now)
    hand_over(session, row, folder, to, by, reason.strip(), now)


def hand_over(
    session: Session, row: Record[Any], folder: Folder, to: To, by: Actor, reason: str, now: datetime
) -> None:
    """The same for a task that is locked and for which the right was checked."""
    queue, holder = planned(session, row, folder, to, now)
    holding.address(session, row.id, queue, holder, now)
    detail = {"was": row.queue, "queue": queue, "held_before": row.held_by, "to": holder, "reason": reason}
    cases.note(session, row.case_id, history.Fact("task.reassigned", now, by.person, row.element, detail))
    incidents.end_at(session, row.case_id, incidents.NOBODY, row.element, now)
    told = charges.facts(row, reason=reason)
    new = [holder] if holder else [each.id for each in people.holders(session, queue, clock.local_day(now))]
    letters.write(session, new, row.case_id, "reassigned", told, now)
    if row.held_by is not None and row.held_by != holder:
        letters.write(session, [row.held_by], row.case_id, "relieved", told, now)


def planned(session: Session, row: Record[Any], folder: Folder, to: To, now: datetime) -> tuple[str, int | None]:
    """The queue and the holder that it would have, or why not: what is lent or waits for co-signers stays."""
    on = clock.local_day(now)
    hanging.check_free(session, row)
    if to.person:
        found = next((each for each in candidates(session, row, now) if each.ref == to.person), None)
        if found is None:
            raise NotACandidate(wait=row.ref)
        cases.check_separate(session, folder, row, people.actor(session, found.id, on))
        return row.queue, found.id
    if not _is_left(session, row, folder, now):
        raise StillHeld(wait=row.ref)
    organ = next((each for each in offices(session, row, folder, now) if each.ref == to.organ), None)
    if organ is None:
        raise NotACandidate(wait=row.ref)
    queue = role_key(_role(row, folder), organ.id)
    keeps = row.held_by if any(each.id == row.held_by for each in people.holders(session, queue, on)) else None
    return queue, keeps


def candidates(session: Session, row: Record[Any], now: datetime) -> list[Name]:
    """Who else holds the key of this task today."""
    held = people.holders(session, row.queue, clock.local_day(now))
    return [each for each in held if each.id != row.held_by]


def offices(session: Session, row: Record[Any], folder: Folder, now: datetime) -> Sequence[Body]:
    """The organs to which a task may go that nobody can take where it is; none where somebody can."""
    if not _is_left(session, row, folder, now):
        return ()
    return of_the_kind(session, row.queue, _role(row, folder), now)


def of_the_kind(session: Session, queue: str, role: str, now: datetime) -> Sequence[Body]:
    """Every other organ of the same kind that acts today and has somebody in this role."""
    on, was = clock.local_day(now), int(queue.rpartition("@")[2])
    holds = exists().where(
        Grant.organ_id == Organ.id, Grant.role == role, organs.valid(Grant), Person.id == Grant.person_id, Person.active
    )
    kind = select(Organ.kind).where(Organ.id == was).scalar_subquery()
    same = [Organ.kind == kind] if queue == role_key(role, was) else []
    found = session.execute(
        select(Organ.id).where(organs.valid(Organ), holds, Organ.id != was, *same).order_by(Organ.sort_key), {"on": on}
    ).scalars()
    bodies = organs.bodies(session, list(found))
    return sorted(bodies.values(), key=lambda each: each.code)


def _role(row: Record[Any], folder: Folder) -> str:
    """The role that the diagram asks for: of a task that fell to the supervisor, too."""
    element = folder.element(row.element)
    return (element.role if element else None) or str(row.queue.partition("@")[0])


def _is_left(session: Session, row: Record[Any], folder: Folder, now: datetime) -> bool:
    """Whether nobody can take it where it is: the organ has ended, the queue is empty, or it fell to the supervisor."""
    on, organ = clock.local_day(now), whole(row.queue.rpartition("@")[2])
    if organ is None:
        return False
    if row.queue.partition("@")[0] != _role(row, folder) or not people.holders(session, row.queue, on):
        return True
    ended = select(Organ.id).where(Organ.id == organ, Organ.valid_to < on)
    return session.scalar(ended) is not None
