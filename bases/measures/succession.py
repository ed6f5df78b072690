"""Organs through time: one is renamed or merged from a day on; it ends, and its successor takes over what is open.

Papers keep the name under which they were issued. The people of an organ hold their roles at its successor from that
day on, and one job moves what waits for it. The department itself and the bodies of bases change in other ways.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.measures import rulers
from engine.cases import rekeying
from ground import calendar, clock, grants, jobs, organs
from ground.database import Row, Session, transaction
from ground.errors import Missing, Refused
from ground.grants import Grant
from ground.organs import Organ
from ground.people import Actor
from ground.types import Code, Day, Id, Instant, Text, Whole

KIND = "organ.succeed"
KINDS = ("department", "city", "county")
RENAMED, MERGED = "renamed", "merged"
LONGEST_NAME, LONGEST_NAME_EN = 120, 200


class OrganChange(Row):
    """An organ that ended: on which day its successor began, why, and how many open tasks went over."""

    __tablename__ = "organ_change"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"), unique=True)
    successor_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    kind: Mapped[str] = mapped_column(Code(10))
    from_on: Mapped[date] = mapped_column(Day)
    note: Mapped[str] = mapped_column(Text(500))
    by_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    moved: Mapped[int] = mapped_column(Whole)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Ended(Refused):
    """This organ has ended already, or will: it has its successor."""

    code = "organ.ended"


class NotHere(Refused):
    """The department itself and the bodies of bases are not changed here."""

    code = "organ.not_here"


class WrongSuccessor(Refused):
    """An organ is merged into another one of its kind that goes on."""

    code = "organ.wrong_successor"
    status = 422


class WrongName(Refused):
    """The new name is said, is another one, and fits."""

    code = "organ.wrong_name"
    status = 422


class WrongDay(Refused):
    """A change begins today or later, after the first day of the organ, and within the calendar."""

    code = "organ.wrong_day"
    status = 422


@dataclass(frozen=True)
class Line:
    """One organ with its validity and what became of it."""

    organ: Record[Any]
    successor: Record[Any] | None
    change: Record[Any] | None


def listed(session: Session, kind: str, words: str, limit: int = 200) -> list[Line]:
    """The organs of a kind whose name holds these words, ended ones too, in Chinese order."""
    rows = session.execute(
        select(Organ)
        .where(Organ.kind == kind, or_(Organ.name.contains(words, autoescape=True), Organ.code == words))
        .order_by(Organ.sort_key, Organ.id)
        .limit(limit)
    ).all()
    return _lines(session, rows)


def one(session: Session, ref: str) -> Line:
    """The organ of this ref."""
    row = session.execute(select(Organ).where(Organ.ref == ref)).one_or_none()
    if row is None:
        raise Missing(organ=ref)
    return _lines(session, [row])[0]


def into(session: Session, of: Record[Any], on: date) -> Sequence[Record[Any]]:
    """The organs that this one could be merged into."""
    return session.execute(
        select(Organ.ref, Organ.name, Organ.name_en)
        .where(Organ.kind == of.kind, Organ.id != of.id, organs.valid(Organ), Organ.valid_to.is_(None))
        .order_by(Organ.sort_key, Organ.id),
        {"on": on},
    ).all()


def rename(
    session: Session, ref: str, name: str, name_en: str, on: date, *, by: Actor, note: str, now: datetime
) -> int:
    """From this day on it has another name: a new organ, which follows it; the number of that one."""
    ground = rulers.check(by, note)
    was = _going(session, ref, on, now)
    name, name_en = name.strip(), name_en.strip()
    fits = 0 < len(name) <= LONGEST_NAME and 0 < len(name_en) <= LONGEST_NAME_EN
    if not fits or name == was.name:
        raise WrongName(name=name)
    code = f"{was.code.partition('~')[0]}~{on:%Y%m%d}"
    number = organs.add(
        session, code, name, name_en, kind=was.kind, region=was.region, valid_from=on, parent_id=was.parent_id
    )
    _end(session, was, number, RENAMED, on, by=by, ground=ground, now=now)
    return number


def merge(session: Session, ref: str, into_ref: str, on: date, *, by: Actor, note: str, now: datetime) -> None:
    """From this day on another organ, which is there, does what this one did."""
    ground = rulers.check(by, note)
    was = _going(session, ref, on, now)
    other = next((row for row in into(session, was, on) if row.ref == into_ref), None)
    if other is None:
        raise WrongSuccessor(organ=ref)
    _end(session, was, organs.by_ref(session, into_ref).id, MERGED, on, by=by, ground=ground, now=now)


@jobs.handler(KIND)
def succeed(payload: Mapping[str, Any]) -> None:
    """The successor's first day has come: roles, and what waits, a hundred cases at a time. Before it, it waits on."""
    with transaction() as session:
        row = session.execute(select(OrganChange).where(OrganChange.id == payload["change"])).one()
        if clock.today() < row.from_on:
            jobs.enqueue(session, KIND, dict(payload), run_at=clock.start_of(row.from_on))
            return
        _carry_roles(session, row)
        moved = rekeying.rekey(session, row.organ_id, row.successor_id)
        of = update(OrganChange).where(OrganChange.id == row.id)
        if moved:
            session.execute(of.values(moved=OrganChange.moved + moved))
            jobs.enqueue(session, KIND, dict(payload))
        else:
            # Who was to follow the organ that ended now follows at once: nobody is sent through two doors.
            session.execute(
                update(Organ).where(Organ.successor_id == row.organ_id).values(successor_id=row.successor_id)
            )
            session.execute(of.where(OrganChange.ended_at.is_(None)).values(ended_at=clock.now()))


