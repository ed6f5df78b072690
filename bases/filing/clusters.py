"""A cluster of bases (G-3): what its bases have filed for a year, and the totals; a base may lie in several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bases.filing import values
from bases.measures import indicators
from bases.register.base import Base
from ground.database import Session

ITEMS = ("I01", "I02a", "I03", "I04", "I07")


@dataclass(frozen=True)
class Cluster:
    """Its bases, each with its values by item, and the sums over those that have filed."""

    bases: Sequence[tuple[Any, Mapping[str, int]]]
    totals: Mapping[str, int]


def of(session: Session, refs: Sequence[str], year: int) -> Cluster:
    """The cluster of the bases with these refs."""
    rows = session.execute(
        select(Base.id, Base.ref, Base.name, Base.name_en)
        .where(Base.ref.in_(list(refs)))
        .order_by(Base.sort_key, Base.id)
    ).all()
    filed = [(row, _amounts(session, row.id, year)) for row in rows]
    return Cluster(filed, {item: sum(amounts.get(item, 0) for _row, amounts in filed) for item in ITEMS})


def words(item: str, amount: int) -> str:
    """An amount as the form holds it."""
    return str(indicators.by_code()[item].typed(amount))


def _amounts(session: Session, base_id: int, year: int) -> dict[str, int]:
    latest = values.latest(session, base_id)
    found = {item: latest.get((item, year)) for item in ITEMS}
    return {item: value.amount for item, value in found.items() if value is not None and value.amount is not None}
