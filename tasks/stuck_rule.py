"""停滞 by one rule, for tile, list, report and letter: no movement, unclaimed, overdue, or 运行异常.

No movement for five working days, unclaimed for two (文件未规定，系统默认). A case that waits for nobody's act but for
a day or for another case is 正常等待, and is never among them.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select

from engine import incidents
from engine.cases import Case
from engine.incidents import Incident
from engine.waits import Wait
from ground import calendar, clock, parameters
from ground.calendar import Calendar
from ground.database import Session

STILL, UNCLAIMED = "stuck.no_movement", "stuck.unclaimed"
# Why a case is stuck: the four parts of the rule, in the order in which they are named.
TROUBLED, OVERDUE, UNTAKEN, UNMOVED = ("incident", "overdue", "unclaimed", "still")
BINDING = frozenset({"text", "notice"})


@dataclass(frozen=True)
class Rule:
    """The rule as it holds at this moment, and its working days: what has not moved, or was not claimed, since then."""

    now: datetime
    still: datetime
    unclaimed: datetime
    days: Calendar
    still_days: int
    unclaimed_days: int

    def working_days(self, since: datetime) -> int:
        """How many working days have passed since then."""
        return self.days.working_days_between(clock.local_day(since), clock.local_day(self.now))


def at(session: Session, now: datetime) -> Rule:
    """The rule of this moment, by the parameters of today."""
    today, days = clock.local_day(now), calendar.load(session)
    known = parameters.values(session, (STILL, UNCLAIMED), today)
    return ruled(now, days, *(int(known[key].value) for key in (STILL, UNCLAIMED)))


def parts(of: Rule) -> dict[str, ColumnElement[bool]]:
    """What the rule asks of a task and of its case."""
    return {
        OVERDUE: Wait.due_at <= of.now,
        UNTAKEN: and_(Wait.held_by.is_(None), Wait.opened_at <= of.unclaimed),
        UNMOVED: Case.moved_at <= of.still,
    }


def in_trouble(element: str = "") -> Select[int]:
    """The cases in which something went wrong that is not mended, at this step if one is named."""
    wanted = select(Incident.case_id).where(*TROUBLE)
    return wanted.where(Incident.element == element) if element else wanted


def ruled(now: datetime, days: Calendar, still: int, unclaimed: int) -> Rule:
    """The rule by these working days, as many for no movement and for unclaimed."""
    today = clock.local_day(now)
    since = [clock.end_of(days.add_working_days(today, -each)) for each in (still, unclaimed)]
    return Rule(now, since[0], since[1], days, still, unclaimed)


TROUBLE = (Incident.closed_at.is_(None), Incident.code != incidents.UNDELIVERED)
