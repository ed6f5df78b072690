"""Reading the processes: which there are, how each version is drawn, and what every step of it rests on."""

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, make_response, render_template
from sqlalchemy import Row as Record

from engine import definitions
from engine.cases import case
from engine.definitions import drafts
from engine.definitions.drafts import OWNER
from ground import clock, parameters
from ground.database import Session, reading
from ground.errors import Missing
from web.door import session as door
from web.door.rights import SIGNED_IN, Desk, Place, Route
from web.owner import (
    bundling,
    drafting,
    files,
    forming,
    founding,
    migrating,
    printing,
    proposing,
    proving,
    replaying,
    steps,
    tables,
    tabling,
    trying,
)
from web.owner.blueprint import desk
from web.words.catalogue import N_
from web.words.roles import ROLES

DIAGRAM = "application/xml"
FOREVER = "private, max-age=31536000, immutable"  # a version never changes


@desk.get("/processes")
def processes() -> str:
    """Every process with the version that new cases start on, and how many cases run."""
    with reading() as session:
        counts = case.running(session)
        rows = [
            (row, definitions.folder(session, row.version_id), counts.get(row.version_id, 0))
            for row in definitions.processes(session)
        ]
    return render_template("owner/pages/processes.html", rows=rows, owner=door.actor().has(OWNER))


@desk.get("/processes/<key>")
def process(key: str) -> str:
    """The version that new cases start on."""
    with reading() as session:
        number = next((row.number for row in definitions.processes(session) if row.key == key), None)
        if number is None:
            raise Missing(process=key)
        return _page(session, key, number)


@desk.get("/processes/<key>/versions/<int:number>")
def version(key: str, number: int) -> str:
    """One version, as it was and stays."""
    with reading() as session:
        return _page(session, key, number)


@desk.get("/processes/<key>/versions/<int:number>/diagram.bpmn")
def diagram(key: str, number: int) -> Response:
    """The diagram's file, as it was published."""
    with reading() as session:
        folder = definitions.folder(session, _version(session, key, number).id)
    answer = make_response(folder.parts[folder.facts["diagram"]])
    answer.content_type = DIAGRAM
    answer.headers["Cache-Control"] = FOREVER
    return answer


@desk.get("/processes/<key>/versions/<int:number>/words.json")
def words(key: str, number: int) -> Response:
    """The English of the diagram's names, as far as the folder brings it."""
    with reading() as session:
        folder = definitions.folder(session, _version(session, key, number).id)
    answer = jsonify(dict(folder.words))
    answer.headers["Cache-Control"] = FOREVER
    return answer


def _page(session: Session, key: str, number: int) -> str:
    versions = definitions.versions(session, key)
    shown = _numbered(versions, key, number)
    folder = definitions.shown(session, shown.id)
    terms = {each.key: each for each in parameters.listed(session, clock.today())}
    counts = case.running(session)
    by = door.actor()
    owner = by.has(OWNER)
    return render_template(
        "owner/pages/process.html",
        key=key,
        owner=owner,
        draft=drafts.opened(session, key, by) if owner else None,
        version=shown,
        versions=[(each, counts.get(each.id, 0)) for each in versions],
        folder=folder,
        lines=steps.lines(folder, terms),
        tables=tables.tables(folder),
        roles=ROLES,
        states=proposing.STATES,
    )


def _version(session: Session, key: str, number: int) -> Record[Any]:
    return _numbered(definitions.versions(session, key), key, number)


def _numbered(versions: Sequence[Record[Any]], key: str, number: int) -> Record[Any]:
    found = next((each for each in versions if each.number == number), None)
    if found is None:
        raise Missing(process=key, version=number)
    return found


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("owner.processes", "GET", SIGNED_IN),
        Route("owner.process", "GET", SIGNED_IN),
        Route("owner.version", "GET", SIGNED_IN),
        Route("owner.diagram", "GET", SIGNED_IN),
        Route("owner.words", "GET", SIGNED_IN),
        *drafting.ROUTES,
        *proposing.ROUTES,
        *trying.ROUTES,
        *proving.ROUTES,
        *migrating.ROUTES,
        *founding.ROUTES,
        *files.ROUTES,
        *forming.ROUTES,
        *tabling.ROUTES,
        *bundling.ROUTES,
        *printing.ROUTES,
        *replaying.ROUTES,
    ),
    places=(Place("owner.processes", N_("办理流程"), 100), Place("owner.waiting", N_("流程修改"), 33)),
    codes={
        **proposing.CODES,
        **trying.CODES,
        **proving.CODES,
        **founding.CODES,
        **files.CODES,
        **forming.CODES,
        **bundling.CODES,
        **printing.CODES,
    },
)
