"""The working days of each year, the yearly notice that makes them official, and the warning while it is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bases.measures import rulers, yearly_notice
from bases.measures.yearly_notice import Notice
from engine.cases import recounting
from engine.cases.recounting import Shift
from ground import calendar, clock, parameters
from ground.calendar import Calendar, KnownDay
from ground.database import Session
from ground.errors import Refused
from ground.people import Actor

WARN_FROM = "calendar.warn_from"


class Past(Refused):
    """The notice would change days that are over, or today: what was counted with them stays."""

    code = "calendar.past"
    status = 422


class NothingNew(Refused):
    """The calendar says all of this already."""

    code = "calendar.nothing_new"
    status = 422


@dataclass(frozen=True)
class Preview:
    """What a notice would change: the days that are worked otherwise, those that only become certain, open dates."""

    notice: Notice
    turned: Sequence[KnownDay]
    certain: int
    shifts: Sequence[Shift]


def warning(session: Session, today: date) -> int | None:
    """The coming year, while it is provisional and the day has come on which its notice is missed."""
    return missing(session, calendar.load(session), today)


def missing(session: Session, known: Calendar, today: date) -> int | None:
    """The same with a calendar at hand."""
    year = today.year + 1
    first = known.days.get(date(year, 1, 1))
    if first is not None and first.source == "official":
        return None
    from_on = str(parameters.value(session, WARN_FROM, today).value)
    return year if f"{today:%m-%d}" >= from_on else None


def preview(session: Session, text: str, today: date) -> Preview:
    """What this notice would change, or why it is refused; nothing is written."""
    notice = yearly_notice.read(text)
    days, known = notice.days(), calendar.load(session).days
    new = [one for one in days if known.get(one.day) != one]
    if not new:
        raise NothingNew(year=notice.year)
    turned = [one for one in new if one.day not in known or known[one.day].is_workday != one.is_workday]
    if any(one.day <= today for one in turned):
        raise Past(day=min(one.day for one in turned))
    return Preview(notice, turned, len(new) - len(turned), recounting.preview(session, days))


def take(session: Session, text: str, *, by: Actor, now: datetime) -> str:
    """Write the year and have the open dates reckoned again; the ref of the change."""
    rulers.allow(by)
    seen = preview(session, text, clock.local_day(now))
    notice = seen.notice
    return recounting.start(session, notice.days(), year=notice.year, source=notice.source, by=by.person or 0, now=now)
