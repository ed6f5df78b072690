"""An order of supervision (督办): about what, to which unit, at which level, what was answered.

Handbook §7.3 and §7.4, all of it a default of ours under Article 4. The supervisor urges and changes no case; only
its issuer writes an order off.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, Select, func, insert, select, true, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from engine import cases
from engine.cases import Case
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.organs import Organ
from ground.people import Actor
from ground.types import Code, Day, Id, Instant, Ref, Text

PROCESS = "supervision"
SUPERVISOR = "supervisor"
ABOUT_CASE, ABOUT_MATTER = "supervision:case-", "supervision:matter-"
URGE, ORDER, RAISED, REQUEST, REMIND = "urge", "order", "raised", "request", "remind"
COLOURS = (URGE, ORDER, RAISED)
LEVELS = (*COLOURS, REQUEST, REMIND)
ISSUING, APPROVING, WAITING, ANSWERED, UNANSWERED, REFUSED, DROPPED, TOLD, CLOSED = (
    "issuing",
    "approving",
    "waiting",
    "answered",
    "unanswered",
    "refused",
    "dropped",
    "told",
    "closed",
)
STATES = (ISSUING, APPROVING, WAITING, ANSWERED, UNANSWERED, REFUSED, DROPPED, TOLD, CLOSED)
OVER = frozenset({TOLD, CLOSED})
READERS = frozenset(
    {
        SUPERVISOR,
        "prov_officer",
        "prov_checker",
        "prov_division_head",
        "prov_office",
        "prov_leader",
        "auditor",
    }
)
ADDRESSEES = frozenset({"city_officer", "city_section_head", "city_leader", "dept_liaison"})


class SupervisionOrder(Row):
    """One order: 事项, 依据, 要求, 时限, 承办单位, 反馈, 核销意见, its level and its issuer."""

    __tablename__ = "supervision_order"
    __table_args__ = (
        Index("ix_supervision_order_state", "state", "level"),
        Index("ix_supervision_order_organ", "organ_id", "state"),
        Index("ix_supervision_order_about", "about_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), unique=True)
    about_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    matter: Mapped[str] = mapped_column(Text(200))
    ground: Mapped[str] = mapped_column(Text(2000))
    request: Mapped[str] = mapped_column(Text(2000))
    deadline_on: Mapped[date | None] = mapped_column(Day)
    deadline_kind: Mapped[str | None] = mapped_column(Code())
    level: Mapped[str] = mapped_column(Code())
    level_before: Mapped[str | None] = mapped_column(Code())
    state: Mapped[str] = mapped_column(Code())
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    issuer_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    days: Mapped[int | None] = mapped_column(Id)
    number: Mapped[str | None] = mapped_column(Text(120))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    issued_on: Mapped[date | None] = mapped_column(Day)
    due_on: Mapped[date | None] = mapped_column(Day)
    approved_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    feedback: Mapped[str | None] = mapped_column(Text(5000))
    feedback_on: Mapped[date | None] = mapped_column(Day)
    opinion: Mapped[str | None] = mapped_column(Text(2000))
    closed_on: Mapped[date | None] = mapped_column(Day)


class NotHigher(Refused):
    """A level only rises: an order does not become an urging again."""

    code = "supervision.not_higher"
    status = 422


class NotAsked(Refused):
    """An order whose letter was never issued has asked nobody, so nothing is returned to them."""

    code = "supervision.not_asked"
    status = 422


class NotTheIssuer(Refused):
    """Only whoever issued an order writes it off."""

    code = "supervision.not_the_issuer"
    status = 403


def about(session: Session, subject: str) -> Record[Any] | None:
    """The case that an order is about; None if it is about a matter."""
    if not subject.startswith(ABOUT_CASE):
        return None
    wanted = select(Case.id, Case.ref, Case.number, Case.title).where(Case.ref == subject.removeprefix(ABOUT_CASE))
    return session.execute(wanted).one_or_none()


def enter(session: Session, case_id: int, **values: Any) -> None:
    """Write an order down."""
    session.execute(insert(SupervisionOrder).values(ref=new_ref(), case_id=case_id, **values))


def change(session: Session, case_id: int, **values: Any) -> None:
    """An order has come further."""
    session.execute(update(SupervisionOrder).where(SupervisionOrder.case_id == case_id).values(**values))


def write_off(session: Session, case_id: int, opinion: str, on: date, by: int | None) -> None:
    """核销: by the issuer, and by nobody else."""
    if of_case(session, case_id).issuer_id != by:
        raise NotTheIssuer(case=case_id)
    change(session, case_id, state=CLOSED, opinion=opinion, closed_on=on)


def was_asked(row: Record[Any]) -> bool:
    """Whether the unit has been asked at this level: by an urging, or by a letter that was issued."""
    return row.level == URGE or row.number is not None


def higher_than(row: Record[Any]) -> Sequence[str]:
    """The levels that an order may rise to; where its letter was not issued, also the one that it was meant for."""
    if row.level not in COLOURS:
        return ()
    return COLOURS[COLOURS.index(row.level) + was_asked(row) :]


def found(session: Session, case_id: int) -> Record[Any] | None:
    """The order of a case, if it is entered already."""
    return session.execute(_rows().where(SupervisionOrder.case_id == case_id)).one_or_none()


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The order of a case."""
    row = found(session, case_id)
    if row is None:
        raise Missing(order=case_id)
    return row


