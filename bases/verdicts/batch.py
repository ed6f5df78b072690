"""A batch of applications: the year, the days on which cities may report, how many are designated, and who is in it.

Article 4: the department fixes the number to designate and the number under rolling management (滚动管理数量); the
latter is shown and decides nothing. A batch holds no case: applications enter it, and it reads where they stand.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.verdicts import ranking, subjects
from engine import cases
from engine.cases import Case
from ground import clock, parameters
from ground.database import Row, Session, reading, transaction
from ground.errors import Forbidden, Missing, Refused
from ground.ids import ref as new_ref
from ground.people import Actor
from ground.types import Code, Day, Flag, Id, Instant, Ref, Text, Whole

DRAFT, ANNOUNCED, RANKING, CLOSED = "draft", "announced", "ranking", "closed"
UNDER_WAY, READY, DECIDED, OUT = "under_way", "ready", "decided", "out"
DESIGNATE, REFUSE = "designate", "refuse"
SUBJECT = "batch:"
HUNDREDTHS = 100
DRAFTING = 1
YEARS_SHOWN = 3
PROCESS, TITLE = "designation_batch", "认定批次"
MARK_KEY = "designate.pass_mark"


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


class Entry(Row):
    """One application in a batch; `average` and `spread` in hundredths of a point.

    `list_number` is the signed list it stood on. `struck_by` confirmed that it leaves the list, since an objection to
    it was upheld.
    """

    __tablename__ = "batch_entry"
    __table_args__ = (Index("ix_batch_entry_batch", "batch_id", "state", "rank"),)

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(Id, ForeignKey("batch.id"))
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    city: Mapped[str] = mapped_column(Code(6))
    state: Mapped[str] = mapped_column(Code())
    reported_on: Mapped[date | None] = mapped_column(Day)
    city_rank: Mapped[int | None] = mapped_column(Whole)
    average: Mapped[int | None] = mapped_column(Whole)
    spread: Mapped[int | None] = mapped_column(Whole)
    visited: Mapped[bool] = mapped_column(Flag)
    rank: Mapped[int | None] = mapped_column(Whole)
    tied: Mapped[bool] = mapped_column(Flag)
    listed: Mapped[str | None] = mapped_column(Code())
    reason: Mapped[str | None] = mapped_column(Text(2000))
    noticed: Mapped[bool] = mapped_column(Flag)
    withdrawn: Mapped[bool] = mapped_column(Flag)
    list_number: Mapped[int | None] = mapped_column(Whole)
    outcome: Mapped[str | None] = mapped_column(Code())
    struck_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    struck_at: Mapped[datetime | None] = mapped_column(Instant)


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


@dataclass(frozen=True)
class Proposed:
    """A base that goes into the notice."""

    base_id: int
    case_id: int
    name: str
    city: str
    visited: bool


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


def counts(session: Session, cities: Collection[str] | None = None) -> Mapping[int, int]:
    """How many applications each batch has; with `cities`, how many of theirs."""
    wanted = select(Entry.batch_id, func.count().label("n")).group_by(Entry.batch_id)
    if cities is not None:
        wanted = wanted.where(Entry.city.in_(list(cities)))
    return {row.batch_id: row.n for row in session.execute(wanted)}


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


def enter(session: Session, batch_id: int, case_id: int, base: Record[Any]) -> None:
    """An application enters the batch."""
    flags = {"visited": False, "tied": False, "noticed": False, "withdrawn": False}
    values = {"case_id": case_id, "batch_id": batch_id, "base_id": base.id, "city": base.city, "state": UNDER_WAY}
    session.execute(insert(Entry).values(**values, **flags))


def entry(session: Session, case_id: int) -> Record[Any] | None:
    """The application's place in its batch; None for one that began before there were batches."""
    return session.execute(select(*_ENTRY).where(Entry.case_id == case_id)).one_or_none()


