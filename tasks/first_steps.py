"""What the readers of the demo have done by themselves, told by the rows that they left since it opened."""

from datetime import datetime

from sqlalchemy import select

from engine.history import History
from ground.database import Session
from tasks import demo_clock

KINDS = ("task.claimed", "task.completed")


def done(session: Session) -> frozenset[str]:
    """Which of KINDS have happened; what the play did before the demo opened does not count."""
    opened = demo_clock.opened_at(session)
    return frozenset(kind for kind in KINDS if opened and _has_happened(session, kind, opened))


def _has_happened(session: Session, kind: str, since: datetime) -> bool:
    rows = select(History.seq).where(History.kind == kind, History.at >= since, History.by_person.is_not(None))
    return session.execute(rows.limit(1)).first() is not None
