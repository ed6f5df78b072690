"""推荐国家级 (notice 四(二), Article 15): a base is put forward to the Ministry, and what the Ministry answered.

An approval adds the national name with its document and day; nothing here ends a name, the provincial one stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Row as Record, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.register import change, title
from bases.register.base import Base
from engine import cases
from engine.cases import Case
from ground import clock, deadlines, parameters
from ground.clock import local_day
from ground.database import Row, Session, reading
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor
from ground.types import Code, Day, Id, Text, Whole

PROCESS, DUE, STATUSES = "national-recommendation", "recommendation", "recommend.statuses"
OFFICER, FILLER = "prov_officer", "base_filler"
PREPARING, RANKED, SENT, DECLINED, ANSWERED = "preparing", "ranked", "sent", "declined", "answered"
APPROVED, NOT_APPROVED = RESULTS = ("approved", "not_approved")


class Recommendation(Row):
    """One base put forward: until when, on which notice, its place, the letters, and what the Ministry answered."""

    __tablename__ = "recommendation"
    __table_args__ = (
        Index("ix_recommendation_base", "base_id", "year"),
        CheckConstraint(
            "(result IS NULL AND result_on IS NULL) OR "
            "(result IN ('approved', 'not_approved') AND result_on IS NOT NULL AND result_document IS NOT NULL)",
            name="ck_recommendation_result",
        ),
    )

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    year: Mapped[int] = mapped_column(Whole)
    due_on: Mapped[date] = mapped_column(Day)
    notice: Mapped[str | None] = mapped_column(Text(120))
    state: Mapped[str] = mapped_column(Code())
    place: Mapped[int | None] = mapped_column(Whole)
    city_letter: Mapped[str | None] = mapped_column(Text(120))
    document: Mapped[str | None] = mapped_column(Text(120))
    sent_on: Mapped[date | None] = mapped_column(Day)
    result: Mapped[str | None] = mapped_column(Code())
    result_on: Mapped[date | None] = mapped_column(Day)
    result_document: Mapped[str | None] = mapped_column(Text(120))


class NotEligible(Refused):
    """S-2.1: only a base in one of these standings is put forward (parameter, 文件未规定，系统默认：有效)."""

    code = "recommendation.not_eligible"


class AlreadyNational(Refused):
    """The base holds the national name already."""

    code = "recommendation.already_national"


class NoticeWithoutDay(Refused):
    """A notice of the Ministry is entered with its number and its last day, which is still to come."""

    code = "recommendation.notice_without_day"
    status = 422


class PlaceTaken(Refused):
    """Another base holds this place in the order of this year."""

    code = "recommendation.place_taken"
    status = 422


class NoResult(Refused):
    """What the Ministry answered is entered with the document and its day, of a base whose letter has been sent."""

    code = "recommendation.no_result"
    status = 422


@dataclass(frozen=True)
class Notice:
    """A notice of the Ministry: its number, and the day that it names."""

    number: str
    due_on: date


@dataclass(frozen=True)
class Answer:
    """What the Ministry answered: approved or not, by which document of which day."""

    result: str
    document: str
    on: date


@dataclass(frozen=True)
class Funnel:
    """G-2: how many were put forward to the Ministry, and what became of them."""

    recommended: int
    approved: int
    not_approved: int


def start(base_ref: str, notice: Notice | None, *, by: Actor, key: str) -> cases.Started:
    """Begin from a base's page: its filler, or an officer, who alone enters the Ministry's notice."""
    with reading() as session:
        found = register.by_ref(session, base_ref)
        _check_rights(found, notice, by)
        check_base(session, found, clock.today())
        if notice and (not notice.number.strip() or notice.due_on < clock.today()):
            raise NoticeWithoutDay(notice=notice.number)
        due_on = notice.due_on if notice else deadlines.due(session, DUE, clock.now()).on
    return cases.start(
        PROCESS,
        subject=register.subject(found.id),
        region=found.county or found.city,
        organ=found.organ_id,
        title=found.name,
        data={
            "ministry_due": due_on.isoformat(),
            "by_notice": notice is not None,
            "notice": notice.number if notice else "",
        },
        alone=True,
        by=by,
        key=key,
    )


def may_start(session: Session, found: Record[Any], by: Actor) -> bool:
    """Whether this person may put this base forward now."""
    try:
        _check_rights(found, None, by)
        check_base(session, found, clock.today())
    except Refused:
        return False
    return not any(each.state in {PREPARING, RANKED, SENT} for each in of_base(session, found.id))


def check_base(session: Session, found: Record[Any], on: date) -> None:
    """NotEligible in another standing; AlreadyNational where there is nothing to add."""
    allowed = parameters.value(session, STATUSES, on).value
    if found.status not in allowed:
        raise NotEligible(base=found.ref, status=found.status)
    if any(each.kind == title.NATIONAL and each.valid_to is None for each in _titles(session, found.id)):
        raise AlreadyNational(base=found.ref)


def begin(session: Session, base_id: int, case_id: int, due_on: date, notice: str, now: datetime) -> None:
    """Write it down, where the base may be put forward."""
    check_base(session, register.by_id(session, base_id), local_day(now))
    values = {"base_id": base_id, "year": local_day(now).year, "due_on": due_on, "notice": notice or None}
    session.execute(insert(Recommendation).values(case_id=case_id, state=PREPARING, **values))


def rank(session: Session, case_id: int, place: int) -> None:
    """The Department's order of the year; PlaceTaken where another base holds this place."""
    if taken(session, case_id, place):
        raise PlaceTaken(place=place)
    _change(session, case_id, place=place, state=RANKED)