def _going(session: Session, ref: str, on: date, now: datetime) -> Record[Any]:
    """The organ, if it may end on the day before this one."""
    was = session.execute(select(Organ).where(Organ.ref == ref)).one_or_none()
    if was is None:
        raise Missing(organ=ref)
    if was.kind not in KINDS:
        raise NotHere(kind=was.kind)
    if was.valid_to is not None:
        raise Ended(organ=ref)
    if on < clock.local_day(now) or on <= was.valid_from or on > calendar.load(session).last:
        raise WrongDay(on=on)
    return was


def _end(
    session: Session, was: Record[Any], to: int, kind: str, on: date, *, by: Actor, ground: str, now: datetime
) -> None:
    organs.end(session, was.id, on - timedelta(days=1), to)
    values = {"organ_id": was.id, "successor_id": to, "kind": kind, "from_on": on, "note": ground, "moved": 0}
    number = session.scalar(insert(OrganChange).values(**values, by_person=by.person, at=now).returning(OrganChange.id))
    starts = max(now, clock.start_of(on))
    jobs.enqueue(session, KIND, {"change": number}, run_at=starts)


def _carry_roles(session: Session, row: Record[Any]) -> None:
    """Whoever held a role here holds it there from that day on; a second run finds none that still lasts."""
    lasting = or_(Grant.valid_to.is_(None), Grant.valid_to >= row.from_on)
    held = session.execute(select(Grant).where(Grant.organ_id == row.organ_id, lasting)).all()
    there = {
        (each.person_id, each.role)
        for each in session.execute(
            select(Grant).where(Grant.organ_id == row.successor_id, or_(Grant.valid_to.is_(None)))
        )
    }
    for each in held:
        begins = max(row.from_on, each.valid_from)
        grants.revoke(session, each.id, begins)
        if (each.person_id, each.role) in there:
            continue
        number = grants.give(session, each.person_id, each.role, row.successor_id, begins, row.by_person)
        if each.valid_to is not None:
            grants.revoke(session, number, each.valid_to + timedelta(days=1))


def _lines(session: Session, rows: Sequence[Record[Any]]) -> list[Line]:
    after = {row.successor_id for row in rows if row.successor_id is not None}
    found = {row.id: row for row in session.execute(select(Organ).where(Organ.id.in_(after)))}
    changes = {
        row.organ_id: row
        for row in session.execute(select(OrganChange).where(OrganChange.organ_id.in_([row.id for row in rows])))
    }
    return [Line(row, found.get(row.successor_id), changes.get(row.id)) for row in rows]
