"""An objection (异议) raised while a notice runs: it holds its one base and no other until it is settled.

Article 9 is silent; every rule here is «文件未规定,系统默认» (parameter objection.rules). Who objected, and in which
words, lies apart in bases/verdicts/objector.py; this table says nothing of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, exists, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.verdicts import notice
from ground import clock, deadlines, jobs
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


class ObjectionLetter(Row):
    """That an objection came by letter: the day on which it arrived, and who entered it."""

    __tablename__ = "objection_letter"

    objection_id: Mapped[int] = mapped_column(Id, ForeignKey("objection.id"), primary_key=True)
    arrived_on: Mapped[date] = mapped_column(Day)
    entered_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))


class PeriodOver(Refused):
    """The notice does not run (any more), so nothing can be objected on its page."""

    code = "objection.period_over"


class NotThatDay(Refused):
    """A letter about a notice arrives after it was published, and not after the day on which it is entered."""

    code = "objection.not_that_day"
    status = 422


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
class Letter:
    """An objection on paper: the day on which it arrived, and who entered it here."""

    arrived_on: date
    entered_by: int


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


def receive(
    session: Session,
    found: Record[Any],
    base_id: int,
    form: Form,
    key: str,
    now: datetime,
    letter: Letter | None = None,
) -> Record[Any]:
    """Write an objection down and ask for its case; the same key of the same notice gives the same objection.

    PeriodOver if the notice does not run at this instant; Missing if the base does not stand in it. A letter counts by
    the day on which it arrived: after the last day of the notice it is kept as a clue and holds nothing.
    """
    if before := _of_key(session, found.id, key):
        return before
    late = _is_late(found, letter, local_day(now))
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
        "reply_due_on": deadlines.due(session, REPLY, clock.start_of(letter.arrived_on) if letter else now).on,
        "extended": False,
        "state": CLUE if late else RECEIVED,
        "settled_at": now if late else None,
    }
    number = session.scalar(insert(Objection).values(**values).returning(Objection.id))
    if letter is not None:
        session.execute(insert(ObjectionLetter).values(objection_id=number, **vars(letter)))
    if not late:
        begun = {"objection": values["ref"]}
        jobs.enqueue(session, "objection.begin", begun, run_at=now, dedupe=f"objection:{values['ref']}")
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


def held_since(session: Session, base_ids: Collection[int]) -> Mapping[int, datetime]:
    """Since when each of these bases is held by an objection that is not settled."""
    rows = session.execute(
        select(Objection.base_id, func.min(Objection.received_at, type_=Instant).label("since"))
        .where(Objection.base_id.in_(list(base_ids)), Objection.state.in_(list(HOLDS)))
        .group_by(Objection.base_id)
    )
    return {row.base_id: row.since for row in rows}


def handled_in(session: Session, base_ids: Collection[int]) -> Mapping[int, int]:
    """For each of these bases, the case of the oldest objection to it that is not settled."""
    rows = session.execute(
        select(Objection.base_id, func.min(Objection.case_id).label("case_id"))
        .where(Objection.base_id.in_(list(base_ids)), Objection.state.in_(list(HOLDS)), Objection.case_id.is_not(None))
        .group_by(Objection.base_id)
    )
    return {row.base_id: row.case_id for row in rows}


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


def hand_over(session: Session, objection_id: int, handler: int) -> None:
    """From now on this person alone reads who objected, and whoever did before no longer."""
    _change(session, objection_id, {"handler_id": handler})


def under_way(session: Session, limit: int = 200) -> Sequence[Record[Any]]:
    """What is not answered yet, the oldest on top, and after it the clues."""
    wanted_states = or_(
        Objection.state.in_(list(HOLDS)),
        Objection.replied_at.is_(None) & Objection.state.in_(list(RESULTS)),
        Objection.state == CLUE,
    )
    wanted = _COLUMNS.where(wanted_states).order_by(Objection.state == CLUE, Objection.received_at)
    return session.execute(wanted.limit(limit)).all()


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


def _is_late(found: Record[Any], letter: Letter | None, today: date) -> bool:
    if letter is None:
        if found.state != notice.RUNNING or not found.opens_on <= today <= found.closes_on:
            raise PeriodOver(notice=found.ref)
        return False
    if not found.opens_on <= letter.arrived_on <= today:
        raise NotThatDay(opens_on=found.opens_on.isoformat(), arrived_on=letter.arrived_on.isoformat())
    return bool(letter.arrived_on > found.closes_on)


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


_COLUMNS = select(*Objection.__table__.columns, ObjectionLetter.arrived_on, ObjectionLetter.entered_by).outerjoin(
    ObjectionLetter, ObjectionLetter.objection_id == Objection.id
)
