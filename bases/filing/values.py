"""What bases have filed: a value for each base, item and year, in versions; filed again unchanged it adds none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, UniqueConstraint, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.filing import approval
from bases.measures import indicators
from bases.measures.indicators import Indicator
from engine import cases, history
from ground.database import Row, Session
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor
from ground.types import Amount, Code, Document, Id, Instant, Text, Whole

NOT_APPLICABLE = "n/a"
CUSTOMS_EXPORT = "customs_export"
OFFICER = "prov_officer"
MOST_REASON = 500

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


class Unexplained(Refused):
    """A figure that was approved (审定) is locked: another one beside it needs a reason (更正说明), and is another."""

    code = "values.unexplained"
    status = 422


class NotApproved(Refused):
    """Before it is approved a figure is sent back and filed again, not corrected."""

    code = "series.not_approved"


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
    """Add what is new or different as the next version, with the reason where one was given; how many that were.

    Unexplained where a figure that the department has approved would change without a reason.
    """
    items = indicators.by_code()
    before = _versions(session, base_id)
    _check_locked(session, base_id, given, before, reasons)
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


def correct(session: Session, base_id: int, key: Key, typed_value: str, reason: str, by: Actor, at: datetime) -> None:
    """S-3.3: an officer puts another version of an approved figure beside the old one, with the reason."""
    if not by.has(OFFICER):
        raise Forbidden(needs=OFFICER)
    code, year = key
    item = indicators.by_code().get(code)
    before = latest(session, base_id).get(key)
    if item is None or not item.is_amount or before is None:
        raise Missing(item=code, year=year)
    if year not in approval.years(session, base_id):
        raise NotApproved(item=code, year=year)
    value = _read(item, typed_value)
    if value is None or value == before or not reason.strip() or len(reason) > MOST_REASON:
        raise Unexplained(item=code, year=year)
    case_id = next(row.case_id for row in reversed(versions(session, base_id)) if (row.indicator, row.year) == key)
    file(session, base_id, {key: value}, Filing(at, case_id, by.person), {key: reason.strip()})
    if case_id is not None:
        detail = {"item": item.zh, "old": str(typed(item, before)), "new": str(typed(item, value))}
        fact = history.Fact("figures.corrected", at, by.person, detail={**detail, "reason": reason.strip()})
        cases.note(session, case_id, fact)


def versions(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """Every version of every value of a base, oldest first."""
    wanted = select(*StatValue.__table__.columns).where(StatValue.base_id == base_id)
    return session.execute(wanted.order_by(StatValue.year, StatValue.indicator, StatValue.version)).all()


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


def _check_locked(
    session: Session,
    base_id: int,
    given: Mapping[Key, Value],
    before: Mapping[Key, tuple[int, Value | None]],
    reasons: Mapping[Key, str],
) -> None:
    """Only numbers: the form asks for a reason of each (V22), and of no list."""
    items = indicators.by_code()
    bare = [
        key
        for key, value in given.items()
        if items[key[0]].is_amount and key in before and before[key][1] != value and not reasons.get(key)
    ]
    if bare and (locked := approval.years(session, base_id)):
        for code, year in bare:
            if year in locked:
                raise Unexplained(item=code, year=year)


def _read(item: Indicator, text: str) -> Value | None:
    """What somebody typed as a figure of this item; None where it is none, or has more places."""
    try:
        number = Decimal(text.strip())
        return Value(item.amount(number)) if number.is_finite() else None
    except (InvalidOperation, ValueError):
        return None
