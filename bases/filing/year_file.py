"""A base's year as its registers tell it: ladder, chain, platforms in use, funds, organs and what they did; facts only.

Beside each count stands what the information form says of the same item, for whoever checks or assesses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bases.filing import information, values
from bases.measures import indicators
from bases.measures.indicators import Indicator
from bases.register import ledgers
from bases.register.ledgers import figures, marks, reading
from bases.register.ledgers.definition import Register, Total
from bases.register.ledgers.marks import Mark
from bases.register.ledgers.reading import Shown, Sum
from ground.database import Session


@dataclass(frozen=True)
class Beside:
    """One item of the form: what its register counts for the year, and what was filed, if anything was."""

    item: Indicator
    register: Register
    counted: int
    filed: int | None

    @property
    def differs(self) -> bool:
        """Whether the two are both known and not the same."""
        return self.filed is not None and self.filed != self.counted


@dataclass(frozen=True)
class Platform:
    """A platform of the year with its real use beside its cost; without use its figures are None."""

    row: Any
    users: int | None
    uses: int | None
    running: str | None


@dataclass(frozen=True)
class Funds:
    """What the policies of a level plan and have used, in 万元."""

    level: str
    planned: Decimal
    used: Decimal

    @property
    def over(self) -> bool:
        """Whether more was used than planned."""
        return self.used > self.planned


@dataclass(frozen=True)
class YearFile:
    """Everything of one base and year."""

    beside: Sequence[Beside]
    ladder: Mapping[str, int]
    missing_links: Sequence[Any]
    platforms: Sequence[Platform]
    funds: Sequence[Funds]
    organs: Sequence[Mapping[str, Any]]
    activities: Sequence[Sum]
    events: Sequence[Any]
    tasks: Sequence[Sum]
    tasks_in_all: int
    supports: Sequence[Sum]
    overdue: Sequence[tuple[Any, Mark]]


def of(session: Session, base_id: int, year: int, today: date) -> YearFile:
    """Read it from the registers of the base."""
    shown = Shown(base_id=base_id, year=year)
    ladder = reading.sums_of(session, "enterprise", Total("tier"), shown)
    links = ledgers.rows(session, "chain_link", base_id=base_id)
    return YearFile(
        beside=beside(session, base_id, year),
        ladder={one.code: one.counts[""] for one in ladder},
        missing_links=[row for row in links if row.answers["state"] == "missing"],
        platforms=[_platform(row, year) for row in ledgers.rows(session, "platform", base_id=base_id, year=year)],
        funds=_funds(ledgers.rows(session, "policy", base_id=base_id, year=year)),
        organs=information.organs(session, base_id),
        activities=reading.sums_of(session, "service_activity", Total("kind"), shown),
        events=ledgers.rows(session, "event", base_id=base_id, year=year),
        tasks=reading.sums_of(session, "plan_item", Total("tags", "progress"), shown),
        tasks_in_all=len(ledgers.rows(session, "plan_item", base_id=base_id, year=year)),
        supports=reading.sums_of(session, "support", Total("direction"), shown),
        overdue=marks.overdue(session, base_id, today),
    )


def beside(session: Session, base_id: int, year: int) -> list[Beside]:
    """Each item that a register of this base counts, in the order of the form."""
    counted, feeds = figures.counted(session, base_id, year), figures.feeds()
    filed = values.latest(session, base_id)
    return [
        Beside(item, feeds[code], counted[code], _filed(filed.get((code, year))))
        for code, item in indicators.by_code().items()
        if code in counted
    ]


def _filed(value: values.Value | None) -> int | None:
    if value is None:
        return None
    if value.amount is not None:
        return value.amount
    count = value.body.get("count") if isinstance(value.body, Mapping) else None
    return int(count) if count is not None else None


def _platform(row: Any, year: int) -> Platform:
    used = next((each for each in row.answers.get("usage") or () if each["in_year"] == str(year)), None)
    if used is None:
        return Platform(row, None, None, None)
    return Platform(row, used["users"], used["uses"], used.get("cost"))


def _funds(rows: Sequence[Any]) -> list[Funds]:
    levels: dict[str, tuple[Decimal, Decimal]] = {}
    for row in rows:
        planned, used = levels.get(row.answers["level"], (Decimal(0), Decimal(0)))
        more = Decimal(row.answers.get("planned") or 0), Decimal(row.answers.get("used") or 0)
        levels[row.answers["level"]] = (planned + more[0], used + more[1])
    return [Funds(level, planned, used) for level, (planned, used) in levels.items()]
