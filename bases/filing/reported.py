"""Who has reported of whom it is owed (已报/应报): by base and duty, by city, for the duties that fall into one year.

Everybody sees what is theirs: a filler the own base, a county and a city their own, the province all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, case, func, or_, select, true

from bases import register
from bases.filing import duty, series
from bases.filing.duty import ReportDuty
from bases.filing.series import Where
from bases.register import breach
from bases.register.base import EVERYWHERE, IN_THE_CITY, Base
from engine import cases
from engine.cases import Case
from ground import regions
from ground.database import Session
from ground.people import Actor
from ground.regions import Place

DONE = frozenset({duty.REPORTED, duty.REPORTED_LATE})
LATE = frozenset({duty.REPORTED_LATE, duty.MISSED})
# What is worst about several duties of one kind comes first.
ORDER = (
    duty.MISSED,
    duty.RETURNED,
    duty.REPORTED_LATE,
    duty.RUNNING,
    duty.UNDER_REVIEW,
    duty.PAST,
    duty.REPORTED,
)


@dataclass(frozen=True)
class Item:
    """One duty as a table shows it: where it stands, its case, the day it is due."""

    kind: str
    period: str
    standing: str
    case_ref: str
    due_on: date
    due_kind: str
    clause: str | None
    handed_at: datetime | None
    whose: str
    city: str
    base_id: int | None


@dataclass(frozen=True)
class Cell:
    """The duties of one kind of one base: how many are owed and have come, and the worst of them."""

    items: Sequence[Item]

    @property
    def owed(self) -> int:
        """应报."""
        return len(self.items)

    @property
    def reported(self) -> int:
        """已报, late ones too."""
        return sum(item.standing in DONE for item in self.items)

    @property
    def worst(self) -> Item:
        """The one that wants attention first."""
        return min(self.items, key=lambda item: ORDER.index(item.standing))


@dataclass(frozen=True)
class Line:
    """One base of the table, or the city itself where `base` is None."""

    base: Record[Any] | None
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class City:
    """A city's figures: of each kind how many of its bases have reported, and its own report."""

    place: Place
    counts: Mapping[str, tuple[int, int]]
    late: int
    own: Item | None


@dataclass(frozen=True)
class Table:
    """The duties of a year that somebody may see; `seen` are all bases of theirs, also those that owe nothing."""

    year: int
    kinds: Sequence[str]
    lines: Sequence[Line]
    seen: Sequence[Record[Any]]
    own: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """Of one city's bases: what they owe, what has come, what was sent back at least once."""

    owed: int
    reported: int
    returned: int


@dataclass(frozen=True)
class Rolled:
    """One line of a roll-up: a city's or a base's; how many owed it, have reported, are approved, and the sums."""

    city: str
    base: Record[Any] | None
    owed: int
    reported: int
    sum: series.Sum


@dataclass(frozen=True)
class RolledUp:
    """A period's figures and their sum, as of a moment."""

    lines: Sequence[Rolled]
    whole: Rolled
    at: datetime


def table(session: Session, by: Actor, year: int, now: datetime, city: str | None = None) -> Table:
    """Base by duty: the bases that this person sees, in one city if that is asked for."""
    seen = [row for row in register.bases_of(session, by) if city in (None, row.city)]
    mine = ReportDuty.base_id.in_([row.id for row in seen])
    of_cities = ReportDuty.base_id.is_(None) & ReportDuty.city.in_(_cities(by, city))
    items = _items(session, year, now, or_(mine, of_cities))
    of_bases: dict[int | None, list[Item]] = {}
    for item in items:
        of_bases.setdefault(item.base_id, []).append(item)
    own = _cells(of_bases.pop(None, []))
    lines = [Line(row, _cells(of_bases[row.id])) for row in seen if row.id in of_bases]
    return Table(year, _kinds(items), lines, seen, own)


def by_city(session: Session, year: int, now: datetime) -> tuple[Sequence[str], list[City], Item | None]:
    """The province's table: each city with its figures, and the digest to the ministry."""
    items = _items(session, year, now, true())
    kinds = [kind for kind in _kinds(items) if kind not in (duty.CITY, duty.MINISTRY)]
    codes = sorted({item.city for item in items if item.city != regions.PROVINCE})
    places = regions.named(session, set(codes)) if codes else {}
    digest = next((item for item in items if item.kind == duty.MINISTRY), None)
    return kinds, [_city(places[code], [one for one in items if one.city == code], kinds) for code in codes], digest


