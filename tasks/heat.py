"""Where the open cases of a process stand now, by step: how many, how many of them late or waiting rightly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, and_, case, func, select

from engine import cases, definitions
from engine.cases import Case
from engine.definitions import Process, Version
from engine.waits import Subscription, Timer, Wait
from ground.database import Session
from ground.people import Actor
from tasks import analysis_scope, walks
from tasks.analysis_scope import Scope

WAITING = frozenset({"catch", "receive"})


@dataclass(frozen=True)
class Standing:
    """One step: open tasks, those of them overdue, those past a default of ours, and cases that wait there rightly."""

    open: int = 0
    overdue: int = 0
    past: int = 0
    waiting: int = 0

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            self.open + other.open,
            self.overdue + other.overdue,
            self.past + other.past,
            self.waiting + other.waiting,
        )


def now(session: Session, scope: Scope, version_id: int, at: datetime) -> Mapping[str, Standing]:
    """By place, what stands at this version of the process in the reader's sight; three statements."""
    mine = _mine(scope, version_id)
    late = Wait.due_at <= at
    rows = session.execute(
        select(
            Wait.element,
            func.count().label("open"),
            func.sum(case((and_(late, walks.BINDING), 1), else_=0)).label("overdue"),
            func.sum(case((and_(late, walks.OURS), 1), else_=0)).label("past"),
        )
        .join(Case, Case.id == Wait.case_id)
        .where(*mine, Wait.element.not_in(scope.hidden))
        .group_by(Wait.element)
    )
    found = {row.element: Standing(row.open, int(row.overdue), int(row.past)) for row in rows}
    folder = definitions.shown(session, version_id)
    for kind in (Timer, Subscription):
        counted = select(kind.element, func.count(Case.id.distinct()).label("n")).join(Case, Case.id == kind.case_id)
        for row in session.execute(counted.where(*mine).group_by(kind.element)):
            element = folder.element(row.element)
            if element is not None and element.kind in WAITING:
                found[row.element] = found.get(row.element, Standing()) + Standing(waiting=row.n)
    return found


def listed(
    session: Session, scope: Scope, version_id: int, *, after: int = 0, limit: int = 50
) -> tuple[Sequence[Record[Any]], int | None]:
    """The open tasks at the step that is asked for, all that `now` counts there, the first due on top."""
    rows = session.execute(
        select(*walks.CASE_COLUMNS, Wait.element, Wait.opened_at, Wait.due_on, Wait.due_kind)
        .join(Case, Case.id == Wait.case_id)
        .join(Process, Process.id == Case.process_id)
        .where(*_mine(scope, version_id), cases.visible(scope.by), Wait.element.not_in(scope.hidden))
        .where(Wait.element == scope.filters.element)
        .order_by(Wait.due_at, Wait.id)
        .offset(after)
        .limit(limit + 1)
    ).all()
    return rows[:limit], after + limit if len(rows) > limit else None


def versions(session: Session, process: str, by: Actor) -> Mapping[int, tuple[int, int]]:
    """The versions of a process by number, the newest first: each one's id, and how many of its cases are open."""
    open_ = and_(Case.version_id == Version.id, Case.status != "closed", analysis_scope.looked_through(by))
    rows = session.execute(
        select(Version.number, Version.id, func.count(Case.id).label("n"))
        .join(Process, Process.id == Version.process_id)
        .outerjoin(Case, open_)
        .where(Process.key == process, Version.published_at.is_not(None))
        .group_by(Version.number, Version.id)
        .order_by(Version.number.desc())
    )
    return {row.number: (row.id, row.n) for row in rows}


def _mine(scope: Scope, version_id: int) -> list[ColumnElement[bool]]:
    found = [Case.version_id == version_id, Case.status != "closed", analysis_scope.looked_through(scope.by)]
    if scope.filters.city:
        found.append(Case.region.startswith(scope.filters.city, autoescape=True))
    return found
