"""One act on many cases: chosen from a list with ticks or all that the filters find, looked at first, run as a job."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import definitions
from ground import clock, grants, ids, organs, people
from ground.database import Session, reading
from ground.people import Actor, role_key
from tasks import pushes, pushing
from tasks.pushing import Filters, Order
from web.door import session
from web.door.language import _, pick, within
from web.door.rights import Desk, Place, Route
from web.pushes import heading
from web.pushes.blueprint import desk
from web.pushes.told import CODES, TOLD
from web.reviewer import naming
from web.words import codes
from web.words.catalogue import N_

ROWS, LONGEST, REFS, REF, REASON, KEY = 100, 120, 20_000, 12, 600, 60
ACTS: Mapping[str, str] = {
    pushing.URGE: N_("催办"),
    pushing.REASSIGN: N_("改派"),
    pushing.EXTEND: N_("延期"),
    pushing.SUSPEND: N_("中止办理"),
    pushing.RESUME: N_("恢复办理"),
    pushing.RETRY: N_("重试"),
}
STATES: Mapping[str, tuple[str, str]] = {
    pushes.DONE: (N_("已处理"), "green"),
    pushes.REFUSED: (N_("未处理"), "amber"),
    pushes.WAITING: (N_("等待处理"), ""),
}


@desk.get("/pushes/new")
def choose() -> str:
    """The open cases in sight, with ticks; the filters stand in the address, and `ref` names cases to begin with."""
    me, filters = session.actor(), _filters(request.args)
    with reading() as store:
        rows = pushing.listed(store, me, filters, pushes.MOST + 1)
        kept = {name: value for name, value in asdict(filters).items() if value}
        chosen = set(request.args.getlist("ref")[: pushes.MOST])
        shown = sorted(rows, key=lambda row: row.case_ref not in chosen)[:ROWS]
        return render_template(
            "pushes/pages/choose.html",
            rows=shown,
            count=len(rows),
            most=pushes.MOST,
            called=naming.of_rows(store, shown),
            chosen=chosen,
            filters=filters,
            kept=kept,
            processes=_processes(store),
            cities=_cities(store, me),
            acts=_acts(me),
            persons=_persons(store, me),
            organs=_organs(store, me, filters),
            may_give=_may_give(me),
            key=ids.ref(),
        )


@desk.post("/pushes/preview")
def preview() -> str:
    """Of each chosen case whether it goes, and why not."""
    me, order = session.actor(), _order()
    with reading() as store:
        found = pushes.preview(store, _refs(store, me), order, me, clock.now())
        rows = [each.row for each in found]
        goes, stays = [each for each in found if not each.why], [each for each in found if each.why]
        return render_template(
            "pushes/pages/preview.html",
            goes=goes,
            stays=stays,
            shown=pushes.SHOWN,
            called=naming.of_rows(store, rows),
            act=_(ACTS[order.act]),
            why={each.row.case_ref: codes.sentence(each.why, each.facts) for each in stays},
            to=_given(store, order),
            days=order.terms.get("days"),
            sent={name: request.form.get(name, "") for name in ("act", "to", "days")},
            reason=request.form.get("reason", "")[:REASON],
            refs=" ".join(row.case_ref for row in rows),
            key=request.form.get("_key", "")[:KEY] or ids.ref(),
        )


@desk.post("/pushes")
def start() -> Answer:
    """Do it, as a job; the next page shows how far it is."""
    me = session.actor()
    with reading() as store:
        chosen = _refs(store, me)
    key, reason = request.form.get("_key", "")[:KEY], request.form.get("reason", "")[:REASON]
    ref = pushes.start(chosen, _order(), by=me, reason=reason, key=key)
    return redirect(url_for("pushes.one", ref=ref), 303)


@desk.get("/pushes")
def listed() -> str:
    """This person's own bulk acts."""
    with reading() as store:
        return render_template("pushes/pages/listed.html", rows=pushes.listed(store, session.actor()), acts=ACTS)


