"""A difficulty of an enterprise: who has it in hand at which level, what was answered, and whether that satisfied.

Measures Article 7 and opinion 四(三): the base solves it, else it goes up level by level to the joint meeting.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, Select, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.cooperation import own_base
from bases.register import base
from engine import cases
from engine.cases import Case
from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.people import Actor
from ground.types import Code, Day, Id, Instant, Ref, Text

PROCESS = "enterprise-issue"
FRICTION = "trade_friction"
BASE, COUNTY, CITY, DEPARTMENT, TRADE, MEETING = "base", "county", "city", "department", "friction", "meeting"
LEVELS = (BASE, COUNTY, CITY, DEPARTMENT, TRADE, MEETING)
HANDLING, POOLED, ANSWERED, CLOSED = "handling", "pooled", "answered", "closed"
SOLVED, EXPLAINED = "solved", "explained"


class Issue(Row):
    """One difficulty of one enterprise; it stays in the file of its base when its case is over."""

    __tablename__ = "issue"
    __table_args__ = (Index("ix_issue_base", "base_id", "state"), Index("ix_issue_state", "state", "level"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), unique=True)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    kind: Mapped[str] = mapped_column(Code())
    enterprise: Mapped[str] = mapped_column(Text(120))
    title: Mapped[str] = mapped_column(Text(120))
    state: Mapped[str] = mapped_column(Code())
    level: Mapped[str] = mapped_column(Code())
    level_since: Mapped[datetime] = mapped_column(Instant)
    registered_on: Mapped[date] = mapped_column(Day)
    answer: Mapped[str | None] = mapped_column(Text(5000))
    result: Mapped[str | None] = mapped_column(Code())
    answered_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    answered_on: Mapped[date | None] = mapped_column(Day)
    satisfaction: Mapped[str | None] = mapped_column(Code())
    closed_on: Mapped[date | None] = mapped_column(Day)


class NotNamed(Refused):
    """Difficulties are registered by a base that holds a name; this one holds none (any more)."""

    code = "issue.base_not_named"


class Unanswered(Refused):
    """A difficulty is answered by a person who has it in hand."""

    code = "issue.unanswered"


def begin(base_ref: str, *, by: Actor, key: str, received_at: datetime | None = None) -> cases.Started:
    """Begin a difficulty of one's own base; Forbidden for everybody who does not fill in for it."""
    return own_base.begin(PROCESS, base_ref, NotNamed, by=by, key=key, received_at=received_at)


def enter(session: Session, case_id: int, base_id: int, said: dict[str, str], now: datetime) -> str:
    """Write a difficulty down and say at which level it begins: trade friction with the department at once."""
    level = TRADE if said["kind"] == FRICTION else BASE
    session.execute(
        insert(Issue).values(
            **said,
            ref=new_ref(),
            case_id=case_id,
            base_id=base_id,
            state=HANDLING,
            level=level,
            level_since=now,
            registered_on=local_day(now),
        )
    )
    return level


def raise_to(session: Session, case_id: int, level: str, now: datetime) -> None:
    """It is in hand one level further up; whoever had it before goes on reading."""
    _change(session, case_id, level=level, level_since=now)


def pool(session: Session, case_id: int) -> None:
    """No level has solved it: it waits for the joint meeting (Article 6)."""
    _change(session, case_id, state=POOLED)


def answer(session: Session, case_id: int, words: str, result: str, by: int, on: date) -> None:
    """What was answered, by whom; it stands in the base's file from now on."""
    _change(session, case_id, state=ANSWERED, answer=words, result=result, answered_by=by, answered_on=on)


def close(session: Session, case_id: int, satisfaction: str, on: date) -> None:
    """The enterprise has been answered and has said whether it is satisfied."""
    _change(session, case_id, state=CLOSED, satisfaction=satisfaction, closed_on=on)


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The difficulty that a case is about."""
    found = session.execute(_rows().where(Issue.case_id == case_id)).one_or_none()
    if found is None:
        raise Missing(issue=case_id)
    return found


def waiting_for_meeting(session: Session) -> Sequence[Record[Any]]:
    """The pool from which the joint meeting takes its agenda, the oldest first."""
    return session.execute(_rows().where(Issue.state == POOLED).order_by(Issue.registered_on, Issue.id)).all()


def listed(session: Session, by: Actor, base_ref: str = "") -> Sequence[Record[Any]]:
    """The difficulties of the bases that this person has to do with, what is open first; of one base, its file."""
    mine = [one.id for one in register.bases_of(session, by) if base_ref in {"", one.ref}]
    if base_ref and not mine:
        raise Missing(base=base_ref)
    return session.execute(
        _rows()
        .where(Issue.base_id.in_(mine), cases.visible(by))
        .order_by(Issue.state == CLOSED, Issue.registered_on.desc(), Issue.id.desc())
    ).all()


def unsolved(session: Session, by: Actor) -> int:
    """How many difficulties of this person's bases are not closed."""
    wanted = (
        select(func.count())
        .select_from(Issue)
        .join(Case, Case.id == Issue.case_id)
        .join(base.Base, base.Base.id == Issue.base_id)
        .where(Issue.state != CLOSED, base.belong_to(by), cases.visible(by))
    )
    return int(session.scalar(wanted) or 0)


def _rows() -> Select[Any]:
    named = (
        Case.ref.label("case_ref"),
        Case.number,
        base.Base.name,
        base.Base.name_en,
        base.Base.ref.label("base_ref"),
    )
    return (
        select(*Issue.__table__.columns, *named)
        .join(Case, Case.id == Issue.case_id)
        .join(base.Base, base.Base.id == Issue.base_id)
    )


def _change(session: Session, case_id: int, **values: Any) -> None:
    session.execute(update(Issue).where(Issue.case_id == case_id).values(**values))
