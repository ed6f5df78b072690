"""Cases of bases that hold a name, and people of the demo who act on them, each in the office that a task asks for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import cases
from engine.cases import Case
from engine.waits import Wait
from ground import clock, jobs, people
from ground.database import reading, transaction
from tasks import queue, timers
from tests.bases import moves

# A base of a county of Yibin, its filler, its county, its city.
BASE, FILLER, COUNTY, CITY = "B014", "mei.ling", "pan.hua", "zhou.ping"


def person(login: str) -> people.Actor:
    """Somebody of the demo, with all that is held today."""
    with reading() as session:
        return moves.actor(session, login, clock.now())


def base(key: str = BASE) -> Any:
    """A base of the demo as it stands now."""
    with reading() as session:
        return moves.base(session, key)


def case(ref: str) -> Any:
    """The row of a case."""
    with reading() as session:
        return session.execute(select(Case).where(Case.ref == ref)).one()


def waiting(ref: str) -> list[str]:
    """The tasks that are open in a case, in order."""
    with reading() as session:
        rows = session.execute(select(Wait.element).join(Case, Case.id == Wait.case_id).where(Case.ref == ref))
        return sorted(row.element for row in rows)


def task(ref: str, element: str) -> Any:
    """The open task of this element."""
    with reading() as session:
        found = session.execute(
            select(Wait.ref, Wait.queue, Wait.due_on, Wait.due_kind, Wait.held_by)
            .join(Case, Case.id == Wait.case_id)
            .where(Case.ref == ref, Wait.element == element)
        )
        return found.first()


def do(login: str, ref: str, element: str, answers: Mapping[str, Any]) -> cases.Moved:
    """Claim the open task of this element as this person, and send it."""
    by = person(login)
    with transaction() as session:
        items = queue.page(session, by, queue.Filters(element=element)).items
        wait = next(item for item in items if item.case_ref == ref)
        if wait.held_by is None:
            queue.claim(session, wait.ref, by, clock.now())
    moved = cases.complete(wait.ref, answers, by=by, key=wait.ref)
    jobs.run_due(clock.now())
    return moved


def pass_time(clock_: list, until: Any) -> None:
    """It is later now, and what has fallen due has happened."""
    clock_[0] = until
    timers.fire_due(until)
    jobs.run_due(until)
