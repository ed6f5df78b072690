"""The half-year of Article 13(2): from the service of the notice to both ends, and the window of the application.

Six calendar months, held at the month's end, never 180 days. The period ends on its last day; what the base hands in
then rolls to the next working day where that day is free. All but the half-year is «文件未规定,系统默认».
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from ground import calendar, parameters
from ground.database import Session

KEYS = (
    "rectify.months",
    "rectify.roll",
    "rectify.anchor",
    "rectify.anchor_fallback",
    "rectify.midterm_after",
    "reassess.window",
)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Term:
    """The days of one rectification; `provisional` where a day still waits for the calendar of its year."""

    begins_on: date
    ends_on: date
    material_due: date
    window_from: date
    window_to: date
    midterm_on: date
    provisional: bool

    def values(self) -> dict[str, Any]:
        """As the table keeps them."""
        return asdict(self)


def begins(session: Session, served_on: date | None, issued_on: date, on: date) -> date:
    """The day of service; without a proof of it, or where the parameter says so, some working days after the issue."""
    known = parameters.values(session, KEYS, on)
    if served_on is not None and known["rectify.anchor"].value == "served_on":
        return served_on
    return calendar.load(session).add_working_days(issued_on, int(known["rectify.anchor_fallback"].value))


def term(session: Session, begins_on: date, on: date) -> Term:
    """All days of a half-year that begins on this day, by the parameters of the day `on`."""
    known = parameters.values(session, KEYS, on)
    days, window = calendar.load(session), known["reassess.window"].value
    ends = days.add_months(begins_on, int(known["rectify.months"].value))
    last = days.add_working_days(ends, int(window["after_working_days"]))
    return Term(
        begins_on=begins_on,
        ends_on=ends,
        material_due=days.rolled(ends) if known["rectify.roll"].value else ends,
        window_from=ends - timedelta(days=int(window["before_days"])),
        window_to=last,
        midterm_on=days.add_months(begins_on, int(known["rectify.midterm_after"].value)),
        provisional=days.touches_provisional(begins_on, last),
    )


def spoken(ends_on: date, material_due: date) -> str:
    """Both ends as letters print them: 整改期满 2027-02-28（星期日）；材料报送截至 2027-03-01（顺延）."""
    rolled = "（顺延）" if material_due != ends_on else ""
    return f"整改期满 {ends_on}（星期{WEEKDAYS[ends_on.weekday()]}）；材料报送截至 {material_due}{rolled}"
