"""What a week did with orders of supervision, reckoned from the lines of history: the same whenever it is asked.

What is still open at the end stands as it is at that moment, and is kept with the circular.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bases.cooperation import supervision
from bases.cooperation.supervision import SupervisionOrder
from engine.history import History
from ground import clock
from ground.database import Session

WEEK = timedelta(days=7)
ENTERED, SERVED = "supervision.entered", "supervision.served"
ANSWERED, UNANSWERED, WRITTEN_OFF = "answered", "unanswered", "written_off"
# Of these the unit is asked as soon as they are entered; an order and a request ask it with their letter.
AT_ONCE = frozenset({supervision.URGE, supervision.REMIND})


def monday(day: date) -> date:
    """The Monday of the week in which this day lies."""
    return day - timedelta(days=day.weekday())


def of_week(session: Session, first_on: date) -> dict[str, Any]:
    """Of the week that begins on this Monday: `issued` by level, `answered`, `unanswered`, `written_off`."""
    kinds = {ENTERED, SERVED, *(f"supervision.{what}" for what in (ANSWERED, UNANSWERED, WRITTEN_OFF))}
    lines = session.execute(
        select(History.kind, History.detail)
        .join(SupervisionOrder, SupervisionOrder.case_id == History.case_id)
        .where(
            History.kind.in_(kinds),
            History.at >= clock.start_of(first_on),
            History.at < clock.start_of(first_on + WEEK),
        )
    ).all()
    happened = Counter(line.kind for line in lines)
    issued = Counter(line.detail["level"] for line in lines if _asks(line.kind, line.detail.get("level", "")))
    found = {what: happened[f"supervision.{what}"] for what in (ANSWERED, UNANSWERED, WRITTEN_OFF)}
    return {"issued": {level: issued[level] for level in supervision.LEVELS}, **found}


def standing(session: Session) -> dict[str, Any]:
    """What is open at this moment, by level, and each 红·提级督办 that was issued and is not written off."""
    counted = supervision.counts(session)
    wanted = select(SupervisionOrder).where(
        SupervisionOrder.level == supervision.RAISED,
        SupervisionOrder.number.is_not(None),
        SupervisionOrder.state.not_in(supervision.OVER),
    )
    raised = session.execute(wanted.order_by(SupervisionOrder.issued_on, SupervisionOrder.id)).all()
    return {
        "open": {level: counted[level] for level in supervision.LEVELS},
        "raised": [
            {
                "number": row.number,
                "matter": row.matter,
                "unit": row.organ_id,
                "issued_on": row.issued_on.isoformat() if row.issued_on else "",
                "due_on": row.due_on.isoformat() if row.due_on else "",
                "kind": row.deadline_kind or "",
                "state": row.state,
            }
            for row in raised
        ],
    }


def drafted_at(first_on: date, hour: int) -> datetime:
    """The hour on the Monday after a week at which its circular is drafted."""
    return clock.start_of(first_on + WEEK) + timedelta(hours=hour)


def _asks(kind: str, level: str) -> bool:
    return (kind == ENTERED and level in AT_ONCE) or kind == SERVED
