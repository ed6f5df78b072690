"""Receipts: what was sent to the organs of whoever is signed in, and signing for it."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.documents import document, receipts
from ground import clock, organs
from ground.database import reading, transaction
from web.door import said, session
from web.office import names
from web.office.blueprint import desk

LONGEST_SLIP = 500


@desk.get("/incoming")
def incoming() -> str:
    """What came to one's own organs, what is not signed for on top."""
    only = request.args.get("unread") == "1"
    with reading() as store:
        found = receipts.of_organs(store, session.actor())
    waiting = [each for each in found if each.received_at is None]
    return render_template(
        "office/pages/incoming.html",
        found=waiting if only else found,
        waiting=len(waiting),
        total=len(found),
        only=only,
        say=names.ALL,
    )


@desk.post("/documents/<ref>/receipts/<organ>")
def sign(ref: str, organ: str) -> Answer:
    """Sign for a document: for one's own organ, or as the office by the slip that came back."""
    me, slip = session.actor(), request.form.get("slip", "")[:LONGEST_SLIP]
    with transaction() as store:
        row = document.by_ref(store, ref)
        body = organs.by_ref(store, organ)
        receipts.sign(store, row, body.id, me, clock.now(), slip)
    own = any(held.organ_id == body.id for held in me.held)
    answer: Answer = redirect(url_for("office.incoming") if own else url_for("office.one", ref=ref), 303)
    said.tell(answer, "document.received", organ=body.name)
    return answer
