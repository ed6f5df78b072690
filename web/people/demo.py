"""Only in the demo: enter as anybody, and move the clock."""

from datetime import timedelta

from flask import Blueprint, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from ground import clock
from ground.database import reading
from ground.errors import Missing
from ground.people import Person
from tasks import demo_clock
from web.door import said
from web.door.back import safe
from web.door.rights import PUBLIC, Desk, Route
from web.people.admission import admit
from web.words import dates

STANDSTILL = timedelta(seconds=30)  # the clock also runs by itself while a request is answered

desk = Blueprint("demo", __name__)


@desk.post("/demo/persons/<ref>/session")
def enter(ref: str) -> Answer:
    """Be this person from here on."""
    with reading() as session:
        found = session.execute(select(Person.id).where(Person.ref == ref, Person.active)).one_or_none()
    if found is None:
        raise Missing(person=ref)
    return admit(found.id, safe(request.form.get("back")))


@desk.post("/demo/clock")
def move() -> Answer:
    """A working day on, or to the next instant at which something is due."""
    before = clock.now()
    if request.form.get("to") == "deadline":
        demo_clock.to_next_deadline()
    else:
        demo_clock.advance_working_day()
    answer: Answer = redirect(safe(request.form.get("back")), 303)
    if clock.now() - before > STANDSTILL:
        said.tell(answer, "demo.moved", moment=dates.moment(clock.now()))
    else:
        said.tell(answer, "demo.no_deadline")
    return answer


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("demo.enter", "POST", PUBLIC),
        Route("demo.move", "POST", PUBLIC),
    ),
)
