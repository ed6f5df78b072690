"""Which cases a rule names at this moment: one statement a rule, from the rows themselves, the oldest reason first.

What is stuck is what `stuck` says, instant by instant of its rule. A reason has a place (a task, an incident) and a
moment at which it began; these two make it the same reason or another one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row as Record,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    literal,
    or_,
    select,
    union_all,
)

from engine import cases, incidents
from engine.cases import Case
from engine.definitions import Process
from engine.incidents import Incident
from engine.waits import Wait
from ground import calendar, clock, parameters
from ground.calendar import Calendar
from ground.database import Session
from ground.people import Actor
from tasks import alert_rules as rules, stuck_rule
from tasks.stuck_rule import Rule

OPEN = "open"


@dataclass(frozen=True)
class Arm:
    """One way for a case to be named: the row that is its place, since when, and the conditions."""

    row: type[Wait | Incident]
    began: SQLColumnExpression[datetime]
    where: tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class Asked:
    """A rule with what it is reckoned by at this moment."""

    rule: Record[Any]
    of: Rule
    days: Calendar
    still: int
    unclaimed: int

    def since(self, more: int) -> datetime:
        """The instant before which it began, if it is to have lasted so many working days."""
        if not more:
            return self.of.now
        return clock.end_of(self.days.add_working_days(clock.local_day(self.of.now), -more))


def asked(session: Session, rule: Record[Any], now: datetime) -> Asked:
    """The rule by the parameters of today."""
    known = parameters.values(session, (stuck_rule.STILL, stuck_rule.UNCLAIMED), clock.local_day(now))
    still, unclaimed = (int(known[key].value) for key in (stuck_rule.STILL, stuck_rule.UNCLAIMED))
    return Asked(rule, stuck_rule.at(session, now), calendar.load(session), still, unclaimed)


def named(by: Actor, of: Asked) -> Select[Any]:
    """case_id, place, began_at, element, queue, due_on, due_kind and the case's own facts, in this person's sight."""
    ways = union_all(*[_way(of, arm) for arm in arms(of)]).subquery()
    return (
        select(ways)
        .add_columns(Case.number, Case.title, Case.region, Case.organ_id, Case.release_id, Process.key.label("process"))
        .join(Case, Case.id == ways.c.case_id)
        .join(Process, Process.id == Case.process_id)
        .where(Case.status == OPEN, *_narrowed(of.rule), cases.visible(by))
        .order_by(ways.c.began_at, ways.c.case_id, ways.c.place)
    )


def holds(of: Asked, alert: Any) -> ColumnElement[bool]:
    """Whether the reason for which an alert was sent still stands as it began; looked up by its place, one row each.

    A case that is stuck for another reason than before has not ceased to be stuck.
    """
    same = []
    for arm in arms(of):
        began = () if of.rule.reason == rules.STUCK else (arm.began == alert.began_at,)
        here = (arm.row.ref == alert.place, arm.row.case_id == alert.case_id, Case.id == arm.row.case_id)
        same.append(exists().where(*here, Case.status == OPEN, *arm.where, *began).correlate(alert))
    return or_(*same)


def arms(of: Asked) -> Iterator[Arm]:
    """The ways in which a rule's reason comes about."""
    reason, more, now = of.rule.reason, of.rule.days, of.of.now
    if reason in {rules.INCIDENT, rules.STUCK}:
        told = (Incident.closed_at.is_(None), Incident.code != incidents.UNDELIVERED)
        yield Arm(Incident, Incident.opened_at, (*told, Incident.opened_at <= of.since(more)))
    if reason in {rules.OVERDUE, rules.STUCK}:
        yield Arm(Wait, Wait.due_at, (Wait.due_at <= of.since(more),))
    if reason in {rules.UNCLAIMED, rules.STUCK}:
        yield Arm(Wait, Wait.opened_at, (Wait.held_by.is_(None), Wait.opened_at <= of.since(of.unclaimed + more)))
    if reason == rules.STUCK:
        yield Arm(Wait, Case.moved_at, (Case.moved_at <= of.since(of.still + more),))
    if reason == rules.WAITS:
        yield Arm(Wait, Wait.opened_at, (Wait.opened_at <= of.since(more),))
    if reason == rules.SOON:
        ends = clock.end_of(of.days.add_working_days(clock.local_day(now), more))
        yield Arm(Wait, Wait.due_at, (Wait.due_on.is_not(None), Wait.due_at > now, Wait.due_at <= ends))


def _way(of: Asked, arm: Arm) -> Select[Any]:
    same: tuple[Any, ...] = (arm.row.case_id, arm.row.ref.label("place"), arm.began.label("began_at"), arm.row.element)
    found: Select[Any] = select(*same)
    if arm.row is Wait:
        found = found.add_columns(Wait.queue, Wait.held_by, Wait.due_on, Wait.due_kind)
    else:
        found = found.add_columns(*[literal(None, column.type).label(column.key) for column in _OF_WAIT])
    narrowed = (arm.row.element == of.rule.element,) if of.rule.element else ()
    return found.join(Case, Case.id == arm.row.case_id).where(and_(*arm.where, *narrowed))


def _narrowed(rule: Record[Any]) -> tuple[ColumnElement[bool], ...]:
    return (Process.key == rule.process,) if rule.process else ()


_OF_WAIT = (Wait.queue, Wait.held_by, Wait.due_on, Wait.due_kind)
