"""A duty to report: whose, for which year or period, by which day, and how far it has come.

Article 8: a base's summary reaches its city before 15 February, a city's the department before 1 March. The days in
which a report was sent back, or its case stood still, do not count against whoever owes it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, Select, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.register import breach
from bases.register.breach import Duty
from engine import cases
from engine.cases import Case
from ground import clock
from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Missing
from ground.ids import ref as new_ref
from ground.types import Code, Day, Id, Instant, Ref, Text, Whole

ANNUAL, CITY, MINISTRY = "annual_report", "city_report", "ministry_digest"
OPEN, FILED, HANDED, RETURNED, ACCEPTED = "open", "filed", "handed", "returned", "accepted"
# What a table says: reported, reported late, in time, with who signs it, missed, past a default of ours.
REPORTED, REPORTED_LATE, RUNNING, UNDER_REVIEW = "reported", "reported_late", "running", "under_review"
MISSED, PAST = "missed", "past_default"
# Where it stood at the end of its time limit, in the words of the evidence.
STOOD = {OPEN: "未报送", FILED: "已填报，尚未签批报出", RETURNED: "退回后尚未重新报送"}


class ReportDuty(Row):
    """One report that somebody owes; `handed_at` is when it first reached whom it is owed to, and stays."""

    __tablename__ = "report_duty"
    __table_args__ = (
        UniqueConstraint("kind", "period", "whose"),
        Index("ix_report_duty_city", "city", "kind", "period"),
        Index("ix_report_duty_base", "base_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    kind: Mapped[str] = mapped_column(Code())
    period: Mapped[str] = mapped_column(Code(10))
    year: Mapped[int] = mapped_column(Whole)
    whose: Mapped[str] = mapped_column(Code(40))
    base_id: Mapped[int | None] = mapped_column(Id, ForeignKey("base.id"))
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    city: Mapped[str] = mapped_column(Code(6))
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), unique=True)
    due_on: Mapped[date] = mapped_column(Day)
    due_kind: Mapped[str] = mapped_column(Code(10))
    clause: Mapped[str | None] = mapped_column(Text(60))
    state: Mapped[str] = mapped_column(Code())
    filed_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_days: Mapped[int] = mapped_column(Whole)


@dataclass(frozen=True)
class Owed:
    """What is owed, by whom and until when."""

    kind: str
    period: str
    year: int
    whose: str
    base_id: int | None
    organ_id: int
    city: str
    due_on: date
    due_kind: str
    clause: str | None


@dataclass(frozen=True)
class Seen:
    """What a look at the end of a time limit found: a breach that is new, or the last day to wait for."""

    missed: bool = False
    until: date | None = None


def begin(session: Session, owed: Owed, case_id: int) -> None:
    """Write the duty down, once for its period and whoever owes it."""
    session.put_once(
        ReportDuty, {**vars(owed), "ref": new_ref(), "case_id": case_id, "state": OPEN, "returned_days": 0}
    )


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The duty that a case is about; Missing where it is about none."""
    found = session.execute(_columns().where(ReportDuty.case_id == case_id)).one_or_none()
    if found is None:
        raise Missing(case=case_id)
    return found


def of_period(session: Session, kind: str, period: str, whose: Sequence[str] | None = None) -> dict[str, Record[Any]]:
    """The duties of one kind and period by whoever owes them."""
    wanted = _columns().where(ReportDuty.kind == kind, ReportDuty.period == period)
    if whose is not None:
        wanted = wanted.where(ReportDuty.whose.in_(list(whose)))
    return {row.whose: row for row in session.execute(wanted.order_by(ReportDuty.id))}


def of_base(session: Session, base_id: int, since: date, until: date) -> Sequence[Record[Any]]:
    """What a base owes with a day in this span, in the order of the days."""
    mine = (ReportDuty.base_id == base_id, ReportDuty.due_on >= since, ReportDuty.due_on <= until)
    return session.execute(_columns().where(*mine).order_by(ReportDuty.due_on, ReportDuty.id)).all()


def filed(session: Session, case_id: int, at: datetime) -> None:
    """It was sent; a time in which it had been sent back is over, and its days are kept.

    Days after it was handed over change nothing: it came on time or late, and only that it was sent back is known.
    """
    row = of_case(session, case_id)
    back = row.returned_at if row.handed_at else None
    _set(session, row, state=FILED, filed_at=row.filed_at or at, returned_at=back, returned_days=returned(row, at))


