"""A decision about a base: outcome, reason, clause, and the person who signed. Article 2: nobody else gives a name."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.register import change, title
from bases.verdicts import objection
from bases.verdicts.batch import DESIGNATE, REFUSE
from ground.database import Row, Session
from ground.errors import Refused
from ground.ids import ref as new_ref
from ground.types import Code, Day, Id, Instant, Ref, Text

CLAUSE = "9"


class Decision(Row):
    """One signed decision; it is never changed, a later one stands beside it."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_base", "base_id", "kind"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    kind: Mapped[str] = mapped_column(Code())
    outcome: Mapped[str] = mapped_column(Code())
    clause: Mapped[str] = mapped_column(Code(20))
    reason: Mapped[str] = mapped_column(Text(5000))
    signed_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    signed_on: Mapped[date] = mapped_column(Day)
    signed_at: Mapped[datetime] = mapped_column(Instant)
    document: Mapped[str | None] = mapped_column(Text(120))
    paper: Mapped[str | None] = mapped_column(Ref)


class Unsigned(Refused):
    """No person has signed a decision in this case."""

    code = "decision.unsigned"


class NoticeNotOver(Refused):
    """Article 9: a base is determined after the notice, and this case has none that has run its full time."""

    code = "decision.notice_not_over"


class WrongDay(Refused):
    """A decision is dated after the last day of the notice and not after the day on which it is sent."""

    code = "decision.wrong_day"
    status = 422


class HeldByObjection(Refused):
    """An objection to this base was received while its notice ran, and is not settled."""

    code = "decision.held_by_objection"


class UnknownOutcome(Refused):
    """A designation is decided by 认定 or 不予认定."""

    code = "decision.unknown_outcome"
    status = 422


@dataclass(frozen=True)
class Signature:
    """Who signed, when, and what; on paper: who confirmed it, its record, the page of the scan and who signed there."""

    person: int
    at: datetime
    on: date
    outcome: str
    reason: str
    document: str | None = None
    paper: str | None = None
    page: int | None = None
    signer: str | None = None


def designation(session: Session, base_id: int, case_id: int, signature: Signature) -> str | None:
    """Record the decision; with 认定 the base gets its provincial name and its code, which is returned."""
    if signature.outcome not in {DESIGNATE, REFUSE}:
        raise UnknownOutcome(outcome=signature.outcome, known=(DESIGNATE, REFUSE))
    if (run := objection.holding(session, case_id, base_id)) is not None:
        raise HeldByObjection(base=base_id, notice=run.ref)
    keep(session, "designation", base_id, case_id, signature, CLAUSE)
    source = change.Source(signature.at, signature.on, case_id, signature.person)
    if signature.outcome == DESIGNATE:
        return title.designate(session, base_id, title.Signed(source, signature.document))
    change.record(session, base_id, change.APPLICATION, None, change.REFUSED, source)
    return None


def keep(session: Session, kind: str, base_id: int, case_id: int, signature: Signature, clause: str) -> None:
    """Write a signed decision of this kind down; what follows from it is for whoever knows the kind."""
    session.execute(
        insert(Decision).values(
            ref=new_ref(),
            case_id=case_id,
            base_id=base_id,
            kind=kind,
            outcome=signature.outcome,
            clause=clause,
            reason=signature.reason,
            signed_by=signature.person,
            signed_on=signature.on,
            signed_at=signature.at,
            document=signature.document,
            paper=signature.paper,
        )
    )


def of_case(session: Session, case_id: int) -> Record[Any] | None:
    """The newest decision in a case."""
    wanted = select(*Decision.__table__.columns).where(Decision.case_id == case_id).order_by(Decision.id.desc())
    return session.execute(wanted.limit(1)).one_or_none()
