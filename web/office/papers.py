"""Documents: the desk with its boxes, the list, one document with its versions and prints, and beginning one."""

import re
from io import BytesIO
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.documents import beginning, desk as papers, disclosure, document, press, receipts, signature, templates, word
from engine import definitions
from ground import clock, files, ids, people
from ground.database import Session, reading, transaction
from ground.errors import Missing
from ground.files import names as file_names
from web.door import begun, outgoing, said, session
from web.office import names, trail
from web.office.blueprint import desk

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST_QUERY = 60
VERSION = re.compile(r"[1-9][0-9]{0,3}")


@desk.get("/office")
def boxes() -> str:
    """What waits for the office, what nobody has signed for, and what is still to be disclosed."""
    with reading() as store:
        waiting = papers.boxes(store)
        unread = papers.unread(store)
        undisclosed = papers.undisclosed(store)
    today = clock.today()
    return render_template(
        "office/pages/boxes.html",
        boxes=waiting,
        unread=unread,
        undisclosed=[(row, row.disclosure_due < today) for row in undisclosed],
        say=names.ALL,
    )


@desk.get("/documents")
def listed() -> str:
    """The newest documents, those under way, or those that hold what is looked for."""
    q, under_way = request.args.get("q", "")[:LONGEST_QUERY], request.args.get("state") == "under_way"
    with reading() as store:
        found = papers.listed(store, q, under_way=under_way)
    return render_template("office/pages/documents.html", found=found, q=q, say=names.ALL)


@desk.get("/documents/new")
def new() -> str:
    """The kinds of document that one may begin."""
    with reading() as store:
        version = definitions.current(store, templates.PROCESS).version_id
        kinds = templates.every(definitions.folder(store, version))
    return render_template("office/pages/new.html", kinds=kinds, key=ids.ref())


@desk.post("/documents")
def begin() -> Answer:
    """Begin one, and open its draft at once, claimed."""
    me, kind, key = session.actor(), request.form.get("kind", "")[:60], request.form.get("_key", "")[:60] or ids.ref()
    started = beginning.begin(kind, by=me, key=key)
    answer = begun.opened(started)
    said.tell(answer, "document.begun", number=started.number)
    return answer


@desk.get("/documents/<ref>")
def one(ref: str) -> str:
    """One document: as it stands, who signed, its versions, its receipts."""
    me = session.actor()
    with reading() as store:
        row = papers.look(store, ref, me)
        inside = papers.is_inside(me)
        case = papers.case_of(store, row) if inside else None
        unread = request.args.get("unread") == "1"
        return render_template(
            "office/pages/document.html",
            row=row,
            whole=document.whole(store, row),
            inside=inside,
            unread=unread,
            case=case,
            acts=trail.of(store, row, case.ref, me) if case else [],
            draft=document.is_draft(row),
            versions=_versions(store, row) if inside else [],
            signatures=signature.of_case(store, row.case_id) if inside and row.signed_how == "paper" else [],
            every=(every := receipts.of_document(store, row.id) if inside else []),
            receipts=[each for each in every if not (unread and each.received_at)],
            own={held.organ_id for held in me.held},
            clerk=me.has("prov_office"),
            say=names.ALL,
        )


@desk.get("/documents/<ref>/document.pdf")
def pdf(ref: str) -> Response:
    """The pages of the newest version, or of an older one; what is not sealed says so on each of them."""
    row, whole, draft = _printed(ref)
    return outgoing.file(BytesIO(press.pdf(whole, draft=draft)), _file_name(row, "pdf"), row.digest, PDF)


@desk.get("/documents/<ref>/document.docx")
def docx(ref: str) -> Response:
    """The same as a file to go on working on."""
    row, whole, draft = _printed(ref)
    return outgoing.file(BytesIO(word.docx(whole, draft=draft)), _file_name(row, "docx"), row.digest, DOCX)


@desk.get("/documents/<ref>/final")
def final(ref: str) -> Response:
    """The final file: the PDF that came with the number, or the print that was made at the issue."""
    with reading() as store:
        row = papers.look(store, ref, session.actor())
        return send_final(store, row)


@desk.post("/documents/<ref>/publication")
def publish(ref: str) -> Answer:
    """Put a document on the public page."""
    with transaction() as store:
        disclosure.publish(store, papers.look(store, ref, session.actor()), clock.now())
    answer: Answer = redirect(url_for("office.one", ref=ref), 303)
    said.tell(answer, "document.published")
    return answer


def send_final(store: Session, row: Any) -> Response:
    """The final file of a document, as an attachment; Missing while there is none."""
    if row.final_file is None:
        raise Missing(document=row.ref)
    stored = files.find(store, row.final_file)
    with files.open_file(stored) as body:
        return outgoing.file(BytesIO(body.read()), _file_name(row, "pdf"), stored.sha256, stored.media_type)


def _printed(ref: str) -> tuple[Any, Any, bool]:
    me = session.actor()
    with reading() as store:
        row = papers.look(store, ref, me)
        asked = request.args.get("version", "")
        older = int(asked) if VERSION.fullmatch(asked) and papers.is_inside(me) else None
        whole = document.whole(store, row, older)
    return row, whole, document.is_draft(row) or (older is not None and older != row.version)


def _file_name(row: Any, ending: str) -> str:
    spoken = f"{row.number} {row.title}" if row.number else str(row.title)
    return f"{file_names.clean(spoken)[:100]}.{ending}"


def _versions(store: Session, row: Any) -> list[tuple[Any, Any]]:
    found = document.versions(store, row.id)
    who = people.name_of(store, {each.by_person for each in found if each.by_person is not None})
    return [(each, who.get(each.by_person)) for each in reversed(found)]
