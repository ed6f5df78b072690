"""停滞 by one rule, for tile, list, report and letter: which open cases do not move, at which step, in whose hands.

No movement for five working days, unclaimed for two, overdue, or 运行异常 (文件未规定，系统默认). A case that waits for
nobody's act but for a day or for another case is 正常等待, and is never among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row as Record,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    union_all,
)

from engine import cases, definitions, incidents
from engine.cases import Case, sight
from engine.definitions import Process
from engine.incidents import Incident
from engine.waits import Wait
from ground import calendar, clock, parameters
from ground.calendar import Calendar
from ground.database import Session
from ground.people import Actor, Person
from ground.types import EPOCH, Id, Instant
from tasks import declared, pages, walks
from tasks.pages import BadCursor, Page

COUNTED = 1_000
NAMED = 20
LOOKED_THROUGH = 50_000
STILL, UNCLAIMED = "stuck.no_movement", "stuck.unclaimed"
# Why a case is stuck: the four parts of the rule, in the order in which they are named.
TROUBLED, OVERDUE, UNTAKEN, UNMOVED = ("incident", "overdue", "unclaimed", "still")
BINDING = frozenset({"text", "notice"})
IDLE, DUE, NUMBER = ORDERS = ("idle", "due", "number")
# Written out, so that the index over the open cases alone is seen to answer it.
OPEN: ColumnElement[bool] = Case.status == literal_column("'open'")


@dataclass(frozen=True)
class Rule:
    """The rule as it holds at this moment, and its working days: what has not moved, or was not claimed, since then."""

    now: datetime
    still: datetime
    unclaimed: datetime
    days: Calendar
    still_days: int
    unclaimed_days: int

    def working_days(self, since: datetime) -> int:
        """How many working days have passed since then."""
        return self.days.working_days_between(clock.local_day(since), clock.local_day(self.now))


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to and how it is ordered, as it stands in the address; `organ` is its number.

    `field` is one of the process, as `declared` offers it, and `value` what stands in it; `columns` are those shown.
    """

    process: str = ""
    element: str = ""
    city: str = ""
    organ: str = ""
    queue: str = ""
    why: str = ""
    q: str = ""
    field: str = ""
    value: str = ""
    order: str = ""
    columns: str = ""


EVERYTHING = Filters()


def rule(session: Session, now: datetime) -> Rule:
    """The rule of this moment, by the parameters of today."""
    today, days = clock.local_day(now), calendar.load(session)
    known = parameters.values(session, (STILL, UNCLAIMED), today)
    return _ruled(now, days, *(int(known[key].value) for key in (STILL, UNCLAIMED)))


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
                _counted(by, _ruled(now, of.days, *of.limits)).label("n"),
                calendar.DIGEST.scalar_subquery().label("calendar"),
                *(parameters.on_day(key, today).label(name) for key, name in ((STILL, "still"), (UNCLAIMED, "free"))),
            )
        ).one()
        if (row.calendar, int(row.still), int(row.free)) == (of.digest, *of.limits):
            break
        _kept.clear()
    return int(row.n)


def parts(of: Rule) -> dict[str, ColumnElement[bool]]:
    """What the rule asks of a task and of its case."""
    return {
        OVERDUE: Wait.due_at <= of.now,
        UNTAKEN: and_(Wait.held_by.is_(None), Wait.opened_at <= of.unclaimed),
        UNMOVED: Case.moved_at <= of.still,
    }


def in_trouble(element: str = "") -> Select[int]:
    """The cases in which something went wrong that is not mended, at this step if one is named."""
    wanted = select(Incident.case_id).where(*TROUBLE)
    return wanted.where(Incident.element == element) if element else wanted


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


def _ruled(now: datetime, days: Calendar, still: int, unclaimed: int) -> Rule:
    today = clock.local_day(now)
    since = [clock.end_of(days.add_working_days(today, -each)) for each in (still, unclaimed)]
    return Rule(now, since[0], since[1], days, still, unclaimed)


