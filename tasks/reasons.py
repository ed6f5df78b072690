"""Why a case is stuck, from the rows themselves: a code, the step, since when, and the facts of its sentence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record, select

from engine import definitions, incidents
from engine.cases import asked, four_eyes, sight
from engine.folders import Folder
from engine.history import History
from engine.incidents import Incident
from engine.waits import Timer, Wait
from ground import clock, people
from ground.database import Session
from ground.people import Actor
from tasks import figures, hands
from tasks.stuck_rule import BINDING, OVERDUE, TROUBLED, UNTAKEN, Rule

RETURNED, PROVISIONAL = "returned", "provisional"
NO_HOLDER, KEPT_APART = "no_holder", "kept_apart"


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
    for case, reason in _returned(session, listed, by, rule):
        found[case].append(reason)
    holders: dict[str, set[int]] = {}
    for row in session.execute(hands.TASKS.where(Wait.case_id.in_(releases))):
        if row.queue not in holders:
            today = clock.local_day(rule.now)
            holders[row.queue] = {each.id for each in people.holders(session, row.queue, today)}
        folder = definitions.pinned(session, releases[row.case_id])
        hidden = row.held_by != by.person and sight.withheld(row.element, row.held_by, by, folder)
        nobody = _nobody(session, row, holders[row.queue], folder)
        found[row.case_id] += _of_task(row, rule, nobody=nobody, hidden=hidden)
    return found


def _returned(session: Session, listed: Sequence[Any], by: Actor, rule: Rule) -> Iterator[tuple[int, Reason]]:
    """What was sent back and has not come again: by an outcome that the form has, or to a step passed before."""
    remarks = figures.returned(session, listed, by)
    for case in listed:
        if case.case_id in remarks and (days := rule.working_days(case.moved_at)) > 0:
            element = remarks[case.case_id].element
            yield case.case_id, Reason(RETURNED, element, case.moved_at, {"n": days})
    back = select(History.case_id).where(History.kind == asked.SENT_BACK)
    others = [case.case_id for case in listed if case.case_id not in remarks]
    cases = set(session.execute(back.where(History.case_id.in_(others))).scalars())
    for row in session.execute(hands.TASKS.where(Wait.case_id.in_(cases))) if cases else ():
        line = asked.open_at(session, row.case_id, row.element)
        if line is not None and (days := rule.working_days(line.at)) > 0:
            yield row.case_id, Reason(RETURNED, line.source, line.at, {"n": days})


def _nobody(session: Session, row: Record[Any], holders: set[int], folder: Folder) -> str:
    """Why nobody can take a task that is free: no one holds its role, or all who do must keep apart from it."""
    if not holders:
        return NO_HOLDER
    free = row.held_by is None
    return KEPT_APART if free and holders <= four_eyes.kept_apart(session, folder, row) else ""


def _of_task(row: Record[Any], rule: Rule, *, nobody: str, hidden: bool) -> list[Reason]:
    """What is to be said of one open task."""
    found = []
    facts = {
        "queue": row.queue,
        "name": "" if hidden else row.name or "",
        "name_en": "" if hidden else row.name_en or "",
    }
    if nobody:
        found.append(Reason(nobody, row.element, row.opened_at, facts))
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
