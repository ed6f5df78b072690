"""What everybody may read: the documents that the Department has disclosed, in the words issued."""

from flask import Response, render_template

from bases.documents import disclosure, document
from ground.database import reading
from web.office.blueprint import desk
from web.office.papers import send_final


@desk.get("/disclosed")
def disclosed() -> str:
    """The disclosed documents, the newest first."""
    with reading() as store:
        found = disclosure.public(store)
    return render_template("office/pages/disclosed.html", found=found)


@desk.get("/disclosed/<ref>")
def disclosed_one(ref: str) -> str:
    """One of them; what is not disclosed is not there."""
    with reading() as store:
        row = disclosure.public_one(store, ref)
        whole = document.whole(store, row)
    return render_template("office/pages/disclosed_one.html", row=row, whole=whole)


@desk.get("/disclosed/<ref>/document.pdf")
def disclosed_pdf(ref: str) -> Response:
    """Its final file."""
    with reading() as store:
        return send_final(store, disclosure.public_one(store, ref))
