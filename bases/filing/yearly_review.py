"""The yearly round of plans, supports and measures (notice 四(一), 四(四), opinion 三(五)): once a year.

A task for the authority of every named base and for every organ in charge of a measure. All of its days are system
defaults (文件未规定,系统默认): one that has passed is grey, and no breach.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.register import base as bases, ledgers
from bases.register.base import Base
from bases.register.ledgers.rights import DEPARTMENT
from engine import cases
from engine.cases import Beginning, Case
from ground import almanac, organs, parameters
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.organs import Organ
from ground.types import Code, Day, Id, Instant, Whole

BEGINS_ON, DUE = "review.begins_on", "yearly_review"
PLAN, MEASURE = "yearly-review", "measure-report"
OPEN, SENT, FILED = "open", "sent", "filed"
ORGAN = "organ:"
# Of each list of the forms: the register, the answers that may change, and the one that says how far it has come.
LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "plan_items": ("plan_item", ("progress", "state")),
    "supports": ("support", ("standing", "note")),
    "measures": ("measure", ("progress", "state", "evidence")),
}


class YearlyReview(Row):
    """One base's or one organ's round of one year: how far it has come."""

    __tablename__ = "yearly_review"
    __table_args__ = (UniqueConstraint("whose", "year"), Index("ix_yearly_review_year", "year", "city"))

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    whose: Mapped[str] = mapped_column(Code(40))
    year: Mapped[int] = mapped_column(Whole)
    base_id: Mapped[int | None] = mapped_column(Id, ForeignKey("base.id"))
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    city: Mapped[str | None] = mapped_column(Code(6))
    due_on: Mapped[date] = mapped_column(Day)
    state: Mapped[str] = mapped_column(Code())
    filed_at: Mapped[datetime | None] = mapped_column(Instant)


class NotYours(Refused):
    """An entry is brought up to date by the organ that made it, or by one above."""

    code = "yearly_review.not_yours"


@almanac.begins("yearly-review")
def when_due(session: Session, today: date) -> int:
    """Begin this year's round from its day on, for whoever has none yet; 0 before it."""
    if today < almanac.day_of(parameters.value(session, BEGINS_ON, today).value, today.year):
        return 0
    begun = set(session.execute(select(YearlyReview.whose).where(YearlyReview.year == today.year)).scalars())
    wanted = (*_of_bases(session, today), *_of_organs(session, today.year))
    return sum(cases.ask(session, one) for one in wanted if one.subject not in begun)


def open_(session: Session, case: Any, year: int, due_on: date) -> None:
    """Write down whose round it is; once for a year."""
    base = register.of_subject(session, case.subject) if not case.subject.startswith(ORGAN) else None
    values = {"case_id": case.id, "whose": case.subject, "year": year, "organ_id": case.organ, "due_on": due_on}
    values |= {"base_id": base.id if base else None, "city": base.city if base else None}
    session.put_once(YearlyReview, {**values, "state": OPEN})


def keep(session: Session, case: Any, answers: Mapping[str, Any], by: ledgers.By) -> int:
    """Write what has changed into the registers, each as a version; how many have changed."""
    row, changed = of_case(session, case.id), 0
    for name, (code, fields) in LISTS.items():
        entries = {each.ref: each for each in _entries(session, code, row)}
        for given in answers.get(name) or []:
            entry = entries.get(given["entry"])
            if entry is None:
                raise Missing(entry=given["entry"])
            fresh = {field: given.get(field) or "" for field in fields}
            if fresh != {field: entry.answers.get(field) or "" for field in fields}:
                _amend(session, entry, fresh, f"年度更新（办件{case.number}）", by)
                changed += 1
    session.execute(update(YearlyReview).where(YearlyReview.case_id == case.id).values(state=SENT))
    return changed


def file(session: Session, case_id: int, at: datetime) -> None:
    """It has been checked and is filed."""
    session.execute(update(YearlyReview).where(YearlyReview.case_id == case_id).values(state=FILED, filed_at=at))


