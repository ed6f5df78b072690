"""请我会签: what a person is asked to countersign, with what was sent if it is about that; their opinion; 减签."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import cases, definitions, sendings
from ground import clock, ids, people
from ground.database import reading
from ground.errors import Refused
from tasks import at_task, cosigning
from web.door import said, session
from web.door.language import pick
from web.reviewer import acting, completing, naming, papers
from web.reviewer.blueprint import desk
from web.words import codes

MOST_WORDS, CODE_LENGTH = 1100, 20
BECAME = {
    "gone-on": "cosign.gone_on",
    "back": "cosign.back",
    "waits": "cosign.answered",
    "not-sent": "cosign.answered",
}


@desk.get("/cosigners/<ref>")
def cosign(ref: str) -> str:
    """What this person is asked about one task."""
    return _page(ref)


@desk.post("/cosigners/<ref>/opinion")
def give_opinion(ref: str) -> Answer:
    """Agree or disagree, in words."""
    opinion, words = request.form.get("opinion", "")[:CODE_LENGTH], request.form.get("words", "")[:MOST_WORDS]
    try:
        became = cosigning.answer(ref, opinion, words, by=session.actor(), key=completing.key(), now=clock.now())
    except (at_task.NoWords, cosigning.NoSuchWay) as no:
        return make_response(_page(ref, no), no.status)
    answer: Answer = redirect(url_for("reviewer.tasks"), 303)
    said.tell(answer, BECAME[became])
    return answer


@desk.post("/cosigners/<ref>/removal")
def drop_cosigner(ref: str) -> Answer:
    """减签: the holder asks this person no more."""
    words = request.form.get("words", "")[:MOST_WORDS]
    became = cosigning.drop(ref, words, by=session.actor(), key=completing.key(), now=clock.now())
    answer: Answer = redirect(url_for("reviewer.tasks"), 303)
    said.tell(answer, "cosign.gone_on" if became == "gone-on" else "cosign.removed")
    return answer


def _page(ref: str, wrong: Refused | None = None) -> str:
    me = session.actor()
    with reading() as store:
        row = cosigning.look(store, ref, me)
        case = cases.find(store, row.case_ref, me)
        folder = definitions.pinned(store, row.release_id)
        sending = sendings.standing(store, row)
        given: Any = papers.as_typed(store, folder.home(row.element), row, case, sending.answers) if sending else None
        asker = people.name_of(store, [row.asked_by]).get(row.asked_by)
        return render_template(
            "reviewer/pages/cosign.html",
            row=row,
            names=naming.of_rows(store, [row]),
            step=naming.step(folder, row.element),
            asker=pick(asker.name, asker.name_en) if asker else "",
            sheet=given,
            modes=acting.MODES,
            rules=acting.RULES,
            opinions=acting.OPINIONS,
            typed=request.form,
            wrong=codes.sentence(wrong.code, wrong.detail) if wrong else "",
            key=ids.ref(),
        )