def taken(session: Session, case_id: int, place: int) -> bool:
    """Whether another base that is under way or was put forward this year holds this place."""
    row = of_case(session, case_id)
    other = select(Recommendation.case_id).where(
        Recommendation.year == row.year,
        Recommendation.place == place,
        Recommendation.case_id != case_id,
        Recommendation.state != DECLINED,
    )
    return session.scalar(other.limit(1)) is not None


def forward(session: Session, case_id: int, letter: str) -> None:
    """The city's letter."""
    _change(session, case_id, city_letter=letter)


def decline(session: Session, case_id: int) -> None:
    """It is not put forward; the base keeps what it has."""
    _change(session, case_id, state=DECLINED, place=None)


def send(session: Session, case_id: int, document: str, on: date) -> None:
    """The letter to the Ministry has been issued."""
    _change(session, case_id, state=SENT, document=document, sent_on=on)


def answer(session: Session, case_id: int, given: Answer, by: int | None, now: datetime) -> None:
    """S-2.1: keep what the Ministry answered; approved adds the national name, and no name ends by it."""
    row = of_case(session, case_id)
    dated = given.document.strip() and given.on <= local_day(now)
    if row.state != SENT or given.result not in RESULTS or not dated or by is None:
        raise NoResult(case=case_id)
    facts = {"result": given.result, "result_on": given.on, "result_document": given.document}
    _change(session, case_id, state=ANSWERED, **facts)
    if given.result == APPROVED:
        source = change.Source(now, given.on, case_id, by)
        title.grant(session, row.base_id, title.NATIONAL, title.Signed(source, given.document, given.on))


def funnel(session: Session, year: int | None = None) -> Funnel:
    """G-2: recommended, approved, not approved: of one year, or altogether."""
    wanted = select(Recommendation.result, func.count().label("n")).where(Recommendation.sent_on.is_not(None))
    if year is not None:
        wanted = wanted.where(Recommendation.year == year)
    found = {row.result: int(row.n) for row in session.execute(wanted.group_by(Recommendation.result))}
    return Funnel(sum(found.values()), found.get(APPROVED, 0), found.get(NOT_APPROVED, 0))


def every(session: Session) -> Sequence[Record[Any]]:
    """Every base that was put forward, the newest year first, in the order of their places."""
    named = (Base.ref.label("base_ref"), Base.name.label("base_name"), Base.name_en.label("base_name_en"))
    return session.execute(
        select(*_COLUMNS, *named, Case.ref.label("case_ref"), Case.number.label("case_number"))
        .join(Base, Base.id == Recommendation.base_id)
        .join(Case, Case.id == Recommendation.case_id)
        .order_by(Recommendation.year.desc(), Recommendation.place.is_(None), Recommendation.place, Base.id)
    ).all()


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The recommendation that a case is."""
    found = session.execute(select(*_COLUMNS).where(Recommendation.case_id == case_id)).one_or_none()
    if found is None:
        raise Missing(recommendation=case_id)
    return found


def of_base(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """Every time a base was put forward, the newest first."""
    wanted = select(*_COLUMNS).where(Recommendation.base_id == base_id)
    return session.execute(wanted.order_by(Recommendation.case_id.desc())).all()


def _check_rights(found: Record[Any], notice: Notice | None, by: Actor) -> None:
    fills = any(held.role == FILLER and held.organ_id == found.organ_id for held in by.held)
    if not by.has(OFFICER) and (notice or not fills):
        raise Forbidden(base=found.ref)


def _titles(session: Session, base_id: int) -> Sequence[Record[Any]]:
    return title.titles_of(session, [base_id]).get(base_id, [])


def _change(session: Session, case_id: int, **facts: Any) -> None:
    session.execute(update(Recommendation).where(Recommendation.case_id == case_id).values(**facts))


_COLUMNS = tuple(Recommendation.__table__.columns)
