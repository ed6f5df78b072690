"""Distribution by hand: the head of a unit gives its tasks to holders of their key, with a reason, and sees the load.

A task goes to nobody who does not hold its key, and to nobody whom four eyes keep from it. What one person is asked by
name is not the unit's to give.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, func, literal, literal_column, select, union_all

from engine import cases, definitions, history, holding
from engine.holding import Gone, Taken
from engine.waits import Wait
from ground import clock, people
from ground.database import Session
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor, Name, role_key
from tasks import charges, letters, pages, walks
from tasks.pages import Page

COUNTED = 1_000
LONGEST_REASON = 500
GIVEN, RELIEVED = "task_distributed", "relieved"
# Whose tasks each head gives out, in the head's own organ.
UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"prov_division_head": ("prov_officer", "prov_checker"), "city_section_head": ("city_officer",)}
)
HEADS = frozenset(UNITS)


class NoReason(Refused):
    """Whoever gives a task to somebody says why, in one line of at most 500 characters."""

    code = "distribution.no_reason"
    status = 422


class NotAHolder(Refused):
    """This person does not hold the key of the task, so they could not do it."""

    code = "distribution.not_a_holder"
    status = 422


@dataclass(frozen=True)
class Load:
    """What one holder of a unit's keys has in hand, and how much of it has passed a limit; exact up to 1,000."""

    who: Name
    tasks: int
    late: int


def keys(by: Actor) -> list[str]:
    """The queues that this person gives out; none for whoever heads no unit."""
    found = [role_key(role, held.organ_id) for held in by.held for role in UNITS.get(held.role, ())]
    return list(dict.fromkeys(found))


def page(session: Session, by: Actor, holder: int | None, *, after: str | None = None, limit: int = 20) -> Page:
    """What is free in the unit's queues, or in the hands of one holder, the most urgent first."""
    mine = _keys(by)
    walk = [
        select(Wait.id, Wait.due_at)
        .where(Wait.queue == key, Wait.held_by.is_(None) if holder is None else Wait.held_by == holder)
        .where(*_behind(after))
        .order_by(Wait.queue, Wait.held_by, Wait.due_at, Wait.id)
        .limit(literal_column(str(limit + 1)))
        .subquery()
        for key in mine
    ]
    ids = union_all(*[select(each) for each in walk]).subquery()
    first = select(ids).order_by(ids.c.due_at, ids.c.id).limit(limit + 1).subquery()
    rows = session.execute(walks.ITEMS.join(first, first.c.id == Wait.id).order_by(first.c.due_at, first.c.id)).all()
    return Page(rows[:limit], pages.cursor(rows[limit - 1]) if len(rows) > limit else None)


def load(session: Session, by: Actor, now: datetime) -> tuple[int, list[Load]]:
    """How much is free in the unit's queues, and what each holder of its keys has, in Chinese order."""
    mine, today = _keys(by), clock.local_day(now)
    who = {each.id: each for key in mine for each in people.holders(session, key, today)}
    counted = [_counted(mine, None, now), *(_counted(mine, person, now) for person in who)]
    free, *rest = session.execute(union_all(*counted)).all()
    found = {row.person: row for row in rest}
    return free.tasks, [Load(each, found[each.id].tasks, found[each.id].late) for each in who.values()]


def holders(session: Session, by: Actor, now: datetime) -> list[Name]:
    """Everybody who holds one of the unit's keys today, each once."""
    found = [each for key in _keys(by) for each in people.holders(session, key, clock.local_day(now))]
    return list({each.id: each for each in found}.values())


def give(session: Session, ref: str, to: str, seen: int | None, reason: str, by: Actor, now: datetime) -> Record[Any]:
    """Put a task into the hands of this holder of its key (their ref) and return it as it was.

    `seen` is who held it on the page: Taken names whoever took it meanwhile. Given to whoever has it, nothing changes.
    Gone, Missing, NoReason, NotAHolder, Separate (whoever gets it), Suspended.
    """
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise NoReason
    item = session.execute(walks.ITEMS.where(Wait.ref == ref)).one_or_none()
    if item is None:
        raise Gone(wait=ref)
    if item.queue not in _keys(by):
        raise Missing(wait=ref)
    status = cases.lock(session, item.case_id).status
    # Locked, it is read again: a move may have closed it, a colleague claimed it.
    item = session.execute(walks.ITEMS.where(Wait.ref == ref)).one_or_none()
    if item is None:
        raise Gone(wait=ref)
    if status == "suspended":
        raise cases.Suspended(case=item.number)
    target = next((one for one in people.holders(session, item.queue, clock.local_day(now)) if one.ref == to), None)
    if target is None:
        raise NotAHolder(wait=ref)
    if item.held_by == target.id:
        return item
    if item.held_by != seen:
        raise Taken(wait=ref, held_by=item.held_by, at=item.held_at)
    _hand(session, item, target, words, by, now)
    return item


def _hand(session: Session, item: Record[Any], target: Name, reason: str, by: Actor, now: datetime) -> None:
    them = people.actor(session, target.id, clock.local_day(now))
    cases.check_separate(session, definitions.pinned(session, item.release_id), item, them)
    holding.address(session, item.id, item.queue, target.id, now)
    detail = {"persons": [target.id], "left": item.held_by, "reason": reason}
    cases.note(session, item.case_id, history.Fact("task.distributed", now, by.person, item.element, detail))
    told = charges.facts(item, reason=reason)
    letters.write(session, [each for each in (target.id,) if each != by.person], item.case_id, GIVEN, told, now)
    left = [each for each in (item.held_by,) if each is not None and each != by.person]
    letters.write(session, left, item.case_id, RELIEVED, told, now)


def _keys(by: Actor) -> list[str]:
    found = keys(by)
    if not found:
        raise Forbidden(needs=sorted(HEADS))
    return found


def _behind(after: str | None) -> Sequence[Any]:
    if after is None:
        return ()
    at, number = pages.place(after)
    return ((Wait.due_at > at) | ((Wait.due_at == at) & (Wait.id > number)),)


def _counted(mine: Sequence[str], person: int | None, now: datetime) -> Any:
    """One line of the load: no queue is walked further than its thousandth row."""
    held = Wait.held_by.is_(None) if person is None else Wait.held_by == person
    walk = select(Wait.due_at).where(Wait.queue.in_(mine), held)
    most: ColumnElement[int] = literal_column(str(COUNTED))
    every, late = walk.limit(most).subquery(), walk.where(Wait.due_at <= now).limit(most).subquery()
    return select(
        literal(person or 0).label("person"),
        select(func.count()).select_from(every).scalar_subquery().label("tasks"),
        select(func.count()).select_from(late).scalar_subquery().label("late"),
    )
