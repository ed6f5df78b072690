"""Site visits that are planned and not recorded: who goes where and when, and whose record is missing."""

from flask import render_template

from bases.review import visit
from ground import clock
from ground.database import reading
from web.office.blueprint import desk


@desk.get("/office/visits")
def trips() -> str:
    """The visits, the first to end on top; a missing record is marked."""
    with reading() as store:
        found = visit.unrecorded(store, clock.today())
    return render_template("office/pages/trips.html", found=found)
