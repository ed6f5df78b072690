"""A substitution that has ended holds nothing any more: what its substitute still held waits for its queue again."""

from datetime import datetime

from sqlalchemy import select

from engine import cases, history, holding
from engine.cases import hanging
from engine.waits import Wait
from ground import clock, substitutes
from ground.database import Session
from ground.errors import Refused

AT_ONCE = 100


def give_back(session: Session, now: datetime) -> int:
    """Put what is held for somebody without a right to it back into its queue, each case under its lock; how many."""
    stands = substitutes.stands(Wait.held_for, Wait.held_by)
    lapsed = (
        select(Wait.id, Wait.hung, Wait.ref, Wait.case_id, Wait.element, Wait.held_by, Wait.held_for)
        .where(Wait.held_for.is_not(None), ~stands)
        .order_by(Wait.case_id, Wait.id)
        .limit(AT_ONCE)
    )
    rows = session.execute(lapsed, {"on": clock.local_day(now)}).all()
    for row in rows:
        cases.lock(session, row.case_id)
        try:
            hanging.check_free(session, row)
        except Refused:
            continue  # what was sent waits for co-signers: it goes on, or comes back and lapses then
        if session.scalar(select(Wait.held_for).where(Wait.ref == row.ref, Wait.held_by == row.held_by)) is None:
            continue  # somebody else has taken it meanwhile
        holding.let_go(session, row.ref, row.held_by)
        detail = {"left": row.held_by, "behalf": row.held_for}
        cases.note(session, row.case_id, history.Fact("task.lapsed", now, None, row.element, detail))
        session.flush()
    return len(rows)
