"""The calendar of a year (全年日程): what opens, closes or falls due on which day, with what fixes the day.

It is read from the batches, assessments, notices, reports and rectifications themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from bases.filing.duty import ReportDuty
from bases.register.base import Base
from bases.verdicts import batch, campaign
from bases.verdicts.batch import Batch
from bases.verdicts.campaign import Campaign
from bases.verdicts.notice import Notice
from bases.verdicts.rectification import Rectification
from engine.cases import Case
from ground.database import Session


@dataclass(frozen=True)
class Entry:
    """One day: what it is as a code with its facts, what fixes it, and the page behind it as endpoint and ref."""

    on: date
    what: str
    kind: str
    clause: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    page: tuple[str, str] | None = None


def of_year(session: Session, year: int) -> list[Entry]:
    """The days of a year in their order; five statements."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    sources = (_reports, _batches, _campaigns, _notices, _half_years)
    found = [entry for source in sources for entry in source(session, first, last) if first <= entry.on <= last]
    return sorted(found, key=lambda entry: (entry.on, entry.what))


def _reports(session: Session, first: date, last: date) -> Iterable[Entry]:
    """Article 8: each day on which reports of one kind fall due, once, with how many there are and have come."""
    keys = (ReportDuty.due_on, ReportDuty.kind, ReportDuty.period, ReportDuty.due_kind, ReportDuty.clause)
    rows = session.execute(
        select(*keys, func.count().label("owed"), func.count(ReportDuty.handed_at).label("reported"))
        .where(ReportDuty.due_on.between(first, last))
        .group_by(*keys)
    )
    for row in rows:
        facts = {"duty": row.kind, "period": row.period, "owed": row.owed, "reported": row.reported}
        yield Entry(row.due_on, "report", row.due_kind, row.clause, facts, ("yearbook.owed", ""))


def _batches(session: Session, first: date, last: date) -> Iterable[Entry]:
    wanted = select(Batch.ref, Batch.year, Batch.opens_on, Batch.closes_on).where(
        Batch.state != batch.DRAFT, or_(Batch.opens_on.between(first, last), Batch.closes_on.between(first, last))
    )
    for row in session.execute(wanted):
        page = ("batches.board", row.ref)
        yield Entry(row.opens_on, "batch.opens", "notice", None, {"year": row.year}, page)
        yield Entry(row.closes_on, "batch.closes", "notice", None, {"year": row.year}, page)


def _campaigns(session: Session, first: date, last: date) -> Iterable[Entry]:
    wanted = select(Campaign.ref, Campaign.year, Campaign.opens_on, Campaign.closes_on, Campaign.document).where(
        Campaign.state != campaign.DRAFT,
        or_(Campaign.opens_on.between(first, last), Campaign.closes_on.between(first, last)),
    )
    for row in session.execute(wanted):
        kind, page = "notice" if row.document else "default", ("campaigns.board", row.ref)
        yield Entry(row.opens_on, "campaign.opens", kind, None, {"year": row.year}, page)
        yield Entry(row.closes_on, "campaign.closes", kind, None, {"year": row.year}, page)


def _notices(session: Session, first: date, last: date) -> Iterable[Entry]:
    rows = session.execute(select(Notice.ref, Notice.closes_on).where(Notice.closes_on.between(first, last)))
    for row in rows:
        yield Entry(row.closes_on, "notice.closes", "notice", None, {}, ("public.one_notice", row.ref))


def _half_years(session: Session, first: date, last: date) -> Iterable[Entry]:
    """Article 13(2): the last day for the material of each rectification."""
    rows = session.execute(
        select(Rectification.material_due, Base.name, Base.name_en, Case.ref)
        .join(Base, Base.id == Rectification.base_id)
        .join(Case, Case.id == Rectification.case_id)
        .where(Rectification.material_due.between(first, last))
    )
    for row in rows:
        facts = {"name": row.name, "name_en": row.name_en}
        yield Entry(row.material_due, "rectification.ends", "text", "13(2)", facts, ("reviewer.case", row.ref))
