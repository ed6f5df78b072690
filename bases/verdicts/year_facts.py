"""What a year held for the bases of a city, or of the province: what was reported, decided, missed and solved.

A part that knows more of what became of bases registers a source, `@outcomes`: by base, in the words of the report.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record, and_, or_, select, true

from bases.cooperation.issue import SOLVED, Issue
from bases.filing import duty, yearly
from bases.filing.values import StatValue
from bases.register.base import Base
from bases.register.breach import Breach
from bases.register.title import Title
from bases.verdicts.assessment import Assessment
from bases.verdicts.decision import Decision
from ground import clock
from ground.database import Session
from ground.regions import Place

Amounts = Mapping[tuple[str, int], Mapping[int, int]]
Outcomes = Callable[[Session, Sequence[int], int], Mapping[int, Sequence[str]]]
_sources: list[Outcomes] = []
DECIDED: Mapping[tuple[str, str], str] = {
    ("designation", "designate"): "予以认定",
    ("designation", "refuse"): "不予认定",
    ("rectification", "keep"): "整改考核合格，保留命名",
    ("rectification", "revoke"): "整改考核不合格，拟取消命名",
    ("revocation", "keep"): "保留命名",
    ("revocation", "revoke"): "取消命名",
}


@dataclass(frozen=True)
class Round:
    """What a report is about: its year, its city (none is the province), its bases, and the moment."""

    year: int
    city: Place | None
    bases: Sequence[Record[Any]]
    at: datetime

    @property
    def numbers(self) -> list[int]:
        """The numbers of its bases."""
        return [base.id for base in self.bases]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the year."""
        return date(self.year, 1, 1), date(self.year, 12, 31)


@dataclass(frozen=True)
class Duties:
    """The yearly reports of the round's bases, each with where it stands."""

    standings: Mapping[int, str]
    reported: int
    owed: int


def outcomes(source: Outcomes) -> Outcomes:
    """Register what knows more of what became of bases in a year."""
    _sources.append(source)
    return source


def of(session: Session, year: int, city: Place | None) -> Round:
    """The bases that held a name on some day of the year, by city and name."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    held = select(Title.base_id).where(Title.valid_from <= last, or_(Title.valid_to.is_(None), Title.valid_to >= first))
    wanted = select(*Base.__table__.columns).where(Base.id.in_(held))
    if city is not None:
        wanted = wanted.where(Base.city == city.code)
    found = session.execute(wanted.order_by(Base.city, Base.sort_key, Base.id)).all()
    return Round(year, city, found, clock.now())


def duties(session: Session, found: Round) -> Duties:
    """Article 8: of each base, the report about this year."""
    subjects = {yearly.subject(number): number for number in found.numbers}
    rows = duty.of_period(session, duty.ANNUAL, str(found.year), list(subjects))
    stood = duty.stood(session, rows.values(), found.at)
    standings = {
        subjects[whose]: duty.standing(row, found.at, stood.get(row.case_id, 0)) for whose, row in rows.items()
    }
    return Duties(standings, sum(row.handed_at is not None for row in rows.values()), len(rows))


def amounts(session: Session, found: Round, items: Sequence[str]) -> Amounts:
    """By item and year, this one and the one before, the newest amount of each base that gave one."""
    rows = session.execute(
        select(StatValue.base_id, StatValue.indicator, StatValue.year, StatValue.amount)
        .where(
            StatValue.base_id.in_(found.numbers),
            StatValue.indicator.in_(list(items)),
            StatValue.year.in_([found.year - 1, found.year]),
        )
        .order_by(StatValue.version)
    )
    newest = {(row.indicator, row.year, row.base_id): row.amount for row in rows}
    values: dict[tuple[str, int], dict[int, int]] = {}
    for (item, year, base), amount in newest.items():
        if amount is not None:
            values.setdefault((item, year), {})[base] = amount
    return values


def assessed(session: Session, found: Round) -> dict[int, str | None]:
    """The outcome of each base's assessment of the year; None while nobody has decided."""
    rows = session.execute(
        select(Assessment.base_id, Assessment.outcome).where(
            Assessment.base_id.in_(found.numbers), Assessment.year == found.year
        )
    )
    return {row.base_id: row.outcome for row in rows}


def became(session: Session, found: Round) -> dict[int, list[str]]:
    """By base, what became of it in the year, from every source."""
    said: dict[int, list[str]] = {}
    for source in _sources:
        for base, words in source(session, found.numbers, found.year).items():
            said.setdefault(base, []).extend(words)
    return said


def breaches(session: Session, found: Round) -> Sequence[Record[Any]]:
    """What was not kept by a day of the year that binds: of its bases, and of the cities themselves."""
    in_city = Breach.city == found.city.code if found.city is not None else true()
    cities = and_(Breach.base_id.is_(None), in_city)
    wanted = select(*Breach.__table__.columns).where(
        or_(Breach.base_id.in_(found.numbers), cities), Breach.due_on.between(*found.days)
    )
    return session.execute(wanted.order_by(Breach.due_on, Breach.id)).all()


def issues(session: Session, found: Round) -> Sequence[Record[Any]]:
    """The difficulties that were registered or closed in the year, each with the name of its base."""
    within = or_(Issue.registered_on.between(*found.days), Issue.closed_on.between(*found.days))
    wanted = select(*Issue.__table__.columns, Base.name.label("base")).join(Base, Base.id == Issue.base_id)
    return session.execute(
        wanted.where(Issue.base_id.in_(found.numbers), within).order_by(Issue.registered_on, Issue.id)
    ).all()


def solved(found: Round, listed: Sequence[Record[Any]]) -> list[Record[Any]]:
    """Those of them that were closed in the year and solved."""
    return [row for row in listed if row.result == SOLVED and row.closed_on and row.closed_on.year == found.year]


@outcomes
def decisions(session: Session, base_ids: Sequence[int], year: int) -> Mapping[int, Sequence[str]]:
    """What was signed about a base: names given, kept and withdrawn."""
    rows = session.execute(
        select(Decision.base_id, Decision.kind, Decision.outcome, Decision.document)
        .where(Decision.base_id.in_(list(base_ids)), Decision.signed_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Decision.id)
    )
    said: dict[int, list[str]] = {}
    for row in rows:
        if (words := DECIDED.get((row.kind, row.outcome))) is not None:
            said.setdefault(row.base_id, []).append(f"{words}（{row.document}）" if row.document else words)
    return said
