"""What the readers of the demo have done by themselves, told by the rows that they left since it opened."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select

from engine.cases import Case
from engine.definitions import Process
from engine.definitions.drafts import ProcessDraft
from engine.history import History
from engine.proposals import Proposal
from ground.database import Session
from tasks import demo_clock

KINDS = ("task.claimed", "task.completed", "supervision.entered")
URGING = "supervision.begun"
SUPERVISION = "supervision"
DRAFTED, PROPOSED = "process.drafted", "process.proposed"


def done(session: Session) -> frozenset[str]:
    """Which of KINDS have happened, and whether a process was drawn or proposed; the demo's own play does not count."""
    opened = demo_clock.opened_at(session)
    if not opened:
        return frozenset()
    drawn = {DRAFTED} if _any(session, ProcessDraft.begun_at >= opened) else set()
    proposed = {DRAFTED, PROPOSED} if _any(session, Proposal.proposed_at >= opened) else set()
    urging = {URGING} if _any(session, _begun(opened)) else set()
    return frozenset(kind for kind in KINDS if _has_happened(session, kind, opened)) | drawn | proposed | urging


def _begun(since: datetime) -> ColumnElement[bool]:
    """An order of supervision that somebody has begun."""
    order = Case.process_id.in_(select(Process.id).where(Process.key == SUPERVISION))
    return and_(order, Case.started_at >= since, Case.started_by.is_not(None))


def _any(session: Session, which: ColumnElement[bool]) -> bool:
    return bool(session.scalar(select(exists().where(which))))


def _has_happened(session: Session, kind: str, since: datetime) -> bool:
    rows = select(History.seq).where(History.kind == kind, History.at >= since, History.by_person.is_not(None))
    return session.execute(rows.limit(1)).first() is not None
