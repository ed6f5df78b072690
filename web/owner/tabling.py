"""A decision table of a draft in the table editor: opened, kept as it is changed, with what the check says of it."""

from typing import Any

from flask import Response, jsonify, make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from engine import decisions
from engine.decisions import editing
from engine.definitions import drafts
from engine.definitions.drafts import Working
from ground import clock
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused
from web.door import session
from web.door.language import within
from web.door.rights import Route
from web.owner import drafting, tables
from web.owner.blueprint import desk

TABLE = ".dmn"


@desk.get("/processes/<key>/draft/tables/<path:path>")
def table_editor(key: str, path: str) -> Answer:
    """The editor, for a file that is a table."""
    with reading() as store:
        working, body = _table(store, key, path)
        told = _told(store, working, path)
    page = render_template(
        "owner/pages/table_editor.html",
        key=key,
        path=path,
        rev=working.row.rev,
        facts=drafting.facts_of(working),
        name=within(drafting.read(working.parts.get("texts/en.json")), _name(body)),
        told=told,
        older=editing.version(body) if editing.for_editor(body) != body else "",
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = drafting.STYLED
    return answer


@desk.get("/processes/<key>/draft/files/<path:path>")
def draft_table(key: str, path: str) -> Response:
    """The table's file with the state of the draft as its ETag: as the editor opens it, or `stored` as it stands."""
    with reading() as store:
        working, body = _table(store, key, path)
    answer = make_response(body if "stored" in request.args else editing.for_editor(body))
    answer.content_type = drafting.DIAGRAM
    answer.set_etag(str(working.row.rev))
    return answer


@desk.put("/processes/<key>/draft/files/<path:path>")
def save_table(key: str, path: str) -> Response:
    """Keep the table, if nobody else has changed the draft since; what the check says of it comes back."""
    body, by = request.get_data(), session.actor()
    with transaction() as store:
        _table(store, key, path)
        rev = drafts.save(store, key, {path: body}, seen=drafting.seen(), by=by, now=clock.now())
    with reading() as store:
        told = _told(store, drafts.look(store, key, by), path)
    return jsonify(rev=rev, saved_at=clock.now().isoformat(), **told)


def _table(store: Session, key: str, path: str) -> tuple[Working, bytes]:
    working = drafts.look(store, key, session.actor())
    body = working.parts.get(path)
    if body is None or not path.endswith(TABLE):
        raise Missing(part=path)
    return working, body


def _told(store: Session, working: Working, path: str) -> dict[str, Any]:
    """What the check says of this file, and the values that no row of it answers."""
    found = [each for each in drafting.checked(store, working) if each["part"] == path]
    try:
        gaps = tables.gaps(decisions.load(working.parts[path]))
    except Refused:
        gaps = []
    return {"findings": found, "gaps": gaps}


def _name(body: bytes) -> str:
    try:
        return editing.grid(body).name
    except Refused:
        return ""


ROUTES = (
    Route("owner.table_editor", "GET", drafting.OWNERS),
    Route("owner.draft_table", "GET", drafting.OWNERS),
    Route("owner.save_table", "PUT", drafting.OWNERS, body=drafting.MEGABYTE),
)
