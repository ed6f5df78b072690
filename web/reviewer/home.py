"""The first page after signing in: one calm home for all roles that a person holds, and the list of what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from bases.filing import reported, template
from bases.measures import rulers, workdays
from bases.verdicts import batch, rectification
from engine import definitions
from engine.cases import sight
from ground import clock
from ground.database import Session, reading
from ground.people import Actor
from tasks import figures, queue
from tasks.queue import Filters
from web.door import session
from web.reviewer import boxes, charge, naming, overview, sent_back, story, tiles
from web.reviewer.blueprint import desk
from web.words import reporting
from web.words.catalogue import N_
from web.words.roles import ROLES

URGENT = 5
ROWS = 20
DUTIES = 20
APPLICANTS = frozenset({"base_filler", "base_authority", "city_officer"})
LATE = {"overdue": N_("逾期、超期"), "past": N_("超出系统默认时限")}


@dataclass(frozen=True)
class Step:
    """How many tasks are open at one step, and the list of them."""

    name: str
    tasks: int
    url: str


@dataclass(frozen=True)
class Window:
    """The days on which one can apply, and whether they are running, still to come, or over."""

    opens_on: date
    closes_on: date
    year: int | None
    state: str


@desk.get("/home")
def home() -> str:
    """What waits, what is late, where one's own cases are: each figure leads to its list."""
    me = session.actor()
    with reading() as store:
        urgent = queue.page(store, me, Filters(), limit=URGENT).items
        duties = reported.mine(store, me, clock.today().year, clock.now())[-DUTIES:]
        charged = charge.of(store, me)
        mine = figures.under_way(store, me) if me.has(figures.FILLER) else []
        shown = overview.of(store, me)
        named = [*urgent, *mine, *(charged.reviews if charged else ()), *(shown.stuck.rows if shown.stuck else ())]
        return render_template(
            "reviewer/pages/home.html",
            tiles=[*tiles.of(store, me), *(charged.tiles if charged else ())],
            charge=charged,
            overview=shown,
            steps=_steps(store, me),
            urgent=urgent,
            mine=mine,
            where=boxes.where(store, mine, me),
            returned=sent_back.of_rows(store, mine, me),
            names=naming.of_rows(store, named),
            duties=duties,
            reporting=reporting.Say(template.names(store) if duties or charged else {}),
            window=_window(store) if any(me.has(role) for role in APPLICANTS) else None,
            half_years=rectification.of_person(store, me) if any(me.has(role) for role in APPLICANTS) else [],
            missing_year=_missing_year(store, me),
            roles=ROLES,
        )


@desk.get("/cases/late")
def watched() -> str:
    """What is late in one's own organ, or in all that one may see; a passed default apart."""
    me = session.actor()
    due = "past" if request.args.get("due") == "past" else "overdue"
    scope = figures.ALL if request.args.get("scope") == figures.ALL else figures.OWN
    with reading() as store:
        page = figures.watched(store, me, scope, due, after=request.args.get("after"), limit=ROWS)
        kept: dict[str, Any] = {"scope": scope, "due": due}
        hidden = _hidden(store, page.items, me)
        # Whoever may not see inside does not learn either that somebody unnamed is asked.
        rows = [row for row in page.items if row.id not in hidden or story.sees_inside(me)]
        return render_template(
            "reviewer/pages/late.html",
            rows=rows,
            due=due,
            scope=scope,
            kinds=LATE,
            names=naming.of_rows(store, rows),
            offices=naming.offices(store, [row.queue for row in rows]),
            hidden=hidden,
            first=url_for("reviewer.watched", **kept) if request.args.get("after") else None,
            following=url_for("reviewer.watched", **kept, after=page.after) if page.after else None,
        )


@desk.get("/incidents")
def incidents() -> str:
    """运行异常: the cases in which a move failed, the oldest first, each with its reason in words."""
    me = session.actor()
    with reading() as store:
        rows = figures.incidents(store, me)
        return render_template("reviewer/pages/incidents.html", rows=rows, names=naming.of_rows(store, rows))


def _steps(store: Session, me: Actor) -> list[Step]:
    """Open tasks by step; versions of one process that call it the same are one."""
    found: dict[tuple[str, str], int] = {}
    for row in figures.by_step(store, me):
        name = naming.step(definitions.pinned(store, row.release_id), row.element)
        found[name, row.element] = found.get((name, row.element), 0) + row.tasks
    return [Step(name, tasks, url_for("reviewer.tasks", stage=at)) for (name, at), tasks in found.items()]


def _missing_year(store: Session, me: Actor) -> int | None:
    """To whoever keeps the calendar: the coming year, when its notice is missed."""
    if not any(me.has(role) for role in rulers.RULERS):
        return None
    return workdays.missing(store, session.visit().calendar, clock.today())


def _window(store: Session) -> Window | None:
    """The batch in which one can apply, the next one, or the last; None before there was any."""
    today = clock.today()
    try:
        found = batch.open_on(store, today)
    except batch.NotOpen as closed:
        opens_on, closes_on = (date.fromisoformat(closed.detail[name]) for name in ("opens_on", "closes_on"))
        return Window(opens_on, closes_on, None, "coming" if today < opens_on else "over")
    except batch.NoBatch:
        return None
    return Window(found.opens_on, found.closes_on, found.year, "open")


def _hidden(store: Session, rows: Sequence[Any], me: Actor) -> set[int]:
    """The tasks whose holder this person may not know."""
    return {
        row.id
        for row in rows
        if sight.withheld(row.element, row.held_by, me, definitions.pinned(store, row.release_id))
    }
