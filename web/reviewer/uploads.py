"""Files come in ahead of a form or with it, and go out as attachments or, to look at, sealed off from our pages."""

from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from engine import cases
from engine.forms import Problem
from ground import clock, files
from ground.database import reading, transaction
from ground.errors import Missing, Refused
from ground.files import StoredFile
from ground.people import Actor
from web.door import outgoing, session
from web.fields import around, typed as sent_by
from web.reviewer.blueprint import desk


class NoFile(Refused):
    """The request brought no file."""

    code = "file.none"
    status = 400


@desk.post("/files")
def upload() -> tuple[dict[str, Any], int]:
    """Keep one file; it is its sender's alone until a form that names it is sent."""
    sent = request.files.get("file")
    if sent is None:
        raise NoFile
    kept = _store(sent, session.actor())
    shown = around.StoredFile(kept.ref, kept.name, kept.size, kept.media_type)
    return {"ref": kept.ref, "name": kept.name, "weight": shown.weight, "media_type": kept.media_type}, 201


@desk.get("/files/<ref>")
def download(ref: str) -> Response:
    """The file, to keep."""
    return _sent(ref, inline=False)


@desk.get("/files/<ref>/view")
def view(ref: str) -> Response:
    """The file, to look at beside a form; only kinds that our own viewer shows."""
    return _sent(ref, inline=True)


def take_along(raw: dict[str, Any], by: Actor) -> list[Problem]:
    """Keep the files that came with a form and put their refs into its answers; what is refused stands at its field."""
    found = []
    for name, sent in request.files.items(multi=True):
        path, many = sent_by.file_field(name)
        if not path or not sent.filename:
            continue
        try:
            kept = _store(sent, by)
        except Refused as refusal:
            found.append(Problem(path, refusal.code, refusal.detail))
            continue
        sent_by.attach(raw, path, [kept.ref], many=many)
    return found


def _store(sent: FileStorage, by: Actor) -> StoredFile:
    """The bytes are judged before the transaction, so that a slow upload holds nobody up."""
    received = files.receive(sent.stream, sent.filename or "")
    with transaction() as store:
        return files.record(store, received, by, clock.now())


def _sent(ref: str, *, inline: bool) -> Response:
    with reading() as store:
        row, me = files.find(store, ref), session.actor()
        if row.by_person != me.person and not cases.may_open(store, ref, me):
            raise Missing(file=ref)
    seen = inline and row.media_type in around.SEEN
    kind = row.media_type if seen else outgoing.TO_KEEP
    return outgoing.file(files.open_file(row), row.name, row.sha256, kind, shown=seen)
