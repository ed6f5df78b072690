"""Beginning a matter of a process that owners have drawn: whoever holds one of the roles that it names may do so."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, request
from werkzeug.wrappers import Response as Answer

from engine import cases, definitions
from engine.folders import Folder
from ground import clock, ids
from ground.database import Session, reading
from ground.errors import Missing
from ground.people import Actor, Held
from web.door import begun, said, session
from web.reviewer import completing
from web.reviewer.blueprint import desk

BEGUN_BY = "begun_by"
LONGEST = 120


@dataclass(frozen=True)
class Possible:
    """A process that this person may begin, and as whom."""

    key: str
    folder: Folder
    held: Held


@desk.get("/matters/new")
def new_matter() -> str:
    """Every process that this person may begin."""
    with reading() as store:
        found = list(_possible(store, session.actor()))
    return render_template("reviewer/pages/matters.html", found=found, key=ids.ref())


@desk.post("/matters")
def begin_matter() -> Answer:
    """Begin, and open the first task at once, if it is one's own."""
    me, wanted = session.actor(), request.form.get("process", "")
    with reading() as store:
        one = next((each for each in _possible(store, me) if each.key == wanted), None)
    if one is None:
        raise Missing(process=wanted)
    started = cases.start(
        one.key,
        subject=f"matter:{ids.ref()}",
        region=one.held.region,
        organ=one.held.organ_id,
        title=request.form.get("title", "").strip()[:LONGEST] or str(one.folder.facts["name"]),
        by=me,
        key=completing.key(),
        received_at=clock.now(),
    )
    answer = begun.opened(started)
    said.tell(answer, "application.begun", number=started.number)
    return answer


def _possible(store: Session, by: Actor) -> Iterator[Possible]:
    for row in definitions.processes(store):
        folder = definitions.folder(store, row.version_id)
        roles = folder.facts.get(BEGUN_BY, ())
        held = next((each for each in by.held if each.role in roles), None)
        if held is not None:
            yield Possible(row.key, folder, held)
