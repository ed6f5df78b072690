"""停滞 by one rule, for tile, list, report and letter: which open cases do not move, why, since when, what helps.

No movement for five working days, unclaimed for two, overdue, or 运行异常 (文件未规定，系统默认). A case that waits for
nobody's act but for a day or for another case is 正常等待, and is never among them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Row as Record, Select, exists, func, or_, select, union

from engine import cases, definitions, incidents
from engine.cases import Case, sight
from engine.definitions import Process
from engine.incidents import Incident
from engine.waits import Timer, Wait
from ground import calendar, clock, parameters, people
from ground.calendar import Calendar
from ground.database import Session
from ground.people import Actor, Person
from tasks import pages, walks
from tasks.pages import Page

COUNTED = 1_000
STILL, UNCLAIMED = "stuck.no_movement", "stuck.unclaimed"
# Why a case is stuck: the four parts of the rule, in the order in which they are named.
TROUBLED, OVERDUE, UNTAKEN, UNMOVED = ("incident", "overdue", "unclaimed", "still")
BINDING = frozenset({"text", "notice"})
OPEN = "open"


@dataclass(frozen=True)
class Rule:
    """The rule as it holds at this moment: what has not moved, or was not claimed, since then."""

    now: datetime
    still: datetime
    unclaimed: datetime
    days: Calendar

    def working_days(self, since: datetime) -> int:
        """How many working days have passed since then."""
        return self.days.working_days_between(clock.local_day(since), clock.local_day(self.now))


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to, as it stands in the address."""

    process: str = ""
    element: str = ""
    city: str = ""
    queue: str = ""
    why: str = ""
    q: str = ""


@dataclass(frozen=True)
class Reason:
    """One reason, from the rows themselves: its code, the step, since when, and the facts of its sentence."""

    code: str
    element: str | None
    since: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


EVERYTHING = Filters()


def rule(session: Session, now: datetime) -> Rule:
    """The rule of this moment, by the parameters of today."""
    today, days = clock.local_day(now), calendar.load(session)
    known = parameters.values(session, (STILL, UNCLAIMED), today)
    since = {key: clock.end_of(days.add_working_days(today, -int(known[key].value))) for key in known}
    return Rule(now, since[STILL], since[UNCLAIMED], days)


def page(session: Session, by: Actor, filters: Filters, of: Rule, *, after: str | None = None, limit: int = 20) -> Page:
    """The stuck cases in this person's sight, what has stood for longest first."""
    wanted = _listed(by, filters, of)
    if after:
        at, number = pages.place(after)
        wanted = wanted.where(or_(Case.moved_at > at, (Case.moved_at == at) & (Case.id > number)))
    rows = session.execute(wanted.order_by(Case.moved_at, Case.id).limit(limit + 1)).all()
    more = pages.behind(rows[limit - 1].moved_at, rows[limit - 1].case_id) if len(rows) > limit else None
    return Page(rows[:limit], more)


def count(session: Session, by: Actor, of: Rule, filters: Filters = EVERYTHING) -> int:
    """How many there are, exact up to a thousand."""
    inner = _listed(by, filters, of).with_only_columns(Case.id).limit(COUNTED).subquery()
    return int(session.scalar(select(func.count()).select_from(inner)))


def tiles(session: Session, by: Actor, of: Rule) -> tuple[Counter[str], Counter[str], Counter[tuple[str, int]]]:
    """How many are stuck by process, by city (four digits of its code) and by step (with a release that names it)."""
    mine = (Case.id.in_(_stuck(of, "")), Case.status == OPEN, cases.visible(by))
    city = func.substr(Case.region, 1, 4)
    wide = select(Process.key, city.label("city"), func.count().label("n")).join(Process, Process.id == Case.process_id)
    processes, cities = Counter[str](), Counter[str]()
    for row in session.execute(wide.where(*mine).group_by(Process.key, city)):
        processes[row.key] += row.n
        cities[row.city] += row.n
    narrow = select(Wait.element, func.max(Case.release_id).label("release"), func.count(Case.id.distinct()).label("n"))
    steps = Counter[tuple[str, int]]()
    for row in session.execute(narrow.join(Case, Case.id == Wait.case_id).where(*mine).group_by(Wait.element)):
        steps[row.element, row.release] = row.n
    return processes, cities, steps


def waiting(session: Session, by: Actor, of: Rule, limit: int = 20) -> Sequence[Record[Any]]:
    """正常等待: open cases that wait for nobody's act, with what they wait for, soonest first."""
    due = select(func.min(Timer.due_at)).where(Timer.case_id == Case.id, Timer.stopped.is_(False)).scalar_subquery()
    return session.execute(
        select(*walks.CASE_COLUMNS, Case.id.label("case_id"), Case.status, Case.moved_at)
        .add_columns(due.label("due_at"))
        .join(Process, Process.id == Case.process_id)
        .where(
            Case.status == OPEN,
            ~exists().where(Wait.case_id == Case.id),
            Case.id.not_in(_stuck(of, TROUBLED)),
            cases.visible(by),
        )
        .order_by(due.is_(None), due, Case.id)
        .limit(limit)
    ).all()


