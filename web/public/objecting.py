"""Objecting on the page of a notice: the form, and the receipt by which one can see how far it has come."""

from typing import Any

from flask import current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases import register
from bases.verdicts import notice, objection, objector
from ground import clock, ids
from ground.database import Session, reading, transaction
from ground.errors import Refused
from web.public import given, sendings
from web.public.blueprint import desk
from web.public.given import Typed
from web.words.catalogue import N_

FORM_BYTES = 65_000_000
KEY_LENGTH = 60
REF_LENGTH = 12
UNPROCESSABLE = 422
STATES = {
    objection.RECEIVED: (N_("已收到"), "blue"),
    objection.EXAMINED: (N_("正在核查"), "blue"),
    objection.CLUE: (N_("已作为线索登记，不另行答复"), ""),
    objection.NOT_ACCEPTED: (N_("不予受理，已作为线索登记"), ""),
    objection.UPHELD: (N_("已办结，按所留联系方式答复"), "green"),
    objection.PARTLY: (N_("已办结，按所留联系方式答复"), "green"),
    objection.REJECTED: (N_("已办结，按所留联系方式答复"), "green"),
}


@desk.get("/notices/<ref>/objections/new")
def new_objection(ref: str) -> str:
    """The form, with the base that was chosen on the page of the notice."""
    with reading() as store:
        found = _running(store, ref)
        return _page(store, found, Typed(base=request.args.get("base", "")[:REF_LENGTH]), ids.ref())


@desk.post("/notices/<ref>/objections")
def send_objection(ref: str) -> Answer:
    """Take it in, once for each rendering of the form; what is wrong comes back with everything that was typed."""
    now = clock.now()
    with transaction() as store:
        sendings.count(store, request.remote_addr or "", now)
    with reading() as store:
        found = _found(store, ref)
        listed = _listed(store, found)
    typed = given.read(request, listed, _secret())
    key = request.form.get("key", "")[:KEY_LENGTH] or ids.ref()
    if typed.wrong:
        return _again(ref, typed, key)
    try:
        with transaction() as store:
            taken = objector.object_to(store, found, listed[typed.base].base_id, typed.given(), key=key, now=now)
    except objection.PeriodOver as over:
        return _again(ref, typed, key, over)
    return redirect(url_for("public.receipt", ref=taken.ref), 303)


@desk.get("/objections/receipts/<ref>")
def receipt(ref: str) -> str:
    """How far an objection has come, for whoever has the number of its receipt; it names nobody."""
    with reading() as store:
        found = objection.by_ref(store, ref)
        base = register.by_id(store, found.base_id)
    words, tone = STATES[found.state]
    return render_template("public/pages/receipt.html", objection=found, base=base, words=words, tone=tone)


def _running(store: Session, ref: str) -> Any:
    """The notice, if it runs at this instant."""
    found = _found(store, ref)
    if found.state != notice.RUNNING or clock.today() > found.closes_on:
        raise objection.PeriodOver(notice=ref)
    return found


def _found(store: Session, ref: str) -> Any:
    return notice.by_ref(store, ref)


def _listed(store: Session, found: Any) -> dict[str, Any]:
    return {row.ref: row for row in notice.bases_of(store, [found.id])[found.id] if row.withdrawn_at is None}


def _again(ref: str, typed: Typed, key: str, refusal: Refused | None = None) -> Answer:
    with reading() as store:
        page = _page(store, _found(store, ref), typed, key, refusal)
    return make_response(page, refusal.status if refusal else UNPROCESSABLE)


def _page(store: Session, found: Any, typed: Typed, key: str, refusal: Refused | None = None) -> str:
    return render_template(
        "public/pages/objection.html",
        notice=found,
        listed=_listed(store, found),
        typed=typed,
        texts={name: typed.texts.get(name, "") for name in given.TEXTS},
        limits=given.TEXTS,
        marks=given.marks(typed, _secret()),
        most=given.FILES,
        megabytes=given.LARGEST // 1_000_000,
        key=key,
        refusal=refusal,
    )


def _secret() -> str:
    return str(current_app.extensions["settings"].secret)