def hand_over(session: Session, case_id: int, at: datetime) -> bool:
    """It has reached whom it is owed to; True if that is late. What was missing is late from now on."""
    row = of_case(session, case_id)
    first = row.handed_at or at
    _set(session, row, state=HANDED, handed_at=first)
    late = row.due_kind in breach.BINDING and first >= ends_at(row, at, _stood_of(session, row, at))
    if late and row.handed_at is None:
        _breach(session, row, at)
        breach.made_good(session, _key(row), at)
    return late


def give_back(session: Session, case_id: int, at: datetime) -> None:
    """It was sent back: from now until it is sent again the days do not count."""
    _set(session, of_case(session, case_id), state=RETURNED, returned_at=at)


def accept(session: Session, case_id: int, at: datetime) -> None:
    """It has been looked through and is in order."""
    _set(session, of_case(session, case_id), state=ACCEPTED, settled_at=at)


def look(session: Session, case_id: int, now: datetime) -> Seen:
    """R-8.5: at the end of the time limit, write down what was not handed over; a default makes no breach."""
    row = of_case(session, case_id)
    if row.handed_at is not None or row.due_kind not in breach.BINDING:
        return Seen()
    ends = ends_at(row, now, _stood_of(session, row, now))
    if now < ends:
        return Seen(until=local_day(ends) - timedelta(days=1))
    return Seen(missed=_breach(session, row, now))


def returned(row: Record[Any], now: datetime) -> int:
    """How many days it was with its filler again, sent back before it had reached whom it is owed to."""
    back = row.returned_at if row.handed_at is None else None
    running = (local_day(now) - local_day(back)).days + 1 if back else 0
    return int(row.returned_days) + running


def ends_at(row: Record[Any], now: datetime, stood: int = 0) -> datetime:
    """The moment from which it counts as missed: the due day is over, and the days that do not count after it.

    `stood` is how many days its case has been suspended.
    """
    return clock.end_of(row.due_on + timedelta(days=returned(row, now) + stood))


def stood(session: Session, rows: Collection[Record[Any]], now: datetime) -> dict[int, int]:
    """For how many days the case of each duty was suspended before its report was handed over, by case.

    Asked only of those that were not handed over by their day: nothing hangs on it for the others.
    """
    until = {row.case_id: row.handed_at or now for row in rows}
    over = {row.case_id: until[row.case_id] for row in rows if until[row.case_id] >= clock.end_of(row.due_on)}
    return cases.days_stood(session, over) if over else {}


def standing(row: Record[Any], now: datetime, stood: int = 0) -> str:
    """What a table says of it in a code; a passed default is past and never late."""
    ends = ends_at(row, now, stood)
    binding = row.due_kind in breach.BINDING
    if row.handed_at is not None:
        return REPORTED if row.handed_at < ends or not binding else REPORTED_LATE
    if row.state == RETURNED:
        return RETURNED
    if now < ends:
        return RUNNING if row.state == OPEN else UNDER_REVIEW
    return MISSED if binding else PAST


def _stood_of(session: Session, row: Record[Any], now: datetime) -> int:
    return cases.days_stood(session, {row.case_id: row.handed_at or now}).get(row.case_id, 0)


def _breach(session: Session, row: Record[Any], now: datetime) -> bool:
    number = session.scalar(select(Case.number).where(Case.id == row.case_id))
    days = returned(row, now) + _stood_of(session, row, now)
    aside = f"，已扣除退回、中止{days}天" if days else ""
    return breach.record(
        session,
        base_id=row.base_id,
        organ_id=row.organ_id,
        city=row.city,
        kind=breach.MISSING,
        duty=row.kind,
        year=row.year,
        due_on=row.due_on,
        due_kind=row.due_kind,
        clause=row.clause or "",
        case_id=row.case_id,
        evidence=f"截至{row.due_on.isoformat()}24时{STOOD[row.state]}{aside}（办件{number}）",
        at=now,
    )


def _key(row: Record[Any]) -> Duty:
    return Duty(row.kind, row.base_id, row.organ_id, row.due_on)


def _set(session: Session, row: Record[Any], **values: Any) -> None:
    session.execute(update(ReportDuty).where(ReportDuty.id == row.id).values(values))


def _columns() -> Select[Any]:
    return select(*ReportDuty.__table__.columns)
