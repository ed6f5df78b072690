"""What a step was sent back for and has not answered yet, as the history of its case tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.history import History
from ground.database import Session

DONE, SENT_BACK, TAKEN_BACK = "task.completed", "task.sent_back", "task.taken_back"
TELLING = frozenset({DONE, SENT_BACK, TAKEN_BACK})


@dataclass(frozen=True)
class Asked:
    """One sending back as its line of the history tells it: from which step, why, and what is asked of which fields."""

    source: str
    reason: str
    asked: Sequence[Mapping[str, str]]
    acting: str
    at: datetime


def open_at(session: Session, case_id: int, place: str) -> Asked | None:
    """What this step was sent back for and has not answered; an answer that was taken back is none."""
    wanted = select(History).where(History.case_id == case_id, History.kind.in_(TELLING))
    asked: Asked | None = None
    answered: Asked | None = None
    for line in session.execute(wanted.order_by(History.seq)):
        if line.kind == SENT_BACK and line.detail["target"] == place:
            detail = line.detail
            asked = Asked(line.element, detail["reason"], detail["asked"], detail["acting"], line.at)
        elif line.kind == DONE and line.element == place:
            asked, answered = None, asked
        elif line.kind == TAKEN_BACK and line.element == place:
            asked = answered
    return asked
