"""Lists of commendations, of recommendations with their funnel, and of yearly rounds; an officer begins a circular."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.filing import yearly_review
from bases.register import base
from bases.verdicts import commendation, recommendation
from ground import clock, ids, regions
from ground.database import reading
from ground.errors import Missing
from ground.numerals import whole
from web.door import session
from web.door.rights import Desk, Place, Route
from web.honours import names
from web.honours.told import TOLD
from web.words.catalogue import N_

OFFICERS = frozenset({commendation.OFFICER})
READERS = base.EVERYWHERE | base.IN_THE_CITY
KEY_LENGTH, YEAR_LENGTH = 60, 4

desk = Blueprint("honours", __name__)


@desk.get("/honours")
def listed() -> str:
    """The register of commendations; an officer begins the circular of a year that has results."""
    with reading() as store:
        return render_template(
            "honours/pages/commendations.html",
            found=commendation.every(store),
            years=commendation.years(store) if session.actor().has(commendation.OFFICER) else [],
            inside=_inside(),
            key=ids.ref(),
        )


@desk.post("/honours")
def begin() -> Answer:
    """Begin the circular of one year."""
    year = whole(request.form.get("year", ""), YEAR_LENGTH)
    if year is None:
        raise Missing(year=request.form.get("year", ""))
    key = request.form.get("_key", "")[:KEY_LENGTH]
    started = commendation.start(year, by=session.actor(), key=key)
    return redirect(url_for("reviewer.case", ref=started.ref), 303)


@desk.get("/honours/recommendations")
def recommendations() -> str:
    """G-2: recommended, approved, not approved; and every base that was put forward."""
    with reading() as store:
        return render_template(
            "honours/pages/recommendations.html",
            found=recommendation.every(store),
            funnel=recommendation.funnel(store),
            inside=True,
            say=names,
        )


@desk.get("/honours/reviews")
def reviews() -> str:
    """S-1.4: every round of a year, and how far the plan items of each base are; a city sees its own."""
    chosen = whole(request.args.get("year", ""), YEAR_LENGTH) or clock.today().year
    cities = None if _inside() else [held.region for held in session.actor().held if held.role in base.IN_THE_CITY]
    with reading() as store:
        found = yearly_review.of_year(store, chosen, cities)
        return render_template(
            "honours/pages/reviews.html",
            found=found,
            counts=yearly_review.plan_counts(store, chosen),
            towns=regions.named(store, {one.city for one in found if one.city}) if found else {},
            year=chosen,
            inside=_inside(),
            say=names,
        )


def _inside() -> bool:
    return any(held.role in base.EVERYWHERE for held in session.actor().held)


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("honours.listed", "GET", READERS),
        Route("honours.begin", "POST", OFFICERS),
        Route("honours.recommendations", "GET", base.EVERYWHERE),
        Route("honours.reviews", "GET", READERS),
    ),
    places=(Place("honours.listed", N_("表扬和推荐"), 69),),
    told=TOLD,
)
