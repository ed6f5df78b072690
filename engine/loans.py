"""委派: a task that its holder has lent to somebody who prepares it and hands it back; one loan a task at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.types import Id, Instant, Text


class Loan(Row):
    """Who has lent it to whom, and what they asked for; it goes with its task."""

    __tablename__ = "loan"
    __table_args__ = (Index("ix_loan_lender", "from_person"),)

    wait_id: Mapped[int] = mapped_column(
        Id, ForeignKey("wait.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    from_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    to_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text(500))
    lent_at: Mapped[datetime] = mapped_column(Instant)


def standing(session: Session, wait: Any) -> Record[Any] | None:
    """The loan of a task, if it is lent now: whoever was given it by somebody else meanwhile holds it as their own."""
    if not wait.hung or wait.held_by is None:
        return None
    lent = select(Loan).where(Loan.wait_id == wait.id, Loan.to_person == wait.held_by)
    return session.execute(lent).one_or_none()


def begin(session: Session, wait: Any, lender: int, borrower: int, note: str, now: datetime) -> None:
    """Lend a task."""
    values = {"case_id": wait.case_id, "from_person": lender, "to_person": borrower, "note": note, "lent_at": now}
    session.execute(delete(Loan).where(Loan.wait_id == wait.id))
    session.execute(insert(Loan).values(wait_id=wait.id, **values))


def end(session: Session, wait_id: int) -> None:
    """It is lent no more."""
    session.execute(delete(Loan).where(Loan.wait_id == wait_id))
