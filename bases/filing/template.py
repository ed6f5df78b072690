"""Templates of monthly and quarterly reports (四(三) 信息报送制度): which items, for which period, due on which day.

The day is ours (day 10, 系统默认时限) until a served notice fixes it; then it is a 通知时限 with the notice's number. A
template changes by a new row from a day on; the periods before keep what held for them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row as Record, UniqueConstraint, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.measures import tables
from ground import parameters
from ground.database import Row, Session
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor
from ground.types import Code, Day, Document, Id, Text, Whole

MONTH, QUARTER = "month", "quarter"
MONTHS = {MONTH: 1, QUARTER: 3}
WRITTEN = {MONTH: re.compile(r"20\d\d-(0[1-9]|1[0-2])"), QUARTER: re.compile(r"20\d\dQ[1-4]")}
DUE_DAY = "stat.due_day"
OFFICER = "prov_officer"
LAST_DAY = 28
# What every house begins with: quarterly figures, and the survey of enterprises that Article 7 asks for (定期摸底).
SHIPPED = (
    ("trade_quarter", "季度外贸统计", "Quarterly trade figures", ("export", "import", "output", "orders", "exporters")),
    ("survey_quarter", "企业定期摸底", "Survey of enterprises", ("surveyed", "rising", "falling", "difficulties")),
)
SHIPPED_FROM = date(2026, 10, 1)


class ReportTemplate(Row):
    """One template as it holds through one span of days."""

    __tablename__ = "report_template"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(Code())
    name: Mapped[str] = mapped_column(Text(60))
    name_en: Mapped[str] = mapped_column(Text(120))
    period: Mapped[str] = mapped_column(Code(10))
    items: Mapped[list[str]] = mapped_column(Document)
    due_day: Mapped[int] = mapped_column(Whole)
    notice: Mapped[str | None] = mapped_column(Text(60))
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)


class Incomplete(Refused):
    """A template has a name, a period, one item at least and a day between 1 and 28; a notice has its number."""

    code = "template.incomplete"
    status = 422


@dataclass(frozen=True)
class Item:
    """One figure that a template may ask for."""

    code: str
    unit: str
    places: int
    zh: str
    en: str


@dataclass(frozen=True)
class Drawn:
    """A template as an officer draws it up; without a notice its day is a default of ours."""

    name: str
    period: str
    items: Sequence[str]
    due_day: int | None = None
    notice: str = ""
    name_en: str = ""


@cache
def items() -> dict[str, Item]:
    """Every figure there is to ask for."""
    return {
        row["code"]: Item(row["code"], row["unit"], int(row["places"]), row["zh"], row["en"])
        for row in tables.read(__file__, "stat_items.csv")
    }


def lay(session: Session, on: date) -> None:
    """The templates that every house begins with, once."""
    day = int(parameters.value(session, DUE_DAY, on).value)
    for code, name, name_en, asked in SHIPPED:
        row = _row(code, Drawn(name, QUARTER, asked, day, name_en=name_en), day, SHIPPED_FROM)
        if session.scalar(select(ReportTemplate.id).where(ReportTemplate.code == code)) is None:
            session.execute(insert(ReportTemplate).values(row))


def add(session: Session, drawn: Drawn, on: date, by: Actor) -> str:
    """A new template from this day on; its code."""
    day = _checked(session, drawn, on, by)
    number = len(session.execute(select(ReportTemplate.code).distinct()).all()) + 1
    code = f"{drawn.period}_{number}"
    session.execute(insert(ReportTemplate).values(_row(code, drawn, day, on)))
    return code


def fix(session: Session, code: str, notice: str, due_day: int, on: date, by: Actor) -> None:
    """A served notice fixes the day for the periods that end from this day on (通知时限)."""
    last = _newest(session, code)
    drawn = Drawn(last.name, last.period, last.items, due_day, notice, last.name_en)
    day = _checked(session, drawn, on, by)
    if on == last.valid_from:
        session.execute(update(ReportTemplate).where(ReportTemplate.id == last.id).values(due_day=day, notice=notice))
        return
    session.execute(update(ReportTemplate).where(ReportTemplate.id == last.id).values(valid_to=on - timedelta(days=1)))
    session.execute(insert(ReportTemplate).values(_row(code, drawn, day, on)))


def on_day(session: Session, day: date) -> Sequence[Record[Any]]:
    """The templates that hold on this day."""
    holds = (ReportTemplate.valid_from <= day, or_(ReportTemplate.valid_to.is_(None), ReportTemplate.valid_to >= day))
    return session.execute(_columns().where(*holds).order_by(ReportTemplate.code)).all()


def of(session: Session, code: str, day: date) -> Record[Any]:
    """The template of this code as it holds on this day, or as it held last."""
    found = next((row for row in on_day(session, day) if row.code == code), None)
    return found or _newest(session, code)


def names(session: Session) -> Mapping[str, tuple[str, str]]:
    """What each template is called, by its code."""
    rows = session.execute(_columns().order_by(ReportTemplate.valid_from))
    return {row.code: (row.name, row.name_en) for row in rows}


def ended_before(period: str, today: date) -> tuple[str, date]:
    """The period that ended last before this day: `2026-03` or `2026Q1`, and its last day."""
    first = date(today.year, today.month - (today.month - 1) % MONTHS[period], 1)
    last = first - timedelta(days=1)
    return (f"{last:%Y-%m}" if period == MONTH else f"{last.year}Q{last.month // 3}"), last


def is_period(text: str, kind: str) -> bool:
    """Whether this is how a month, or a quarter, is written."""
    return bool(WRITTEN[kind].fullmatch(text))


def last_day(period: str) -> date:
    """The last day of a period."""
    year = int(period[:4])
    month = int(period[5]) * 3 if "Q" in period else int(period[5:])
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def before(period: str) -> str:
    """The period before this one."""
    if "Q" in period:
        year, quarter = int(period[:4]), int(period[5])
        return f"{year}Q{quarter - 1}" if quarter > 1 else f"{year - 1}Q4"
    year, month = int(period[:4]), int(period[5:])
    return f"{year}-{month - 1:02d}" if month > 1 else f"{year - 1}-12"


def due_on(template: Record[Any], last: date) -> date:
    """The template's day in the month after the period."""
    following = last + timedelta(days=1)
    return date(following.year, following.month, template.due_day)


