"""The boxes beside 待办, the newest first: what a person has done, started, seen to its end, and begun to type.

Each walks one index of the person's own rows and stops at its limit. What is searched for is looked up among the next
two thousand of them, and the following page goes on behind those, so a page costs the same at any number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, Select, exists, or_, select, true, tuple_

from engine import cases
from engine.cases import Case
from engine.definitions import Process
from engine.submissions import Draft, Submission
from engine.waits import Wait
from ground.database import Session
from ground.people import Actor
from tasks import pages, walks
from tasks.pages import Page

Rows = Select[*tuple[Any, ...]]

MOST = 100
ANY = true()
SCANNED = 2_000


@dataclass(frozen=True)
class Search:
    """What a box is narrowed to: words of a number or title, and the year in a case's number; 0 is every year."""

    q: str = ""
    year: int = 0


@dataclass(frozen=True)
class Box:
    """The rows of a box as one walk along an index, in the order of these columns, and what its cases must be.

    `in_sight` tells of each case whether the person may still look into it: who was asked may have acted in one that
    is shut to them now.
    """

    walk: Rows
    order: tuple[Any, ...]
    such: tuple[ColumnElement[bool], ...] = ()
    in_sight: ColumnElement[bool] = ANY


EVERYTHING = Search()


def done(
    session: Session, by: Actor, search: Search = EVERYTHING, *, after: str | None = None, limit: int = 20
) -> Page:
    """已办: the cases in which this person has acted, each once, by their last act there."""
    return _page(session, _acted(by, search), search, after, limit)


def closed(
    session: Session, by: Actor, search: Search = EVERYTHING, *, after: str | None = None, limit: int = 20
) -> Page:
    """办结: those of them that have come to an end."""
    acted = _acted(by, search)
    return _page(session, replace(acted, such=(Case.status == "closed",)), search, after, limit)


def started(
    session: Session, by: Actor, search: Search = EVERYTHING, *, after: str | None = None, limit: int = 20
) -> Page:
    """我发起的: the cases that this person began."""
    return _page(session, _cases(Case.started_by == by.person), search, after, limit)


def in_sight(
    session: Session, by: Actor, search: Search = EVERYTHING, *, after: str | None = None, limit: int = 20
) -> Page:
    """Every case that this person may see."""
    return _page(session, _cases(cases.visible(by)), search, after, limit)


def drafts(session: Session, by: Actor, search: Search = EVERYTHING) -> Sequence[Record[Any]]:
    """草稿: what this person has begun to type and not sent, the newest first; only of tasks that are still open."""
    return session.execute(
        walks.ITEMS.add_columns(Draft.saved_at, Draft.rev)
        .join(Draft, Draft.wait_ref == Wait.ref)
        .where(Draft.person_id == by.person, or_(Wait.held_by == by.person, Wait.queue.in_(list(by.keys))))
        .where(*found(search))
        .order_by(Draft.saved_at.desc())
        .limit(MOST)
    ).all()


def found(search: Search) -> tuple[ColumnElement[bool], ...]:
    """Text is taken literally; the year is the one that a number begins with."""
    such: list[ColumnElement[bool]] = []
    if search.q:
        wanted = f"%{pages.literal(search.q)}%"
        such.append(or_(Case.number.like(wanted, escape="/"), Case.title.like(wanted, escape="/")))
    if search.year:
        such.append(Case.number.like(f"{search.year:04d}-%"))
    return tuple(such)


def _acted(by: Actor, search: Search) -> Box:
    """The last thing that this person sent in each case: no later one of theirs stands in it."""
    later = Submission.__table__.alias("later")
    again = exists().where(
        later.c.case_id == Submission.case_id, later.c.by_person == by.person, later.c.seq > Submission.seq
    )
    walk = select(Submission.case_id, Submission.received_at.label("at"), Submission.element, Submission.acting).where(
        Submission.by_person == by.person, ~again
    )
    if search.year:  # nobody acts in a case before its year; a day is left for the clock's zone
        walk = walk.where(Submission.received_at >= datetime(search.year, 1, 1, tzinfo=UTC) - timedelta(days=1))
    return Box(walk, (Submission.received_at, Submission.case_id), in_sight=cases.visible(by))


def _cases(which: ColumnElement[bool]) -> Box:
    """A case is younger than those of lower numbers."""
    return Box(select(Case.id.label("case_id"), Case.started_at.label("at")).where(which), (Case.id,))


def _page(session: Session, box: Box, search: Search, after: str | None, limit: int) -> Page:
    such = (*box.such, *found(search))
    most = SCANNED if such else limit + 1
    walk = _behind(box, after).order_by(*[column.desc() for column in box.order]).limit(most)
    rows = session.execute(_listed(walk, box.in_sight, such, limit + 1)).all()
    if len(rows) > limit:
        last = rows[limit - 1]
        return Page(rows[:limit], pages.behind(last.at, last.case_id))
    end = session.execute(walk.with_only_columns(*_key(walk)).offset(most - 1).limit(1)).first() if such else None
    return Page(rows, pages.behind(end.at, end.case_id) if end else None, partly=end is not None)


def _behind(box: Box, after: str | None) -> Rows:
    if not after:
        return box.walk
    at, number = pages.place(after)
    if len(box.order) == 1:
        return box.walk.where(box.order[0] < number)
    return box.walk.where(tuple_(*box.order) < (at, number))


def _listed(walk: Rows, seen: ColumnElement[bool], such: tuple[ColumnElement[bool], ...], limit: int) -> Rows:
    inner = walk.subquery("walked")
    return (
        select(inner, seen.label("in_sight"), *_OF_A_CASE, *walks.CASE_COLUMNS)
        .join(Case, Case.id == inner.c.case_id)
        .join(Process, Process.id == Case.process_id)
        .where(*such)
        .order_by(inner.c.at.desc(), inner.c.case_id.desc())
        .limit(limit)
    )


_OF_A_CASE = (Case.status, Case.outcome, Case.started_at, Case.moved_at, Case.ended_at)


def _key(walk: Rows) -> list[ColumnElement[Any]]:
    return [column for column in walk.selected_columns if column.key in ("at", "case_id")]
