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
from bases.verdicts import batch, batch_entry
from engine.submissions import Submission
from ground import files, regions
from ground.database import Session

INFORMATION, REVIEW = "information", "city-review"
PLAN, JUDGED = "plan", "item2"  # 外贸基地建设规划; （二）发展规划和配套政策
SAID = {"met": "符合", "partly": "基本符合", "unmet": "不符合"}
SHOWN = 160


@dataclass(frozen=True)
class City:
    """One city of a batch; `titled` of its bases hold a valid provincial name.

    `plans` are the plans (外贸基地建设规划) filed with its applications, each with what the city's review says of it.
    """

    code: str
    name: str
    name_en: str
    plans: Sequence[tuple[str, str]]
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
            plans.get(code, []),
            titled.get(code, 0),
            counted[code],
            earlier.get(code, []),
        )
        for code in sorted(counted)
    ]


def said(each: City) -> str:
    """The plans of a city in words: the name of each, and what the city's review says of it."""
    return "；".join(f"{name}（初审：{SAID[judged]}）" if judged in SAID else name for name, judged in each.plans)


def short(text: str) -> str:
    """The beginning of a long text on one line."""
    one_line = " ".join(text.split())
    return f"{one_line[:SHOWN]}……" if len(one_line) > SHOWN else one_line


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


def _plans(session: Session, entries: Sequence[Record[Any]]) -> dict[str, list[tuple[str, str]]]:
    """What was filed last with each application, and how its city judged the plan."""
    rows = session.execute(
        select(Submission.case_id, Submission.form, Submission.answers)
        .where(Submission.case_id.in_([each.case_id for each in entries]), Submission.form.in_([INFORMATION, REVIEW]))
        .order_by(Submission.received_at)
    )
    newest = {(row.case_id, row.form): row.answers for row in rows}
    filed = {
        case: answers[PLAN] for (case, form), answers in newest.items() if form == INFORMATION and answers.get(PLAN)
    }
    named = files.named(session, filed.values())
    found: dict[str, list[tuple[str, str]]] = {}
    for each in entries:
        if (plan := named.get(filed.get(each.case_id, ""))) is not None:
            judged = newest.get((each.case_id, REVIEW), {}).get(JUDGED) or ""
            found.setdefault(each.city, []).append((plan.name, judged))
    return found


def _earlier(session: Session, batch_id: int, cities: Mapping[str, int]) -> dict[str, list[tuple[int, int, int]]]:
    """The batches before this one, in which a city had applications."""
    given = func.count().filter(batch_entry.Entry.outcome == batch_entry.DESIGNATE)
    rows = session.execute(
        select(batch_entry.Entry.city, batch.Batch.year, given.label("given"), func.count().label("n"))
        .join(batch.Batch, batch.Batch.id == batch_entry.Entry.batch_id)
        .where(batch_entry.Entry.city.in_(list(cities)), batch.Batch.id < batch_id)
        .group_by(batch_entry.Entry.city, batch.Batch.id, batch.Batch.year)
        .order_by(batch.Batch.id)
    )
    found: dict[str, list[tuple[int, int, int]]] = {}
    for row in rows:
        found.setdefault(row.city, []).append((row.year, row.given, row.n))
    return found
