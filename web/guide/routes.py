"""The page 帮助, and putting the cards of the demo away or back on its first page."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from web.door.rights import PUBLIC, Desk, Place, Route
from web.guide.ten_minutes import COOKIE, HIDDEN, put_away, ten_minutes
from web.words.catalogue import N_

YEAR = 365 * 24 * 3600

desk = Blueprint("guide", __name__)
cards = Blueprint("guide_cards", __name__)


@desk.get("/help")
def page() -> str:
    """How the pages work, for whoever is here."""
    demo = current_app.extensions["settings"].mode == "demo"
    shown = ten_minutes(always=True) if demo else []
    return render_template("guide/pages/help.html", cards=shown, hidden=put_away())


@cards.post("/demo/guide")
def show() -> Answer:
    """Put the cards away, or back on the first page."""
    answer = redirect(url_for("people.sign_in"), 303)
    if request.form.get("show") == "no":
        answer.set_cookie(COOKIE, HIDDEN, max_age=YEAR, httponly=True, samesite="Lax")
    else:
        answer.delete_cookie(COOKIE)
    return answer


DESK = Desk(
    blueprint=desk,
    routes=(Route("guide.page", "GET", PUBLIC),),
    places=(Place("guide.page", N_("帮助"), 190),),
)
CARDS = Desk(blueprint=cards, routes=(Route("guide_cards.show", "POST", PUBLIC),))
