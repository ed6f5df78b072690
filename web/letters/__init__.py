"""The letters desk: what the program has written to a person, newest first, in the words of its own process."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from ground import clock
from ground.database import reading, transaction
from tasks import letters
from web.door import language, session
from web.door.rights import SIGNED_IN, Desk, Route

desk = Blueprint("letters", __name__)


@desk.get("/letters")
def inbox() -> str:
    """This person's letters, with what is not read yet marked."""
    with reading() as store:
        found = letters.inbox(store, session.actor())
        spoken = [
            letters.words(letters.folder_of(store, row), row.template, row.facts, language.chosen()) for row in found
        ]
    return render_template("letters/pages/inbox.html", letters=list(zip(found, spoken, strict=True)))


@desk.get("/letters/<ref>")
def letter(ref: str) -> str:
    """One letter."""
    with reading() as store:
        row = letters.look(store, ref, session.actor())
        folder = letters.folder_of(store, row)
    spoken = letters.words(folder, row.template, row.facts, language.chosen())
    return render_template("letters/pages/letter.html", letter=row, words=spoken)


@desk.post("/letters/<ref>/reading")
def read(ref: str) -> Answer:
    """This person has read it."""
    with transaction() as store:
        letters.opened(store, ref, session.actor(), clock.now())
    return redirect(url_for("letters.inbox"), 303)


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("letters.inbox", "GET", SIGNED_IN),
        Route("letters.letter", "GET", SIGNED_IN),
        Route("letters.read", "POST", SIGNED_IN),
    ),
)
