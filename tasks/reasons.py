"""Why a case is stuck, from the rows themselves: a code, the step, since when, and the facts of its sentence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record, select

from engine import definitions, incidents
from engine.cases import sight
from engine.incidents import Incident
from engine.waits import Timer, Wait
from ground import clock, people
from ground.database import Session
from ground.people import Actor, Person
from tasks import figures
from tasks.stuck import BINDING, OVERDUE, TROUBLED, UNTAKEN, Rule

RETURNED, PROVISIONAL = "returned", "provisional"


@dataclass(frozen=True)
class Reason:
    """One reason, from the rows themselves: its code, the step, since when, and the facts of its sentence."""

    code: str
    element: str | None
    since: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def of(session: Session, rows: Iterable[Any], by: Actor, rule: Rule) -> Mapping[int, Sequence[Reason]]:
    """Why each of these cases is stuck, the gravest first; of a step whose holder this person may not know, no name."""
    listed = list(rows)
    releases = {row.case_id: row.release_id for row in listed}
    found: dict[int, list[Reason]] = defaultdict(list)
    if not releases:
        return found
    for row in session.execute(_TROUBLES.where(Incident.case_id.in_(releases))):
        found[row.case_id].append(Reason(TROUBLED, row.element, row.opened_at, {"code": row.code, "n": row.count}))
    for row in session.execute(_STOPPED.where(Timer.case_id.in_(releases))):
        found[row.case_id].append(Reason("timer_stopped", row.element, row.due_at))
    sent_back = figures.returned(session, listed, by)
    for case in listed:
        if case.case_id in sent_back and (days := rule.working_days(case.moved_at)) > 0:
            remark = sent_back[case.case_id]
            found[case.case_id].append(Reason(RETURNED, remark.element, case.moved_at, {"n": days}))
    vacant: dict[str, bool] = {}
    for row in session.execute(_TASKS.where(Wait.case_id.in_(releases))):
        if row.queue not in vacant:
            vacant[row.queue] = not people.holders(session, row.queue, clock.local_day(rule.now))
        folder = definitions.pinned(session, releases[row.case_id])
        hidden = row.held_by != by.person and sight.withheld(row.element, row.held_by, by, folder)
        found[row.case_id] += _of_task(row, rule, vacant=vacant[row.queue], hidden=hidden)
    return found


def _of_task(row: Record[Any], rule: Rule, *, vacant: bool, hidden: bool) -> list[Reason]:
    """What is to be said of one open task."""
    found = []
    facts = {
        "queue": row.queue,
        "name": "" if hidden else row.name or "",
        "name_en": "" if hidden else row.name_en or "",
    }
    if vacant:
        found.append(Reason("no_holder", row.element, row.opened_at, facts))
    elif row.held_by is None and row.opened_at <= rule.unclaimed:
        found.append(Reason(UNTAKEN, row.element, row.opened_at, {**facts, "n": rule.working_days(row.opened_at)}))
    elif row.held_by is not None and (held := row.held_at or row.opened_at) <= rule.still:
        code = "silent" if row.queue.startswith("person:") else "untouched"
        found.append(Reason(code, row.element, held, {**facts, "n": rule.working_days(held)}))
    if row.due_at <= rule.now:
        code = OVERDUE if row.due_kind in BINDING else "past"
        day: date | None = row.due_on
        facts = {**facts, "due_on": day.isoformat() if day else "", "n": rule.working_days(row.due_at)}
        found.append(Reason(code, row.element, row.due_at, facts))
        if row.provisional:
            found.append(Reason(PROVISIONAL, row.element, row.due_at, facts))
    return found


_TROUBLES = (
    select(Incident.case_id, Incident.code, Incident.element, Incident.count, Incident.opened_at)
    .where(Incident.closed_at.is_(None), Incident.code != incidents.UNDELIVERED)
    .order_by(Incident.opened_at, Incident.id)
)
_STOPPED = select(Timer.case_id, Timer.element, Timer.due_at).where(Timer.stopped.is_(True)).order_by(Timer.id)
_TASKS = (
    select(
        Wait.case_id,
        Wait.element,
        Wait.queue,
        Wait.held_by,
        Wait.held_at,
        Wait.opened_at,
        Wait.due_at,
        Wait.due_on,
        Wait.due_kind,
        Wait.provisional,
        Person.name,
        Person.name_en,
    )
    .outerjoin(Person, Person.id == Wait.held_by)
    .order_by(Wait.due_at, Wait.id)
)
