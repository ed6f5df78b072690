"""The lists beside the queues, the newest first: what a person has sent, begun to type, started, and may see."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, or_, select

from engine import cases
from engine.cases import Case
from engine.definitions import Process
from engine.submissions import Draft, Submission
from engine.waits import Wait
from ground.database import Session
from ground.people import Actor
from tasks import walks
from tasks.pages import Page, moment, stamp

MOST = 100


def done(session: Session, by: Actor, *, after: str | None = None, limit: int = 20) -> Page:
    """What this person has sent, the newest first."""
    listed = (
        select(
            Submission.case_id,
            Submission.seq,
            Submission.element,
            Submission.received_at,
            *walks.CASE_COLUMNS,
        )
        .join(Case, Case.id == Submission.case_id)
        .join(Process, Process.id == Case.process_id)
        .where(Submission.by_person == by.person)
    )
    if after:
        listed = listed.where(Submission.received_at < moment(after))
    rows = session.execute(listed.order_by(Submission.received_at.desc()).limit(limit + 1)).all()
    return Page(rows[:limit], stamp(rows[limit - 1].received_at) if len(rows) > limit else None)


def started(session: Session, by: Actor, *, after: str | None = None, limit: int = 20) -> Page:
    """The cases that this person began, the newest first."""
    return _cases(session, Case.started_by == by.person, after, limit)


def in_sight(session: Session, by: Actor, *, after: str | None = None, limit: int = 20) -> Page:
    """Every case that this person may see, the newest first."""
    return _cases(session, cases.visible(by), after, limit)


def drafts(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """What this person has begun to type and not sent, the newest first; only of tasks that are still open."""
    return session.execute(
        walks.ITEMS.add_columns(Draft.saved_at, Draft.rev)
        .join(Draft, Draft.wait_ref == Wait.ref)
        .where(Draft.person_id == by.person, or_(Wait.held_by == by.person, Wait.queue.in_(list(by.keys))))
        .order_by(Draft.saved_at.desc())
        .limit(MOST)
    ).all()


def _cases(session: Session, which: ColumnElement[bool], after: str | None, limit: int) -> Page:
    listed = (
        select(Case.id, Case.status, Case.outcome, Case.started_at, Case.moved_at, *walks.CASE_COLUMNS)
        .join(Process, Process.id == Case.process_id)
        .where(which)
    )
    if after:
        listed = listed.where(Case.started_at < moment(after))
    rows = session.execute(listed.order_by(Case.started_at.desc()).limit(limit + 1)).all()
    return Page(rows[:limit], stamp(rows[limit - 1].started_at) if len(rows) > limit else None)
