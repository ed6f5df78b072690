"""A joint meeting (联席会议): its agenda from what no level has solved, its minutes, its resolutions until done.

Article 6 and opinion 四(一): the meeting coordinates how bases are built. A resolution belongs to one organ.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.cooperation.issue import POOLED, Issue
from engine import cases
from engine.cases import Case
from ground import organs
from ground.database import Row, Session, reading
from ground.errors import Forbidden, Missing, Refused
from ground.organs import Organ
from ground.people import Actor
from ground.types import Code, Day, Id, Text

PROCESS = "joint-meeting"
SECRETARY = "meeting_secretary"
DEPARTMENT = "sc-mofcom"
CALLED, MINUTED, CLOSED = "called", "minuted", "closed"
OPEN, DONE = "open", "done"


class Meeting(Row):
    """One meeting: when and where, and the minutes by which it resolved."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), unique=True)
    title: Mapped[str] = mapped_column(Text(120))
    held_on: Mapped[date] = mapped_column(Day)
    place: Mapped[str] = mapped_column(Text(120))
    number: Mapped[str | None] = mapped_column(Text(60))
    dated_on: Mapped[date | None] = mapped_column(Day)
    topics: Mapped[str | None] = mapped_column(Text(5000))
    state: Mapped[str] = mapped_column(Code())


class Action(Row):
    """One resolution of a meeting: what one organ is to do and by when, and what it has reported."""

    __tablename__ = "meeting_action"
    __table_args__ = (
        UniqueConstraint("meeting_id", "seq"),
        Index("ix_meeting_action_owner", "organ_id", "state"),
        Index("ix_meeting_action_issue", "issue_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(Id, ForeignKey("meeting.id"))
    seq: Mapped[int] = mapped_column(Id)
    issue_id: Mapped[int | None] = mapped_column(Id, ForeignKey("issue.id"))
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    words: Mapped[str] = mapped_column(Text(2000))
    due_on: Mapped[date] = mapped_column(Day)
    state: Mapped[str] = mapped_column(Code())
    report: Mapped[str | None] = mapped_column(Text(5000))
    done_on: Mapped[date | None] = mapped_column(Day)


class NoSuchIssue(Refused):
    """A resolution names a difficulty that does not wait for the meeting."""

    code = "meeting.no_such_issue"
    status = 422


def begin(*, by: Actor, key: str, received_at: datetime | None = None) -> cases.Started:
    """Begin a meeting; Forbidden for everybody but its secretary."""
    if not by.has(SECRETARY):
        raise Forbidden(process=PROCESS)
    with reading() as session:
        organ = organs.body(session, DEPARTMENT)
    return cases.start(
        PROCESS,
        subject=f"meeting:{key}",
        region=organ.region,
        organ=organ.id,
        title="联席会议",
        by=by,
        key=key,
        received_at=received_at,
    )


def call(session: Session, case_id: int, title: str, held_on: date, place: str) -> None:
    """Its day and place are fixed; called again, they are the new ones."""
    told = {"title": title, "held_on": held_on, "place": place}
    if session.scalar(select(Meeting.id).where(Meeting.case_id == case_id)) is None:
        session.execute(insert(Meeting).values(**told, case_id=case_id, state=CALLED))
    else:
        session.execute(update(Meeting).where(Meeting.case_id == case_id).values(**told))


def minute(
    session: Session, case_id: int, minutes: Mapping[str, Any], resolutions: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Keep the minutes and one row for each resolution; their numbers, in order."""
    meeting_id = of_case(session, case_id).id
    session.execute(update(Meeting).where(Meeting.id == meeting_id).values(**minutes, state=MINUTED))
    return [
        int(
            session.scalar(
                insert(Action).values(**one, meeting_id=meeting_id, seq=seq, state=OPEN).returning(Action.id)
            )
        )
        for seq, one in enumerate(resolutions, 1)
    ]


def issue_id(session: Session, number: str) -> int:
    """The difficulty with this number of its case; NoSuchIssue if there is none."""
    found = session.scalar(select(Issue.id).join(Case, Case.id == Issue.case_id).where(Case.number == number))
    if found is None:
        raise NoSuchIssue(number=number)
    return int(found)


def action(session: Session, action_id: int) -> Record[Any]:
    """One resolution, with the code and kind of the organ that it belongs to."""
    found = session.execute(
        select(*Action.__table__.columns, Organ.code.label("organ_code"), Organ.kind.label("organ_kind"))
        .join(Organ, Organ.id == Action.organ_id)
        .where(Action.id == action_id)
    ).one_or_none()
    if found is None:
        raise Missing(action=action_id)
    return found


def finish(session: Session, action_id: int, report: str, on: date) -> None:
    """The secretary has accepted what was reported."""
    session.execute(update(Action).where(Action.id == action_id).values(state=DONE, report=report, done_on=on))


def close(session: Session, case_id: int) -> None:
    """All of its resolutions are done."""
    session.execute(update(Meeting).where(Meeting.case_id == case_id).values(state=CLOSED))


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The meeting that a case is about."""
    found = session.execute(select(*Meeting.__table__.columns).where(Meeting.case_id == case_id)).one_or_none()
    if found is None:
        raise Missing(meeting=case_id)
    return found


def counts(session: Session, on: date) -> dict[str, int]:
    """What waits for a meeting, which resolutions are open, and which of them are past their day: in one statement."""
    open_ = select(func.count()).select_from(Action).where(Action.state == OPEN)
    waiting = select(func.count()).select_from(Issue).where(Issue.state == POOLED)
    each = {"pool": waiting, "open": open_, "late": open_.where(Action.due_on < on)}
    row = session.execute(select(*(one.scalar_subquery().label(name) for name, one in each.items()))).one()
    return {name: int(getattr(row, name)) for name in each}


def every(session: Session) -> Sequence[Record[Any]]:
    """Every meeting, the newest first, with how many resolutions it has and how many are done."""
    done = func.count(Action.id).filter(Action.state == DONE)
    return session.execute(
        select(*Meeting.__table__.columns, Case.ref.label("case_ref"), Case.number.label("case_number"))
        .add_columns(func.count(Action.id).label("actions"), done.label("done"))
        .join(Case, Case.id == Meeting.case_id)
        .outerjoin(Action, Action.meeting_id == Meeting.id)
        .group_by(*Meeting.__table__.columns, Case.ref, Case.number)
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
    ).all()


def actions(session: Session) -> Sequence[Record[Any]]:
    """Every resolution, what is open first and by its day."""
    owner = (Organ.name.label("organ_name"), Organ.name_en.label("organ_name_en"))
    return session.execute(
        select(*Action.__table__.columns, *owner, Meeting.title, Meeting.number, Case.ref.label("case_ref"))
        .join(Organ, Organ.id == Action.organ_id)
        .join(Meeting, Meeting.id == Action.meeting_id)
        .join(Case, Case.id == Meeting.case_id)
        .order_by(Action.state == DONE, Action.due_on, Action.id)
    ).all()
