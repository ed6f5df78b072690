"""限期整改 with reassessment (Article 13(2), 四(二)): what began it, its days, the application, the signed end.

It begins only on the signed decision of an assessment, and ends only with a signed decision of its own.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Row as Record, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.register import standing
from bases.register.base import Base, belong_to
from bases.verdicts import signing
from bases.verdicts.decision import Signature
from bases.verdicts.half_year import Term
from bases.verdicts.signing import KEEP, REVOKE, Minutes
from engine.cases import Case
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.people import Actor
from ground.types import Code, Day, Flag, Id, Instant, Text

PROCESS = KIND = "rectification"
ASSESSMENT, RECTIFY = "assessment", "rectify"
NOT_APPLIED, NOT_FINISHED, NOT_PASSED = GROUNDS = ("13.2a", "13.2b", "13.2c")
CLAUSE = "13(2)"
# Not signed here: the name has ended by another decision while this one ran (文件未规定，系统默认).
SUPERSEDED = "superseded"


class Rectification(Row):
    """One rectification; its days are empty until the notice has been served."""

    __tablename__ = "rectification"
    __table_args__ = (
        Index("ix_rectification_base", "base_id", "opened_at"),
        # One signed decision begins one rectification, and no second.
        Index("ux_rectification_assessed_in", "assessed_in", unique=True),
        CheckConstraint(
            "proposal <> 'revoke' OR outcome <> 'keep' OR minutes_number IS NOT NULL",
            name="ck_rectification_minutes_number",
        ),
    )

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    assessment_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    assessed_in: Mapped[int] = mapped_column(Id, ForeignKey("decision.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    begins_on: Mapped[date | None] = mapped_column(Day)
    ends_on: Mapped[date | None] = mapped_column(Day)
    material_due: Mapped[date | None] = mapped_column(Day)
    window_from: Mapped[date | None] = mapped_column(Day)
    window_to: Mapped[date | None] = mapped_column(Day)
    midterm_on: Mapped[date | None] = mapped_column(Day)
    provisional: Mapped[bool] = mapped_column(Flag)
    applied_on: Mapped[date | None] = mapped_column(Day)
    applied_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    proposal: Mapped[str | None] = mapped_column(Code(20))
    ground: Mapped[str | None] = mapped_column(Code(20))
    outcome: Mapped[str | None] = mapped_column(Code(20))
    minutes_number: Mapped[str | None] = mapped_column(Text(60))
    minutes_on: Mapped[date | None] = mapped_column(Day)
    minutes_topic: Mapped[str | None] = mapped_column(Text(200))
    decided_in: Mapped[int | None] = mapped_column(Id, ForeignKey("decision.id"))


class NotDecided(Refused):
    """限期整改 begins only where a person has signed it as the outcome of this base's assessment."""

    code = "rectification.not_decided"


class OutsideWindow(Refused):
    """The reassessment is applied for in the window that the served notice names."""

    code = "rectification.outside_window"
    status = 422


class NotProposed(Refused):
    """The table of Article 13(2) has not been asked yet, so there is nothing to decide."""

    code = "rectification.not_proposed"


def begin(session: Session, base_id: int, case_id: int, assessment: int, now: datetime) -> Record[Any]:
    """Begin it on the assessment's signed decision, which is given back; the base is rectifying from now on."""
    decided = signing.newest(session, assessment, ASSESSMENT)
    if decided is None or decided.base_id != base_id or decided.outcome != RECTIFY:
        raise NotDecided(base=base_id, assessment=assessment)
    signed = Signature(decided.signed_by, now, decided.signed_on, RECTIFY, "")
    standing.rectify(session, base_id, signing.basis(assessment, signed, decided.document))
    session.execute(
        insert(Rectification).values(
            case_id=case_id,
            base_id=base_id,
            assessment_id=assessment,
            assessed_in=decided.id,
            opened_at=now,
            provisional=False,
        )
    )
    return decided


def run(session: Session, case_id: int, term: Term) -> None:
    """The notice has been served: its days bind from now on."""
    _change(session, case_id, **term.values())


def apply(session: Session, case_id: int, on: date, by: int) -> None:
    """The application for reassessment has come; OutsideWindow before or after the days of the notice."""
    row = of_case(session, case_id)
    if row.window_from is None or not row.window_from <= on <= row.window_to:
        raise OutsideWindow(on=on, first=row.window_from, last=row.window_to)
    _change(session, case_id, applied_on=on, applied_by=by)


def propose(session: Session, case_id: int, proposal: str, ground: str | None) -> None:
    """Keep what the table says; it decides nothing."""
    _change(session, case_id, proposal=proposal, ground=ground or None)


def decide(session: Session, case_id: int, signed: Signature, said: Minutes | None) -> Record[Any]:
    """Enter what was signed. Kept: the name stands again. Else nothing changes yet: that is for the revocation."""
    row = of_case(session, case_id)
    if row.proposal is None:
        raise NotProposed(case=case_id)
    signing.check(signed.outcome, signed.reason, said, row.ground, binding=row.proposal == REVOKE)
    number = signing.write(session, row.base_id, case_id, KIND, CLAUSE, signed)
    _change(session, case_id, outcome=signed.outcome, decided_in=number, **(said.values() if said else {}))
    if signed.outcome == KEEP:
        standing.keep(session, row.base_id, signing.basis(case_id, signed))
    return row


def cut_short(session: Session, case_id: int) -> None:
    """The name has ended by another decision: nothing runs here any more."""
    _change(session, case_id, outcome=SUPERSEDED)


def undecided(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """The rectifications of a base that nothing has ended yet, served or not: with `case_ref`."""
    wanted = select(*_COLUMNS, Case.ref.label("case_ref")).join(Case, Case.id == Rectification.case_id)
    return session.execute(wanted.where(Rectification.base_id == base_id, Rectification.outcome.is_(None))).all()


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The rectification that this case is; Missing if it is none."""
    found = session.execute(select(*_COLUMNS).where(Rectification.case_id == case_id)).one_or_none()
    if found is None:
        raise Missing(rectification=case_id)
    return found


def of_base(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """Every rectification of a base, the newest first."""
    wanted = select(*_COLUMNS).where(Rectification.base_id == base_id)
    return session.execute(wanted.order_by(Rectification.opened_at.desc(), Rectification.case_id.desc())).all()


def running(session: Session, base_ids: Sequence[int]) -> dict[int, Record[Any]]:
    """By base: the rectification that has been served and is not decided."""
    wanted = select(*_COLUMNS).where(
        Rectification.base_id.in_(list(base_ids)),
        Rectification.ends_on.is_not(None),
        Rectification.outcome.is_(None),
    )
    return {row.base_id: row for row in session.execute(wanted.order_by(Rectification.opened_at))}


def of_person(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """What runs for the bases that this person has to do with, each with its base; one statement."""
    named = (Base.ref.label("base_ref"), Base.name, Base.name_en)
    wanted = select(*_COLUMNS, *named).join(Base, Base.id == Rectification.base_id)
    runs = Rectification.ends_on.is_not(None) & Rectification.outcome.is_(None)
    return session.execute(wanted.where(runs, belong_to(by)).order_by(Base.sort_key, Base.id)).all()


def _change(session: Session, case_id: int, **facts: Any) -> None:
    session.execute(update(Rectification).where(Rectification.case_id == case_id).values(**facts))


_COLUMNS = tuple(Rectification.__table__.columns)
