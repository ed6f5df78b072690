"""What bases have filed: a value for each base, item and year, in versions; filed again unchanged it adds none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.measures import indicators
from bases.measures.indicators import Indicator
from ground.database import Row, Session
from ground.types import Amount, Code, Document, Id, Instant, Text, Whole

NOT_APPLICABLE = "n/a"
CUSTOMS_EXPORT = "customs_export"

Key = tuple[str, int]
NONE: Mapping[Key, str] = MappingProxyType({})


class StatValue(Row):
    """One version of one value: an amount in the item's smallest unit, or a list, a yes or no, «不适用»."""

    __tablename__ = "stat_value"
    __table_args__ = (UniqueConstraint("base_id", "year", "indicator", "version"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    year: Mapped[int] = mapped_column(Whole)
    indicator: Mapped[str] = mapped_column(Code())
    version: Mapped[int] = mapped_column(Whole)
    amount: Mapped[int | None] = mapped_column(Amount)
    body: Mapped[Any] = mapped_column(Document, nullable=True)
    unit: Mapped[str] = mapped_column(Code())
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    filed_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text(5000))


@dataclass(frozen=True)
class Filing:
    """Where values come from: the case (none for a first stock), who sent them, when."""

    at: datetime
    case_id: int | None = None
    by_person: int | None = None


@dataclass(frozen=True)
class Value:
    """A value as it is stored: exactly one of the two is set."""

    amount: int | None
    body: Any = None


def stored(item: Indicator, typed: Any) -> Value | None:
    """What is kept of an answer; None where nothing was given."""
    if typed is None or typed == "":
        return None
    if item.is_amount and typed != NOT_APPLICABLE:
        return Value(item.amount(typed))
    return Value(None, typed)


def typed(item: Indicator, value: Value) -> Any:
    """The answer that a stored value came from."""
    return value.body if value.amount is None else item.typed(value.amount)


def file(
    session: Session, base_id: int, given: Mapping[Key, Value], filing: Filing, reasons: Mapping[Key, str] = NONE
) -> int:
    """Add what is new or different as the next version, with the reason where one was given; how many that were."""
    items = indicators.by_code()
    before = _versions(session, base_id)
    rows = [
        {
            "base_id": base_id,
            "year": year,
            "indicator": code,
            "version": before.get((code, year), (0, None))[0] + 1,
            "amount": value.amount,
            "body": value.body,
            "unit": items[code].unit,
            "case_id": filing.case_id,
            "by_person": filing.by_person,
            "filed_at": filing.at,
            "reason": reasons.get((code, year)),
        }
        for (code, year), value in given.items()
        if before.get((code, year), (0, None))[1] != value
    ]
    if rows:
        session.execute(insert(StatValue), rows)
    return len(rows)


def latest(session: Session, base_id: int, *, before_case: int | None = None) -> dict[Key, Value]:
    """The newest version of every value of a base; with `before_case`, leaving out what that case filed itself."""
    return {key: value for key, (_version, value) in _versions(session, base_id, before_case).items() if value}


def customs(session: Session, base_id: int) -> dict[int, int]:
    """The customs value of exports by year, where a series has been loaded (in 万元)."""
    found = latest(session, base_id)
    return {year: value.amount for (code, year), value in found.items() if code == CUSTOMS_EXPORT and value.amount}


def _versions(session: Session, base_id: int, but_not: int | None = None) -> dict[Key, tuple[int, Value | None]]:
    wanted = select(StatValue.indicator, StatValue.year, StatValue.version, StatValue.amount, StatValue.body).where(
        StatValue.base_id == base_id
    )
    if but_not is not None:
        wanted = wanted.where(or_(StatValue.case_id.is_(None), StatValue.case_id != but_not))
    rows = session.execute(wanted.order_by(StatValue.version))
    return {(row.indicator, row.year): (row.version, Value(row.amount, row.body)) for row in rows}
