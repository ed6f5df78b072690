"""批量办理: one form for many tasks of one step; before it is sent, what is left out and why; after it, each result."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from engine import cases
from engine.forms import Problem
from ground import clock, ids
from ground.database import Session, reading
from tasks import bulk
from tasks.bulk import Chosen
from web.door import session
from web.door.language import _
from web.fields import typed as sent_by
from web.fields.sheet import Sheet
from web.reviewer import listing, naming, papers
from web.reviewer.blueprint import desk
from web.words import codes

KEY_LENGTH = 40


@desk.post("/tasks/bulk")
def handle_many() -> str:
    """The form for what was ticked, with each task that is done by it and each that is not, and why."""
    with reading() as store:
        chosen = bulk.choose(store, request.form.getlist("task"), session.actor())
        return _page(store, chosen, {row.ref: ids.ref() for row in chosen.items}, {})


@desk.post("/tasks/bulk/completions")
def handled() -> Answer:
    """Each of them done by itself, under the key that it was shown with; the page says what became of each."""
    me, received = session.actor(), clock.now()
    raw, keys = sent_by.answers(request.form.items(multi=True)), _keys()
    with reading() as store:
        chosen, done_before = _still(store, keys)
    if chosen is not None:
        try:
            bulk.check(chosen.form, raw)
        except cases.Invalid as invalid:
            with reading() as store:
                found = [*invalid.detail["problems"], *invalid.detail["warnings"]]
                return make_response(_page(store, chosen, keys, raw, found), cases.Invalid.status)
    results = [bulk.send(ref, raw, by=me, key=key, now=received) for ref, key in keys.items()]
    lines = [(one, codes.sentence(one.refused.code, one.refused.detail) if one.refused else "") for one in results]
    page = render_template(
        "reviewer/pages/handled.html",
        lines=lines,
        done=sum(one.refused is None and not one.waits for one in results),
        waits=sum(one.waits for one in results),
        step=chosen and naming.step(chosen.folder, chosen.element),
        numbers={row.ref: row.number for row in chosen.items} if chosen else {},
        again=done_before,
        back=listing.back_to(request.form.get("_back")),
    )
    return make_response(page)


def _keys() -> dict[str, str]:
    """Each task with its key, as the page before gave them."""
    refs, keys = request.form.getlist("_task"), request.form.getlist("_task_key")
    pairs = zip(refs, keys, strict=False)
    return {ref[:KEY_LENGTH]: key[:KEY_LENGTH] for ref, key in list(pairs)[: bulk.MOST]}


def _still(store: Session, keys: Mapping[str, str]) -> tuple[Chosen | None, bool]:
    """What of it is still open; nothing if the same page was sent before and all of it is done."""
    try:
        return bulk.choose(store, list(keys), session.actor()), False
    except bulk.NothingInBulk:
        return None, True


def _page(
    store: Session, chosen: Chosen, keys: Mapping[str, str], raw: Mapping[str, Any], found: Sequence[Problem] = ()
) -> str:
    form, home = chosen.form.in_bulk(), chosen.folder.home(chosen.element)
    listed = [row for row, _why in chosen.left_out if row is not None]
    year = cases.reporting_year(chosen.items[0]) if chosen.items else clock.today().year
    return render_template(
        "reviewer/pages/handle_many.html",
        step=naming.step(chosen.folder, chosen.element),
        items=chosen.items,
        left_out=[(row, _(codes.sentence(why))) for row, why in chosen.left_out],
        names=naming.of_rows(store, [*chosen.items, *listed]),
        rest=[each.label for name, each in chosen.form.fields.items() if name not in form.fields and each.required],
        sheet=Sheet(form, raw, year, around=papers.around(store, home, [form], [raw]), found=found),
        keys=keys,
        back=listing.back_to(request.form.get("back") or request.form.get("_back")),
    )
