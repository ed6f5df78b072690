"""An objection (异议) raised while a notice runs: it holds its one base and no other until it is settled.

Article 9 is silent; every rule here is «文件未规定,系统默认» (parameter objection.rules). Who objected, and in which
words, lies apart in bases/verdicts/objector.py; this table says nothing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, exists, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.verdicts import notice
from ground import deadlines, jobs
from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.types import Code, Day, Flag, Id, Instant, Ref

PROCESS = "objection"
RECEIVED, EXAMINED = "received", "examined"
CLUE, NOT_ACCEPTED = "clue", "not_accepted"
UPHELD, PARTLY, REJECTED = "upheld", "partly", "rejected"
HOLDS = (RECEIVED, EXAMINED)
RESULTS = (UPHELD, PARTLY, REJECTED)
REPLY = "objection_reply"


class Objection(Row):
    """One objection to one base of one notice: when it came, what was formally there, what became of it."""

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("notice_id", "key"),
        Index("ix_objection_base", "notice_id", "base_id", "state"),
        Index("ix_objection_case", "case_id"),
        Index("ix_objection_handler", "handler_id", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    notice_id: Mapped[int] = mapped_column(Id, ForeignKey("notice.id"))
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    key: Mapped[str] = mapped_column(Code(80))
    unit: Mapped[bool] = mapped_column(Flag)
    named: Mapped[bool] = mapped_column(Flag)
    reachable: Mapped[bool] = mapped_column(Flag)
    factual: Mapped[bool] = mapped_column(Flag)
    sealed: Mapped[bool] = mapped_column(Flag)
    received_at: Mapped[datetime] = mapped_column(Instant)
    reply_due_on: Mapped[date] = mapped_column(Day)
    extended: Mapped[bool] = mapped_column(Flag)
    state: Mapped[str] = mapped_column(Code())
    handler_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    replied_at: Mapped[datetime | None] = mapped_column(Instant)


class PeriodOver(Refused):
    """The notice does not run (any more), so nothing can be objected on its page."""

    code = "objection.period_over"


class AlreadyExtended(Refused):
    """The time for the reply is extended once."""

    code = "objection.extended_already"


class NoFinding(Refused):
    """An objection is settled by findings that a leader has agreed to."""

    code = "objection.no_finding"


@dataclass(frozen=True)
class Form:
    """What D10 looks at: whether a unit objects, and whether name, contact, facts and seal are there."""

    unit: bool
    named: bool
    reachable: bool
    factual: bool
    sealed: bool


@dataclass(frozen=True)
class Count:
    """How many objected to one base of a notice; `open` of them hold it still."""

    base_id: int
    base_ref: str
    name: str
    name_en: str
    objections: int
    clues: int
    open: int


def receive(session: Session, found: Record[Any], base_id: int, form: Form, key: str, now: datetime) -> Record[Any]:
    """Write an objection down and ask for its case; the same key of the same notice gives the same objection.

    PeriodOver if the notice does not run at this instant; Missing if the base does not stand in it.
    """
    if before := _of_key(session, found.id, key):
        return before
    if found.state != notice.RUNNING or not found.opens_on <= local_day(now) <= found.closes_on:
        raise PeriodOver(notice=found.ref)
    listed = {row.base_id for row in notice.bases_of(session, [found.id])[found.id] if row.withdrawn_at is None}
    if base_id not in listed:
        raise Missing(base=base_id)
    values = {
        "ref": new_ref(),
        "notice_id": found.id,
        "base_id": base_id,
        "key": key,
        **vars(form),
        "received_at": now,
        "reply_due_on": deadlines.due(session, REPLY, now).on,
        "extended": False,
        "state": RECEIVED,
    }
    session.execute(insert(Objection).values(**values))
    jobs.enqueue(
        session, "objection.begin", {"objection": values["ref"]}, run_at=now, dedupe=f"objection:{values['ref']}"
    )
    return by_ref(session, values["ref"])


def open_for(session: Session, notice_id: int, base_id: int) -> bool:
    """Whether an objection holds this base: it was received in this notice and is not settled."""
    held = exists().where(
        Objection.notice_id == notice_id, Objection.base_id == base_id, Objection.state.in_(list(HOLDS))
    )
    return bool(session.scalar(select(held)))


def holding(session: Session, case_id: int, base_id: int) -> Record[Any] | None:
    """The notice of this application that has ended, if an objection to the base still holds it."""
    run = notice.closed_of(session, case_id)
    return run if run is not None and open_for(session, run.id, base_id) else None


def report(session: Session, notice_id: int) -> list[Count]:
    """For each base of a notice, in its order: how many objected, how many clues, how many still hold it."""
    rows = session.execute(
        select(Objection.base_id, Objection.state, func.count().label("n"))
        .where(Objection.notice_id == notice_id)
        .group_by(Objection.base_id, Objection.state)
    ).all()
    counted = {(row.base_id, row.state): row.n for row in rows}
    return [_count(base, counted) for base in notice.bases_of(session, [notice_id])[notice_id]]


def by_ref(session: Session, ref: str) -> Record[Any]:
    """The objection with this ref, which is also the number of its receipt."""
    found = session.execute(_COLUMNS.where(Objection.ref == ref)).one_or_none()
    if found is None:
        raise Missing(objection=ref)
    return found


def by_id(session: Session, number: int) -> Record[Any] | None:
    """The objection with this number."""
    return session.execute(_COLUMNS.where(Objection.id == number)).one_or_none()


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The objection that a case is about."""
    found = session.execute(_COLUMNS.where(Objection.case_id == case_id)).one_or_none()
    if found is None:
        raise Missing(objection=case_id)
    return found


