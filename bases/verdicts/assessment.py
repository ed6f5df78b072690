"""The assessment of one base in one year (Articles 11 to 14): suggestion and decision, stored apart.

D07 proposes from the total and the confirmed grounds: 70 [D] or more passes, everything below rectifies, however low;
a confirmed ground of Article 14 shuts «pass». No score alone leads to a revocation, and no proposal has an effect.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.register import base
from bases.register.base import Base
from bases.register.title import Title
from bases.verdicts import campaign
from engine import cases
from engine.cases import Beginning, Case
from ground import parameters
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.types import Code, Document, Flag, Id, Instant, Text, Whole

PROCESS = "assessment-case"
PASS, RECTIFY, REVOKE, RECTIFY_OR_REVOKE = "pass", "rectify", "revoke", "rectify_or_revoke"
OUTCOMES = (PASS, RECTIFY, REVOKE)
TITLES_KEY, MARK_KEY, LATE_KEY = "assess.titles", "assess.pass_mark", "assess.late_share"
HUNDREDTHS = 100
NAMED = (base.DESIGNATED, base.RECTIFYING)


class Assessment(Row):
    """One base in one campaign; `total`, `spread` in hundredths of a point, `suggested` in half points of 12(7).

    `file` is what the system gathered of the base, as it stood at that moment. `announced` is the number of the
    通报 that names the result.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("campaign_id", "base_id"),
        Index("ix_assessment_base", "base_id", "year"),
        Index("ix_assessment_result", "id", "base_id", "outcome", unique=True),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(Id, ForeignKey("campaign.id"))
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    city: Mapped[str] = mapped_column(Code(6))
    year: Mapped[int] = mapped_column(Whole)
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"), unique=True)
    file: Mapped[Any] = mapped_column(Document, nullable=True)
    suggested: Mapped[int | None] = mapped_column(Whole)
    total: Mapped[int | None] = mapped_column(Whole)
    spread: Mapped[int | None] = mapped_column(Whole)
    proposal: Mapped[str | None] = mapped_column(Code())
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(Code())
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    differs: Mapped[bool] = mapped_column(Flag)
    listed: Mapped[bool] = mapped_column(Flag)
    announced: Mapped[str | None] = mapped_column(Text(120))


class NotAssessed(Refused):
    """This base is not assessed in this campaign, or its case has begun already."""

    code = "assessment.not_assessed"


def due(session: Session, on: date) -> Sequence[Record[Any]]:
    """S-2.3: the bases that are assessed: each with a valid provincial title, one with both titles once.

    Which titles count is a parameter (文件未规定,系统默认: the text says 省级外贸基地).
    """
    titles = parameters.value(session, TITLES_KEY, on).value
    holders = select(Title.base_id).where(
        Title.kind.in_(titles), Title.valid_from <= on, (Title.valid_to.is_(None)) | (Title.valid_to > on)
    )
    return session.execute(
        select(*Base.__table__.columns).where(Base.id.in_(holders), Base.status.in_(NAMED)).order_by(Base.id)
    ).all()


def open_all(session: Session, found: Record[Any], on: date) -> int:
    """Ask for one case per base, once for the year; how many are new. One that cannot begin stops no other."""
    new = 0
    for each in due(session, on):
        flags = {"differs": False, "listed": False}
        row = {"campaign_id": found.id, "base_id": each.id, "city": each.city, "year": found.year, **flags}
        session.put_once(Assessment, row)
        new += cases.ask(session, _beginning(each, found))
    campaign.change(session, found.id, state=campaign.OPEN, drafting=None, expected=len(of_campaign(session, found.id)))
    return new


