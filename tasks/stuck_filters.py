"""What the list of stuck cases is narrowed to, as conditions on a case, its tasks, its papers and its words."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select, union

from engine import cases, definitions
from engine.cases import Case, sight
from engine.definitions import Process
from engine.waits import Wait
from ground.database import Session
from ground.people import Actor, Person
from tasks import declared, pages, stuck_rule
from tasks.stuck_rule import Rule

NAMED = 20
LOOKED_THROUGH = 50_000
IDLE, DUE, NUMBER = ORDERS = ("idle", "due", "number")
# Written out, so that the index over the open cases alone is seen to answer it.
OPEN: ColumnElement[bool] = Case.status == literal_column("'open'")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to and how it is ordered, as it stands in the address; `organ` is its number.

    `field` is one of the process, as `declared` offers it, and `value` what stands in it; `columns` are those shown.
    """

    process: str = ""
    element: str = ""
    city: str = ""
    organ: str = ""
    queue: str = ""
    why: str = ""
    q: str = ""
    field: str = ""
    value: str = ""
    order: str = ""
    columns: str = ""


EVERYTHING = Filters()


def whole(session: Session, by: Actor, of: Rule, filters: Filters) -> list[ColumnElement[bool]]:
    """All that is asked of a case that the list shows; its papers last, since they are the dearest to ask."""
    return [*of_case(by, filters), of_rule(of, filters), *of_papers(session, by, filters)]


def of_case(by: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """What is asked of a case: that it is open and in this person's sight, its process, its city, what it waits for."""
    found = [OPEN, cases.visible(by)]
    if filters.process:
        found.append(Case.process_id.in_(select(Process.id).where(Process.key == filters.process)))
    if filters.city:
        found.append(Case.region.startswith(filters.city[:4], autoescape=True))
    if filters.element or filters.queue or filters.organ:
        here = select(Wait.case_id).where(*of_task(filters))
        found.append(Case.id.in_(union(here, stuck_rule.in_trouble(filters.element)) if filters.element else here))
    return found


def of_rule(of: Rule, filters: Filters) -> ColumnElement[bool]:
    """Whether the rule says so of a case: the part of it, the step and the hands that are asked for."""
    where = [Wait.case_id == Case.id, *of_task(filters)]
    each = stuck_rule.parts(of)
    waits = exists().where(*where, each[filters.why] if filters.why in each else or_(*each.values())).correlate(Case)
    trouble = Case.id.in_(stuck_rule.in_trouble(filters.element))
    if filters.why == stuck_rule.TROUBLED:
        return trouble if not (filters.organ or filters.queue) else and_(trouble, exists().where(*where))
    return waits if filters.why in each or filters.organ or filters.queue else or_(waits, trouble)


def of_task(filters: Filters) -> list[ColumnElement[bool]]:
    """What is asked of a task by step, queue and organ."""
    found = []
    if filters.element:
        found.append(Wait.element == filters.element)
    if filters.queue:
        found.append(Wait.queue == filters.queue)
    if filters.organ:
        found.append(Wait.queue.like(f"%@{pages.literal(filters.organ)}", escape="/"))
    return found


def of_papers(session: Session, by: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """What is asked of the papers of a case."""
    if not (filters.process and filters.field and filters.value):
        return []
    return [declared.matching(session, by, filters.process, filters.field, filters.value)]


def of_words(q: str) -> ColumnElement[bool]:
    """Whether the words are in a case's number or title."""
    like = f"%{pages.literal(q)}%"
    return or_(Case.number.like(like, escape="/"), Case.title.like(like, escape="/"))


def of_names(session: Session, by: Actor, q: str) -> set[int]:
    """The cases that were begun by somebody of this name, or wait in their hands, where one may know that they do."""
    like = f"%{pages.literal(q)}%"
    persons = select(Person.id).where(or_(Person.name.like(like, escape="/"), Person.login == q)).limit(NAMED)
    numbers = list(session.execute(persons).scalars())
    if not numbers:
        return set()
    begun = select(Case.id).where(Case.started_by.in_(numbers), OPEN).limit(LOOKED_THROUGH)
    held = (
        select(Wait.case_id, Wait.element, Wait.held_by, Case.release_id)
        .join(Case, Case.id == Wait.case_id)
        .where(Wait.held_by.in_(numbers))
        .limit(LOOKED_THROUGH)
    )
    seen = {
        row.case_id
        for row in session.execute(held)
        if not sight.withheld(row.element, row.held_by, by, definitions.pinned(session, row.release_id))
    }
    return seen | set(session.execute(begun).scalars())
