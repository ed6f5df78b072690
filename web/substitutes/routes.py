"""My substitutes and those whom I stand in for, on one page; everybody's for whoever gives roles and whoever audits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import definitions
from ground import clock, regions, substitutes
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused
from ground.grants import LENDABLE
from ground.numerals import whole
from ground.people import Name
from ground.substitutes import Wish
from tasks import lapses, standing_in
from web.door import said, session
from web.door.language import pick, within
from web.door.noting import note
from web.door.rights import SIGNED_IN, Desk, Place, Route
from web.words.catalogue import N_

LONGEST = 60
FIELDS = ("who", "valid_from", "valid_to", "process", "region")

desk = Blueprint("substitutes", __name__)


@desk.get("/substitutes")
def mine() -> str:
    """Whom I have named, for whom I was named, and the form to name somebody."""
    return _page({"valid_from": clock.today().isoformat()})


@desk.post("/substitutes")
def name() -> Answer:
    """Name a substitute; what was refused keeps what was typed."""
    typed = {field: request.form.get(field, "")[:LONGEST] for field in FIELDS}
    try:
        with transaction() as store:
            standing_in.name(store, session.actor(), _wish(store, typed), clock.now())
    except Refused as no:
        return make_response(_page(typed, no), no.status)
    note("substitution.named", " ".join(typed.values()))
    return _done("substitution.named")


@desk.post("/substitutes/<ref>/end")
def end(ref: str) -> Answer:
    """It ends now, and what the substitute held for the principal waits in its queue again."""
    with transaction() as store:
        substitutes.end(store, session.actor(), ref, clock.now())
        lapses.give_back(store, clock.now())
    note("substitution.ended", ref)
    return _done("substitution.ended")


@desk.get("/substitutes/all")
def everybody() -> str:
    """Every substitution, the newest first."""
    with reading() as store:
        rows = substitutes.listed(store, session.actor())
        return render_template("substitutes/pages/all.html", rows=rows, most=substitutes.MOST_LISTED, **_named(store))


def _page(typed: Mapping[str, str], problem: Refused | None = None) -> str:
    me = session.actor()
    with reading() as store:
        rows = substitutes.of(store, me)
        bodies = {held.organ_id: pick(held.organ_name, held.organ_name_en) for held in me.held}
        found = substitutes.candidates(store, me, clock.today())
        return render_template(
            "substitutes/pages/mine.html",
            named=[row for row in rows if row.principal_id == me.person],
            serving=[row for row in rows if row.substitute_id == me.person],
            choices=[
                (f"{organ}:{who.ref}", _called(who, bodies[organ], several=len(bodies) > 1)) for organ, who in found
            ],
            may_name=any(held.role in LENDABLE for held in me.held),
            typed=typed,
            problem=problem,
            **_named(store),
        )


def _called(who: Name, organ: str, *, several: bool) -> str:
    return pick(who.name, who.name_en) + (f" · {organ}" if several else "")


def _named(store: Session) -> dict[str, Any]:
    """The names of processes and of the regions that one may be narrowed to."""
    processes = {}
    for row in definitions.processes(store):
        folder = definitions.folder(store, row.version_id)
        processes[str(row.key)] = within(folder.words, str(folder.facts["name"]))
    cities = {place.code: pick(place.name, place.name_en) for place in regions.listed(store, "city", regions.PROVINCE)}
    return {"processes": processes, "cities": cities}


def _wish(store: Session, typed: Mapping[str, str]) -> Wish:
    """What was chosen; a value that no choice offers is Missing."""
    organ, _, person = typed["who"].partition(":")
    named = _named(store)
    for field, known in (("process", named["processes"]), ("region", named["cities"])):
        if typed[field] and typed[field] not in known:
            raise Missing(**{field: typed[field]})
    number = whole(organ)
    if number is None:
        raise Missing(organ=organ)
    first, last = _day(typed["valid_from"]), _day(typed["valid_to"])
    return Wish(person, number, first, last, typed["process"], typed["region"])


def _day(text: str) -> date:
    """A day as browsers send it; one that is none lies before every other."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _done(code: str) -> Answer:
    answer: Answer = redirect(url_for("substitutes.mine"), 303)
    said.tell(answer, code)
    return answer


CODES = {
    "substitution.named": N_("委托已登记，到期自动结束。"),
    "substitution.ended": N_("委托已结束。"),
}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("substitutes.mine", "GET", SIGNED_IN),
        Route("substitutes.name", "POST", SIGNED_IN),
        Route("substitutes.end", "POST", SIGNED_IN),
        Route("substitutes.everybody", "GET", frozenset(substitutes.READERS)),
    ),
    places=(Place("substitutes.everybody", N_("委托代理"), 92),),
    codes=CODES,
)
