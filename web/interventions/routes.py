"""Proposing an act by hand on a case, looking at what it would change, and deciding it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import cases, definitions
from engine.cases import interventions, wishes
from engine.cases.wishes import Wish
from ground import clock, ids
from ground.database import Session, reading
from ground.errors import Missing, Refused
from ground.numerals import whole
from web.door import said, session
from web.door.rights import Desk, Place, Route
from web.interventions import choices, names
from web.interventions.told import CODES, TOLD
from web.reviewer import drawn, naming, story
from web.words import codes
from web.words.catalogue import N_

LONGEST = {"act": 10, "source": 160, "target": 120, "name": 60, "value": 500, "basis": 300, "reason": 600, "_key": 60}
LINES = 20

desk = Blueprint("interventions", __name__)


@desk.get("/cases/<ref>/interventions")
def of_case(ref: str) -> str:
    """What was proposed for this case, and the form of a new proposal: the act stands in the address."""
    return _form(ref, {"act": request.args.get("act", ""), "name": request.args.get("name", "")})


@desk.post("/cases/<ref>/interventions/preview")
def preview(ref: str) -> Answer:
    """What it would change, worked out on the engine and rolled back; the form comes back with it, filled in."""
    typed = _typed()
    try:
        seen = interventions.preview(ref, _wish(typed), by=session.actor())
    except Refused as no:
        return _refused(ref, typed, no)
    return make_response(_form(ref, typed, seen))


@desk.post("/cases/<ref>/interventions")
def propose(ref: str) -> Answer:
    """Lay it before the head of the division."""
    typed, me = _typed(), session.actor()
    rev = whole(request.form.get("rev", ""))
    try:
        made = interventions.propose(
            ref,
            _wish(typed),
            by=me,
            reason=typed["reason"],
            basis=typed["basis"],
            rev=-1 if rev is None else rev,
            key=typed["_key"],
            now=clock.now(),
        )
    except interventions.UnderWay as no:
        answer: Answer = redirect(url_for("interventions.one", ref=no.detail["intervention"]), 303)
        said.tell(answer, no.code)
        return answer
    except Refused as no:
        return _refused(ref, typed, no)
    return _on(made, "intervention.made")


@desk.get("/interventions")
def listed() -> str:
    """The proposals in this person's sight, what waits first; the state stands in the address."""
    state = request.args.get("state", "")
    state = state if state in names.STATES else ""
    with reading() as store:
        rows = interventions.listed(store, session.actor(), state=state)
        return render_template(
            "interventions/pages/listed.html",
            rows=rows,
            state=state,
            say=names,
            called=naming.of_rows(store, rows),
            wishes=_wishes(store, rows),
        )


@desk.get("/interventions/<ref>")
def one(ref: str) -> str:
    """One proposal: what it changes, why, on what ground; what has changed since; and the decision."""
    me = session.actor()
    with reading() as store:
        row = interventions.find(store, ref, me)
        folder = definitions.pinned(store, row.release_id)
        found = [
            line for line in story.lines(store, _case(store, row, me), folder, me, [], {}) if line.seq > row.seen_seq
        ]
        return render_template(
            "interventions/pages/one.html",
            row=row,
            say=names,
            called=naming.of_rows(store, [row]),
            wish=names.wish(folder, row.act, row.terms),
            seen=names.preview(store, folder, row.foreseen, me),
            moved=row.state == interventions.PROPOSED and row.rev != row.seen_rev,
            since=[line for line in found if line.kind != "intervention.proposed"][:LINES],
            may_decide=interventions.may_decide(me),
            own=row.proposed_by == me.person,
            why=codes.sentence(row.answer) if row.state == interventions.STALE else row.answer,
            key=ids.ref(),
        )


@desk.post("/interventions/<ref>/approval")
def approve(ref: str) -> Answer:
    """Do it, if the case still stands where it was looked at."""
    rev = whole(request.form.get("rev", ""))
    try:
        interventions.approve(
            ref,
            rev=-1 if rev is None else rev,
            by=session.actor(),
            key=request.form.get("_key", "")[: LONGEST["_key"]],
            received_at=clock.now(),
        )
    except (interventions.Changed, interventions.Unfit) as no:
        return _on(ref, no.code)
    return _on(ref, "intervention.done")


