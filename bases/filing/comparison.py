"""The yearly figures of all named bases, read once: whose they are, what each filed for each year, how far it has come.

Every page, list, file and print of a figure asks `of` and nothing else, so that one figure is one figure. A value that
was not filed is not there; it is never nought. Growth compares the same bases in both years and says how many it left
out (issue of the figures people trust; 文件未规定，系统默认).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from statistics import median
from typing import Any

from sqlalchemy import Row as Record, select

from bases import register
from bases.filing import approval
from bases.filing.values import StatValue
from bases.measures import indicators
from bases.register.base import EVERYWHERE, IN_THE_CITY
from bases.register.title import PROVINCIAL
from ground import clock, regions
from ground.clock import local_day
from ground.database import Session
from ground.people import Actor
from ground.regions import Place

BASE, CITY, ZONE, INDUSTRY = "base", "city", "zone", "industry"
COUNTED = frozenset({indicators.DECIMAL, indicators.INTEGER, indicators.LIST})
# What cannot be added up: shares, and amounts for each mu. Of several bases it is their mean.
SHARES = frozenset({"percent", "yuan_per_mu"})


@dataclass(frozen=True)
class Sum:
    """One item of some bases in one year: the sum (of shares the mean), from how many of them; None from none."""

    amount: Fraction | None
    given: int
    of: int
    approved: int


@dataclass(frozen=True)
class Growth:
    """The same bases in both years: the sums of each, how many they are, and how many were left out."""

    before: Fraction | None
    now: Fraction | None
    same: int
    left_out: int

    @property
    def percent(self) -> Fraction | None:
        """By how much it grew, exactly; None where there is nothing above nought to compare with."""
        if self.before is None or self.now is None or self.before <= 0:
            return None
        return (self.now - self.before) * 100 / self.before


@dataclass(frozen=True)
class Group:
    """A line of a table: a base, a city, a zone, an industry; with its bases."""

    key: str
    bases: Sequence[Record[Any]]


@dataclass(frozen=True)
class Sheet:
    """What `of` has read; `seen` are the bases that the reader may see one by one, `bases` all named ones."""

    year: int
    at: datetime
    bases: Sequence[Record[Any]]
    titles: Mapping[int, frozenset[str]]
    seen: Collection[int]
    everywhere: bool
    may_total: bool
    cities: Mapping[str, Place]
    amounts: Mapping[tuple[str, int], Mapping[int, int]]
    stages: Mapping[int, str]

    @cached_property
    def mine(self) -> Sequence[Record[Any]]:
        """The bases that may be shown one by one."""
        return [base for base in self.bases if base.id in self.seen]

    @property
    def provincial(self) -> Sequence[Record[Any]]:
        """G-1: the bases with a valid provincial name; one that also has the national name is one of them."""
        return [base for base in self.bases if PROVINCIAL in self.titles[base.id]]

    def sum(self, item: str, year: int, bases: Iterable[Record[Any]]) -> Sum:
        """One item of these bases in one year."""
        asked = [base.id for base in bases]
        known = self.amounts.get((item, year), {})
        given = [number for number in asked if number in known]
        approved = sum(self.stages.get(number) == approval.APPROVED for number in given) if year == self.year else 0
        return Sum(_together(item, [known[number] for number in given]), len(given), len(asked), approved)

    def share(self, bases: Iterable[Record[Any]]) -> Sum:
        """已报/应报 of a year as a whole: how many of these bases filed any figure of it."""
        asked = [base.id for base in bases]
        filed = {number for (_item, year), known in self.amounts.items() if year == self.year for number in known}
        given = [number for number in asked if number in filed]
        return Sum(None, len(given), len(asked), sum(self.stages.get(number) == approval.APPROVED for number in given))

    def growth(self, item: str, bases: Iterable[Record[Any]]) -> Growth:
        """The year beside the one before it."""
        return self.compared((item,), bases, lambda values: _together(item, values[item]))

    def compared(
        self,
        items: Sequence[str],
        bases: Iterable[Record[Any]],
        reckon: Callable[[Mapping[str, Sequence[int]]], Fraction | None],
    ) -> Growth:
        """Anything reckoned from several items, of the bases that gave all of them in both years."""
        asked = [base.id for base in bases]
        years = (self.year - 1, self.year)
        full = [
            number
            for number in asked
            if all(number in self.amounts.get((item, year), {}) for item in items for year in years)
        ]
        before, now = (
            reckon({item: [self.amounts[item, year][number] for number in full] for item in items}) if full else None
            for year in years
        )
        return Growth(before, now, len(full), len(asked) - len(full))

    def median(self, item: str) -> Fraction | None:
        """The middle of what the bases of the province filed; for whoever may know of the province as a whole."""
        known = self.amounts.get((item, self.year), {})
        given = [known[base.id] for base in self.bases if base.id in known]
        return Fraction(median(given)) if given else None

    def groups(self, by: str) -> list[Group]:
        """The bases that one may see, put together by city, zone or industry, or each alone."""
        found: dict[str, list[Record[Any]]] = {}
        for base in self.mine:
            found.setdefault(self.key(base, by), []).append(base)
        order = list(found) if by == BASE else sorted(found)
        return [Group(key, found[key]) for key in order]

    def key(self, base: Record[Any], by: str) -> str:
        """What a base is put together under."""
        if by == BASE:
            return str(base.ref)
        return str((self.cities[base.city].zone or "") if by == ZONE else getattr(base, by))


def of(session: Session, by: Actor, year: int) -> Sheet:
    """All that the figures of a year and the one before are made of, in five questions however many bases there are."""
    now = clock.now()
    named = register.holding(session, local_day(now))
    bases = [row for row, _kinds in named]
    everywhere = any(held.role in EVERYWHERE for held in by.held)
    return Sheet(
        year=year,
        at=now,
        bases=bases,
        titles={row.id: kinds for row, kinds in named},
        seen={row.id for row in bases if everywhere or _sees(by, row)},
        everywhere=everywhere,
        may_total=everywhere or any(held.role in IN_THE_CITY for held in by.held),
        cities={place.code: place for place in regions.listed(session, "city", regions.PROVINCE)},
        amounts=_amounts(session, [row.id for row in bases], year),
        stages=approval.stages(session, year),
    )


def _sees(by: Actor, base: Record[Any]) -> bool:
    """A city its own bases, a county its own, a filler the own one."""
    return any(
        (held.role in IN_THE_CITY and base.city == held.region)
        or (held.role == "base_authority" and base.county == held.region)
        or (held.role == "base_filler" and base.organ_id == held.organ_id)
        for held in by.held
    )


def _amounts(session: Session, base_ids: Sequence[int], year: int) -> dict[tuple[str, int], dict[int, int]]:
    """The newest version of every figure of two years; a list counts as many as it says."""
    rows = session.execute(
        select(StatValue.base_id, StatValue.indicator, StatValue.year, StatValue.amount, StatValue.body)
        .where(StatValue.base_id.in_(list(base_ids)), StatValue.year.in_([year - 1, year]))
        .order_by(StatValue.version)
    )
    newest = {(row.indicator, row.year, row.base_id): (row.amount, row.body) for row in rows}
    found: dict[tuple[str, int], dict[int, int]] = {}
    for (item, of_year, base_id), (amount, body) in newest.items():
        counted = number_in(body) if amount is None else amount
        if counted is not None:
            found.setdefault((item, of_year), {})[base_id] = counted
    return found


def number_in(body: Any) -> int | None:
    """How many things a list of the form counts (数量); None of «不适用» and of a yes or no."""
    count = body.get("count") if isinstance(body, Mapping) else None
    return int(count) if count is not None and str(count).isdigit() else None


def _together(item: str, given: Sequence[int]) -> Fraction | None:
    if not given:
        return None
    return Fraction(sum(given), len(given) if indicators.by_code()[item].unit in SHARES else 1)
