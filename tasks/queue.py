"""The work queues: what is open for a person, claiming it, giving it back; a page costs the same at any number.

Open for a person is what waits, unheld, in the queues of their keys, and what they hold themselves. Each list walks
one index a key and stops at its limit; the next page starts behind the last row, never at an offset.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as Record, bindparam, select

from engine import cases, definitions, history, loans, submissions, waits
from engine.cases import hanging
from engine.folders import Folder
from engine.forms import Form
from engine.waits import Gone, Wait
from ground import clock
from ground.database import Session
from ground.errors import Missing, Refused
from ground.people import Actor
from tasks import pages, walks

MOST = 100
COUNTED = 1_000
# What has passed is asked for by the kind of its deadline.
KINDS = {"overdue": "binding", "past": "ours"}


class NothingFree(Refused):
    """There is nothing left to claim here."""

    code = "queue.empty"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; each stands in the address. due: overdue, past, today, week; held: mine, free."""

    process: str = ""
    element: str = ""
    city: str = ""
    due: str = ""
    held: str = ""
    q: str = ""


@dataclass(frozen=True)
class Counts:
    """How many tasks are free, held by this person, overdue or past a default among both; each exact up to 1,000.

    `asked` and `lent` stand beside: what they are asked to countersign, and what they have lent and not got back.
    """

    free: int
    mine: int
    overdue: int
    past: int
    asked: int = 0
    lent: int = 0


@dataclass(frozen=True)
class Work:
    """One task as its page shows it."""

    item: Record[Any]
    folder: Folder
    may_act: bool
    may_claim: bool
    apart: bool
    suspended: bool = False
    capacities: Sequence[str] = ()
    draft: Record[Any] | None = None
    before: Sequence[Record[Any]] = field(default_factory=tuple)

    @property
    def home(self) -> Folder:
        """The folder of the process that the task stands in: the case's own, or a called one."""
        return self.folder.home(self.item.element)

    @property
    def form(self) -> Form:
        """The form to fill in."""
        return self.home.forms[self.item.form]


def page(session: Session, by: Actor, filters: Filters, *, after: str | None = None, limit: int = 20) -> pages.Page:
    """The open tasks of this person, the most urgent first."""
    limit = max(1, min(limit, MOST))
    narrowed = _narrowed(filters, after)
    keys = {} if filters.held == "mine" else keys_of(by)
    mine = filters.held != "free"
    if not (mine or keys):
        return pages.Page((), None)
    statement = walks.page(len(keys), mine=mine, narrowed=frozenset(narrowed), limit=limit + 1)
    rows = session.execute(statement, {"person": by.person, **keys, **narrowed}).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return pages.Page(rows, pages.cursor(rows[-1]) if more else None)


def counts(session: Session, by: Actor) -> Counts:
    """How much is open, without walking further than the thousandth row of each."""
    keys = keys_of(by)
    row = session.execute(walks.counts(len(keys), COUNTED + 1), {"person": by.person, "now": clock.now(), **keys}).one()
    return Counts(row.free, row.mine, row.overdue, row.past, row.asked, row.lent)


def open_keys(session: Session) -> frozenset[str]:
    """The keys under which anything is open at all: whoever holds none of them has nothing to look at."""
    return frozenset(session.execute(select(Wait.queue).distinct()).scalars())


def claim(session: Session, wait_ref: str, by: Actor, now: datetime) -> None:
    """Take a free task of one of this person's queues. Taken names who was quicker; Separate keeps four eyes."""
    _claim(session, wait_ref, by, now, cases.lock)


def claim_next(session: Session, by: Actor, filters: Filters, now: datetime) -> str:
    """Take the most urgent free task that this person may do; NothingFree if there is none.

    Cases that others are just moving are passed over, and waited for only when nothing else is free.
    """
    free = Filters(**{**filters.__dict__, "held": "free"})
    refs = [str(item.ref) for item in page(session, by, free, limit=MOST).items]
    for lock in (cases.lock_free, cases.lock):
        busy = []
        for ref in refs:
            try:
                if _claim(session, ref, by, now, lock):
                    return ref
            except (cases.Separate, cases.Suspended, waits.Taken, Gone):
                continue
            busy.append(ref)
        refs = busy
    raise NothingFree


