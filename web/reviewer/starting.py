"""Beginning an application: for which of one's own bases, and back to the one that is under way."""

from flask import render_template, request
from werkzeug.wrappers import Response as Answer

from bases.verdicts import application
from ground import clock, ids, regions
from ground.database import reading
from web.door import begun, said, session
from web.reviewer import completing
from web.reviewer.blueprint import desk

REF_LENGTH = 12


@desk.get("/applications/new")
def new() -> str:
    """The bases that this person fills in for, each with what can be done."""
    with reading() as store:
        found = application.prospects(store, session.actor())
        codes = {code for one in found for code in (one.base.city, one.base.county) if code}
        places = regions.named(store, codes) if codes else {}
    return render_template("reviewer/pages/new.html", prospects=found, where=places, key=ids.ref())


@desk.post("/applications")
def begin() -> Answer:
    """Begin, and open the first task at once, claimed: whoever begins means to fill it in."""
    me = session.actor()
    base = request.form.get("base", "")[:REF_LENGTH]
    started = application.begin(base, by=me, key=completing.key(), received_at=clock.now())
    answer = begun.opened(started)
    said.tell(answer, "application.begun", number=started.number)
    return answer
