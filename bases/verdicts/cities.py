"""What stands beside a ranking for each city (Article 4): its plan, the bases it has, what earlier batches gave it.

It is shown and weighs nothing: the order is that of the averages.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row as Record, func, select

from bases.register import Base, title
from bases.register.base import DESIGNATED, RECTIFYING
from bases.register.title import Title
from bases.verdicts import batch
from engine.submissions import Submission
from ground import regions
from ground.database import Session
from ground.types import clean

PLAN = "item2"  # （二）发展规划和配套政策
REVIEW = "city_review"


@dataclass(frozen=True)
class City:
    """One city of a batch; `plan` as its officers wrote it, `titled` bases with a valid provincial name."""

    code: str
    name: str
    name_en: str
    plan: str
    titled: int
    applying: int
    earlier: Sequence[tuple[int, int, int]]


def beside(session: Session, found: Record[Any], entries: Sequence[Record[Any]]) -> list[City]:
    """The cities of these applications, by their codes; `earlier` is year, designated and applied of each batch."""
    counted = Counter(each.city for each in entries)
    if not counted:
        return []
    places, titled = regions.named(session, set(counted)), _titled(session, counted)
    plans, earlier = _plans(session, entries), _earlier(session, found.id, counted)
    return [
        City(
            code,
            places[code].name,
            places[code].name_en,
            plans.get(code, ""),
            titled.get(code, 0),
            counted[code],
            earlier.get(code, []),
        )
        for code in sorted(counted)
    ]


def leaving(session: Session, year: int) -> int:
    """How many bases lose the provincial name in this year: the n of «拟退出 n / 滚动数量 m» (Article 4)."""
    within = Title.valid_to.between(date(year, 1, 1), date(year, 12, 31))
    return int(session.scalar(select(func.count()).where(Title.kind == title.PROVINCIAL, within)) or 0)


def _titled(session: Session, cities: Mapping[str, int]) -> dict[str, int]:
    """A base with both names counts once (G-1)."""
    rows = session.execute(
        select(Base.city, func.count(func.distinct(Base.id)).label("n"))
        .join(Title, Title.base_id == Base.id)
        .where(
            Base.city.in_(list(cities)),
            Base.status.in_([DESIGNATED, RECTIFYING]),
            Title.kind == title.PROVINCIAL,
            Title.valid_to.is_(None),
        )
        .group_by(Base.city)
    )
    return {row.city: row.n for row in rows}


def _plans(session: Session, entries: Sequence[Record[Any]]) -> dict[str, str]:
    """What each city wrote last of its plan and policies, in whichever of its applications."""
    cities = {each.case_id: each.city for each in entries}
    rows = session.execute(
        select(Submission.case_id, Submission.answers)
        .where(Submission.case_id.in_(list(cities)), Submission.element == REVIEW)
        .order_by(Submission.received_at)
    )
    written = {cities[row.case_id]: clean(str(row.answers.get(PLAN) or "")).strip() for row in rows}
    return {city: text for city, text in written.items() if text}


def _earlier(session: Session, batch_id: int, cities: Mapping[str, int]) -> dict[str, list[tuple[int, int, int]]]:
    """The batches before this one, in which a city had applications."""
    given = func.count().filter(batch.Entry.outcome == batch.DESIGNATE)
    rows = session.execute(
        select(batch.Entry.city, batch.Batch.year, given.label("given"), func.count().label("n"))
        .join(batch.Batch, batch.Batch.id == batch.Entry.batch_id)
        .where(batch.Entry.city.in_(list(cities)), batch.Batch.id < batch_id)
        .group_by(batch.Entry.city, batch.Batch.id, batch.Batch.year)
        .order_by(batch.Batch.id)
    )
    found: dict[str, list[tuple[int, int, int]]] = {}
    for row in rows:
        found.setdefault(row.city, []).append((row.year, row.given, row.n))
    return found
