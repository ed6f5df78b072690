"""The boxes beside 待办: 待阅, 已办 and where each case is, 我发起的, 草稿, 办结; found by number, title and year."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import definitions
from ground import clock
from ground.database import Session, reading, transaction
from ground.people import Actor
from ground.types import clean
from tasks import letters, lists, queue, whereabouts
from tasks.lists import Search
from tasks.pages import Page
from tasks.whereabouts import Standing
from web.door import said, session
from web.door.language import chosen, pick
from web.reviewer import naming
from web.reviewer.blueprint import desk
from web.words.catalogue import N_

ROWS = 20
MOST_AT_ONCE = 100
LONGEST_QUERY = 60
FIRST_YEAR = 2020  # the measures are of that year
TITLES = {
    "done": N_("已办"),
    "closed": N_("办结"),
    "cases": N_("我发起的"),
    "all": N_("可以查看的办件"),
}
NOTHING = {
    "done": N_("还没有办理过的办件。"),
    "closed": N_("参与过的办件还没有办结的。"),
    "cases": N_("还没有发起过办件。"),
    "all": N_("还没有可以查看的办件。"),
}


@dataclass(frozen=True)
class Where:
    """Where a case is now: the most urgent thing that it waits for, at whom, and how many more there are."""

    standing: Standing
    step: str
    who: str
    more: int


@desk.get("/tasks/done")
def done() -> str:
    """已办: the cases in which this person has acted, and where each is now."""
    return _box("done", lists.done, "reviewer.done")


@desk.get("/tasks/closed")
def closed() -> str:
    """办结: those of them that have come to an end."""
    return _box("closed", lists.closed, "reviewer.closed")


@desk.get("/cases")
def cases() -> str:
    """我发起的: the cases that this person began; with scope=all, those that they may see."""
    if request.args.get("scope") == "all":
        return _box("all", lists.in_sight, "reviewer.cases", scope="all")
    return _box("cases", lists.started, "reviewer.cases")


@desk.get("/tasks/drafts")
def drafts() -> str:
    """草稿: what this person has begun to type and not sent."""
    me, search = session.actor(), _search()
    with reading() as store:
        rows = lists.drafts(store, me, search)
        return render_template(
            "reviewer/pages/drafts.html", rows=rows, names=naming.of_rows(store, rows), **_around(store, me, search)
        )


@desk.get("/tasks/reading")
def to_read() -> str:
    """待阅: letters that ask for nothing but to be read."""
    me, search, after = session.actor(), _search(), request.args.get("after")
    with reading() as store:
        page = letters.to_read(store, me, search, after=after, limit=ROWS)
        spoken = {
            row.ref: letters.words(letters.folder_of(store, row), row.template, row.facts, chosen()).subject
            for row in page.items
        }
        return render_template(
            "reviewer/pages/reading.html",
            page=page,
            subjects=spoken,
            bases=naming.bases(store, [row.title for row in page.items if row.title]),
            **_around(store, me, search),
            **_pager(page, "reviewer.to_read", search),
        )


@desk.post("/tasks/readings")
def read_many() -> Answer:
    """已阅: this person has read the letters that are ticked."""
    wanted = request.form.getlist("letter")[:MOST_AT_ONCE]
    with transaction() as store:
        for ref in wanted:
            letters.opened(store, ref, session.actor(), clock.now())
    answer: Answer = redirect(url_for("reviewer.to_read"), 303)
    said.tell(answer, "letters.read", n=len(wanted))
    return answer


def where(store: Session, rows: Iterable[Any], me: Actor) -> Mapping[int, Where]:
    """Where these cases are now, as far as this person may know it."""
    listed = list(rows)
    found = whereabouts.of(store, listed, me)
    folders = {row.case_id: definitions.pinned(store, row.release_id) for row in listed if row.case_id in found}
    first = {case: standing[0] for case, standing in found.items()}
    queues = naming.queues(store, list({one.queue for one in first.values() if one.queue}))
    return {
        case: Where(one, naming.step(folders[case], one.element), _who(one, queues), len(found[case]) - 1)
        for case, one in first.items()
    }


def _who(one: Standing, queues: Mapping[str, str]) -> str:
    office = queues.get(one.queue or "", "")
    person = pick(one.holder, one.holder_en) if one.holder else ""
    known = (person,) if one.queue and one.queue.startswith("person:") and person else (office, person)
    return " · ".join(each for each in known if each)


def _box(name: str, listed: Callable[..., Page], endpoint: str, **scope: str) -> str:
    me, search = session.actor(), _search()
    with reading() as store:
        page = listed(store, me, search, after=request.args.get("after"), limit=ROWS)
        acted = naming.queues(store, list({row.acting for row in page.items})) if name in ("done", "closed") else {}
        return render_template(
            "reviewer/pages/box.html",
            box=name,
            title=TITLES[name],
            nothing=NOTHING[name],
            page=page,
            names=naming.of_rows(store, page.items),
            where=where(store, page.items, me),
            acted=acted,
            **_around(store, me, search),
            **_pager(page, endpoint, search, **scope),
        )


def _search() -> Search:
    """What the address narrows a box to; a year that is none narrows nothing."""
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == len(str(FIRST_YEAR)) else 0
    return Search(clean(request.args.get("q", ""))[:LONGEST_QUERY].strip(), year if year >= FIRST_YEAR else 0)


def _around(store: Session, me: Actor, search: Search) -> dict[str, Any]:
    """What stands at the head of every box."""
    return {
        "counts": queue.counts(store, me),
        "unread": letters.unread(store, me),
        "search": search,
        "years": [(str(year), str(year)) for year in range(clock.today().year, FIRST_YEAR - 1, -1)],
    }


def _pager(page: Page, endpoint: str, search: Search, **scope: str) -> dict[str, str | None]:
    kept: dict[str, Any] = {**scope, "q": search.q or None, "year": search.year or None}
    return {
        "first": url_for(endpoint, **kept) if request.args.get("after") else None,
        "following": url_for(endpoint, **kept, after=page.after) if page.after else None,
    }
