"""The stuck cases in one person's sight: a page of them, how many there are, and in which order they are walked.

What has stood for longest first, along the index of what has not moved; or what is due first, or by number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Row as Record,
    ScalarSelect,
    Select,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from engine.cases import Case
from engine.definitions import Process
from engine.waits import Wait
from ground import calendar, clock, parameters
from ground.calendar import Calendar
from ground.database import Session
from ground.numerals import whole
from ground.people import Actor
from ground.types import EPOCH, Id, Instant
from tasks import pages, stuck_filters, walks
from tasks.pages import BadCursor, Page
from tasks.stuck_filters import DUE, EVERYTHING, IDLE, NUMBER, Filters
from tasks.stuck_rule import STILL, TROUBLED, UNCLAIMED, Rule, in_trouble, parts, ruled

COUNTED = 1_000


def page(session: Session, by: Actor, filters: Filters, of: Rule, *, after: str | None = None, limit: int = 20) -> Page:
    """The stuck cases in this person's sight: what has stood for longest first, or what is due first, or by number."""
    return _page(session, _walk(session, by, filters, of, after, limit + 1), filters, limit)


def opened(session: Session, by: Actor, filters: Filters, of: Rule, limit: int = 20) -> tuple[Page, int]:
    """The first page and how many there are, exact up to a thousand, in one walk but for that by day."""
    if filters.order == DUE and not (filters.q or filters.value):
        return page(session, by, filters, of, limit=limit), count(session, by, of, filters)
    found = _walk(session, by, filters, of, None, COUNTED)
    return _page(session, found, filters, limit), len(found)


def count(session: Session, by: Actor, of: Rule, filters: Filters = EVERYTHING) -> int:
    """How many there are, exact up to a thousand."""
    return len(_walk(session, by, replace(filters, order=IDLE), of, None, COUNTED))


def total(session: Session, by: Actor, now: datetime) -> int:
    """The same of everything, in one statement as long as calendar and parameters stand as they did."""
    today = clock.local_day(now)
    for _again in range(2):
        of = _kept.get(today) or _keep(session, now)
        row = session.execute(
            select(
                _counted(by, ruled(now, of.days, *of.limits)).label("n"),
                calendar.DIGEST.scalar_subquery().label("calendar"),
                *(parameters.on_day(key, today).label(name) for key, name in ((STILL, "still"), (UNCLAIMED, "free"))),
            )
        ).one()
        if (row.calendar, int(row.still), int(row.free)) == (of.digest, *of.limits):
            break
        _kept.clear()
    return int(row.n)


def wide() -> Select[*tuple[Any, ...]]:
    """What a list shows of a case."""
    return select(*walks.CASE_COLUMNS, Case.id.label("case_id"), Case.status, Case.moved_at, Case.subject).join(
        Process, Process.id == Case.process_id
    )


@dataclass(frozen=True)
class _Kept:
    """What the bounds of a day were reckoned by."""

    digest: str
    days: Calendar
    limits: tuple[int, int]


_kept: dict[date, _Kept] = {}


def _keep(session: Session, now: datetime) -> _Kept:
    today, digest = clock.local_day(now), session.scalar(calendar.DIGEST)
    known = parameters.values(session, (STILL, UNCLAIMED), today)
    kept = _Kept(digest, calendar.read(session, digest), (int(known[STILL].value), int(known[UNCLAIMED].value)))
    _kept.clear()
    _kept[today] = kept
    return kept


def _walk(
    session: Session, by: Actor, filters: Filters, of: Rule, after: str | None, most: int
) -> Sequence[Record[Any]]:
    """The numbers of the cases and what they are ordered by, along the index of what has not moved."""
    if filters.q:
        return _gathered(session, by, filters, of, after, most)
    if filters.order == DUE:
        return _by_day(session, by, filters, of, after, most)
    key = Case.number if filters.order == NUMBER else Case.moved_at
    wanted = select(Case.id, key.label("key")).where(*stuck_filters.whole(session, by, of, filters))
    if after:
        wanted = wanted.where(_behind(filters, key, Case.id, after))
    return session.execute(wanted.order_by("key", Case.id).limit(literal_column(str(most)))).all()


