"""Organs through time: each with its validity and its successor, renamed or merged from a day on."""

from collections.abc import Mapping

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.measures import rulers, succession
from ground import clock, people
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing, Refused
from web.door import said, session
from web.door.rights import Route
from web.measures.blueprint import day, desk, note, typed
from web.words.catalogue import N_

KINDS = {
    "department": N_("有关单位（省、市州）"),
    "city": N_("市（州）商务主管部门"),
    "county": N_("县（市、区）商务主管部门"),
}
HAPPENED = {"renamed": N_("更名"), "merged": N_("并入")}


@desk.get("/rules/organs")
def organs() -> str:
    """The organs of one kind, ended ones too."""
    asked = request.args.get("kind", "")
    kind = asked if asked in KINDS else next(iter(KINDS))
    words = request.args.get("words", "").strip()[:60]
    with reading() as store:
        lines = succession.listed(store, kind, words)
    return render_template(
        "measures/pages/organs.html", lines=lines, kind=kind, kinds=KINDS, words=words, happened=HAPPENED
    )


@desk.get("/rules/organs/<ref>")
def organ(ref: str) -> Answer:
    """One organ, and the form that renames or merges it."""
    return _page(ref, {})


@desk.post("/rules/organs/<ref>")
def change_organ(ref: str) -> Answer:
    """Rename it, or merge it into another one, from a day on."""
    given, me, now = typed(), session.actor(), clock.now()
    try:
        with transaction() as store:
            on = day(given.get("on"))
            if on is None:
                raise succession.WrongDay(on=None)
            why = given.get("note", "")
            if given.get("what") == succession.MERGED:
                succession.merge(store, ref, given.get("into", ""), on, by=me, note=why, now=now)
            else:
                name, name_en = given.get("name", ""), given.get("name_en", "")
                succession.rename(store, ref, name, name_en, on, by=me, note=why, now=now)
    except (Forbidden, Missing):
        raise
    except Refused as no:
        return _page(ref, given, no)
    note("organ.changed", ref)
    answer: Answer = redirect(url_for("measures.organ", ref=ref), 303)
    said.tell(answer, "organ.changed")
    return answer


def _page(ref: str, given: Mapping[str, str], refusal: Refused | None = None) -> Answer:
    today = clock.today()
    with reading() as store:
        line = succession.one(store, ref)
        by = line.change.by_person if line.change else 0
        page = render_template(
            "measures/pages/organ.html",
            line=line,
            others=succession.into(store, line.organ, today),
            may_change=line.organ.kind in succession.KINDS and line.organ.valid_to is None,
            by=people.name_of(store, {by}).get(by) if by else None,
            kinds=KINDS,
            happened=HAPPENED,
            typed=given,
            refusal=refusal,
        )
    return make_response(page, refusal.status if refusal else 200)


ROUTES = (
    Route("measures.organs", "GET", rulers.RULERS),
    Route("measures.organ", "GET", rulers.RULERS),
    Route("measures.change_organ", "POST", rulers.RULERS),
)
