"""Goals 123 (二(一)): one goal of forty bases, two growths that are higher, three things that rise.

Nothing is green without a figure: where a series or a value is missing the verdict is «无法判断» (G-5).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row as Record, or_, select

from bases.filing.comparison import SHARES, Growth, Sheet
from bases.measures import indicators
from bases.register import ledgers, title
from ground import clock, parameters
from ground.database import Session

TARGET, TARGET_YEAR = "goal.bases", "goal.year"
TRADE = "I03"
NATION, PROVINCE = "national", "provincial"
ABOVE, NOT_ABOVE, UNKNOWN = "above", "not_above", "unknown"
MET, NOT_MET = "met", "not_met"
RISES, RISES_NOT = "rises", "rises_not"
EFFICIENCY, STRUCTURE, COMPETITIVENESS = "efficiency", "structure", "competitiveness"
PLACES = 2


@dataclass(frozen=True)
class Progress:
    """G-1: how many bases hold the provincial name, of how many by which year."""

    held: int
    target: int
    by_year: int

    @property
    def percent(self) -> Fraction:
        """The share of the goal that is reached."""
        return Fraction(self.held * 100, self.target)

    @property
    def verdict(self) -> str:
        """Met, or not met yet."""
        return MET if self.held >= self.target else NOT_MET


@dataclass(frozen=True)
class Series:
    """The growth of one year's trade to compare with, in per cent, and where it was taken from."""

    growth: Mapping[str, Fraction]
    source: str = ""
    ref: str = ""
    entered_on: date | None = None


@dataclass(frozen=True)
class Higher:
    """G-4, G-5: the growth of some bases' trade beside the nation's and the province's."""

    growth: Growth
    verdicts: Mapping[str, str]

    @property
    def both(self) -> str:
        """Above only where it is above both; not above where it fails one; else nobody can tell."""
        found = set(self.verdicts.values())
        if NOT_ABOVE in found:
            return NOT_ABOVE
        return UNKNOWN if UNKNOWN in found else ABOVE


@dataclass(frozen=True)
class Part:
    """One part of an improvement: an item, or one item by another."""

    item: str
    by: str = ""

    @property
    def code(self) -> str:
        """I14, or I13/I02."""
        return f"{self.item}/{self.by}" if self.by else self.item

    @property
    def items(self) -> tuple[str, ...]:
        """What has to be there in both years."""
        return (self.item, self.by) if self.by else (self.item,)


@dataclass(frozen=True)
class Index:
    """One part in both years, of the same bases, and the later by the earlier as an index: 100 is as before."""

    part: Part
    growth: Growth
    whole: Sequence[Growth]

    @property
    def index(self) -> Fraction | None:
        """To two places, as it is shown; None where there is nothing to compare with."""
        percent = self.growth.percent
        return None if percent is None else rounded(100 + percent)


@dataclass(frozen=True)
class Improvement:
    """G-6 to G-8: the mean of the indices of its parts, as they are shown, so that it can be reckoned by hand."""

    code: str
    parts: Sequence[Index]

    @property
    def index(self) -> Fraction | None:
        """The mean of those that can be compared."""
        known = [part.index for part in self.parts if part.index is not None]
        return rounded(sum(known, Fraction(0)) / len(known)) if known else None

    @property
    def verdict(self) -> str:
        """It rises above 100, not at 100; without any part nobody can tell."""
        if self.index is None:
            return UNKNOWN
        return RISES if self.index > 100 else RISES_NOT  # noqa: PLR2004  100 is the year before


PARTS: Mapping[str, tuple[Part, ...]] = {
    EFFICIENCY: (Part("I14"), Part("I13", "I02"), Part("I01a", "I07"), Part("I10")),
    STRUCTURE: (Part("I01a", "I01"), Part("I02a", "I02"), Part("I12b"), Part("I09")),
    COMPETITIVENESS: (
        Part("I03a", "I02a"),
        *(Part(item) for item in ("I06", "I17", "I18", "I20", "I23", "I24")),
    ),
}


def progress(session: Session, sheet: Sheet) -> Progress:
    """G-1, of the whole province, whoever asks: the number of names is public."""
    known = parameters.values(session, (TARGET, TARGET_YEAR), clock.today())
    return Progress(len(sheet.provincial), int(known[TARGET].value), int(known[TARGET_YEAR].value))


def counts(session: Session) -> dict[str, int]:
    """The same for a home, in one statement: how many hold the name, and how many are aimed at."""
    on, setting = clock.today(), parameters.Setting
    row = session.execute(
        select(setting.value, title.number_of(title.PROVINCIAL, on).label("held")).where(
            setting.key == TARGET,
            setting.valid_from <= on,
            or_(setting.valid_to.is_(None), setting.valid_to >= on),
        )
    ).one()
    return {"held": row.held, "target": int(row.value)}


def series(session: Session, year: int) -> Series:
    """The two growths of this year as an officer entered them in the register 进出口增速参照; none where none is."""
    for row in ledgers.rows(session, "reference_series", year=year):
        growth = {name: Fraction(str(row.answers[name])) for name in (NATION, PROVINCE) if row.answers.get(name)}
        return Series(growth, row.answers["source"], row.ref, clock.local_day(row.changed_at))
    return Series({})


def higher(sheet: Sheet, known: Series, bases: Sequence[Record[Any]]) -> Higher:
    """Strictly higher: what grew as much as the nation did is not above it."""
    growth = sheet.growth(TRADE, bases)
    return Higher(growth, {name: _above(growth.percent, known.growth.get(name)) for name in (NATION, PROVINCE)})


def improvements(sheet: Sheet, bases: Sequence[Record[Any]]) -> list[Improvement]:
    """The three, with the parts that each is made of."""
    return [Improvement(code, [_index(sheet, part, bases) for part in parts]) for code, parts in PARTS.items()]


def rounded(value: Fraction) -> Fraction:
    """To two places, halves away from nought, as one does by hand."""
    scaled = abs(value) * 10**PLACES
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**PLACES)


def _above(growth: Fraction | None, other: Fraction | None) -> str:
    if growth is None or other is None:
        return UNKNOWN
    return ABOVE if growth > other else NOT_ABOVE


def _index(sheet: Sheet, part: Part, bases: Sequence[Record[Any]]) -> Index:
    """The part reckoned of the bases that gave all it needs in both years; with what was divided by what."""
    whole = [sheet.compared(part.items, bases, _alone(item)) for item in part.items]
    return Index(part, sheet.compared(part.items, bases, _reckoned(part)), whole)


def _alone(item: str) -> Callable[[Mapping[str, Sequence[int]]], Fraction | None]:
    return lambda given: _value(item, given[item])


def _reckoned(part: Part) -> Callable[[Mapping[str, Sequence[int]]], Fraction | None]:
    def reckon(given: Mapping[str, Sequence[int]]) -> Fraction | None:
        above = _value(part.item, given[part.item])
        if not part.by:
            return above
        below = _value(part.by, given[part.by])
        return Fraction(above, below) if below else None

    return reckon


def _value(item: str, given: Sequence[int]) -> Fraction:
    """In the unit that people read: the sum, of shares the mean."""
    known = indicators.by_code()[item]
    total = Fraction(sum(given), len(given) if known.unit in SHARES else 1)
    return Fraction(total, 10**known.places)