def _by_day(
    session: Session, by: Actor, filters: Filters, of: Rule, after: str | None, most: int
) -> Sequence[Record[Any]]:
    """Along the index of due instants, each case at its first one; then what went wrong and asks nobody."""
    at, number = pages.place(after) if after else (EPOCH, 0)
    other = Wait.__table__.alias("other")
    sooner = tuple_(other.c.due_at, other.c.id) < tuple_(Wait.due_at, Wait.id)
    both = stuck_filters.whole(session, by, of, filters)
    due = (
        select(Case.id, Wait.due_at.label("key"))
        .select_from(Wait)
        .join(Case, Case.id == Wait.case_id)
        .where(*both, ~exists().where(other.c.case_id == Wait.case_id, sooner).correlate(Wait))
        .where(tuple_(Wait.due_at, Wait.case_id) > tuple_(literal(at, Instant), literal(number, Id)))
    )
    found = list(session.execute(due.order_by(Wait.due_at, Wait.case_id).limit(literal_column(str(most)))))
    if len(found) < most:
        asks = exists().where(Wait.case_id == Case.id).correlate(Case)
        rest = select(Case.id, literal(clock.NEVER, Instant).label("key")).where(*both, ~asks)
        rest = rest.where(Case.id.in_(in_trouble()), Case.id > (number if at == clock.NEVER else 0))
        found += session.execute(rest.order_by(Case.id).limit(literal_column(str(most - len(found)))))
    return found


def _gathered(
    session: Session, by: Actor, filters: Filters, of: Rule, after: str | None, most: int
) -> Sequence[Record[Any]]:
    """The same where no index has the order, or the words: what is stuck is gathered first, and only that is read."""
    key = {DUE: Wait.due_at, NUMBER: Case.number}.get(filters.order, Case.moved_at)
    other = literal(clock.NEVER, Instant) if filters.order == DUE else key
    each, where = parts(of), stuck_filters.of_case(by, filters)
    says = each[filters.why] if filters.why in each else or_(*each.values())
    waits = select(Case.id, key.label("key")).select_from(Wait).join(Case, Case.id == Wait.case_id)
    troubles = select(Case.id, other.label("key")).where(Case.id.in_(in_trouble(filters.element)))
    arms = [waits.where(*where, *stuck_filters.of_task(filters), says)] if filters.why != TROUBLED else []
    if filters.why not in each:
        arms.append(troubles.where(*where, stuck_filters.of_rule(of, filters)))
    both = union_all(*arms).subquery()
    first = select(both.c.id, func.min(both.c.key).label("key")).group_by(both.c.id).subquery()
    wanted = select(first.c.id, first.c.key)
    if filters.q:
        named = stuck_filters.of_names(session, by, filters.q)
        wanted = wanted.join(Case, Case.id == first.c.id).where(
            or_(stuck_filters.of_words(filters.q), Case.id.in_(named))
        )
    if said := stuck_filters.of_papers(session, by, filters):
        asked = select(Case.id).where(Case.id == first.c.id, *said).correlate(first).exists()
        wanted = wanted.where(asked)
    if after:
        wanted = wanted.where(_behind(filters, first.c.key, first.c.id, after))
    return session.execute(wanted.order_by(first.c.key, first.c.id).limit(literal_column(str(most)))).all()


def _page(session: Session, found: Sequence[Record[Any]], filters: Filters, limit: int) -> Page:
    numbers = [row.id for row in found[:limit]]
    rows = {row.case_id: row for row in session.execute(wide().where(Case.id.in_(numbers)))} if numbers else {}
    more = None
    if len(found) > limit:
        last = found[limit - 1]
        more = str(last.id) if filters.order == NUMBER else pages.behind(last.key, last.id)
    return Page([rows[number] for number in numbers if number in rows], more)


def _behind(filters: Filters, key: Any, number: Any, after: str) -> Any:
    if filters.order != NUMBER:
        at, last = pages.place(after)
        return tuple_(key, number) > tuple_(literal(at, Instant), literal(last, Id))
    last_shown = whole(after)
    if last_shown is None:
        raise BadCursor
    other = Case.__table__.alias("last")
    return key > select(other.c.number).where(other.c.id == last_shown).scalar_subquery()


def _counted(by: Actor, of: Rule) -> ScalarSelect[Any]:
    inner = (
        select(Case.id)
        .where(*stuck_filters.of_case(by, EVERYTHING), stuck_filters.of_rule(of, EVERYTHING))
        .limit(literal_column(str(COUNTED)))
        .subquery()
    )
    return select(func.count()).select_from(inner).scalar_subquery()
