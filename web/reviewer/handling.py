"""批量办理: one form for many tasks of one step; before it is sent, what is left out and why; after it, each result."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from engine import cases
from engine.forms import Problem
from engine.holding import Gone, Taken
from ground import clock, ids, people
from ground.database import Session, reading
from ground.errors import Missing, Refused
from tasks import bulk
from tasks.bulk import Chosen
from web.door import session
from web.door.language import _, pick
from web.fields import typed as sent_by
from web.fields.sheet import Sheet
from web.reviewer import listing, naming, papers
from web.reviewer.blueprint import desk
from web.words import codes

KEY_LENGTH = 40
ENDED = (Taken, Gone, Missing)  # there is nothing left for this person to do


@desk.post("/tasks/bulk")
def handle_many() -> str:
    """The form for what was ticked, with each task that is done by it and each that is not, and why."""
    with reading() as store:
        return _page(store, request.form.getlist("task"), {}, {})


@desk.post("/tasks/bulk/completions")
def handled() -> Answer:
    """Each of them done by itself, under the key that it was shown with; the page says what became of each."""
    me, received = session.actor(), clock.now()
    raw, keys = sent_by.answers(request.form.items(multi=True)), _keys()
    with reading() as store:
        chosen, listed = _still(store, keys)
    if chosen is not None:
        try:
            bulk.check(chosen.form, raw)
        except cases.Invalid as invalid:
            found = [*invalid.detail["problems"], *invalid.detail["warnings"]]
            with reading() as store:
                page = _page(store, [*keys, *request.form.getlist("_other")], keys, raw, found)
            return make_response(page, cases.Invalid.status)
    results = [bulk.send(ref, raw, by=me, key=key, now=received) for ref, key in keys.items()]
    results.sort(key=lambda one: one.refused is None)  # what is still to be seen to stands first
    with reading() as store:
        lines = [(one, _why(store, one.refused), not isinstance(one.refused, ENDED)) for one in results]
        names = naming.of_rows(store, listed)
    page = render_template(
        "reviewer/pages/handled.html",
        lines=lines,
        names=names,
        done=sum(one.refused is None and not one.waits for one in results),
        waits=sum(one.waits for one in results),
        step=chosen and naming.step(chosen.folder, chosen.element),
        rows={row.ref: row for row in listed},
        back=listing.back_to(request.form.get("_back")),
    )
    return make_response(page)


def _keys() -> dict[str, str]:
    """Each task with its key, as the page before gave them."""
    refs, keys = request.form.getlist("_task"), request.form.getlist("_task_key")
    pairs = zip(refs, keys, strict=False)
    return {ref[:KEY_LENGTH]: key[:KEY_LENGTH] for ref, key in list(pairs)[: bulk.MOST]}


def _still(store: Session, keys: Mapping[str, str]) -> tuple[Chosen | None, list[Any]]:
    """What of it is still open, nothing if all of it is done by now; and each of them that may be named."""
    try:
        chosen = bulk.choose(store, list(keys), session.actor())
    except bulk.NothingInBulk as none:
        return None, [row for row, _code in none.detail["left_out"] if row is not None]
    return chosen, [*chosen.items, *(row for row, _code in chosen.left_out if row is not None)]


def _why(store: Session, no: Refused | None) -> str:
    """In words; whoever took it meanwhile is named."""
    if isinstance(no, Taken) and no.detail.get("held_by"):
        who = people.name_of(store, [no.detail["held_by"]])[no.detail["held_by"]]
        return codes.sentence("distribution.taken", {"name": pick(who.name, who.name_en)})
    return codes.sentence(no.code, no.detail) if no else ""


def _page(
    store: Session,
    ticked: Sequence[str],
    keys: Mapping[str, str],
    raw: Mapping[str, Any],
    found: Sequence[Problem] = (),
) -> str:
    """The form for what was ticked; what has a key already keeps it."""
    chosen = bulk.choose(store, ticked, session.actor())
    keys = {row.ref: keys.get(row.ref) or ids.ref() for row in chosen.items}
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
        others=[ref for ref in ticked if ref not in keys],
        back=listing.back_to(request.form.get("back") or request.form.get("_back")),
    )