def _checked(session: Session, drawn: Drawn, on: date, by: Actor) -> int:
    if not by.has(OFFICER):
        raise Forbidden(needs=OFFICER)
    day = drawn.due_day or int(parameters.value(session, DUE_DAY, on).value)
    known = drawn.items and all(item in items() for item in drawn.items)
    if not drawn.name.strip() or drawn.period not in MONTHS or not known or not 1 <= day <= LAST_DAY:
        raise Incomplete(name=drawn.name, period=drawn.period)
    default = int(parameters.value(session, DUE_DAY, on).value)
    if day != default and not drawn.notice.strip():
        raise Incomplete(name=drawn.name, day=day)
    return day


def _row(code: str, drawn: Drawn, day: int, on: date) -> dict[str, Any]:
    return {
        "code": code,
        "name": drawn.name.strip(),
        "name_en": drawn.name_en.strip() or drawn.name.strip(),
        "period": drawn.period,
        "items": list(drawn.items),
        "due_day": day,
        "notice": drawn.notice.strip() or None,
        "valid_from": on,
    }


def _newest(session: Session, code: str) -> Record[Any]:
    found = session.execute(
        _columns().where(ReportTemplate.code == code).order_by(ReportTemplate.valid_from.desc()).limit(1)
    ).one_or_none()
    if found is None:
        raise Missing(template=code)
    return found


def _columns() -> Any:
    return select(*ReportTemplate.__table__.columns)