def _walk(
    session: Session, by: Actor, filters: Filters, of: Rule, after: str | None, most: int
) -> Sequence[Record[Any]]:
    """The numbers of the cases and what they are ordered by, along the index of what has not moved."""
    if filters.q:
        return _gathered(session, by, filters, of, after, most)
    if filters.order == DUE:
        return _by_day(session, by, filters, of, after, most)
    key = Case.number if filters.order == NUMBER else Case.moved_at
    wanted = select(Case.id, key.label("key")).where(
        *_conditions(by, filters), _stands(of, filters), *_said(session, by, filters)
    )
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
    both = (*_conditions(by, filters), _stands(of, filters), *_said(session, by, filters))
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
    each, where = parts(of), _conditions(by, filters)
    says = each[filters.why] if filters.why in each else or_(*each.values())
    waits = select(Case.id, key.label("key")).select_from(Wait).join(Case, Case.id == Wait.case_id)
    troubles = select(Case.id, other.label("key")).where(Case.id.in_(in_trouble(filters.element)))
    arms = [waits.where(*where, *_here(filters), says)] if filters.why != TROUBLED else []
    if filters.why not in each:
        arms.append(troubles.where(*where, _stands(of, filters)))
    both = union_all(*arms).subquery()
    first = select(both.c.id, func.min(both.c.key).label("key")).group_by(both.c.id).subquery()
    wanted = select(first.c.id, first.c.key)
    if filters.q:
        named = _held_by(session, by, filters.q)
        wanted = wanted.join(Case, Case.id == first.c.id).where(or_(_says(filters.q), Case.id.in_(named)))
    if said := _said(session, by, filters):
        asked = select(Case.id).where(Case.id == first.c.id, *said).correlate(first).exists()
        wanted = wanted.where(asked)
    if after:
        wanted = wanted.where(_behind(filters, first.c.key, first.c.id, after))
    return session.execute(wanted.order_by(first.c.key, first.c.id).limit(literal_column(str(most)))).all()


def _held_by(session: Session, by: Actor, q: str) -> set[int]:
    """The cases that were begun by somebody of this name, or wait in their hands, where one may know that they do."""
    like = f"%{pages.literal(q)}%"
    persons = select(Person.id).where(or_(Person.name.like(like, escape="/"), Person.login == q)).limit(NAMED)
    numbers = list(session.execute(persons).scalars())
    if not numbers:
        return set()
    begun = select(Case.id).where(Case.started_by.in_(numbers), OPEN).limit(LOOKED_THROUGH)
    held = (
        select(Wait.case_id, Wait.element, Wait.held_by, Case.release_id)
        .join(Case, Case.id == Wait.case_id)
        .where(Wait.held_by.in_(numbers))
        .limit(LOOKED_THROUGH)
    )
    seen = {
        row.case_id
        for row in session.execute(held)
        if not sight.withheld(row.element, row.held_by, by, definitions.pinned(session, row.release_id))
    }
    return seen | set(session.execute(begun).scalars())


def _said(session: Session, by: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """What is asked of the papers of a case; it is the dearest to ask, and so asked last."""
    if not (filters.process and filters.field and filters.value):
        return []
    return [declared.matching(session, by, filters.process, filters.field, filters.value)]


def _says(q: str) -> ColumnElement[bool]:
    """Whether the words are in a case's number or title."""
    like = f"%{pages.literal(q)}%"
    return or_(Case.number.like(like, escape="/"), Case.title.like(like, escape="/"))


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
    if not (after.isascii() and after.isdecimal() and len(after) < 19):  # noqa: PLR2004  a bigint's digits
        raise BadCursor
    other = Case.__table__.alias("last")
    return key > select(other.c.number).where(other.c.id == int(after)).scalar_subquery()


def _counted(by: Actor, of: Rule) -> ScalarSelect[Any]:
    inner = (
        select(Case.id)
        .where(*_conditions(by, EVERYTHING), _stands(of, EVERYTHING))
        .limit(literal_column(str(COUNTED)))
        .subquery()
    )
    return select(func.count()).select_from(inner).scalar_subquery()


def _conditions(by: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    found = [OPEN, cases.visible(by)]
    if filters.process:
        found.append(Case.process_id.in_(select(Process.id).where(Process.key == filters.process)))
    if filters.city:
        found.append(Case.region.startswith(filters.city[:4], autoescape=True))
    if filters.element or filters.queue or filters.organ:
        here = select(Wait.case_id).where(*_here(filters))
        found.append(Case.id.in_(union(here, in_trouble(filters.element)) if filters.element else here))
    return found


def _stands(of: Rule, filters: Filters) -> ColumnElement[bool]:
    """Whether the rule says so of a case: the part of it, the step and the hands that are asked for."""
    where = [Wait.case_id == Case.id, *_here(filters)]
    each = parts(of)
    waits = exists().where(*where, each[filters.why] if filters.why in each else or_(*each.values())).correlate(Case)
    trouble = Case.id.in_(in_trouble(filters.element))
    if filters.why == TROUBLED:
        return trouble if not (filters.organ or filters.queue) else and_(trouble, exists().where(*where))
    return waits if filters.why in each or filters.organ or filters.queue else or_(waits, trouble)


def _here(filters: Filters) -> list[ColumnElement[bool]]:
    """What is asked of a task by step, queue and organ."""
    found = []
    if filters.element:
        found.append(Wait.element == filters.element)
    if filters.queue:
        found.append(Wait.queue == filters.queue)
    if filters.organ:
        found.append(Wait.queue.like(f"%@{pages.literal(filters.organ)}", escape="/"))
    return found


TROUBLE = (Incident.closed_at.is_(None), Incident.code != incidents.UNDELIVERED)