def one(session: Session, ref: str, by: Actor) -> Record[Any]:
    """One order that this person may read; else Missing, as if it were not there."""
    row = session.execute(_rows().where(SupervisionOrder.ref == ref, _readable(by))).one_or_none()
    if row is None:
        raise Missing(order=ref)
    return row


def about_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """The orders about one case, the newest first."""
    newest = _rows().where(SupervisionOrder.about_id == case_id).order_by(SupervisionOrder.id.desc())
    return session.execute(newest).all()


def open_about(session: Session, case_ids: Collection[int]) -> Mapping[int, Record[Any]]:
    """The newest order about each of these cases that is not over: ref, level, state, about_id."""
    rows = session.execute(
        select(SupervisionOrder.ref, SupervisionOrder.level, SupervisionOrder.state, SupervisionOrder.about_id)
        .where(SupervisionOrder.about_id.in_(list(case_ids)), SupervisionOrder.state.not_in(OVER))
        .order_by(SupervisionOrder.id)
    )
    return {row.about_id: row for row in rows}


def listed(session: Session, by: Actor, *, level: str = "", state: str = "", unit: str = "") -> Sequence[Record[Any]]:
    """The orders that this person may read, what is open first, the oldest day first."""
    wanted = [_readable(by)]
    if level:
        wanted.append(SupervisionOrder.level == level)
    if state == "open":
        wanted.append(SupervisionOrder.state.not_in(OVER))
    elif state:
        wanted.append(SupervisionOrder.state == state)
    if unit:
        wanted.append(Organ.ref == unit)
    first = (SupervisionOrder.state.in_(OVER), SupervisionOrder.due_on, SupervisionOrder.id.desc())
    return session.execute(_rows().where(*wanted).order_by(*first)).all()


def counts(session: Session) -> dict[str, int]:
    """How many orders are open at each level, and how many answers wait to be accepted or returned."""
    rows = session.execute(
        select(SupervisionOrder.level, SupervisionOrder.state, func.count().label("number"))
        .where(SupervisionOrder.state.not_in(OVER))
        .group_by(SupervisionOrder.level, SupervisionOrder.state)
    ).all()
    told = {level: sum(row.number for row in rows if row.level == level) for level in LEVELS}
    return {**told, ANSWERED: sum(row.number for row in rows if row.state == ANSWERED)}


def sees_case(session: Session, row: Record[Any], by: Actor) -> bool:
    """Whether this person may look into the case of an order, and into the one that it is about."""
    wanted = {number for number in (row.case_id, row.about_id) if number}
    return cases.sight.among(session, wanted, by) == wanted


def _readable(by: Actor) -> Any:
    """The province reads every order, a unit its own."""
    if by.person is None or any(held.role in READERS and held.organ_kind == "province" for held in by.held):
        return true()
    mine = {held.organ_id for held in by.held if held.role in ADDRESSEES}
    return SupervisionOrder.organ_id.in_(mine)


def _rows() -> Select[Any]:
    other = aliased(Case)
    return (
        select(*SupervisionOrder.__table__.columns)
        .add_columns(
            Case.ref.label("case_ref"),
            Case.number.label("case_number"),
            Organ.name.label("organ_name"),
            Organ.name_en.label("organ_name_en"),
            Organ.ref.label("organ_ref"),
            Organ.kind.label("organ_kind"),
            other.ref.label("about_ref"),
            other.number.label("about_number"),
            other.title.label("about_title"),
        )
        .join(Case, Case.id == SupervisionOrder.case_id)
        .join(Organ, Organ.id == SupervisionOrder.organ_id)
        .outerjoin(other, other.id == SupervisionOrder.about_id)
    )