def claim_first(session: Session, number: str, by: Actor, now: datetime) -> str | None:
    """Take the first task of the case with this number, for whoever has just begun it; None if none is theirs."""
    found = page(session, by, Filters(q=number), limit=1).items
    if not found:
        return None
    claim(session, found[0].ref, by, now)
    return str(found[0].ref)


def release(session: Session, wait_ref: str, by: Actor, now: datetime) -> None:
    """Give a task back to its queue; what was typed stays as this person's draft."""
    wait = _open(session, wait_ref, by)
    cases.lock(session, wait.case_id)
    hanging.check_free(session, wait)
    waits.let_go(session, wait_ref, by.person or 0)
    cases.note(session, wait.case_id, history.Fact("task.released", now, by.person, wait.element))


def look(session: Session, wait_ref: str, by: Actor) -> Work:
    """One open task: Missing for whoever has nothing to do with it, Gone once it was completed."""
    item = _open(session, wait_ref, by)
    folder = definitions.pinned(session, item.release_id)
    try:
        cases.check_separate(session, folder, item, by)
        apart = False
    except cases.Separate:
        apart = True
    suspended = item.status == "suspended"
    return Work(
        item=item,
        folder=folder,
        may_act=item.held_by == by.person and not suspended,
        may_claim=item.held_by is None and not apart and not suspended,
        apart=apart,
        suspended=suspended,
        capacities=cases.capacities(item, folder, by),
        draft=submissions.draft(session, wait_ref, by.person or 0),
        before=cases.papers(session, item.case_id, by, folder),
    )


def _claim(
    session: Session, wait_ref: str, by: Actor, now: datetime, lock: Callable[[Session, int], Record[Any] | None]
) -> bool:
    """False if the case's row cannot be had in this way."""
    wait = _open(session, wait_ref, by)
    if wait.held_by == by.person:
        return True
    folder = definitions.pinned(session, wait.release_id)
    cases.check_separate(session, folder, wait, by)
    # The case's row is locked before the wait's, as every move does it, so that the two never wait for each other.
    case = lock(session, wait.case_id)
    if case is None:
        return False
    if case.status == "suspended":
        raise cases.Suspended(case=wait.number)
    held = waits.hold(session, wait_ref, by.person or 0, by.keys, now)
    cases.note(session, held.case_id, history.Fact("task.claimed", now, by.person, held.element))
    return True


def _open(session: Session, wait_ref: str, by: Actor) -> Record[Any]:
    """The open task, for whoever holds its key or was lent it; Missing for others, Gone once it was completed."""
    item = session.execute(_ITEM, {"wait": wait_ref}).one_or_none()
    if item is None:
        raise Gone(wait=wait_ref)
    if item.queue not in by.keys and not (item.held_by == by.person and loans.standing(session, item)):
        raise Missing(wait=wait_ref)
    return item


def keys_of(by: Actor) -> dict[str, str]:
    """This person's keys by the names that the statements of `walks` give them."""
    return {f"key_{number}": key for number, key in enumerate(sorted(by.keys))}


def _narrowed(filters: Filters, after: str | None) -> dict[str, Any]:
    """The values of the filters that are set, by the names that the statement gives them."""
    values: dict[str, Any] = {}
    if filters.element:
        values["element"] = filters.element
    if filters.due:
        values["until"] = _until(filters.due)
    if filters.due in KINDS:
        values[KINDS[filters.due]] = True
    if filters.process:
        values["process"] = filters.process
    if filters.city:
        values["city"] = f"{pages.literal(filters.city[:4])}%"
    if filters.q:
        values["q"] = f"%{pages.literal(filters.q)}%"
    if after:
        values["after_at"], values["after_id"] = pages.place(after)
    return values


def _until(due: str) -> datetime:
    """Overdue and past have passed; today ends tonight; a week is seven days ahead."""
    now = clock.now()
    if due in KINDS:
        return now
    today = clock.local_day(now)
    return clock.end_of(today if due == "today" else today + timedelta(days=7))


_ITEM = walks.ITEMS.where(Wait.ref == bindparam("wait"))
