"""A batch of applications: the year, the days on which cities may report, and how many are designated.

Article 4: the department fixes the number to designate and the number under rolling management (滚动管理数量); the
latter is shown and decides nothing. A batch holds no case: applications enter it by rows of `batch_entry`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.verdicts import subjects
from engine import cases
from ground import clock
from ground.database import Row, Session, reading, transaction
from ground.errors import Forbidden, Missing, Refused
from ground.ids import ref as new_ref
from ground.people import Actor
from ground.types import Code, Day, Id, Instant, Ref, Text, Whole

DRAFT, ANNOUNCED, RANKING, CLOSED = "draft", "announced", "ranking", "closed"
SUBJECT = "batch:"
DRAFTING = 1
YEARS_SHOWN = 3
PROCESS, TITLE = "designation_batch", "认定批次"


class Batch(Row):
    """One batch; it is a draft until its 申报通知 has a number, and then applications may enter it.

    `document` is the number of that call, `certificate` that of the 认定通知; `drafting` is 1 in the one row that is
    being planned and empty in all others, so that two officers cannot begin two batches at once.
    """

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_window", "state", "opens_on", "closes_on"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    state: Mapped[str] = mapped_column(Code())
    year: Mapped[int | None] = mapped_column(Whole)
    opens_on: Mapped[date | None] = mapped_column(Day)
    closes_on: Mapped[date | None] = mapped_column(Day)
    quota: Mapped[int | None] = mapped_column(Whole)
    rolling: Mapped[int | None] = mapped_column(Whole)
    criteria: Mapped[str | None] = mapped_column(Code())
    document: Mapped[str | None] = mapped_column(Text(120))
    certificate: Mapped[str | None] = mapped_column(Text(120))
    drafting: Mapped[int | None] = mapped_column(Whole, unique=True)
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"), unique=True)
    created_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class NotOpen(Refused):
    """No batch takes applications on this day; `opens_on` and `closes_on` are those of the nearest one."""

    code = "batch.not_open"


class NoBatch(Refused):
    """No batch has been announced."""

    code = "batch.none"


class NoCriteria(Refused):
    """R-4.1: a batch does not open without criteria and without its two dates, in their order."""

    code = "batch.incomplete"
    status = 422


class BeingPlanned(Refused):
    """Another officer is planning a batch; `number` is that case, and a second one is not begun beside it."""

    code = "batch.being_planned"


class NotIssued(Refused):
    """Applications are taken once the 申报通知 is issued, and it is not."""

    code = "batch.not_issued"


@dataclass(frozen=True)
class Plan:
    """What an officer fixes for a batch; `quota` None is no limit."""

    year: int
    opens_on: date
    closes_on: date
    quota: int | None
    rolling: int | None
    criteria: str


def prepare(session: Session, by: int, now: datetime) -> int:
    """The batch about which nothing is fixed yet, made unless there is one: one is planned at a time. Its number."""
    values = {"ref": new_ref(), "state": DRAFT, "drafting": DRAFTING, "created_by": by, "created_at": now}
    session.put_once(Batch, values)
    return int(session.scalar(select(Batch.id).where(Batch.drafting == DRAFTING)))


def years(batch: Record[Any]) -> tuple[int, ...]:
    """The three full years before that of the batch, the earliest first: 2023, 2024 and 2025 for 2026."""
    return tuple(range(batch.year - YEARS_SHOWN, batch.year))


def subject(batch_id: int) -> str:
    """How a case names the batch it is about."""
    return f"{SUBJECT}{batch_id}"


def number(named: str) -> int | None:
    """The 3 of `batch:3`; None where a case is about something else."""
    return subjects.number(SUBJECT, named)


def of_subject(session: Session, named: str) -> Record[Any]:
    """The batch that a case is about, from `batch:3`."""
    found = number(named)
    if found is None:
        raise Missing(subject=named)
    return by_id(session, found)


def begin(*, by: Actor, key: str) -> cases.Started:
    """Begin a batch with its case; whoever is planning one is led back to it, everybody else is refused meanwhile.

    What the batch is, the officer says in its first task. The row is made first, since a case is about it from its
    start; of two who begin at once one is refused (BeingPlanned), and the same key gets the same answer.
    """
    home = next((held for held in by.held if held.role == "prov_officer"), None)
    if home is None or by.person is None:
        raise Forbidden(process=PROCESS)
    with transaction() as session:
        begun = prepare(session, by.person, clock.now())
    try:
        return cases.start(
            PROCESS,
            subject=subject(begun),
            region=home.region,
            organ=home.organ_id,
            title=TITLE,
            data={"batch": begun},
            alone=True,
            by=by,
            key=key,
        )
    except cases.AlreadyOpen:
        return _begun_before(begun, by)


def by_id(session: Session, batch_id: int) -> Record[Any]:
    """The batch of this number."""
    return _one(session, Batch.id == batch_id, batch=batch_id)


def by_ref(session: Session, ref: str) -> Record[Any]:
    """The batch of this ref."""
    return _one(session, Batch.ref == ref, batch=ref)


def every(session: Session) -> Sequence[Record[Any]]:
    """All batches, the one that is being planned as well, the newest first."""
    known = or_(Batch.case_id.is_not(None), Batch.drafting == DRAFTING)
    return session.execute(select(*_COLUMNS).where(known).order_by(Batch.id.desc())).all()


def running(session: Session) -> Record[Any] | None:
    """The newest batch that is announced and not closed."""
    wanted = select(*Batch.__table__.columns).where(Batch.state.in_([ANNOUNCED, RANKING]))
    return session.execute(wanted.order_by(Batch.id.desc()).limit(1)).one_or_none()


def announced(session: Session) -> Sequence[Record[Any]]:
    """The batches whose 申报通知 is out, the newest first: what cities know of."""
    wanted = select(*_COLUMNS).where(Batch.case_id.is_not(None), Batch.state != DRAFT)
    return session.execute(wanted.order_by(Batch.id.desc())).all()


def plan(session: Session, batch_id: int, case_id: int, planned: Plan) -> None:
    """Fix what the batch is; NoCriteria says what is missing or in the wrong order."""
    if not planned.criteria or planned.closes_on < planned.opens_on:
        raise NoCriteria(opens_on=planned.opens_on.isoformat(), closes_on=planned.closes_on.isoformat())
    _set(session, batch_id, case_id=case_id, **vars(planned))


def called(session: Session, batch_id: int, document: str) -> None:
    """The 申报通知 is issued under this number."""
    _set(session, batch_id, document=document)


def announce(session: Session, batch_id: int) -> None:
    """From the first day on, applications may enter; NotIssued while the 申报通知 has no number."""
    if not by_id(session, batch_id).document:
        raise NotIssued(batch=batch_id)
    _set(session, batch_id, state=ANNOUNCED, drafting=None)


def certify(session: Session, batch_id: int, document: str) -> None:
    """The 认定通知 is issued under this number."""
    _set(session, batch_id, certificate=document)


def go_on(session: Session, batch_id: int, state: str) -> None:
    """The batch has reached its next stage."""
    _set(session, batch_id, state=state)


def open_on(session: Session, day: date) -> Record[Any]:
    """The batch in which one can apply on this day; else NotOpen names the dates of the nearest one."""
    found = session.execute(
        select(*_COLUMNS)
        .where(Batch.state == ANNOUNCED, Batch.opens_on <= day, Batch.closes_on >= day)
        .order_by(Batch.closes_on, Batch.id)
        .limit(1)
    ).one_or_none()
    if found is None:
        raise _closed(session, day)
    return found


_COLUMNS = tuple(Batch.__table__.columns)


def _begun_before(begun: int, by: Actor) -> cases.Started:
    """The case of the batch that is being planned, for the officer who began it."""
    with reading() as session:
        found = subjects.last_case(session, subject(begun))
    if found is None or found.started_by != by.person:
        raise BeingPlanned(number=found.number if found else "")
    return cases.Started(found.ref, found.number)


def _one(session: Session, wanted: Any, **named: Any) -> Record[Any]:
    found = session.execute(select(*_COLUMNS).where(wanted)).one_or_none()
    if found is None:
        raise Missing(**named)
    return found


def _set(session: Session, batch_id: int, **facts: Any) -> None:
    session.execute(update(Batch).where(Batch.id == batch_id).values(**facts))


def _closed(session: Session, day: date) -> Refused:
    """With the dates of the next period that begins, else of the one that ended last."""
    known = select(Batch.opens_on, Batch.closes_on).where(Batch.state != DRAFT)
    coming = session.execute(known.where(Batch.opens_on > day).order_by(Batch.opens_on).limit(1)).one_or_none()
    past = session.execute(known.order_by(Batch.closes_on.desc()).limit(1)).one_or_none()
    found = coming or past
    if found is None:
        return NoBatch()
    return NotOpen(opens_on=found.opens_on.isoformat(), closes_on=found.closes_on.isoformat())