def rolled_up(session: Session, by: Actor, where: Where, now: datetime) -> RolledUp:
    """S-3.3: a period's figures: by city for whoever sees all, by base below; the last line is their sum."""
    seen = {row.id: row for row in register.bases_of(session, by)}
    values = {number: each for number, each in series.newest(session, where).items() if number in seen}
    owed = [one for one in duty.of_period(session, where.template, where.period).values() if one.base_id in seen]
    in_cities = any(held.role in EVERYWHERE for held in by.held)
    groups: dict[Any, list[int]] = {}
    for number in {*values, *(one.base_id for one in owed)}:
        groups.setdefault(seen[number].city if in_cities else number, []).append(number)
    handed = {one.base_id for one in owed if one.handed_at is not None}
    lines = [
        Rolled(
            city=seen[numbers[0]].city,
            base=None if in_cities else seen[numbers[0]],
            owed=sum(one.base_id in numbers for one in owed),
            reported=sum(number in handed for number in numbers),
            sum=series.total([values[number] for number in numbers if number in values]),
        )
        for numbers in groups.values()
    ]
    lines.sort(key=lambda line: (line.city, line.base.sort_key if line.base else ""))
    whole = Rolled("", None, len(owed), len(handed), series.total(list(values.values())))
    return RolledUp(lines, whole, now)


def mine(session: Session, by: Actor, year: int, now: datetime) -> list[Item]:
    """What the bases that this person fills in for owe in this year, in the order of the days."""
    own = {held.organ_id for held in by.held if held.role == "base_filler"}
    if not own:
        return []
    theirs = ReportDuty.base_id.in_(select(Base.id).where(Base.organ_id.in_(own)))
    return _items(session, year, now, theirs)


def shares(session: Session, year: int) -> dict[str, Share]:
    """By city, of what its bases owe in a year: how much has come, and how much was sent back at least once."""
    sent_back = or_(ReportDuty.returned_days > 0, ReportDuty.returned_at.is_not(None))
    rows = session.execute(
        select(
            ReportDuty.city,
            func.count().label("owed"),
            func.count(ReportDuty.handed_at).label("reported"),
            func.count(case((sent_back, 1))).label("returned"),
        )
        .join(Case, Case.id == ReportDuty.case_id)
        .where(
            ReportDuty.due_on.between(date(year, 1, 1), date(year, 12, 31)),
            ReportDuty.base_id.is_not(None),
            _not_cancelled(),
        )
        .group_by(ReportDuty.city)
    )
    return {row.city: Share(row.owed, row.reported, row.returned) for row in rows}


def punctuality(session: Session, base_id: int, year: int, now: datetime) -> tuple[int, int]:
    """R-12.7: how many reports of a base were late, and how many were due by now, in the course of a year.

    Only days of the text and of served notices count; a passed default changes neither.
    """
    items = _items(session, year, now, ReportDuty.base_id == base_id)
    due = [item for item in items if item.due_kind in breach.BINDING and item.standing in DONE | LATE]
    return sum(item.standing in LATE for item in due), len(due)


def _items(session: Session, year: int, now: datetime, which: ColumnElement[bool]) -> list[Item]:
    rows = session.execute(
        select(*ReportDuty.__table__.columns, Case.ref.label("case_ref"))
        .join(Case, Case.id == ReportDuty.case_id)
        .where(ReportDuty.due_on.between(date(year, 1, 1), date(year, 12, 31)), which, _not_cancelled())
        .order_by(ReportDuty.due_on, ReportDuty.id)
    ).all()
    stood = duty.stood(session, rows, now)
    return [_item(row, now, stood.get(row.case_id, 0)) for row in rows]


def _not_cancelled() -> ColumnElement[bool]:
    """What was ended by hand (终止) is owed no more."""
    return or_(Case.outcome.is_(None), Case.outcome != cases.CANCELLED)


def _item(row: Record[Any], now: datetime, stood: int) -> Item:
    facts = {name: getattr(row, name) for name in Item.__dataclass_fields__ if name != "standing"}
    return Item(standing=duty.standing(row, now, stood), **facts)


def _cells(items: Iterable[Item]) -> dict[str, Cell]:
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    return {kind: Cell(each) for kind, each in by_kind.items()}


def _kinds(items: Iterable[Item]) -> list[str]:
    """The yearly report first, then the others by name."""
    return sorted({item.kind for item in items}, key=lambda kind: (kind != duty.ANNUAL, kind))


def _city(place: Place, items: Sequence[Item], kinds: Sequence[str]) -> City:
    of_bases = [item for item in items if item.base_id is not None]
    counts = {
        kind: (sum(one.standing in DONE for one in each), len(each))
        for kind in kinds
        for each in [[item for item in of_bases if item.kind == kind]]
    }
    own = next((item for item in items if item.kind == duty.CITY), None)
    return City(place, counts, sum(item.standing in LATE for item in of_bases), own)


def _cities(by: Actor, city: str | None) -> list[str]:
    if any(held.role in EVERYWHERE for held in by.held):
        return [city] if city else []
    own = {held.region for held in by.held if held.role in IN_THE_CITY}
    return sorted(own if city is None else own & {city})
