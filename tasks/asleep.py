"""正常等待: the open cases that wait for nobody's act but for a day, or for another case; none of them is late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, Select, exists, func, literal, null, select, tuple_

from engine import cases
from engine.cases import Case
from engine.waits import Timer, Wait
from ground import clock
from ground.database import Session
from ground.people import Actor
from ground.types import EPOCH, Id, Instant
from tasks import pages, stuck, stuck_rule


@dataclass(frozen=True)
class Asleep:
    """A case that waits as it should, and until when, if that is a day."""

    case: Record[Any]
    due_at: datetime | None


def page(session: Session, by: Actor, *, after: str | None = None, limit: int = 20) -> tuple[list[Asleep], str | None]:
    """The open cases that wait for nobody's act, soonest first, and where the next ones begin."""
    at, number = pages.place(after) if after else (EPOCH, 0)
    told = at == clock.NEVER
    found = [] if told else list(session.execute(_until_a_day(by, at, number).limit(limit + 1)))
    if len(found) <= limit:
        behind = number if told else 0
        found += session.execute(_until_told(by, behind).limit(limit + 1 - len(found)))
    due = {row.id: row.due_at for row in found[:limit]}
    rows = {row.case_id: row for row in session.execute(stuck.wide().where(Case.id.in_(due)))} if due else {}
    last = found[limit - 1] if len(found) > limit else None
    more = pages.behind(last.due_at or clock.NEVER, last.id) if last else None
    return [Asleep(rows[each], due[each]) for each in due if each in rows], more


def count(session: Session, by: Actor) -> int:
    """How many wait as they should, exact up to a thousand."""
    found = 0
    for each in (_until_a_day(by, EPOCH, 0), _until_told(by, 0)):
        if found < stuck.COUNTED:
            cut = each.with_only_columns(Case.id).order_by(None).limit(stuck.COUNTED - found).subquery()
            found += int(session.scalar(select(func.count()).select_from(cut)))
    return found


def _until_a_day(by: Actor, at: datetime, number: int) -> Select[*tuple[Any, ...]]:
    """What waits for a day, along the index of days: each case at the first of its own."""
    other = Timer.__table__.alias("earlier")
    sooner = exists().where(
        other.c.case_id == Timer.case_id,
        other.c.stopped.is_(False),
        tuple_(other.c.due_at, other.c.id) < tuple_(Timer.due_at, Timer.id),
    )
    return (
        select(Case.id, Timer.due_at)
        .select_from(Timer)
        .join(Case, Case.id == Timer.case_id)
        .where(
            Timer.stopped.is_(False),
            tuple_(Timer.due_at, Timer.case_id) > tuple_(literal(at, Instant), literal(number, Id)),
            ~sooner.correlate(Timer),
            *_asleep(by),
        )
        .order_by(Timer.due_at, Timer.case_id)
    )


def _until_told(by: Actor, number: int) -> Select[*tuple[Any, ...]]:
    """What waits for another case: it has no day."""
    runs = exists().where(Timer.case_id == Case.id, Timer.stopped.is_(False))
    wanted = select(Case.id, null().label("due_at")).where(Case.id > number, ~runs.correlate(Case), *_asleep(by))
    return wanted.order_by(Case.id)


def _asleep(by: Actor) -> tuple[ColumnElement[bool], ...]:
    """An open case in which nobody is asked and nothing went wrong."""
    asked = exists().where(Wait.case_id == Case.id)
    return (Case.status == "open", ~asked.correlate(Case), Case.id.not_in(stuck_rule.in_trouble()), cases.visible(by))
