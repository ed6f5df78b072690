"""Working days in China, from our own table, and never a guess: a day that is not in it is refused by name.

Days of coming years stand in it as `provisional` (weekends and statutory days) until the State Council's notice.
"""

import hashlib
import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Day, Flag, Id, Text

ONE_DAY = timedelta(days=1)


class CalendarDay(Row):
    """One day, whether it is worked, and who says so."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(Day, primary_key=True)
    is_workday: Mapped[bool] = mapped_column(Flag)
    name: Mapped[str] = mapped_column(Text(30))
    source: Mapped[str] = mapped_column(Code(20))
    note: Mapped[str] = mapped_column(Text(200))


class CalendarDigest(Row):
    """The digest of all days, in one row: as long as it stands, a calendar read before is still right."""

    __tablename__ = "calendar_digest"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(Code(64))


class UnknownDay(Refused):
    """The calendar does not reach this day; nobody is told a date that was guessed."""

    code = "calendar.unknown_day"


class Gap(Refused):
    """The days given leave a hole between them and the days known."""

    code = "calendar.gap"
    status = 422


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A day as it is stored: source is `official` or `provisional`."""

    day: date
    is_workday: bool
    name: str = ""
    source: str = "official"
    note: str = ""


class Calendar:
    """All known days without a hole, read once."""

    def __init__(self, days: Iterable[KnownDay]) -> None:
        self.days = {one.day: one for one in sorted(days, key=lambda one: one.day)}
        every = list(self.days)
        self.first, self.last = (every[0], every[-1]) if every else (date.max, date.min)
        self._workdays = [day for day in every if self.days[day].is_workday]
        self._provisional = [day for day in every if self.days[day].source == "provisional"]

    def is_workday(self, day: date) -> bool:
        """Whether this day is worked, make-up Saturdays included."""
        return self._known(day).is_workday

    def is_provisional(self, day: date) -> bool:
        """Whether this day still waits for the yearly notice (暂按周末与法定节假日推算)."""
        return self._known(day).source == "provisional"

    def touches_provisional(self, start: date, end: date) -> bool:
        """Whether any day after `start` and up to `end` is provisional."""
        at = bisect_right(self._provisional, start)
        return at < len(self._provisional) and self._provisional[at] <= end

    def add_working_days(self, start: date, number: int, *, count_start: bool = False) -> date:
        """The last of `number` working days; the start day is not counted unless asked; backwards if negative."""
        self._known(start)
        if number == 0:
            return start
        if number < 0:
            at = (bisect_right if count_start else bisect_left)(self._workdays, start) + number
        else:
            at = (bisect_left if count_start else bisect_right)(self._workdays, start) + number - 1
        if at < 0:
            raise UnknownDay(before=self.first)
        if at >= len(self._workdays):
            raise UnknownDay(after=self.last)
        return self._workdays[at]

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` and up to `end`; negative if `end` is earlier."""
        self._known(start)
        self._known(end)
        return bisect_right(self._workdays, end) - bisect_right(self._workdays, start)

    def next_workday(self, day: date) -> date:
        """The first working day after this one."""
        return self.add_working_days(day, 1)

    def previous_workday(self, day: date) -> date:
        """The last working day before this one."""
        return self.add_working_days(day, -1)

    def last_workday_until(self, day: date) -> date:
        """This day if it is worked, else the last one before it that is: by then one acts, if the day does not roll."""
        return day if self.is_workday(day) else self.previous_workday(day)

    def rolled(self, day: date) -> date:
        """This day if it is worked, else the next that is (顺延)."""
        return day if self.is_workday(day) else self.next_workday(day)

    @staticmethod
    def add_months(day: date, number: int) -> date:
        """Calendar months, held at the month's end: 31 August and six months is 28 February."""
        return day + relativedelta(months=number)

    def _known(self, day: date) -> KnownDay:
        known = self.days.get(day)
        if known is None:
            raise UnknownDay(day=day, first=self.first, last=self.last)
        return known


def load(session: Session) -> Calendar:
    """The calendar; one short statement as long as it has not changed."""
    return read(session, session.scalar(DIGEST))


def read(session: Session, digest: str | None) -> Calendar:
    """The calendar that has this digest, from memory if it was read before."""
    calendar = _cache.get(digest)
    if calendar is None:
        _cache.clear()
        calendar = _cache[digest] = Calendar(KnownDay(*tuple(row)) for row in session.execute(_DAYS))
    return calendar


def put(session: Session, days: Iterable[KnownDay]) -> None:
    """Write these days, in place of what was known of them; together with the others they leave no hole."""
    given = {one.day: one for one in days}
    known = {row.day: KnownDay(*tuple(row)) for row in session.execute(_DAYS)}
    all_days = sorted((known | given).items())
    _refuse_holes([day for day, _ in all_days])
    new = [one for day, one in given.items() if known.get(day) != one]
    if not new:
        return
    for one in new:
        if one.day in known:
            session.execute(delete(CalendarDay).where(CalendarDay.day == one.day))
    session.execute(insert(CalendarDay), [_values(one) for one in new])
    session.execute(delete(CalendarDigest))
    session.execute(insert(CalendarDigest).values(id=1, digest=_digest(one for _, one in all_days)))


def _refuse_holes(days: list[date]) -> None:
    for day, following in itertools.pairwise(days):
        if following - day != ONE_DAY:
            raise Gap(after=day, before=following)


def _values(one: KnownDay) -> dict[str, object]:
    return {
        "day": one.day,
        "is_workday": one.is_workday,
        "name": one.name,
        "source": one.source,
        "note": one.note,
    }


def _digest(days: Iterable[KnownDay]) -> str:
    lines = (f"{one.day} {one.is_workday} {one.name} {one.source} {one.note}\n" for one in days)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


_DAYS: Select[date, bool, str, str, str] = select(
    CalendarDay.day, CalendarDay.is_workday, CalendarDay.name, CalendarDay.source, CalendarDay.note
).order_by(CalendarDay.day)
DIGEST = select(CalendarDigest.digest)
_cache: dict[str | None, Calendar] = {}
