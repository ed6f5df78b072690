"""Figures of months and quarters in versions: 初报 as it came from the base, 审定 once the department has locked it.

A correction is a version more, with its reason (更正说明); what was there before stays. A sum is that of the newest
versions, and says how many bases it holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.filing import template
from bases.filing.values import Filing
from bases.register.base import Base
from engine import cases, history
from ground.database import Row, Session
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor
from ground.types import Amount, Code, Id, Instant, Text, Whole

FIRST, RECEIVED, APPROVED = "first", "received", "approved"
OFFICER = "prov_officer"
MOST_REASON = 500


class PeriodValue(Row):
    """One version of one figure of one base and period, in the item's smallest unit."""

    __tablename__ = "period_value"
    __table_args__ = (
        UniqueConstraint("base_id", "template", "period", "item", "version"),
        Index("ix_period_value_period", "template", "period"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    template: Mapped[str] = mapped_column(Code())
    period: Mapped[str] = mapped_column(Code(10))
    item: Mapped[str] = mapped_column(Code())
    version: Mapped[int] = mapped_column(Whole)
    amount: Mapped[int] = mapped_column(Amount)
    stage: Mapped[str] = mapped_column(Code(10))
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    filed_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text(MOST_REASON))


class Unreasoned(Refused):
    """A figure that was approved is corrected with a reason, and by another figure."""

    code = "series.unreasoned"
    status = 422


class NotApproved(Refused):
    """Before it is approved a figure is sent back and filed again, not corrected."""

    code = "series.not_approved"


@dataclass(frozen=True)
class Where:
    """Which figures: of this template and period."""

    template: str
    period: str


@dataclass(frozen=True)
class Sum:
    """A roll-up: the sums by item, from how many bases, of which how many are approved."""

    amounts: Mapping[str, int]
    bases: int
    approved: int


def file(session: Session, base_id: int, where: Where, given: Mapping[str, int], filing: Filing) -> int:
    """Keep what was filed: what is new or different as the next version, as 初报; how many that were."""
    known = newest(session, where, base_id).get(base_id, {})
    rows = [
        _values(base_id, where, item, amount, _version(known, item), filing, FIRST)
        for item, amount in given.items()
        if item not in known or known[item].amount != amount
    ]
    if rows:
        session.execute(insert(PeriodValue), rows)
    return len(rows)


def advance(session: Session, base_id: int, where: Where, stage: str) -> None:
    """The newest versions have come to the department (初报), or are approved and locked (审定)."""
    ids = [row.id for row in newest(session, where, base_id).get(base_id, {}).values()]
    session.execute(update(PeriodValue).where(PeriodValue.id.in_(ids)).values(stage=stage))


def correct(
    session: Session, base_id: int, where: Where, item: str, typed: str, reason: str, by: Actor, at: datetime
) -> None:
    """S-3.3: put another version of an approved figure beside the old one, with the reason; an officer does."""
    if not by.has(OFFICER):
        raise Forbidden(needs=OFFICER)
    before = newest(session, where, base_id).get(base_id, {}).get(item)
    if before is None:
        raise Missing(item=item)
    if before.stage != APPROVED:
        raise NotApproved(item=item)
    amount = amount_of(item, typed)
    if amount is None or amount == before.amount or not reason.strip():
        raise Unreasoned(item=item)
    filing = Filing(at, before.case_id, by.person)
    row = _values(base_id, where, item, amount, before.version + 1, filing, APPROVED)
    session.execute(insert(PeriodValue).values({**row, "reason": reason.strip()}))
    detail = {
        "item": item,
        "old": typed_of(item, before.amount),
        "new": typed_of(item, amount),
        "reason": reason.strip(),
    }
    cases.note(session, before.case_id, history.Fact("period.corrected", at, by.person, detail=detail))


def newest(session: Session, where: Where, base_id: int | None = None) -> dict[int, dict[str, Record[Any]]]:
    """The newest version of each figure, by base and item."""
    found: dict[int, dict[str, Record[Any]]] = {}
    for row in versions(session, where, base_id):
        found.setdefault(row.base_id, {})[row.item] = row
    return found


def versions(session: Session, where: Where, base_id: int | None = None) -> Sequence[Record[Any]]:
    """Every version, oldest first."""
    wanted = select(*PeriodValue.__table__.columns, Base.city).join(Base, Base.id == PeriodValue.base_id)
    wanted = wanted.where(PeriodValue.template == where.template, PeriodValue.period == where.period)
    if base_id is not None:
        wanted = wanted.where(PeriodValue.base_id == base_id)
    return session.execute(wanted.order_by(PeriodValue.version, PeriodValue.id)).all()


def trend(session: Session, base_id: int, code: str) -> dict[str, dict[str, Record[Any]]]:
    """The newest figures of a base, by period and item, in the order of time."""
    rows = session.execute(
        select(*PeriodValue.__table__.columns)
        .where(PeriodValue.base_id == base_id, PeriodValue.template == code)
        .order_by(PeriodValue.period, PeriodValue.version)
    )
    found: dict[str, dict[str, Record[Any]]] = {}
    for row in rows:
        found.setdefault(row.period, {})[row.item] = row
    return found


def sums(session: Session, where: Where) -> tuple[dict[str, Sum], Sum]:
    """S-3.3: the roll-up of each city, and that of the province, which is their sum."""
    cities: dict[str, list[Mapping[str, Record[Any]]]] = {}
    for values in newest(session, where).values():
        cities.setdefault(next(iter(values.values())).city, []).append(values)
    by_city = {city: total(bases) for city, bases in cities.items()}
    return by_city, total([base for bases in cities.values() for base in bases])


def total(bases: Sequence[Mapping[str, Record[Any]]]) -> Sum:
    """The sum over bases of what each has."""
    amounts: dict[str, int] = {}
    for values in bases:
        for item, row in values.items():
            amounts[item] = amounts.get(item, 0) + row.amount
    approved = sum(all(row.stage == APPROVED for row in values.values()) for values in bases)
    return Sum(amounts, len(bases), approved)


def amount_of(item: str, typed: Any) -> int | None:
    """A typed figure in the smallest unit; None where it is none, or has more places than the item."""
    try:
        scaled = Decimal(str(typed).strip()).scaleb(template.items()[item].places)
    except InvalidOperation:
        return None
    return int(scaled) if scaled.is_finite() and scaled == int(scaled) else None


def typed_of(item: str, amount: int) -> str:
    """The figure as people read it."""
    return f"{Decimal(amount).scaleb(-template.items()[item].places):f}"


def _version(known: Mapping[str, Record[Any]], item: str) -> int:
    return known[item].version + 1 if item in known else 1


def _values(
    base_id: int, where: Where, item: str, amount: int, version: int, filing: Filing, stage: str
) -> dict[str, Any]:
    return {
        "base_id": base_id,
        "template": where.template,
        "period": where.period,
        "item": item,
        "version": version,
        "amount": amount,
        "stage": stage,
        "case_id": filing.case_id,
        "by_person": filing.by_person,
        "filed_at": filing.at,
    }
