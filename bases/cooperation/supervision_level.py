"""D13: which level of supervision the facts propose. The days are parameters, the levels rows of a table.

The table proposes, the supervisor decides. A passed 系统默认时限 may be urged like any other; it stays grey, is no
breach, and the order says which kind of deadline it is about.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record

from bases.cooperation import supervision
from engine import definitions
from ground import calendar, clock, parameters
from ground.calendar import Calendar
from ground.database import Session

TABLE = "level"
NONE, SOON, OVERDUE, LATE, VERY_LATE = "none", "soon", "overdue", "late", "very_late"
KEYS = ("supervise.remind_left", "supervise.unclaimed", "supervise.order_after", "supervise.raise_after")
KINDS = {"text": "文件时限", "notice": "通知时限", "default": "系统默认时限，超过不作为逾期"}


def facts(session: Session, wait: Record[Any] | None, order: Record[Any] | None, now: datetime) -> dict[str, Any]:
    """What the table asks: how a case stands to its day, whether it is claimed, what was not answered."""
    days, today = calendar.load(session), clock.local_day(now)
    limits = {key: int(one.value) for key, one in parameters.values(session, KEYS, today).items()}
    unanswered = order is not None and order.state == supervision.UNANSWERED
    return {
        "stage": _stage(days, wait, limits, now) if wait else NONE,
        "unclaimed": wait is not None and _is_unclaimed(days, wait, limits, now),
        "urge_unanswered": unanswered and order is not None and order.level == supervision.URGE,
        "order_unanswered": unanswered and order is not None and order.level in {supervision.ORDER, supervision.RAISED},
    }


def propose(session: Session, given: Mapping[str, Any]) -> str:
    """The level that the table of the process as it is published now gives for these facts."""
    version = definitions.current(session, supervision.PROCESS).version_id
    table = definitions.folder(session, version).tables[TABLE]
    return str(table.decide(given).result["proposal"])


def deadline(session: Session, on: date | None, kind: str | None, now: datetime) -> str:
    """The day that is passed or to come, in words, with its kind: what an order says of it."""
    if on is None:
        return "没有时限"
    over = calendar.load(session).working_days_between(on, clock.local_day(now))
    how = f"已超过{over}个工作日" if now >= clock.end_of(on) else "尚未届满"
    return f"{on.year}年{on.month}月{on.day}日（{KINDS[kind or 'default']}），{how}"


def _stage(days: Calendar, wait: Record[Any], limits: Mapping[str, int], now: datetime) -> str:
    if wait.due_on is None:
        return NONE
    over = days.working_days_between(wait.due_on, clock.local_day(now))
    if now < wait.due_at:
        return SOON if -over <= limits["supervise.remind_left"] else NONE
    if over > limits["supervise.raise_after"]:
        return VERY_LATE
    return LATE if over > limits["supervise.order_after"] else OVERDUE


def _is_unclaimed(days: Calendar, wait: Record[Any], limits: Mapping[str, int], now: datetime) -> bool:
    waited = days.working_days_between(clock.local_day(wait.opened_at), clock.local_day(now))
    return wait.held_by is None and waited > limits["supervise.unclaimed"]
