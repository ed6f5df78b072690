"""The work queues: what is open for a person, claiming it, giving it back; a page costs the same at any number.

Open for a person is what waits, unheld, in the queues of their keys, and what they hold themselves. Each list walks
one index a key and stops at its limit; the next page starts behind the last row, never at an offset.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as Record, select

from engine import cases, definitions, history, holding
from engine.cases import hanging
from engine.holding import Gone
from engine.waits import Wait
from ground import clock, parameters, regions
from ground.database import Session
from ground.errors import Refused
from ground.people import Actor
from tasks import open_task, pages, walks

MOST = 100
COUNTED = 1_000
# What has passed is asked for by the kind of its deadline.
KINDS = {"overdue": "binding", "past": "ours"}
# What ends today or soon has not ended yet.
AHEAD = frozenset({"today", "soon"})
SOON = "queue.soon"


class NothingFree(Refused):
    """There is nothing left to claim here."""

    code = "queue.empty"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; each stands in the address.

    due: overdue, past, today, soon, week; held: mine, free, or lent (what is done for somebody else).
    """

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
    `behalf` are those that wait for somebody whose substitute this person is. `soon` and `today` are those whose limit
    ends within the days of the parameter, or today.
    """

    free: int
    mine: int
    overdue: int
    past: int
    asked: int = 0
    lent: int = 0
    behalf: int = 0
    soon: int = 0
    today: int = 0


def page(session: Session, by: Actor, filters: Filters, *, after: str | None = None, limit: int = 20) -> pages.Page:
    """The open tasks of this person, the most urgent first."""
    limit = max(1, min(limit, MOST))
    narrowed = _narrowed(session, filters, after)
    keys = keys_of(by) if filters.held in {"", "free"} else {}
    mine = filters.held in {"", "mine"}
    lent, values = _lent(by) if filters.held in {"", "lent"} else ((), {})
    if not (mine or keys or lent):
        return pages.Page((), None)
    statement = walks.page(len(keys), mine=mine, narrowed=frozenset(narrowed), limit=limit + 1, lent=lent)
    rows = session.execute(statement, {"person": by.person, **keys, **values, **narrowed}).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return pages.Page(rows, pages.cursor(rows[-1]) if more else None)


def counts(session: Session, by: Actor, *, ahead: bool = False) -> Counts:
    """How much is open, without walking further than the thousandth row of each; `ahead` counts today and soon, too."""
    keys, (serving, values) = keys_of(by), _lent(by)
    now = clock.now()
    ends = {"tonight": _until(session, "today", now), "soon": _until(session, "soon", now)} if ahead else {}
    asked = {"person": by.person, "now": now, **ends, **keys, **values}
    row = session.execute(walks.counts(len(keys), COUNTED + 1, serving, ahead=ahead), asked).one()
    return Counts(**row._mapping)  # noqa: SLF001  the only name that SQLAlchemy gives it


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
            except (cases.Separate, cases.Suspended, holding.Taken, Gone):
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
    wait = open_task.find(session, wait_ref, by)
    cases.lock(session, wait.case_id)
    hanging.check_free(session, wait)
    holding.let_go(session, wait_ref, by.person or 0)
    cases.note(session, wait.case_id, history.Fact("task.released", now, by.person, wait.element))


def _claim(
    session: Session, wait_ref: str, by: Actor, now: datetime, lock: Callable[[Session, int], Record[Any] | None]
) -> bool:
    """False if the case's row cannot be had in this way."""
    wait = open_task.find(session, wait_ref, by)
    if wait.held_by == by.person:
        return True
    folder = definitions.pinned(session, wait.release_id)
    right = open_task.right_to(wait, folder, by)
    cases.check_separate(session, folder, wait, by, right.behalf)
    # The case's row is locked before the wait's, as every move does it, so that the two never wait for each other.
    case = lock(session, wait.case_id)
    if case is None:
        return False
    if right.out_of is not None:
        hanging.check_free(session, wait)
    if case.status == "suspended":
        raise cases.Suspended(case=wait.number)
    held = holding.hold(session, wait_ref, by.person or 0, [wait.queue], now, behalf=right.behalf, out_of=right.out_of)
    lent = {} if right.behalf is None else {"behalf": right.behalf}
    cases.note(session, held.case_id, history.Fact("task.claimed", now, by.person, held.element, lent))
    return True


def keys_of(by: Actor) -> dict[str, str]:
    """This person's keys by the names that the statements of `walks` give them."""
    return {f"key_{number}": key for number, key in enumerate(sorted(by.keys))}


def _lent(by: Actor) -> tuple[tuple[walks.Lending, ...], dict[str, Any]]:
    """The keys that this person was lent: their shapes, and their values by the names that the statements give them."""
    shapes: list[walks.Lending] = []
    values: dict[str, Any] = {}
    for number, each in enumerate(by.lent):
        shapes.append(walks.Lending(each.key in by.keys, bool(each.process), bool(each.region)))
        values |= {f"lent_{number}_key": each.key, f"lent_{number}_person": each.person}
        if each.process:
            values[f"lent_{number}_process"] = each.process
        if each.region:
            values[f"lent_{number}_region"] = regions.stem(each.region) + "%"
    return tuple(shapes), values


def _narrowed(session: Session, filters: Filters, after: str | None) -> dict[str, Any]:
    """The values of the filters that are set, by the names that the statement gives them."""
    values: dict[str, Any] = {}
    if filters.element:
        values["element"] = filters.element
    if filters.due:
        values["until"] = _until(session, filters.due, clock.now())
    if filters.due in AHEAD:
        values["since"] = clock.now()
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


def _until(session: Session, due: str, now: datetime) -> datetime:
    """Overdue and past have passed; today ends tonight, soon in as many days as the parameter says, a week in seven."""
    if due in KINDS:
        return now
    today = clock.local_day(now)
    if due == "soon":
        days = int(parameters.values(session, (SOON,), today)[SOON].value)
        return clock.end_of(today + timedelta(days=days))
    return clock.end_of(today if due == "today" else today + timedelta(days=7))
