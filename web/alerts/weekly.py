"""The week's circular brought together: what stands stuck by the board, and what was ordered; drafted on Monday.

The figures are read without a lock, which takes as long as the list is; what is kept afterwards is one row.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from bases.cooperation import circular, supervision_week as week
from ground import clock, leases, parameters
from ground.database import Session, reading, transaction
from ground.leases import Held
from ground.people import Actor
from tasks import scheduler, standing

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=30)


@scheduler.keeps("circular", EVERY)
def draft_due(held: Held) -> None:
    """Draft the circular of the week that is over, once its Monday morning has come."""
    now = clock.now()
    first = last_week(now)
    with reading() as session:
        hour = int(parameters.value(session, circular.HOUR, clock.local_day(now)).value)
        if now < week.drafted_at(first, hour) or circular.exists(session, first):
            return
        found = figures(session, first, now)
    leases.renew(held, clock.now())
    with leases.writing(held) as session:
        circular.draft(session, first, found, now)
    log.info("the circular of the week of %s is drafted", first)


def draft_now(by: Actor) -> None:
    """The same by hand, for a house that was off on Monday; only the supervisor, and once for a week."""
    circular.may_draft(by)
    now = clock.now()
    first = last_week(now)
    with reading() as session:
        if circular.exists(session, first):
            return
        found = figures(session, first, now)
    with transaction() as session:
        circular.draft(session, first, found, now)


def last_week(now: datetime) -> date:
    """The Monday of the week before this one."""
    return week.monday(clock.local_day(now)) - week.WEEK


def figures(session: Session, first_on: date, now: datetime) -> dict[str, Any]:
    """Everything that the circular says, at this moment and of that week."""
    return standing.of(session, now) | {"orders": week.of_week(session, first_on) | week.standing(session)}
