"""The bases that one has to do with, the page of one with its life on a time line, and the begin of a revocation."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Row as Record, select
from werkzeug.wrappers import Response as Answer

from bases import register
from bases.register import base as base_of
from bases.verdicts import commendation, lifeline, recommendation, rectification, revocation
from bases.verdicts.lifeline import Happened
from engine.cases import Case, visible
from ground import clock, ids, parameters, regions
from ground.database import Session, reading
from ground.errors import Missing
from ground.people import Actor
from web.bases import names
from web.bases.told import TOLD
from web.door import said, session
from web.door.rights import Desk, Place, Route
from web.fields import typed as sent_by
from web.words.catalogue import N_

KEY_LENGTH, NOTICE_LENGTH = 60, 120
OFFICERS = frozenset({"prov_officer"})
# Who has many places in the bar comes to a base from its case or its public page; one more would break their line.
BUSY = frozenset({"prov_officer", "prov_division_head", "prov_office"})
READERS = base_of.EVERYWHERE | base_of.IN_THE_CITY | {"base_filler", "base_authority"}

CODES = {
    "revocation.begun": N_("取消命名%(number)s已开始，请核实事实和依据。"),
    "recommendation.begun": N_("推荐国家级%(number)s已开始，由基地准备申报材料。"),
}

desk = Blueprint("bases", __name__)


@desk.get("/bases")
def listed() -> str:
    """The bases of this person, or those of one standing: their names, and how long a half-year still runs."""
    status = request.args.get("status", "")
    with reading() as store:
        every = register.bases_of(store, session.actor())
        found = [one for one in every if status not in names.STATUSES or one.status == status]
        return render_template(
            "bases/pages/listed.html",
            found=found,
            titles=register.titles_of(store, [one.id for one in found]),
            running=rectification.running(store, [one.id for one in found]),
            where=_places(store, found),
            say=names,
            status=status,
            counts={code: sum(one.status == code for one in every) for code in names.STATUSES},
            every=len(every),
        )


@desk.get("/bases/<ref>")
def one(ref: str) -> str:
    """One base: what it holds, the half-year that runs, and its life, the newest first."""
    me = session.actor()
    with reading() as store:
        found = _mine(store, ref, me)
        life = lifeline.of_base(store, found.id, inside=_inside(me))
        return render_template(
            "bases/pages/base.html",
            base=found,
            titles=register.titles_of(store, [found.id]).get(found.id, []),
            running=rectification.running(store, [found.id]).get(found.id),
            where=_places(store, [found]),
            lines=[(line, names.said(line)) for line in life],
            cases=_cases(store, life, me),
            grounds=_grounds(store, found, me),
            commended=commendation.of_base(store, found.id),
            recommends=recommendation.may_start(store, found, me),
            by_notice=me.has(recommendation.OFFICER),
            key=ids.ref(),
            say=names,
        )


@desk.post("/bases/<ref>/revocations")
def revoke(ref: str) -> Answer:
    """Begin a revocation outside an assessment; it decides nothing by itself."""
    ground = request.form.get("ground", "")[:10]
    key = request.form.get(sent_by.KEY, "")[:KEY_LENGTH]
    with reading() as store:
        _mine(store, ref, session.actor())
    started = revocation.start(ref, ground, by=session.actor(), key=key)
    answer: Answer = redirect(url_for("reviewer.case", ref=started.ref), 303)
    said.tell(answer, "revocation.begun", number=started.number)
    return answer


@desk.post("/bases/<ref>/recommendations")
def recommend(ref: str) -> Answer:
    """Put a base forward to the Ministry; an officer may enter the notice that asks for it, with its day."""
    with reading() as store:
        _mine(store, ref, session.actor())
    started = recommendation.start(
        ref, _notice(), by=session.actor(), key=request.form.get(sent_by.KEY, "")[:KEY_LENGTH]
    )
    answer: Answer = redirect(url_for("reviewer.case", ref=started.ref), 303)
    said.tell(answer, "recommendation.begun", number=started.number)
    return answer


def _notice() -> recommendation.Notice | None:
    """The notice as it was typed; none where both fields are empty."""
    number, day = (request.form.get(name, "").strip()[:NOTICE_LENGTH] for name in ("notice", "due_on"))
    if not number and not day:
        return None
    try:
        return recommendation.Notice(number, date.fromisoformat(day))
    except ValueError as no:
        raise recommendation.NoticeWithoutDay(notice=number) from no


def _mine(store: Session, ref: str, me: Actor) -> Record[Any]:
    """The base, if this person has to do with it; there is no other's."""
    found = next((each for each in register.bases_of(store, me) if each.ref == ref), None)
    if found is None:
        raise Missing(base=ref)
    return found


def _inside(me: Actor) -> bool:
    return any(held.role in base_of.EVERYWHERE for held in me.held)


def _grounds(store: Session, found: Record[Any], me: Actor) -> Mapping[str, str]:
    """The grounds on which this person may begin a revocation here; none while one runs or none may."""
    named = found.status in {base_of.DESIGNATED, base_of.RECTIFYING}
    under_way = any(row.outcome is None for row in revocation.of_base(store, found.id))
    if not named or under_way or not me.has(revocation.OFFICER):
        return {}
    if parameters.value(store, revocation.OUTSIDE, clock.today()).value is not True:
        return {}
    return {code: names.GROUNDS[code] for code in revocation.FOURTEEN}


def _cases(store: Session, life: list[Happened], me: Actor) -> dict[int, Record[Any]]:
    """The cases of these rows that this person may open."""
    wanted = select(Case.id, Case.ref, Case.number)
    rows = store.execute(wanted.where(Case.id.in_([line.case_id for line in life if line.case_id]), visible(me)))
    return {row.id: row for row in rows}


def _places(store: Session, found: Any) -> Mapping[str, Any]:
    codes = {code for one in found for code in (one.city, one.county) if code}
    return regions.named(store, codes) if codes else {}


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("bases.listed", "GET", READERS - BUSY),
        Route("bases.one", "GET", READERS),
        Route("bases.revoke", "POST", OFFICERS),
        Route("bases.recommend", "POST", OFFICERS | {"base_filler"}),
    ),
    places=(Place("bases.listed", N_("基地情况"), 55),),
    codes=CODES,
    told=TOLD,
)
