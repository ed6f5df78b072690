"""催办 by the waiting side: whoever waits for a case urges whoever has it now, as often as a parameter allows.

The waiting side is the organ that a case was begun for, and whoever sent it on to where it stands. The supervisor's
own urging is an order of supervision (web/orders) and stands beside this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from engine import cases, definitions, history, submissions
from engine.cases import sight
from engine.cases.hand import Ended
from engine.cases.moving import Suspended
from engine.folders import Folder
from engine.history import History
from engine.waits import Wait
from ground import calendar, clock, grants, organs, parameters, people
from ground.calendar import Calendar
from ground.database import Session
from ground.errors import Forbidden, Refused
from ground.people import Actor
from tasks import letters

EVERY, LETTER, LINE = "urge.every", "urged", "task.urged"
LOOKS_ON = frozenset({*grants.ADMINISTRATORS, "auditor"})  # of the organ, and yet they move nothing


class TooSoon(Refused):
    """The case was urged a short while ago: `at` says when, `every` how many working days lie between two urgings."""

    code = "urge.too_soon"


class NobodyToUrge(Refused):
    """Nobody is asked now but this person themselves, or those who judge unknown to them."""

    code = "urge.nobody"


@dataclass(frozen=True)
class Standing:
    """What urging stands at for one person: whom they would urge, and the last time that anybody did."""

    waits: Sequence[Record[Any]]
    last_at: datetime | None
    every: int
    too_soon: bool


def may(case: Any, by: Actor, papers: Sequence[Any]) -> bool:
    """Whether this person is of the waiting side: of its organ, or who sent its last paper; `papers` are those read."""
    if case.status != "open" or by.person is None:
        return False
    own = any(held.organ_id == case.organ and held.role not in LOOKS_ON for held in by.held)
    return own or bool(papers and papers[-1].by == by.person)


def look(session: Session, case: Any, folder: Folder, by: Actor, known: Calendar) -> Standing:
    """Whom this person would urge, and whether it is too soon."""
    every = int(parameters.value(session, EVERY, clock.today()).value)
    last = session.scalar(
        select(History.at).where(History.case_id == case.id, History.kind == LINE).order_by(History.seq.desc()).limit(1)
    )
    soon = last is not None and _days(known, last, clock.now()) < every
    return Standing(_urged(session, case.id, folder, by), last, every, soon)


def urge(session: Session, case_ref: str, by: Actor, now: datetime) -> int:
    """Write to whoever has the case now; how many open tasks that were.

    Forbidden for others than the waiting side, TooSoon within the days of the parameter, NobodyToUrge, Suspended.
    """
    case = cases.find(session, case_ref, by)
    head = cases.lock(session, case.id)
    if head.status == "closed":
        raise Ended(case=case.number)
    if head.status == "suspended":
        raise Suspended(case=case.number)
    folder = definitions.pinned(session, case.release_id)
    if not may(case, by, _sent(session, case.id)):
        raise Forbidden(act="urge", rights=True)
    known = calendar.load(session)
    standing = look(session, case, folder, by, known)
    if standing.too_soon:
        raise TooSoon(at=standing.last_at, every=standing.every)
    if not standing.waits:
        raise NobodyToUrge(case=case.number)
    for wait in standing.waits:
        _write(session, case, folder, wait, by, now, _days(known, wait.opened_at, now))
    return len(standing.waits)


def _sent(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """The last paper of a case, whoever may read it."""
    sent = submissions.Submission
    rows = select(sent.by_person.label("by")).where(sent.case_id == case_id).order_by(sent.seq.desc()).limit(1)
    return session.execute(rows).all()


def _urged(session: Session, case_id: int, folder: Folder, by: Actor) -> Sequence[Record[Any]]:
    """The open tasks that are not this person's own to do.

    Who judges in person or under seal hears nothing from those who may not know of them.
    """
    rows = session.execute(select(Wait).where(Wait.case_id == case_id).order_by(Wait.due_at, Wait.id)).all()
    return [row for row in rows if row.queue not in by.keys and not _is_blind(row, by, folder)]


def _is_blind(row: Record[Any], by: Actor, folder: Folder) -> bool:
    element = folder.element(row.element)
    form = folder.form(row.element, row.form)
    judges = element is None or element.scope == "person" or (form is not None and form.sealed)
    return judges and sight.withheld(row.element, row.held_by, by, folder)


def _write(session: Session, case: Any, folder: Folder, wait: Any, by: Actor, now: datetime, days: int) -> None:
    on = clock.local_day(now)
    persons = [wait.held_by] if wait.held_by else [one.id for one in people.holders(session, wait.queue, on)]
    letters.write(session, persons, case.id, LETTER, _facts(session, case, folder, wait.element, by, days), now)
    cases.note(session, case.id, history.Fact(LINE, now, by.person, wait.element, {"days": days}))


def _facts(session: Session, case: Any, folder: Folder, place: str, by: Actor, days: int) -> dict[str, Any]:
    element = folder.element(place)
    step = element.name if element and element.name else place
    body = organs.bodies(session, [held.organ_id for held in by.held][:1])
    own = next(iter(body.values()), None)
    return {
        "number": case.number,
        "title": case.title,
        "step": step,
        "step_en": folder.home(place).words.get(step, step),
        "days": days,
        "by": f"{own.name}{by.name}" if own else by.name,
        "by_en": f"{by.name_en} ({own.name_en})" if own else by.name_en,
    }


def _days(known: Calendar, since: datetime, until: datetime) -> int:
    return known.working_days_between(clock.local_day(since), clock.local_day(until))
