"""What an analysis counts over: its filters, whose cases, which steps were sent, which were due and which late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row as Record, and_, func, or_, select, true
from sqlalchemy.sql.elements import True_

from engine import cases, definitions
from engine.cases import Case, sight
from engine.definitions import Process, Version
from ground.database import Session
from ground.people import Actor
from tasks.analysis_rows import AnalysedCase, AnalysedStep

OWNER = "process_owner"

Counted = type[AnalysedCase | AnalysedStep]
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class Filters:
    """What is counted: a process, one version of it (its number), a city (four digits), months, one step."""

    process: str = ""
    version: str = ""
    city: str = ""
    since: str = ""
    until: str = ""
    element: str = ""


@dataclass(frozen=True)
class Scope:
    """The cases and steps that count, for one reader on one day; `hidden` are steps that they may not know of."""

    by: Actor
    filters: Filters
    today: date
    hidden: frozenset[str]
    province: bool = False  # counts every city, for a median that names none

    @property
    def whole(self) -> "Scope":
        """The same in the whole province, whoever reads."""
        return replace(self, filters=replace(self.filters, city=""), province=True)

    @property
    def unbounded(self) -> "Scope":
        """The same of all months."""
        return replace(self, filters=replace(self.filters, since="", until=""))

    @property
    def cases(self) -> Conditions:
        """The cases that count, by the month in which they ended or that they have come to."""
        return [*self._narrowed(AnalysedCase), *self._months(AnalysedCase)]

    @property
    def steps(self) -> Conditions:
        """Their steps, of any month."""
        hidden = [AnalysedStep.element.not_in(self.hidden)] if self.hidden else []
        element = [AnalysedStep.element == self.filters.element] if self.filters.element else []
        return [*self._narrowed(AnalysedStep), *element, *hidden]

    @property
    def sent(self) -> Conditions:
        """The steps that were sent, by the month of that."""
        return [*self.steps, AnalysedStep.month.is_not(None), *self._months(AnalysedStep)]

    @property
    def due(self) -> Conditions:
        """The steps with a limit that was met or missed: what was sent, and what lies open past its day."""
        done = and_(AnalysedStep.month.is_not(None), *self._months(AnalysedStep))
        return [*self.steps, AnalysedStep.due_kind.is_not(None), or_(done, self._lying)]

    @property
    def late(self) -> Conditions:
        """Those of them that were sent late, or lie open past their day."""
        return [*self.due, self.overdue]

    @property
    def overdue(self) -> ColumnElement[bool]:
        """What makes one of them late."""
        return or_(AnalysedStep.late, self._lying)

    @property
    def _lying(self) -> ColumnElement[bool]:
        """What lies open past its day belongs to this month."""
        this = f"{self.today:%Y-%m}"
        if (self.filters.until and self.filters.until < this) or self.filters.since > this:
            return and_(AnalysedStep.month.is_(None), AnalysedStep.case_id.is_(None))
        return and_(AnalysedStep.month.is_(None), AnalysedStep.due_on < self.today)

    def _narrowed(self, kind: Counted) -> Conditions:
        process = select(Process.id).where(Process.key == self.filters.process).scalar_subquery()
        found: Conditions = [kind.process_id == process]
        if self.filters.version:
            numbered = select(Version.id).where(
                Version.process_id == process, Version.number == int(self.filters.version)
            )
            found.append(kind.version_id == numbered.scalar_subquery())
        if self.filters.city:
            found.append(kind.city == self.filters.city)
        return found if self.province else [*found, *seen(self.by, kind)]

    def _months(self, kind: Counted) -> Conditions:
        since = [kind.month >= self.filters.since] if self.filters.since else []
        return [*since, kind.month <= self.filters.until] if self.filters.until else since


def of(session: Session, by: Actor, filters: Filters, today: date) -> Scope:
    """What counts for this reader."""
    return Scope(by, filters, today, _hidden(session, by, filters.process))


def sees_all(by: Actor) -> bool:
    """Whether this person sees the cases of the whole province."""
    return isinstance(cases.visible(by), True_)


def counts_all(by: Actor) -> bool:
    """Whether all cases are counted for this person: they see them all, or own the rules that all of them go by."""
    return sees_all(by) or by.has(OWNER)


def looked_through(by: Actor) -> ColumnElement[bool]:
    """The open cases that are counted for this person, for statements on the cases themselves."""
    return true() if counts_all(by) else cases.visible(by)


def seen(by: Actor, kind: Counted) -> Conditions:
    """What narrows rows to the cases that are counted for this person; nothing for whoever counts them all."""
    return [] if counts_all(by) else [kind.case_id.in_(select(Case.id).where(cases.visible(by)))]


def processes(session: Session, by: Actor) -> Mapping[str, int]:
    """The processes of which this person may count cases, with how many, the most first."""
    rows = session.execute(
        select(Process.key, func.count().label("n"))
        .select_from(AnalysedCase)
        .join(Process, AnalysedCase.process_id == Process.id)
        .where(*seen(by, AnalysedCase))
        .group_by(Process.key)
        .order_by(func.count().desc(), Process.key)
    )
    return {row.key: row.n for row in rows}


def as_of(session: Session) -> datetime | None:
    """When rows were reckoned last; None before the first."""
    at: datetime | None = session.scalar(select(func.max(AnalysedCase.reckoned_at)))
    return at


def versions(session: Session, process: str) -> Sequence[Record[tuple[int, int]]]:
    """The versions of a process that cases may stand on: id, number; the newest first."""
    return session.execute(
        select(Version.id, Version.number)
        .join(Process, Process.id == Version.process_id)
        .where(Process.key == process, Version.published_at.is_not(None))
        .order_by(Version.number.desc())
    ).all()


def _hidden(session: Session, by: Actor, process: str) -> frozenset[str]:
    """The steps of which this person may not know that they happened: asked of one person by name, and sealed."""
    found = set()
    for version in versions(session, process):
        folder = definitions.shown(session, version.id)
        for diagram in folder.diagram.every.values():
            for element in diagram.elements.values():
                place = folder.diagram.place(element)
                if element.scope == "person" and sight.withheld(place, None, by, folder):
                    found.add(place)
    return frozenset(found)
