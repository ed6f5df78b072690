"""Deadlines that have come: each due case is moved once, oldest first, and a broken one stops no other."""

import logging
from collections.abc import Sequence
from datetime import datetime

from engine import cases, waits
from ground import database
from ground.database import reading, transaction

log = logging.getLogger(__name__)

BATCH = 100


def fire_due(now: datetime) -> int:
    """Move every case that has a timer due at `now`; how many cases moved."""
    moved = 0
    seen: set[int] = set()
    while True:
        fresh = [case_id for case_id in dict.fromkeys(_due(now)) if case_id not in seen]
        if not fresh:
            return moved
        seen.update(fresh)
        moved += _wake(fresh, now)


def _due(now: datetime) -> list[int]:
    """The cases that are due; where nodes share them, those that no other node has just taken."""
    with reading() as session:
        due = [row.case_id for row in waits.due_timers(session, now, BATCH)]
    if not due or database.current().is_sqlite:
        return due
    with transaction() as session:
        return cases.due_free(session, now, BATCH)


def _wake(case_ids: Sequence[int], now: datetime) -> int:
    """Move these cases in one transaction; if one of them cannot, halve until it stands alone and stops no other."""
    try:
        if len(case_ids) == 1:
            return int(cases.wake(case_ids[0], received_at=now))
        return len(cases.wake_together(case_ids, received_at=now))
    except Exception:
        # One of the four places that catch it: the sweep goes on to the next case.
        if len(case_ids) == 1:
            log.exception("a timer could not be fired: case %s", case_ids[0])
            return 0
    half = len(case_ids) // 2
    return _wake(case_ids[:half], now) + _wake(case_ids[half:], now)
