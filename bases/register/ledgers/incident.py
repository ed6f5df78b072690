"""What became of an incident that an organ entered (R-14.3): being checked, confirmed or not; unconfirmed no ground.

Confirming says that it happened. Whether it is a ground of Article 14 is signed elsewhere, by whoever assesses.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.register.ledgers.entry import LIVE, LedgerEntry
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.types import Code, Id, Instant, Text

CHECKING, CONFIRMED, UNCONFIRMED = "checking", "confirmed", "unconfirmed"


class IncidentCheck(Row):
    """The check of one entry of the register of incidents, and what it came to."""

    __tablename__ = "incident_check"

    entry_id: Mapped[int] = mapped_column(Id, ForeignKey("ledger_entry.id"), primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), unique=True)
    state: Mapped[str] = mapped_column(Code(20))
    basis: Mapped[str] = mapped_column(Text(200))
    settled_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class NotAgreed(Refused):
    """Nobody has agreed to a finding about this incident yet."""

    code = "incident.not_agreed"


def take_up(session: Session, entry_id: int, case_id: int) -> None:
    """Tie an entry to the case that checks it; done again, it is the same."""
    session.put_once(IncidentCheck, {"entry_id": entry_id, "case_id": case_id, "state": CHECKING, "basis": ""})


def settle(session: Session, case_id: int, state: str, basis: str, by: int, now: datetime) -> None:
    """Write down what the check came to, on what it rests and who agreed."""
    session.execute(
        update(IncidentCheck)
        .where(IncidentCheck.case_id == case_id)
        .values(state=state, basis=basis, settled_by=by, settled_at=now)
    )


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The entry that a case checks: its ref and its state."""
    found = session.execute(
        select(LedgerEntry.ref, LedgerEntry.label, IncidentCheck.state, IncidentCheck.basis)
        .join(IncidentCheck, IncidentCheck.entry_id == LedgerEntry.id)
        .where(IncidentCheck.case_id == case_id)
    ).one_or_none()
    if found is None:
        raise Missing(case=case_id)
    return found


def states(session: Session, entry_ids: Sequence[int]) -> dict[int, str]:
    """By entry: how its check stands."""
    rows = session.execute(
        select(IncidentCheck.entry_id, IncidentCheck.state).where(IncidentCheck.entry_id.in_(list(entry_ids)))
    )
    return {row.entry_id: row.state for row in rows}


def confirmed(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """The incidents of a base that are confirmed and stand, with their basis; for whoever weighs Article 14."""
    return session.execute(
        select(*LedgerEntry.__table__.columns, IncidentCheck.basis, IncidentCheck.settled_at)
        .join(IncidentCheck, IncidentCheck.entry_id == LedgerEntry.id)
        .where(LedgerEntry.base_id == base_id, LedgerEntry.state == LIVE, IncidentCheck.state == CONFIRMED)
        .order_by(LedgerEntry.sort_key, LedgerEntry.id)
    ).all()
