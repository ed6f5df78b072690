"""A decision about a base: outcome, reason, clause, and the person who signed. Article 2: nobody else gives a name."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.documents import signature
from bases.register import change, title
from bases.verdicts import objection
from bases.verdicts.batch_entry import DESIGNATE, REFUSE
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


def designation(session: Session, base_id: int, case_id: int, signed: Signature) -> str | None:
    """Record the decision; with 认定 the base gets its provincial name and its code, which is returned."""
    if signed.outcome not in {DESIGNATE, REFUSE}:
        raise UnknownOutcome(outcome=signed.outcome, known=(DESIGNATE, REFUSE))
    if (run := objection.holding(session, case_id, base_id)) is not None:
        raise HeldByObjection(base=base_id, notice=run.ref)
    keep(session, "designation", base_id, case_id, signed, CLAUSE)
    source = change.Source(signed.at, signed.on, case_id, signed.person)
    if signed.outcome == DESIGNATE:
        return title.designate(session, base_id, title.Signed(source, signed.document))
    change.record(session, base_id, change.APPLICATION, None, change.REFUSED, source)
    return None


def keep(session: Session, kind: str, base_id: int, case_id: int, signed: Signature, clause: str) -> None:
    """Write a signed decision of this kind down; what follows from it is for whoever knows the kind."""
    session.execute(
        insert(Decision).values(
            ref=new_ref(),
            case_id=case_id,
            base_id=base_id,
            kind=kind,
            outcome=signed.outcome,
            clause=clause,
            reason=signed.reason,
            signed_by=signed.person,
            signed_on=signed.on,
            signed_at=signed.at,
            document=signed.document,
            paper=signed.paper,
        )
    )


def of_case(session: Session, case_id: int) -> Record[Any] | None:
    """The newest decision in a case."""
    wanted = select(*Decision.__table__.columns).where(Decision.case_id == case_id).order_by(Decision.id.desc())
    return session.execute(wanted.limit(1)).one_or_none()


def papers(session: Session, case_id: int) -> list[Record[Any]]:
    """What was signed on paper for a case, oldest first: in it, or on the list of its batch that decided it."""
    own = list(signature.of_case(session, case_id))
    stands = of_case(session, case_id)
    if stands is None or stands.paper is None or any(each.ref == stands.paper for each in own):
        return own
    return [*own, *signature.named(session, [stands.paper]).values()]


def days_on_paper(session: Session, base_id: int) -> set[date]:
    """The days of the decisions on this base that were signed on paper; all that everybody may know of the paper."""
    rows = session.execute(select(Decision.signed_on).where(Decision.base_id == base_id, Decision.paper.is_not(None)))
    return {row.signed_on for row in rows}
