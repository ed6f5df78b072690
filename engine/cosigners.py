"""Who is asked to countersign an open task (加签、会签): rows that hang on it, and what their opinions come to.

`before` is asked before the holder sends, `after` about what the holder has sent, `parallel` beside the holder. All
co-signers of one mode on one task answer under one rule: all, any, or more than half of them agree. The rows go with
their task, however it closes; the history keeps what was asked and answered.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.ids import ref as new_ref
from ground.types import Code, Id, Instant, Ref, Text

BEFORE, AFTER, PARALLEL = "before", "after", "parallel"
MODES = (BEFORE, AFTER, PARALLEL)
ALL, ANY, MAJORITY = "all", "any", "majority"
RULES = (ALL, ANY, MAJORITY)
AGREE, REFUSE = "agree", "refuse"
OPINIONS = (AGREE, REFUSE)


class Cosigner(Row):
    """One person who is asked about one task. `asked_at` is when it was their turn: for `after`, when it was sent."""

    __tablename__ = "cosigner"
    __table_args__ = (
        UniqueConstraint("wait_id", "person_id"),
        Index("ix_cosigner_person", "person_id", "opinion", "asked_at", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    wait_id: Mapped[int] = mapped_column(Id, ForeignKey("wait.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    asked_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    mode: Mapped[str] = mapped_column(Code(20))
    rule: Mapped[str] = mapped_column(Code(20))
    question: Mapped[str] = mapped_column(Text(500))
    named_at: Mapped[datetime] = mapped_column(Instant)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    opinion: Mapped[str | None] = mapped_column(Code(20))
    words: Mapped[str | None] = mapped_column(Text(500))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


def verdict(rows: Collection[Any]) -> bool | None:
    """What these co-signers' opinions come to under their rule: agreed, not to be agreed any more, or still open."""
    if not rows:
        return True
    rule = next(iter(rows)).rule
    needed = {ALL: len(rows), ANY: 1, MAJORITY: len(rows) // 2 + 1}[rule]
    agreed = sum(row.opinion == AGREE for row in rows)
    refused = sum(row.opinion == REFUSE for row in rows)
    if agreed >= needed:
        return True
    return False if len(rows) - refused < needed else None


def of_wait(session: Session, wait_id: int) -> Sequence[Record[Any]]:
    """The co-signers of one task, in the order in which they were named."""
    return session.execute(select(Cosigner).where(Cosigner.wait_id == wait_id).order_by(Cosigner.id)).all()


def one(session: Session, cosigner_ref: str) -> Record[Any] | None:
    """One of them, by ref."""
    return session.execute(select(Cosigner).where(Cosigner.ref == cosigner_ref)).one_or_none()


def name(session: Session, wait: Any, persons: Sequence[int], asking: dict[str, Any], now: datetime) -> None:
    """Put these persons on a task, and have all of their mode there answer under this rule from now on.

    `asking` holds asked_by, mode, rule and question. Whoever is to agree afterwards is asked when it is sent.
    """
    asked_at = None if asking["mode"] == AFTER else now
    answered = Cosigner.wait_id == wait.id, Cosigner.person_id.in_(persons), Cosigner.opinion.is_not(None)
    session.execute(delete(Cosigner).where(*answered))
    of_a_row = {"case_id": wait.case_id, "wait_id": wait.id, **asking, "named_at": now, "asked_at": asked_at}
    session.execute(insert(Cosigner), [{"ref": new_ref(), "person_id": each, **of_a_row} for each in persons])
    of_mode = Cosigner.wait_id == wait.id, Cosigner.mode == asking["mode"]
    session.execute(update(Cosigner).where(*of_mode).values(rule=asking["rule"]))


def answer(session: Session, id_: int, opinion: str, words: str, now: datetime) -> None:
    """Keep an opinion."""
    values = {"opinion": opinion, "words": words, "answered_at": now}
    session.execute(update(Cosigner).where(Cosigner.id == id_).values(**values))


def drop(session: Session, id_: int) -> None:
    """Ask this person no more."""
    session.execute(delete(Cosigner).where(Cosigner.id == id_))


def turn(session: Session, wait_id: int, now: datetime) -> None:
    """Ask those who are to agree afterwards, anew about each sending."""
    of_mode = Cosigner.wait_id == wait_id, Cosigner.mode == AFTER
    blank = {"asked_at": now, "opinion": None, "words": None, "answered_at": None}
    session.execute(update(Cosigner).where(*of_mode).values(**blank))


def rest(session: Session, wait_id: int) -> None:
    """What was sent has come back: whoever has not answered is asked when it is sent again; what was said stands."""
    waiting = Cosigner.wait_id == wait_id, Cosigner.mode == AFTER, Cosigner.opinion.is_(None)
    session.execute(update(Cosigner).where(*waiting).values(asked_at=None))
