"""The list of batches and the board of one: where its applications stand, for how long, and how they rank."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Row as Record
from werkzeug.wrappers import Response as Answer

from bases.verdicts import batch, objection
from ground import clock, ids, regions
from ground.database import Session, reading
from web.door import session
from web.door.rights import Desk, Place, Route
from web.words.catalogue import N_

OFFICERS = frozenset({"prov_officer"})
OFFICE = OFFICERS | {"prov_division_head", "prov_leader"}
KEY_LENGTH = 60
STATES = {
    batch.DRAFT: (N_("拟定中"), ""),
    batch.ANNOUNCED: (N_("受理申报"), "blue"),
    batch.RANKING: (N_("评审和排序"), "amber"),
    batch.CLOSED: (N_("办结"), "green"),
}
STAGES = {
    batch.UNDER_WAY: N_("正在办理"),
    batch.READY: N_("等待名单"),
    batch.DECIDED: N_("已有结果"),
    batch.OUT: N_("已撤回"),
}
LISTS = {"proposed": (N_("拟认定"), "green"), "reserve": (N_("备选"), ""), "none": (N_("不列入"), "")}
OUTCOMES = {"designate": (N_("予以认定"), "green"), "refuse": (N_("不予认定"), "")}

desk = Blueprint("batches", __name__)


@desk.get("/batches")
def listed() -> str:
    """Every batch with its days and how many applications it has."""
    with reading() as store:
        found = batch.every(store)
        counts = {one.id: sum(batch.stages(store, one.id).values()) for one in found}
    may_begin = session.actor().has("prov_officer")
    return render_template(
        "batches/pages/listed.html", batches=found, counts=counts, states=STATES, may_begin=may_begin, key=ids.ref()
    )


@desk.post("/batches")
def begin() -> Answer:
    """Begin a batch; its first task says what it is."""
    started = batch.begin(by=session.actor(), key=request.form.get("_key", "")[:KEY_LENGTH])
    return redirect(url_for("reviewer.case", ref=started.ref), 303)


@desk.get("/batches/<ref>")
def board(ref: str) -> str:
    """One batch: how many stand where and for how long, the ranking with its line, objections."""
    with reading() as store:
        found = batch.by_ref(store, ref)
        entries = batch.entries(store, found.id)
        cities = regions.named(store, {each.city for each in entries}) if entries else {}
        held = _held(store, entries)
    now = clock.now()
    return render_template(
        "batches/pages/board.html",
        batch=found,
        entries=entries,
        cities=cities,
        held=held,
        stages=[(STAGES[state], _ages(entries, state, now)) for state in STAGES],
        ages={each.case_id: (now - each.moved_at).days for each in entries},
        states=STATES,
        words=STAGES,
        lists=LISTS,
        outcomes=OUTCOMES,
    )


def _ages(entries: Sequence[Record[Any]], state: str, now: Any) -> tuple[int, int]:
    """How many stand there, and for how many days the one that moved longest ago."""
    days = [(now - each.moved_at).days for each in entries if each.state == state]
    return len(days), max(days, default=0)


def _held(store: Session, entries: Sequence[Record[Any]]) -> set[int]:
    """The applications that an open objection holds."""
    noticed = [each for each in entries if each.noticed]
    return {each.case_id for each in noticed if objection.holding(store, each.case_id, each.base_id) is not None}


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("batches.listed", "GET", OFFICE),
        Route("batches.begin", "POST", OFFICERS),
        Route("batches.board", "GET", OFFICE),
    ),
    places=(Place("batches.listed", N_("认定批次"), 55),),
)