def deciding(session: Session, case_ids: Collection[int]) -> Mapping[int, int]:
    """For each of these applications that stands in a batch, the case of that batch."""
    rows = session.execute(
        select(Entry.case_id, Batch.case_id.label("batch_case"))
        .join(Batch, Batch.id == Entry.batch_id)
        .where(Entry.case_id.in_(list(case_ids)), Batch.case_id.is_not(None))
    )
    return {row.case_id: row.batch_case for row in rows}


def entries(session: Session, batch_id: int) -> Sequence[Record[Any]]:
    """Every application of the batch with its base and number, those ranked first, in their order."""
    return session.execute(
        _WITH_BASE.where(Entry.batch_id == batch_id).order_by(
            Entry.rank.is_(None), Entry.rank, Entry.city, func.coalesce(Entry.city_rank, 9999), Entry.case_id
        )
    ).all()


def amend(session: Session, case_id: int, **facts: Any) -> None:
    """Write down what is new about an application in its batch."""
    session.execute(update(Entry).where(Entry.case_id == case_id).values(**facts))


def in_question(session: Session, batch_id: int) -> list[Record[Any]]:
    """The applications that can be ranked now: reviewed, rechecked, not yet decided, and not on an earlier notice."""
    return [each for each in entries(session, batch_id) if each.state == READY and not each.noticed]


def order(session: Session, batch: Record[Any], on: date) -> list[ranking.Place]:
    """The ranking of what is ready; the quota is what earlier lists of the batch have left of it."""
    candidates = [
        ranking.Candidate(each.case_id, each.average, each.city_rank) for each in in_question(session, batch.id)
    ]
    return ranking.rank(candidates, room(session, batch), pass_mark(session, on))


def room(session: Session, batch: Record[Any]) -> int | None:
    """How many may still be proposed: the quota less who was designated or stands on a notice; None is no limit."""
    if batch.quota is None:
        return None
    taken: int = sum(
        each.outcome == DESIGNATE or (each.noticed and each.state == READY) for each in entries(session, batch.id)
    )
    return max(int(batch.quota) - taken, 0)


def pass_mark(session: Session, on: date) -> int:
    """From how many hundredths of a point on an application is proposed at all."""
    return int(parameters.value(session, MARK_KEY, on).value * HUNDREDTHS)


def settle(session: Session, places: Sequence[ranking.Place]) -> None:
    """Keep the ranking as it was settled."""
    for each in places:
        amend(session, each.case, rank=each.rank, tied=each.tied, listed=each.listed, reason=each.reason or None)


def proposed(session: Session, batch_id: int) -> list[Proposed]:
    """The bases that the next notice lists, in the order of the ranking."""
    return [
        Proposed(each.base_id, each.case_id, each.base_name, each.city, each.visited)
        for each in in_question(session, batch_id)
        if each.listed == ranking.PROPOSED
    ]


def undecided(session: Session, batch_id: int) -> int:
    """How many wait for a result; one that was refused at intake stands in the batch and waits for nothing."""
    waiting = {READY, UNDER_WAY}
    return sum(each.state in waiting and each.case_status != "closed" for each in entries(session, batch_id))


def stages(session: Session, batch_id: int) -> Mapping[str, int]:
    """How many applications stand where, by state."""
    rows = session.execute(
        select(Entry.state, func.count().label("n")).where(Entry.batch_id == batch_id).group_by(Entry.state)
    )
    return {row.state: row.n for row in rows}


_COLUMNS = tuple(Batch.__table__.columns)
_ENTRY = tuple(Entry.__table__.columns)
_BASE = register.Base.__table__.c
_WITH_BASE = (
    select(
        *_ENTRY,
        _BASE.ref.label("base_ref"),
        _BASE.name.label("base_name"),
        _BASE.name_en.label("base_name_en"),
        Case.ref.label("case_ref"),
        Case.number,
        Case.started_at,
        Case.moved_at,
        Case.status.label("case_status"),
        Case.region,
        Case.organ_id,
    )
    .join(register.Base, _BASE.id == Entry.base_id)
    .join(Case, Case.id == Entry.case_id)
)


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
