"""Deadlines that have come: each due case is moved once, oldest first, and a broken one stops no other."""

import logging
from datetime import datetime

from engine import cases, waits
from ground.database import reading

log = logging.getLogger(__name__)

BATCH = 200


def fire_due(now: datetime) -> int:
    """Move every case that has a timer due at `now`; how many cases moved."""
    moved = 0
    seen: set[int] = set()
    while True:
        with reading() as session:
            due = waits.due_timers(session, now, BATCH)
        fresh = list(dict.fromkeys(row.case_id for row in due if row.case_id not in seen))
        if not fresh:
            return moved
        for case_id in fresh:
            seen.add(case_id)
            moved += _wake(case_id, now)


def _wake(case_id: int, now: datetime) -> bool:
    try:
        return cases.wake(case_id, received_at=now)
    except Exception:
        # One of the four places that catch it: the sweep goes on to the next case.
        log.exception("a timer could not be fired: case %s", case_id)
        return False
