"""补正 (R-9.2): one notice names everything that an application lacks; a second one needs the unit head's approval.

Its date is fixed in the notice as served (通知时限). The days from service to the new filing do not count against
whoever holds the case; they stand here as two dates.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, UniqueConstraint, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground import parameters
from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Day, Document, Id, Text, Whole

MAX_ROUNDS = "supplement.max_rounds"
OTHER = "other_files"


class SupplementNotice(Row):
    """One 《补正通知书》 as it was served; who approved it and why, where it was not the first."""

    __tablename__ = "supplement_notice"
    __table_args__ = (UniqueConstraint("case_id", "round"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    round: Mapped[int] = mapped_column(Whole)
    items: Mapped[Any] = mapped_column(Document)
    hand_in: Mapped[str] = mapped_column(Text(500))
    due_on: Mapped[date] = mapped_column(Day)
    number: Mapped[str | None] = mapped_column(Code(60))
    drafted_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    approved_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text(1000))
    served_on: Mapped[date] = mapped_column(Day)
    answered_on: Mapped[date | None] = mapped_column(Day)
    extended_from: Mapped[date | None] = mapped_column(Day)
    extension_reason: Mapped[str | None] = mapped_column(Text(2000))
    closed_on: Mapped[date | None] = mapped_column(Day)


class Unapproved(Refused):
    """A further notice needs the approval of the unit's head, with a reason: everything is to be told at once."""

    code = "supplement.unapproved"


class ExtendedBefore(Refused):
    """The date of a notice is put off once and no further."""

    code = "supplement.extended_before"


class Undecided(Refused):
    """No officer has decided what becomes of a notice whose date has passed."""

    code = "supplement.undecided"


class Unanswered(Refused):
    """The notice served before has not been answered yet."""

    code = "supplement.unanswered"


def serve(session: Session, case_id: int, notice: Mapping[str, Any], on: date) -> int:
    """Serve the next notice of a case and return its round; Unapproved past the rounds that need no approval."""
    before = of_case(session, case_id)
    if before and _stands(before[-1]):
        raise Unanswered(round=before[-1].round)
    round_ = len(before) + 1
    if needs_approval(session, round_, on) and not (notice.get("approved_by") and notice.get("reason")):
        raise Unapproved(round=round_)
    session.execute(insert(SupplementNotice).values(case_id=case_id, round=round_, served_on=on, **notice))
    return round_


def needs_approval(session: Session, round_: int, on: date) -> bool:
    """Whether this round is past what an officer may ask by themselves."""
    return round_ > int(parameters.value(session, MAX_ROUNDS, on).value)


def next_round(session: Session, case_id: int) -> int:
    """Which notice of this case the next one would be."""
    last = session.scalar(select(func.max(SupplementNotice.round)).where(SupplementNotice.case_id == case_id))
    return (last or 0) + 1


def answer(session: Session, case_id: int, on: date) -> None:
    """The base has filed again: what was asked is answered as of this day."""
    session.execute(
        update(SupplementNotice)
        .where(
            SupplementNotice.case_id == case_id,
            SupplementNotice.answered_on.is_(None),
            SupplementNotice.closed_on.is_(None),
        )
        .values(answered_on=on)
    )


def extend(session: Session, case_id: int, until: date, reason: str) -> None:
    """Put the date of the notice that stands off, once, for this reason; ExtendedBefore the second time."""
    notice = standing(session, case_id)
    if notice is None or notice.extended_from is not None:
        raise ExtendedBefore(case=case_id)
    facts = {"extended_from": notice.due_on, "due_on": until, "extension_reason": reason}
    session.execute(update(SupplementNotice).where(SupplementNotice.id == notice.id).values(**facts))


def close(session: Session, case_id: int, on: date) -> None:
    """Nobody waits for the answer any longer: an officer goes on with what there is."""
    if (notice := standing(session, case_id)) is not None:
        session.execute(update(SupplementNotice).where(SupplementNotice.id == notice.id).values(closed_on=on))


def of_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """The notices of a case, the oldest first."""
    rows = select(*SupplementNotice.__table__.columns).where(SupplementNotice.case_id == case_id)
    return session.execute(rows.order_by(SupplementNotice.round)).all()


def standing(session: Session, case_id: int) -> Record[Any] | None:
    """The notice that is served and not answered yet."""
    return next((row for row in of_case(session, case_id) if _stands(row)), None)


def asked(session: Session, case_ids: Collection[int]) -> dict[int, int]:
    """How many things the notices that stand name, by the case."""
    rows = select(SupplementNotice.case_id, SupplementNotice.items).where(
        SupplementNotice.case_id.in_(case_ids),
        SupplementNotice.answered_on.is_(None),
        SupplementNotice.closed_on.is_(None),
    )
    return {row.case_id: len(row.items) for row in session.execute(rows)} if case_ids else {}


def _stands(row: Record[Any]) -> bool:
    return row.answered_on is None and row.closed_on is None
