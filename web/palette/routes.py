"""/go?q=: pages, cases, bases and documents that fit what was typed; a page without JavaScript, JSON for the dialog.

Each kind is one statement, and each starts from what this person may see: nothing else is ever counted or named.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for

from bases import register
from bases.documents import desk as documents
from ground.database import Session, reading
from ground.people import Actor
from ground.types import clean
from tasks import lists
from tasks.lists import Search
from web.door import errors, rights, session
from web.door.language import _, pick
from web.door.rights import SIGNED_IN, Desk, Route
from web.reviewer import naming
from web.words.catalogue import N_

LONGEST, MOST, OF_A_KIND = 60, 20, 8
# Pages that stand in no bar, beside those that do.
FURTHER = {
    "reviewer.to_read": N_("待阅"),
    "reviewer.done": N_("已办"),
    "reviewer.cases": N_("我发起的"),
    "reviewer.drafts": N_("草稿"),
    "reviewer.closed": N_("办结"),
    "reviewer.unit": N_("本单位待办"),
    "phrases.mine": N_("常用语"),
    "substitutes.mine": N_("委托代理"),
    "people.profile": N_("个人设置"),
}

desk = Blueprint("palette", __name__)


@dataclass(frozen=True)
class Hit:
    """One thing to go to: what it is called, what kind of thing it is, and its address."""

    name: str
    kind: str
    url: str
    more: str = ""


@desk.get("/go")
def go() -> str | Response:
    """What fits, at most twenty, pages first."""
    q = clean(request.args.get("q", "")).strip()[:LONGEST]
    with reading() as store:
        hits = list(islice(_hits(store, session.actor(), q), MOST))
    if errors.wants_json():
        return jsonify(hits=[asdict(hit) for hit in hits])
    return render_template("palette/pages/go.html", q=q, hits=hits)


def _hits(store: Session, me: Actor, q: str) -> Iterator[Hit]:
    yield from islice(_pages(me, q.casefold()), OF_A_KIND if q else MOST)
    if not q:
        return
    yield from _cases(store, me, q)
    yield from _bases(store, me, q)
    yield from _documents(store, me, q)


def _pages(me: Actor, q: str) -> Iterator[Hit]:
    """The places of the bar and a few others, as far as this person's roles open them."""
    entries = {each.endpoint: each.label for each in current_app.extensions["places"]} | FURTHER
    for endpoint, label in entries.items():
        name = _(label)
        if rights.admits(current_app, endpoint, me) and (q in name.casefold() or q in label.casefold()):
            yield Hit(name, _("页面"), url_for(endpoint))


def _cases(store: Session, me: Actor, q: str) -> Iterator[Hit]:
    rows = lists.in_sight(store, me, Search(q=q), limit=OF_A_KIND).items
    names = naming.of_rows(store, rows)
    for row in rows:
        yield Hit(names.title(row), _("办件"), url_for("reviewer.case", ref=row.case_ref), row.number)


def _bases(store: Session, me: Actor, q: str) -> Iterator[Hit]:
    if not rights.admits(current_app, "bases.one", me):
        return
    wanted = q.casefold()
    fits = (one for one in register.bases_of(store, me) if _fits(one, wanted))
    for one in islice(fits, OF_A_KIND):
        yield Hit(pick(one.name, one.name_en), _("基地"), url_for("bases.one", ref=one.ref), one.code)


def _fits(one: Any, q: str) -> bool:
    return any(q in (text or "").casefold() for text in (one.name, one.name_en, one.code))


def _documents(store: Session, me: Actor, q: str) -> Iterator[Hit]:
    if not documents.is_inside(me):
        return
    for row in documents.listed(store, q, OF_A_KIND):
        yield Hit(row.title, _("公文"), url_for("office.one", ref=row.ref), row.number or _("尚未编号"))


DESK = Desk(blueprint=desk, routes=(Route("palette.go", "GET", SIGNED_IN),))
