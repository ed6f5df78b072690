"""The list of campaigns and the board of one: where its bases stand, for how long, and what is decided of them."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.register import base
from bases.verdicts import assessed, campaign
from ground import clock, ids
from ground.database import reading
from ground.errors import Missing
from web.campaigns import names
from web.campaigns.told import TOLD
from web.door import session
from web.door.rights import Desk, Place, Route
from web.words.catalogue import N_

OFFICERS = frozenset({campaign.OFFICER})
OFFICE = OFFICERS | {"prov_checker", "prov_division_head", "prov_leader", "prov_office"}
CITY = base.IN_THE_CITY
KEY_LENGTH = 60

desk = Blueprint("campaigns", __name__)


@desk.get("/campaigns")
def listed() -> str:
    """Every campaign with its days and how many bases it assesses; a city sees those that are open or closed."""
    me = session.actor()
    inside = any(me.has(role) for role in OFFICE)
    with reading() as store:
        found = campaign.every(store) if inside else campaign.opened(store)
    return render_template(
        "campaigns/pages/listed.html",
        campaigns=found,
        states=names.STATES,
        board="campaigns.board" if inside else "campaigns.city",
        may_begin=me.has(campaign.OFFICER),
        key=ids.ref(),
    )


@desk.post("/campaigns")
def begin() -> Answer:
    """Begin a campaign; its first task says what it is."""
    started = campaign.begin(by=session.actor(), key=request.form.get("_key", "")[:KEY_LENGTH])
    return redirect(url_for("reviewer.case", ref=started.ref), 303)


@desk.get("/campaigns/<ref>")
def board(ref: str) -> str:
    """One campaign: how many stand where and for how long, every base, every city, who leaves beside the number."""
    with reading() as store:
        found = campaign.by_ref(store, ref)
        shown = assessed.of(store, found, clock.now())
    return render_template("campaigns/pages/board.html", campaign=found, board=shown, inside=True, say=names)


@desk.get("/campaigns/<ref>/city")
def city(ref: str) -> str:
    """What a city sees of a campaign: its own bases, and of the others how many there are; of none a score."""
    own = {held.region for held in session.actor().held if held.role in CITY}
    with reading() as store:
        found = campaign.by_ref(store, ref)
        if found.state == campaign.DRAFT:
            raise Missing(campaign=ref)
        shown = assessed.of(store, found, clock.now(), cities=own)
    return render_template("campaigns/pages/board.html", campaign=found, board=shown, inside=False, say=names)


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("campaigns.listed", "GET", OFFICE | CITY),
        Route("campaigns.begin", "POST", OFFICERS),
        Route("campaigns.board", "GET", OFFICE),
        Route("campaigns.city", "GET", CITY),
    ),
    places=(Place("campaigns.listed", N_("年度考核"), 56),),
    told=TOLD,
)