def listed(session: Session, case_id: int) -> dict[str, list[dict[str, Any]]]:
    """What stands in the registers for the year of this round, list by list, as the forms begin."""
    row = of_case(session, case_id)
    return {
        name: [_line(each, fields) for each in _entries(session, code, row)] for name, (code, fields) in LISTS.items()
    }


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The round that a case is."""
    wanted = select(*YearlyReview.__table__.columns).where(YearlyReview.case_id == case_id)
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise Missing(yearly_review=case_id)
    return found


def of_year(session: Session, year: int, cities: Sequence[str] | None = None) -> Sequence[Record[Any]]:
    """S-1.4: every round of a year with whose it is and how it goes; with `cities` only those of their bases."""
    wanted = (
        select(*YearlyReview.__table__.columns, Base.ref.label("base_ref"), Case.ref.label("case_ref"))
        .add_columns(Base.name.label("base_name"), Base.name_en.label("base_name_en"))
        .add_columns(Organ.name.label("organ_name"), Organ.name_en.label("organ_name_en"))
        .join(Case, Case.id == YearlyReview.case_id)
        .join(Organ, Organ.id == YearlyReview.organ_id)
        .outerjoin(Base, Base.id == YearlyReview.base_id)
        .where(YearlyReview.year == year)
        .order_by(YearlyReview.base_id.is_(None), YearlyReview.city, Base.sort_key, YearlyReview.case_id)
    )
    if cities is not None:
        wanted = wanted.where(YearlyReview.city.in_(list(cities)))
    return session.execute(wanted).all()


def plan_counts(session: Session, year: int) -> dict[int, dict[str, int]]:
    """S-1.4: of each base, how many plan items of a year stand at which progress."""
    found: dict[int, dict[str, int]] = {}
    for row in ledgers.rows(session, "plan_item", year=year):
        counts = found.setdefault(row.base_id, {})
        counts[row.answers["progress"]] = counts.get(row.answers["progress"], 0) + 1
    return found


def _of_bases(session: Session, today: date) -> Iterator[Beginning]:
    for row, _kinds in register.holding(session, today):
        yield Beginning(
            process=PLAN,
            subject=register.subject(row.id),
            region=row.county or row.city,
            organ=row.organ_id,
            title=f"{row.name}{today.year}年度建设计划和政策支持核对",
            key=str(today.year),
            data={"whole_city": row.extent == bases.WHOLE_CITY},
            alone=False,
        )


def _of_organs(session: Session, year: int) -> Iterator[Beginning]:
    """Each department that has entered a measure of this year."""
    owners = {row.organ_id for row in ledgers.rows(session, "measure", year=year) if row.by_role == DEPARTMENT}
    for number, body in sorted(organs.bodies(session, owners).items()):
        yield Beginning(
            process=MEASURE,
            subject=f"{ORGAN}{number}",
            region=body.region,
            organ=number,
            title=f"{body.name}{year}年度贸易便利化举措",
            key=str(year),
            alone=False,
        )


def _entries(session: Session, code: str, row: Record[Any]) -> list[Record[Any]]:
    """A base's own plan items and supports; an organ's own measures."""
    if (code == "measure") != (row.base_id is None):
        return []
    found = ledgers.rows(session, code, base_id=row.base_id, year=row.year)
    return [each for each in found if row.base_id is not None or each.organ_id == row.organ_id]


def _amend(session: Session, entry: Record[Any], fresh: Mapping[str, Any], reason: str, by: ledgers.By) -> None:
    if ledgers.changes_as(session, ledgers.of(entry.register), by.actor, entry) is None:
        raise NotYours(entry=entry.label)
    ledgers.amend(session, entry.ref, {**entry.answers, **fresh}, entry.version, reason, by)


def _line(entry: Record[Any], fields: Sequence[str]) -> dict[str, Any]:
    answers = entry.answers
    return {
        "entry": entry.ref,
        "name": entry.label,
        "due_on": answers.get("due_on") or "—",
        "amount": str(answers.get("amount") or "—"),
        **{field: answers[field] for field in fields if answers.get(field)},
    }
