"""Base by duty for one year: what each base owes, where it stands, and the case behind each cell.

The reports of Article 8 and the periodic ones, the material of the yearly assessment, and a running rectification. A
light is green for what has come, red for what a binding day missed, yellow for all that is under way; a passed default
of ours is never red.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, exists, select

from bases.filing import duty, reported
from bases.register.base import DESIGNATED, RECTIFYING, Base, belong_to
from bases.verdicts import campaign
from bases.verdicts.assessment import Assessment
from bases.verdicts.campaign import Campaign
from bases.verdicts.rectification import Rectification
from engine.cases import Case
from engine.submissions import Submission
from ground import clock
from ground.database import Session
from ground.people import Actor

NAMED = frozenset({DESIGNATED, RECTIFYING})
ASSESSMENT, RECTIFICATION = "assessment", "rectification"
SELF, REPORT = "self", "report"
GREEN, YELLOW, RED = "green", "yellow", "red"
LIGHTS: Mapping[str, str] = {
    duty.REPORTED: GREEN,
    duty.REPORTED_LATE: YELLOW,
    duty.RUNNING: YELLOW,
    duty.UNDER_REVIEW: YELLOW,
    duty.RETURNED: YELLOW,
    duty.PAST: YELLOW,
    duty.MISSED: RED,
}
# What has not come: who has not reported is named by it.
NOT_IN = frozenset({duty.RUNNING, duty.RETURNED, duty.UNDER_REVIEW, duty.PAST, duty.MISSED})


@dataclass(frozen=True)
class Item:
    """One thing that a base owes: of which kind and period, where it stands, by which day, and its case."""

    kind: str
    period: str
    standing: str
    due_on: date | None
    due_kind: str
    clause: str | None
    case_ref: str | None


@dataclass(frozen=True)
class Cell:
    """What one base owes of one kind; the worst comes first."""

    items: Sequence[Item]

    @property
    def worst(self) -> Item:
        """The one that wants attention first."""
        return min(self.items, key=lambda item: reported.ORDER.index(item.standing))

    @property
    def light(self) -> str:
        """The colour of the worst."""
        return LIGHTS[self.worst.standing]

    @property
    def done(self) -> int:
        """已报, late ones too."""
        return sum(item.standing in reported.DONE for item in self.items)


@dataclass(frozen=True)
class Line:
    """One base and its cells by kind."""

    base: Record[Any]
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Matrix:
    """The bases that somebody sees, by what they owe in a year, as of a moment."""

    year: int
    kinds: Sequence[str]
    lines: Sequence[Line]
    at: datetime

    def share(self, kind: str) -> tuple[int, int]:
        """已报 and 应报 of one kind."""
        cells = [line.cells[kind] for line in self.lines if kind in line.cells]
        return sum(cell.done for cell in cells), sum(len(cell.items) for cell in cells)

    def listed(self, standings: Collection[str]) -> list[tuple[Record[Any], Item]]:
        """Each base with each of its items that stands at one of these, in the order of the table."""
        return [
            (line.base, item)
            for line in self.lines
            for kind in self.kinds
            if kind in line.cells
            for item in line.cells[kind].items
            if item.standing in standings
        ]


def of(session: Session, by: Actor, year: int, now: datetime, city: str | None = None) -> Matrix:
    """The matrix of this person's bases, in one city if that is asked for; five statements however many there are."""
    table = reported.table(session, by, year, now, city)
    found: dict[int, dict[str, list[Item]]] = {}
    for line in table.lines:
        if line.base is not None:
            found[line.base.id] = {kind: [_owed(item) for item in cell.items] for kind, cell in line.cells.items()}
    kinds = [kind for kind in table.kinds if kind not in (duty.CITY, duty.MINISTRY)]
    for kind, items in (
        (ASSESSMENT, _assessments(session, by, year, now)),
        (RECTIFICATION, _rectifications(session, by, year, now)),
    ):
        for base_id, item in items:
            found.setdefault(base_id, {}).setdefault(kind, []).append(item)
        if items:
            kinds.append(kind)
    lines = [_line(row, found.get(row.id, {})) for row in table.seen if row.id in found or row.status in NAMED]
    return Matrix(year, [kind for kind in kinds if any(kind in line.cells for line in lines)], lines, now)


def _line(base: Record[Any], found: Mapping[str, Sequence[Item]]) -> Line:
    return Line(base, {kind: Cell(items) for kind, items in found.items()})


def _owed(item: reported.Item) -> Item:
    return Item(item.kind, item.period, item.standing, item.due_on, item.due_kind, item.clause, item.case_ref)


def _assessments(session: Session, by: Actor, year: int, now: datetime) -> list[tuple[int, Item]]:
    """R-11.1: the material of the year's assessment; only the days of a served notice bind."""
    rows = session.execute(
        select(
            Assessment.base_id,
            Case.ref.label("case_ref"),
            Case.status.label("case_status"),
            Campaign.closes_on,
            Campaign.document,
            _sent(SELF).label("filled"),
            _sent(REPORT).label("reported"),
        )
        .join(Base, Base.id == Assessment.base_id)
        .join(Campaign, Campaign.id == Assessment.campaign_id)
        .join(Case, Case.id == Assessment.case_id)
        .where(Assessment.year == year, Campaign.state != campaign.DRAFT, belong_to(by))
        .order_by(Assessment.id)
    )
    return [(row.base_id, _material(row, str(year), now)) for row in rows]


def _material(row: Record[Any], period: str, now: datetime) -> Item:
    kind = "notice" if row.document else "default"
    return Item(
        ASSESSMENT, period, _handed(row, now, binding=bool(row.document)), row.closes_on, kind, "11", row.case_ref
    )


def _handed(row: Record[Any], now: datetime, *, binding: bool) -> str:
    if row.reported or row.case_status == "closed":
        return duty.REPORTED
    if now >= clock.end_of(row.closes_on):
        return duty.MISSED if binding else duty.PAST
    return duty.UNDER_REVIEW if row.filled else duty.RUNNING


def _rectifications(session: Session, by: Actor, year: int, now: datetime) -> list[tuple[int, Item]]:
    """Article 13(2): the application for reassessment, by the last day of its window."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = session.execute(
        select(
            Rectification.base_id,
            Rectification.window_to,
            Rectification.applied_on,
            Rectification.outcome,
            Case.ref.label("case_ref"),
        )
        .join(Base, Base.id == Rectification.base_id)
        .join(Case, Case.id == Rectification.case_id)
        .where(Rectification.begins_on <= last, Rectification.window_to >= first, belong_to(by))
        .order_by(Rectification.case_id)
    )
    return [(row.base_id, _half_year(row, str(year), now)) for row in rows]


def _half_year(row: Record[Any], period: str, now: datetime) -> Item:
    over = now >= clock.end_of(row.window_to)
    standing = duty.REPORTED if row.applied_on else duty.MISSED if over else duty.RUNNING
    return Item(RECTIFICATION, period, standing, row.window_to, "notice", "13(2)", row.case_ref)


def _sent(element: str) -> ColumnElement[bool]:
    return exists().where(Submission.case_id == Assessment.case_id, Submission.element == element)
