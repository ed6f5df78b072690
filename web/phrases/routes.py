"""One's own phrases and those of one's organ: read by the menu beside a field, kept on a page."""

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ground.database import reading, transaction
from ground.errors import Missing, Refused
from ground.numerals import whole
from ground.types import clean
from tasks import phrases
from web.door import said, session
from web.door.language import pick
from web.door.rights import SIGNED_IN, Desk, Route
from web.words.catalogue import N_

desk = Blueprint("phrases", __name__)


@desk.get("/phrases")
def mine() -> str:
    """Everything that this person may use, with what they keep to be changed."""
    return _page()


@desk.get("/phrases/menu")
def menu() -> Response:
    """For the menu: the words alone, own first."""
    with reading() as store:
        answer = jsonify(phrases=[row.words for row in phrases.of(store, session.actor())])
    answer.headers["Cache-Control"] = "no-store"
    return answer


@desk.post("/phrases")
def add() -> Answer:
    """Keep one more, for oneself or (`organ`) for the organ that one heads."""
    organ = request.form.get("organ", "")
    if organ and whole(organ) is None:
        raise Missing(organ=organ)
    words = clean(request.form.get("words", ""))
    try:
        with transaction() as store:
            phrases.add(store, words, session.actor(), int(organ) if organ else None)
    except Refused as no:
        return make_response(_page(no, words, organ), no.status)
    return _done("phrase.kept")


@desk.post("/phrases/<ref>")
def change(ref: str) -> Answer:
    """Say it otherwise from now on."""
    try:
        with transaction() as store:
            phrases.change(store, ref, clean(request.form.get("words", "")), session.actor())
    except phrases.WordsWrong as no:
        return make_response(_page(no), no.status)
    return _done("phrase.kept")


@desk.post("/phrases/<ref>/removal")
def drop(ref: str) -> Answer:
    """Keep it no longer."""
    with transaction() as store:
        phrases.drop(store, ref, session.actor())
    return _done("phrase.dropped")


def _page(problem: Refused | None = None, words: str = "", organ: str = "") -> str:
    me = session.actor()
    with reading() as store:
        rows = phrases.of(store, me)
    heads = phrases.heads(me)
    return render_template(
        "phrases/pages/mine.html",
        own=[row for row in rows if row.person_id is not None],
        shared=[row for row in rows if row.person_id is None],
        heads=[(number, pick(*name)) for number, name in heads.items()],
        longest=phrases.LONGEST,
        problem=problem,
        words=words,
        organ=organ,
    )


def _done(code: str) -> Answer:
    answer: Answer = redirect(url_for("phrases.mine"), 303)
    said.tell(answer, code)
    return answer


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("phrases.mine", "GET", SIGNED_IN),
        Route("phrases.menu", "GET", SIGNED_IN),
        Route("phrases.add", "POST", SIGNED_IN),
        Route("phrases.change", "POST", SIGNED_IN),
        Route("phrases.drop", "POST", SIGNED_IN),
    ),
    codes={"phrase.kept": N_("常用语已保存。"), "phrase.dropped": N_("常用语已删除。")},
)