def reasons(session: Session, rows: Iterable[Any], by: Actor, of: Rule) -> Mapping[int, Sequence[Reason]]:
    """Why each of these cases is stuck, the gravest first; of a step whose holder this person may not know, no name."""
    releases = {row.case_id: row.release_id for row in rows}
    found: dict[int, list[Reason]] = defaultdict(list)
    if not releases:
        return found
    for row in session.execute(_TROUBLES.where(Incident.case_id.in_(releases))):
        found[row.case_id].append(Reason(TROUBLED, row.element, row.opened_at, {"code": row.code, "n": row.count}))
    for row in session.execute(_STOPPED.where(Timer.case_id.in_(releases))):
        found[row.case_id].append(Reason("timer_stopped", row.element, row.due_at))
    vacant: dict[str, bool] = {}
    for row in session.execute(_TASKS.where(Wait.case_id.in_(releases))):
        if row.queue not in vacant:
            vacant[row.queue] = not people.holders(session, row.queue, clock.local_day(of.now))
        folder = definitions.pinned(session, releases[row.case_id])
        hidden = row.held_by != by.person and sight.withheld(row.element, row.held_by, by, folder)
        found[row.case_id] += _of_task(row, of, vacant=vacant[row.queue], hidden=hidden)
    return found


def _of_task(row: Record[Any], of: Rule, *, vacant: bool, hidden: bool) -> list[Reason]:
    """What is to be said of one open task."""
    found = []
    facts = {
        "queue": row.queue,
        "name": "" if hidden else row.name or "",
        "name_en": "" if hidden else row.name_en or "",
    }
    if vacant:
        found.append(Reason("no_holder", row.element, row.opened_at, facts))
    elif row.held_by is None and row.opened_at <= of.unclaimed:
        found.append(Reason(UNTAKEN, row.element, row.opened_at, {**facts, "n": of.working_days(row.opened_at)}))
    elif row.held_by is not None and (held := row.held_at or row.opened_at) <= of.still:
        code = "silent" if row.queue.startswith("person:") else "untouched"
        found.append(Reason(code, row.element, held, {**facts, "n": of.working_days(held)}))
    if row.due_at <= of.now:
        code = OVERDUE if row.due_kind in BINDING else "past"
        day: date | None = row.due_on
        facts = {**facts, "due_on": day.isoformat() if day else "", "n": of.working_days(row.due_at)}
        found.append(Reason(code, row.element, row.due_at, {**facts, "provisional": row.provisional}))
    return found


def _listed(by: Actor, filters: Filters, of: Rule) -> Select[*tuple[Any, ...]]:
    wanted = (
        select(*walks.CASE_COLUMNS, Case.id.label("case_id"), Case.status, Case.moved_at)
        .join(Process, Process.id == Case.process_id)
        .where(Case.id.in_(_stuck(of, filters.why)), Case.status == OPEN, cases.visible(by))
    )
    return wanted.where(*_narrowed(filters))


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.process:
        found.append(Process.key == filters.process)
    if filters.city:
        found.append(Case.region.startswith(filters.city[:4], autoescape=True))
    for column, value in ((Wait.element, filters.element), (Wait.queue, filters.queue)):
        if value:
            found.append(exists().where(Wait.case_id == Case.id, column == value))
    if filters.q:
        like = f"%{pages.literal(filters.q)}%"
        found.append(or_(Case.number.like(like, escape="/"), Case.title.like(like, escape="/")))
    return found


def _stuck(of: Rule, why: str) -> CompoundSelect[Any] | Select[Any]:
    """The cases of which the rule says so, by the part of it that is asked for, or any."""
    arms = {
        TROUBLED: select(Incident.case_id).where(Incident.closed_at.is_(None), Incident.code != incidents.UNDELIVERED),
        OVERDUE: select(Wait.case_id).where(Wait.due_at <= of.now),
        UNTAKEN: select(Wait.case_id).where(Wait.held_by.is_(None), Wait.opened_at <= of.unclaimed),
        UNMOVED: select(Case.id).where(
            Case.status == OPEN, Case.moved_at <= of.still, exists().where(Wait.case_id == Case.id).correlate(Case)
        ),
    }
    return arms[why] if why in arms else union(*arms.values())


_TROUBLES = (
    select(Incident.case_id, Incident.code, Incident.element, Incident.count, Incident.opened_at)
    .where(Incident.closed_at.is_(None), Incident.code != incidents.UNDELIVERED)
    .order_by(Incident.opened_at, Incident.id)
)
_STOPPED = select(Timer.case_id, Timer.element, Timer.due_at).where(Timer.stopped.is_(True)).order_by(Timer.id)
_TASKS = (
    select(
        Wait.case_id,
        Wait.element,
        Wait.queue,
        Wait.held_by,
        Wait.held_at,
        Wait.opened_at,
        Wait.due_at,
        Wait.due_on,
        Wait.due_kind,
        Wait.provisional,
        Person.name,
        Person.name_en,
    )
    .outerjoin(Person, Person.id == Wait.held_by)
    .order_by(Wait.due_at, Wait.id)
)
