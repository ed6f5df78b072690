"""A desk for tests of moves: persons with roles at the province, processes published, tasks claimed and completed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import cases, definitions
from engine.cases import Case
from engine.waits import Wait
from ground import clock, grants, organs, people
from ground.database import reading, transaction
from ground.people import Actor
from tasks import queue

FORWARD = {"outcome": "forward", "opinion": "同意"}


def person(login: str, *roles: str, organ: str = "sc-mofcom") -> Actor:
    """A new person who holds these roles in this organ."""
    with transaction() as session:
        place = organs.body(session, organ)
        number = people.add_person(session, login, login, login)
        for role in roles:
            grants.give(session, number, role, place.id, clock.today())
        return people.actor(session, number, clock.today())


def publish(parts: Mapping[str, bytes]) -> None:
    """Make this folder what new cases start on."""
    with transaction() as session:
        definitions.publish(session, parts, origin="owner", by=None, now=clock.now())


def start(
    process: str, by: Actor, *, key: str = "k", data: Mapping[str, Any] | None = None, subject: str = "base:1"
) -> str:
    """Begin a case in Mianyang for the organ of this person; its ref."""
    organ = by.held[0].organ_id
    return cases.start(
        process, subject=subject, region="510703", organ=organ, title="示例", by=by, key=key, data=data
    ).ref


def waits(case_ref: str) -> dict[str, Any]:
    """The open tasks of a case, by element."""
    with reading() as session:
        rows = session.execute(
            select(Wait).join(Case, Case.id == Wait.case_id).where(Case.ref == case_ref).order_by(Wait.id)
        )
        return {row.element: row for row in rows}


def claim(wait_ref: str, by: Actor) -> None:
    """Take a task."""
    with transaction() as session:
        queue.claim(session, wait_ref, by, clock.now())


def do(
    case_ref: str, element: str, by: Actor, answers: Mapping[str, Any] | None = None, *, key: str | None = None
) -> Any:
    """Claim the task at this element if need be, and complete it."""
    wait = waits(case_ref)[element]
    if wait.held_by is None:
        claim(wait.ref, by)
    return cases.complete(wait.ref, answers or FORWARD, by=by, key=key or f"{element}-{wait.ref}")


def row(case_ref: str) -> Any:
    """The case as its row stands."""
    with reading() as session:
        return session.execute(select(Case).where(Case.ref == case_ref)).one()
