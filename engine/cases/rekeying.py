"""The open tasks of an organ that has ended wait for its successor, with a line in the history of each case."""

from sqlalchemy import select, union, update

from engine import history
from engine.cases.case import Case, lock, note
from engine.waits import Subscription, Wait
from ground import clock
from ground.database import Session
from ground.grants import ROLES
from ground.people import role_key

AT_ONCE = 100


def rekey(session: Session, was: int, now: int) -> int:
    """Re-key what waits for this organ in a hundred cases, each under its lock; how many rows, 0 when all is done.

    Who holds a task keeps it: their role is theirs at the successor, too.
    """
    keys = {role_key(role, was): role_key(role, now) for role in ROLES}
    moved = 0
    for case_id in _cases(session, list(keys)):
        lock(session, case_id)
        moved += _case(session, case_id, keys)
    return moved


def _case(session: Session, case_id: int, keys: dict[str, str]) -> int:
    tasks = session.execute(
        select(Wait.id, Wait.element, Wait.queue).where(Wait.case_id == case_id, Wait.queue.in_(keys))
    ).all()
    for row in tasks:
        session.execute(update(Wait).where(Wait.id == row.id).values(queue=keys[row.queue]))
        detail = {"was": row.queue, "queue": keys[row.queue]}
        note(session, case_id, history.Fact("task.rekeyed", clock.now(), None, row.element, detail))
        session.flush()
    senders = session.execute(
        select(Subscription.id, Subscription.sender).where(
            Subscription.case_id == case_id, Subscription.sender.in_(keys)
        )
    ).all()
    for row in senders:
        session.execute(update(Subscription).where(Subscription.id == row.id).values(sender=keys[row.sender]))
    return len(tasks) + len(senders)


def _cases(session: Session, keys: list[str]) -> list[int]:
    found = union(
        select(Wait.case_id).where(Wait.queue.in_(keys)),
        select(Subscription.case_id).where(Subscription.sender.in_(keys)),
    ).subquery()
    statement = select(Case.id).where(Case.id.in_(select(found.c.case_id))).order_by(Case.id).limit(AT_ONCE)
    return list(session.execute(statement).scalars())