@desk.get("/pushes/<ref>")
def one(ref: str) -> str:
    """How far one is, and what became of each case."""
    me = session.actor()
    state = request.args.get("state", "")
    with reading() as store:
        found = pushes.progress(store, ref, me)
        items = pushes.items(store, found.row.id, me, state if state in STATES else "")
        refused = [row for row in items if row.state == pushes.REFUSED]
        return render_template(
            "pushes/pages/one.html",
            found=found,
            row=found.row,
            act=_(ACTS[found.row.act]),
            items=items,
            called=naming.of_rows(store, items),
            states=STATES,
            why={row.case_ref: codes.sentence(row.detail["why"], row.detail["facts"]) for row in refused},
            shown=pushes.SHOWN,
        )


def _refs(store: Session, me: Actor) -> Sequence[str]:
    """The ticked cases; all that the filters find, if that was asked for; or those that a preview has shown."""
    if request.form.get("all"):
        return [row.case_ref for row in pushing.listed(store, me, _filters(request.form), pushes.MOST + 1)]
    if listed := request.form.get("cases", "")[:REFS]:
        return listed.split()
    return [each[:REF] for each in request.form.getlist("case")]


def _filters(given: Mapping[str, str]) -> Filters:
    return Filters(**{name: given.get(name, "").strip()[:LONGEST] for name in Filters.__dataclass_fields__})


def _order() -> Order:
    act = request.form.get("act", "")
    kind, _colon, chosen = request.form.get("to", "").partition(":")
    if act == pushing.REASSIGN:
        return Order(act, {kind: chosen[:REF]} if kind in {"person", "organ"} and chosen else {})
    return Order(act, {"days": heading.days()} if act == pushing.EXTEND else {})


def _acts(me: Actor) -> list[tuple[str, str]]:
    return [(act, _(words)) for act, words in ACTS.items() if any(me.has(role) for role in pushing.RIGHTS[act])]


def _may_give(me: Actor) -> bool:
    return any(me.has(role) for role in pushing.HEADS)


def _persons(store: Session, me: Actor) -> list[tuple[str, str]]:
    """Everybody of this head's own organs who holds a role in it, each with what they are there."""
    found: dict[str, str] = {}
    today = clock.today()
    for held in me.held:
        if held.role in pushing.HEADS:
            for role in grants.ROLES:
                for each in people.holders(store, role_key(role, held.organ_id), today):
                    found.setdefault(each.ref, pick(each.name, each.name_en))
    return sorted(found.items(), key=lambda one: one[1])


def _organs(store: Session, me: Actor, filters: Filters) -> list[tuple[str, str]]:
    """The city authorities to which what waits for an organ that has ended may go."""
    if not _may_give(me):
        return []
    kinds = {"city", "county"} if filters.left else {"city"}
    return [
        (each.ref, pick(each.name, each.name_en)) for each in organs.acting(store, clock.today()) if each.kind in kinds
    ]


def _given(store: Session, order: Order) -> str:
    """Whom it is given to, by name."""
    if order.to.organ:
        body = organs.by_ref(store, order.to.organ)
        return pick(body.name, body.name_en)
    known = dict(_persons(store, session.actor()))
    return known.get(order.to.person, "")


def _processes(store: Session) -> list[tuple[str, str]]:
    found = []
    for row in definitions.processes(store):
        folder = definitions.folder(store, row.version_id)
        found.append((row.key, within(folder.words, str(folder.facts["name"]))))
    return sorted(found, key=lambda one: one[1])


def _cities(store: Session, _me: Actor) -> list[tuple[str, str]]:
    acting = [each for each in organs.acting(store, clock.today()) if each.kind == "city"]
    return [(each.region[:4], pick(each.name, each.name_en)) for each in acting]


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("pushes.choose", "GET", pushing.WHO),
        Route("pushes.preview", "POST", pushing.WHO),
        Route("pushes.start", "POST", pushing.WHO),
        Route("pushes.listed", "GET", pushing.WHO),
        Route("pushes.one", "GET", pushing.WHO),
        *heading.ROUTES,
    ),
    places=(Place("pushes.choose", N_("批量推动"), 71),),
    codes=CODES,
    told=TOLD,
)