@desk.post("/interventions/<ref>/preview")
def look_again(ref: str) -> Answer:
    """Work out anew what it would change now."""
    try:
        interventions.refresh(ref, by=session.actor())
    except interventions.Unfit as no:
        return _on(ref, no.code)
    return _on(ref, "intervention.foreseen")


@desk.post("/interventions/<ref>/refusal")
def decline(ref: str) -> Answer:
    """Do not do it, or take it back; with a reason."""
    reason = request.form.get("reason", "")[: LONGEST["reason"]]
    interventions.decline(ref, by=session.actor(), reason=reason, now=clock.now())
    return _on(ref, "intervention.declined")


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "")[:most] for name, most in LONGEST.items()}


def _wish(typed: Mapping[str, str]) -> Wish:
    source, token = choices.placed(typed["source"])
    terms = {"source": source, "token": token, "target": typed["target"], "name": typed["name"]}
    kept: dict[str, Any] = {name: value for name, value in terms.items() if value}
    if typed["act"] == wishes.CORRECT:
        kept["value"] = typed["value"] or None
    return Wish(typed["act"], kept)


def _on(ref: str, code: str) -> Answer:
    answer: Answer = redirect(url_for("interventions.one", ref=ref), 303)
    said.tell(answer, code)
    return answer


def _refused(ref: str, typed: Mapping[str, str], no: Refused) -> Answer:
    """What was typed stays, with what refuses it; who may not see the case is told nothing."""
    if isinstance(no, Missing) or no.status in {401, 403} or no.status >= 500:  # noqa: PLR2004
        raise no
    return make_response(_form(ref, typed, wrong=codes.sentence(no.code, no.detail)), no.status)


def _form(ref: str, typed: Mapping[str, str], seen: Mapping[str, Any] | None = None, wrong: str = "") -> str:
    me = session.actor()
    with reading() as store:
        view = cases.look(store, ref, me)
        act = typed.get("act") if typed.get("act") in names.ACTS else wishes.MOVE
        drawings = drawn.drawings(view.folder, [row.element for row in view.waits], [])
        rows = interventions.listed(store, me, case_ref=ref)
        field = choices.field(view.folder, typed.get("name", ""))
        return render_template(
            "interventions/pages/of_case.html",
            case=view.case,
            called=naming.of_rows(store, [view.case]),
            rows=rows,
            wishes=_wishes(store, rows),
            say=names,
            act=act,
            typed=typed,
            wrong=wrong,
            may_propose=interventions.may_propose(me) and view.case.status != "closed",
            waits_already=any(row.state == interventions.PROPOSED for row in rows),
            sources=choices.sources(store, view),
            targets=choices.targets(view.folder),
            values=choices.values(view.folder),
            field=field,
            options=choices.options(view.folder, field),
            drawings=list(choices.points(view.folder, drawings)) if act == wishes.MOVE else [],
            seen=names.preview(store, view.folder, seen, me) if seen else None,
            key=typed.get("_key") or ids.ref(),
        )


def _case(store: Session, row: Any, me: Any) -> Any:
    return cases.find(store, row.case_ref, me)


def _wishes(store: Session, rows: Any) -> dict[str, str]:
    return {row.ref: names.wish(definitions.pinned(store, row.release_id), row.act, row.terms) for row in rows}


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("interventions.of_case", "GET", interventions.READERS),
        Route("interventions.preview", "POST", interventions.PROPOSERS),
        Route("interventions.propose", "POST", interventions.PROPOSERS),
        Route("interventions.listed", "GET", interventions.READERS),
        Route("interventions.one", "GET", interventions.READERS),
        Route("interventions.approve", "POST", interventions.READERS),
        Route("interventions.look_again", "POST", interventions.READERS),
        Route("interventions.decline", "POST", interventions.READERS),
    ),
    places=(Place("interventions.listed", N_("流程处置"), 70),),
    codes=CODES,
    told=TOLD,
)
