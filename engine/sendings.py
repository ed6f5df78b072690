"""What a holder has sent while co-signers are still to agree: the answers wait and have moved nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.types import Code, Document, Id, Instant


class Sending(Row):
    """The answers as they were typed, by whom, in which capacity; it goes with its task."""

    __tablename__ = "sending"

    wait_id: Mapped[int] = mapped_column(
        Id, ForeignKey("wait.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    by_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    acting: Mapped[str] = mapped_column(Code(120))
    sent_at: Mapped[datetime] = mapped_column(Instant)


def standing(session: Session, wait: Any) -> Record[Any] | None:
    """What waits at a task, if its holder has sent it: whoever was given the task meanwhile has sent nothing."""
    if not wait.hung or wait.held_by is None:
        return None
    sent = select(Sending).where(Sending.wait_id == wait.id, Sending.by_person == wait.held_by)
    return session.execute(sent).one_or_none()


def keep(session: Session, wait: Any, answers: Mapping[str, Any], by_person: int, acting: str, now: datetime) -> None:
    """Let these answers wait."""
    values = {"case_id": wait.case_id, "answers": dict(answers), "by_person": by_person, "acting": acting}
    session.execute(delete(Sending).where(Sending.wait_id == wait.id))
    session.execute(insert(Sending).values(wait_id=wait.id, sent_at=now, **values))


def drop(session: Session, wait_id: int) -> None:
    """They wait no more."""
    session.execute(delete(Sending).where(Sending.wait_id == wait_id))
