"""Where the open cases of a process stand now, by step: how many, how many of them late or waiting rightly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select

from engine import cases, definitions
from engine.cases import Case
from engine.definitions import Process, Version
from engine.waits import Subscription, Timer, Wait
from ground.database import Session
from ground.people import Actor
from tasks import walks
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
    mine = [Case.version_id == version_id, Case.status != "closed", cases.visible(scope.by)]
    if scope.filters.city:
        mine.append(Case.region.startswith(scope.filters.city, autoescape=True))
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


def versions(session: Session, process: str, by: Actor) -> Mapping[int, tuple[int, int]]:
    """The versions of a process by number, the newest first: each one's id, and how many of its cases are open."""
    open_ = and_(Case.version_id == Version.id, Case.status != "closed", cases.visible(by))
    rows = session.execute(
        select(Version.number, Version.id, func.count(Case.id).label("n"))
        .join(Process, Process.id == Version.process_id)
        .outerjoin(Case, open_)
        .where(Process.key == process, Version.published_at.is_not(None))
        .group_by(Version.number, Version.id)
        .order_by(Version.number.desc())
    )
    return {row.number: (row.id, row.n) for row in rows}