def of_handler(session: Session, person_id: int) -> Sequence[Record[Any]]:
    """The objections that this person handles, what is open first, the oldest on top."""
    return session.execute(
        _COLUMNS.where(Objection.handler_id == person_id).order_by(
            Objection.settled_at.is_not(None), Objection.received_at
        )
    ).all()


def join(session: Session, objection_id: int, case_id: int) -> None:
    """This case is the one that was asked for."""
    _change(session, objection_id, {"case_id": case_id})


def assign(session: Session, objection_id: int, handler: int) -> None:
    """This person examines it, and alone reads who objected."""
    _change(session, objection_id, {"handler_id": handler, "state": EXAMINED})


def extend(session: Session, found: Record[Any], now: datetime) -> date:
    """Give the reply as many days again, counted from now, once; returns the new last day."""
    if found.extended:
        raise AlreadyExtended(objection=found.id)
    until = deadlines.due(session, REPLY, now).on
    _change(session, found.id, {"extended": True, "reply_due_on": until})
    return until


def settle(session: Session, objection_id: int, result: str, now: datetime) -> None:
    """What became of it; from now on it holds nothing."""
    _change(session, objection_id, {"state": result, "settled_at": now})


def reply(session: Session, objection_id: int, now: datetime) -> None:
    """The objector was answered."""
    _change(session, objection_id, {"replied_at": now})


def _count(base: Record[Any], counted: Mapping[tuple[int, str], int]) -> Count:
    def of(*states: str) -> int:
        return sum(counted.get((base.base_id, state), 0) for state in states)

    return Count(
        base_id=base.base_id,
        base_ref=base.ref,
        name=base.name,
        name_en=base.name_en,
        objections=of(*HOLDS, *RESULTS),
        clues=of(CLUE, NOT_ACCEPTED),
        open=of(*HOLDS),
    )


def _of_key(session: Session, notice_id: int, key: str) -> Record[Any] | None:
    return session.execute(_COLUMNS.where(Objection.notice_id == notice_id, Objection.key == key)).one_or_none()


def _change(session: Session, objection_id: int, values: Mapping[str, Any]) -> None:
    session.execute(update(Objection).where(Objection.id == objection_id).values(**values))


_COLUMNS = select(*Objection.__table__.columns)