def enter(session: Session, campaign_id: int, case_id: int, base_id: int) -> None:
    """This case is that base's in this campaign; NotAssessed where it has none or another one."""
    row = select(Assessment.id).where(
        Assessment.campaign_id == campaign_id, Assessment.base_id == base_id, Assessment.case_id.is_(None)
    )
    number = session.scalar(row)
    if number is None:
        raise NotAssessed(campaign=campaign_id, base=base_id)
    session.execute(update(Assessment).where(Assessment.id == number).values(case_id=case_id))


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The assessment that a case is."""
    found = find(session, case_id)
    if found is None:
        raise Missing(assessment=case_id)
    return found


def find(session: Session, case_id: int) -> Record[Any] | None:
    """The assessment that a case is, if it is one."""
    return session.execute(select(*_COLUMNS).where(Assessment.case_id == case_id)).one_or_none()


def of_campaign(session: Session, campaign_id: int) -> Sequence[Record[Any]]:
    """Every base of a campaign with its case, by city and name; one whose case has not begun has none."""
    return session.execute(
        _WITH_BASE.where(Assessment.campaign_id == campaign_id).order_by(Assessment.city, Base.sort_key, Base.id)
    ).all()


def of_base(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """The assessments of a base, the newest year first."""
    return session.execute(_WITH_BASE.where(Assessment.base_id == base_id).order_by(Assessment.year.desc())).all()


def previous(session: Session, base_id: int, year: int) -> Record[Any] | None:
    """The last assessment before this year's."""
    wanted = _WITH_BASE.where(Assessment.base_id == base_id, Assessment.year < year)
    return session.execute(wanted.order_by(Assessment.year.desc()).limit(1)).one_or_none()


def amend(session: Session, assessment_id: int, **facts: Any) -> None:
    """Write down what is new about an assessment."""
    session.execute(update(Assessment).where(Assessment.id == assessment_id).values(**facts))


def differing(session: Session) -> Sequence[Record[Any]]:
    """Where a person decided otherwise than the system proposed, in campaigns that are not closed."""
    running = select(campaign.Campaign.id).where(campaign.Campaign.state != campaign.CLOSED)
    wanted = _WITH_BASE.where(Assessment.differs, Assessment.campaign_id.in_(running))
    return session.execute(wanted.order_by(Assessment.decided_at, Assessment.id)).all()


def undecided(entries: Sequence[Record[Any]]) -> int:
    """How many wait for a decision; one whose case was ended by hand waits for nothing."""
    return sum(each.outcome is None and each.case_status != "closed" for each in entries)


def to_announce(entries: Sequence[Record[Any]]) -> list[Record[Any]]:
    """Those decided whose result no 通报 has named yet."""
    return [each for each in entries if each.outcome is not None and each.announced is None]


def leaving(entries: Sequence[Record[Any]]) -> int:
    """R-4.3: the n of «拟退出 n / 滚动数量 m»: whom a signed decision proposes to revoke. It decides nothing."""
    return sum(each.outcome == REVOKE for each in entries)


def pass_mark(session: Session, on: date) -> Decimal:
    """From how many points on a base passes (文件未规定,系统默认 70)."""
    return Decimal(str(parameters.value(session, MARK_KEY, on).value))


def rolling(n: int, m: int | None) -> str:
    """«拟退出 2 / 滚动数量 5», in the words of the list that a meeting reads."""
    return f"拟退出 {n} ／ 滚动数量 {'未定' if m is None else m}"


def points(hundredths: int | None) -> str:
    """6950 is 69.50."""
    return "" if hundredths is None else f"{Decimal(hundredths) / HUNDREDTHS:.2f}"


def hundredths(value: Any) -> int:
    """69.5 is 6950."""
    return int((Decimal(str(value or 0)) * HUNDREDTHS).to_integral_value())


def within(proposal: str | None) -> tuple[str, ...]:
    """What a decision may say without differing from this proposal."""
    return (RECTIFY, REVOKE) if proposal == RECTIFY_OR_REVOKE else (proposal,) if proposal else ()


def _beginning(each: Record[Any], found: Record[Any]) -> Beginning:
    data: Mapping[str, Any] = {"whole_city": each.extent == base.WHOLE_CITY, "campaign": found.id}
    return Beginning(
        PROCESS,
        register.subject(each.id),
        each.county or each.city,
        each.organ_id,
        each.name,
        str(found.year),
        data=data,
        alone=False,
    )


_COLUMNS = tuple(Assessment.__table__.columns)
_BASE = Base.__table__.c
_WITH_BASE = (
    select(
        *_COLUMNS,
        _BASE.ref.label("base_ref"),
        _BASE.name.label("base_name"),
        _BASE.name_en.label("base_name_en"),
        Case.ref.label("case_ref"),
        Case.number,
        Case.started_at,
        Case.moved_at,
        Case.status.label("case_status"),
    )
    .join(Base, _BASE.id == Assessment.base_id)
    .outerjoin(Case, Case.id == Assessment.case_id)
)
