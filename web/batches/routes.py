"""The list of batches and the board of one: where its applications stand, for how long, and how they rank."""

from io import BytesIO

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.documents import press, word
from bases.documents.content import Content
from bases.register import base
from bases.verdicts import batch, batch_entry, board as boards, lists, pack
from ground import clock, ids
from ground.database import reading
from ground.files import names as file_names
from web.batches import names
from web.batches.told import TOLD
from web.door import outgoing, session
from web.door.rights import Desk, Place, Route
from web.words.catalogue import N_

OFFICERS = frozenset({"prov_officer"})
OFFICE = OFFICERS | {"prov_division_head", "prov_leader", "prov_office"}
CITY = base.IN_THE_CITY
KEY_LENGTH = 60
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

desk = Blueprint("batches", __name__)


@desk.get("/batches")
def listed() -> str:
    """Every batch with its days and how many applications it has; a city counts its own."""
    me = session.actor()
    inside = any(me.has(role) for role in OFFICE)
    with reading() as store:
        found = batch.every(store) if inside else batch.announced(store)
        counts = batch_entry.counts(store, None if inside else _cities())
    return render_template(
        "batches/pages/listed.html",
        batches=found,
        counts=counts,
        states=names.STATES,
        board="batches.board" if inside else "batches.city",
        may_begin=me.has("prov_officer"),
        key=ids.ref(),
    )


@desk.post("/batches")
def begin() -> Answer:
    """Begin a batch; its first task says what it is."""
    started = batch.begin(by=session.actor(), key=request.form.get("_key", "")[:KEY_LENGTH])
    return redirect(url_for("reviewer.case", ref=started.ref), 303)


@desk.get("/batches/<ref>")
def board(ref: str) -> str:
    """One batch: how many stand where and for how long, the ranking with its line, objections, letters, the meeting."""
    now = clock.now()
    with reading() as store:
        found = batch.by_ref(store, ref)
        shown = boards.of(store, found, now)
    return render_template(
        "batches/pages/board.html",
        batch=found,
        board=shown,
        line=boards.line(found, shown.entries),
        years=batch.years(found) if found.year else (),
        sited={each.code: each for each in shown.beside},
        ages={each.case_id: (now - each.moved_at).days for each in shown.entries},
        struck=lists.STRUCK_REASON,
        say=names,
    )


@desk.get("/batches/<ref>/city")
def city(ref: str) -> str:
    """What a city sees of a batch: its own applications, and of the others how many there are."""
    now = clock.now()
    with reading() as store:
        found = batch.by_ref(store, ref)
        shown = boards.of_city(store, found, session.actor(), now)
    return render_template(
        "batches/pages/city.html",
        batch=found,
        board=shown,
        ages={each.case_id: (now - each.moved_at).days for each in shown.entries},
        say=names,
    )


@desk.get("/batches/<ref>/packs/<int:number>/<int:volume>.pdf")
def pdf(ref: str, number: int, volume: int) -> Response:
    """A volume of what went to the meeting, as pages."""
    whole, name, digest = _volume(ref, number, volume)
    return outgoing.file(BytesIO(press.pdf(whole, draft=False)), f"{name}.pdf", f"{digest}p", PDF)


@desk.get("/batches/<ref>/packs/<int:number>/<int:volume>.docx")
def docx(ref: str, number: int, volume: int) -> Response:
    """The same as a file to go on working on."""
    whole, name, digest = _volume(ref, number, volume)
    return outgoing.file(BytesIO(word.docx(whole, draft=False)), f"{name}.docx", f"{digest}w", DOCX)


def _volume(ref: str, number: int, volume: int) -> tuple[Content, str, str]:
    with reading() as store:
        whole, digest = pack.volume(store, batch.by_ref(store, ref).id, number, volume)
    return whole, file_names.clean(whole.title), pack.digest_of([ref, number, volume, digest])


def _cities() -> set[str]:
    return {held.region for held in session.actor().held if held.role in CITY}


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("batches.listed", "GET", OFFICE | CITY),
        Route("batches.begin", "POST", OFFICERS),
        Route("batches.board", "GET", OFFICE),
        Route("batches.city", "GET", CITY),
        Route("batches.pdf", "GET", OFFICE),
        Route("batches.docx", "GET", OFFICE),
    ),
    places=(Place("batches.listed", N_("认定批次"), 55),),
    told=TOLD,
)
