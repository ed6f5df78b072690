"""Entering something in a register, changing, retiring and publishing it; what is wrong comes back as it was typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy import Row as Record
from werkzeug.wrappers import Response as Answer

from bases.register import ledgers
from bases.register.ledgers import options, rights
from bases.register.ledgers.definition import Register
from engine.forms import Problem
from ground import clock, ids
from ground.database import reading as read_only, transaction
from ground.errors import Missing, Refused
from ground.numerals import whole
from web.door import said, session
from web.fields import typed as sent_by
from web.registers import naming, one
from web.registers.blueprint import desk

KEY_LENGTH = 80
REASON = 500
LARGEST = 999_999_999


@desk.get("/registers/<code>/new")
def new(code: str) -> str:
    """The form; where there are several places to enter something, first which."""
    return _new(ledgers.of(code), request.args.get("at", ""), {}, ())


@desk.post("/registers/<code>/entries")
def add(code: str) -> Answer:
    """Keep it, once for each rendering of the form."""
    register, at = ledgers.of(code), request.form.get("_at", "")[:20]
    raw = sent_by.answers(request.form.items(multi=True))
    if sent_by.acted(raw, request.form.get(sent_by.ACT, "")):
        return make_response(_new(register, at, raw, ()))
    try:
        with transaction() as store:
            ref = ledgers.add(store, code, at, raw, _by())
    except ledgers.Wrong as wrong:
        return make_response(_new(register, at, raw, wrong.detail["problems"]), wrong.status)
    return _onward(code, ref, "ledger.entered")


@desk.get("/registers/<code>/entries/<ref>/change")
def change(code: str, ref: str) -> str:
    """The form with what stands there."""
    with read_only() as store:
        _register, entry = one.known(store, code, ref)
    return _change(code, ref, entry.answers, entry.version)


@desk.post("/registers/<code>/entries/<ref>")
def amend(code: str, ref: str) -> Answer:
    """Write other answers, with the reason."""
    raw, version = sent_by.answers(request.form.items(multi=True)), _version()
    if sent_by.acted(raw, request.form.get(sent_by.ACT, "")):
        return make_response(_change(code, ref, raw, version))
    try:
        with transaction() as store:
            one.known(store, code, ref)
            ledgers.amend(store, ref, raw, version, _reason(), _by())
    except (ledgers.Wrong, ledgers.NoReason, ledgers.Changed) as no:
        problems = no.detail.get("problems", ())
        return make_response(_change(code, ref, raw, version, problems, no), no.status)
    return _onward(code, ref, "ledger.amended")


@desk.post("/registers/<code>/entries/<ref>/retirement")
def retire(code: str, ref: str) -> Answer:
    """End it, with the reason."""
    with transaction() as store:
        one.known(store, code, ref)
        ledgers.retire(store, ref, _version(), _reason(), _by())
    return _onward(code, ref, "ledger.ended")


@desk.post("/registers/<code>/entries/<ref>/publication")
def publish(code: str, ref: str) -> Answer:
    """Let others read it, or take it back."""
    shown = request.form.get("shown") != "no"
    with transaction() as store:
        one.known(store, code, ref)
        ledgers.publish(store, ref, _version(), _by(), shown=shown)
    return _onward(code, ref, "ledger.published" if shown else "ledger.withdrawn")


def _new(register: Register, at: str, raw: Mapping[str, Any], found: Sequence[Problem]) -> str:
    me = session.actor()
    with read_only() as store:
        seats = ledgers.seats(store, register, me)
        if not seats:
            raise Missing(register=register.code)
        seat = next((each for each in seats if each.at == at), seats[0] if len(seats) == 1 else None)
        if seat is None:
            return render_template("registers/pages/where.html", register=register, seats=seats, naming=naming)
        form, words = options.form(store, register, {"base_id": seat.base_id, "city": seat.city})
    return render_template(
        "registers/pages/enter.html",
        register=register,
        seat=seat,
        several=len(seats) > 1,
        sheet=naming.sheet(form, words, raw, clock.today().year, found),
        key=_key() or ids.ref(),
        naming=naming,
    )


def _change(
    code: str,
    ref: str,
    raw: Mapping[str, Any],
    version: int,
    found: Sequence[Problem] = (),
    refusal: Refused | None = None,
) -> str:
    with read_only() as store:
        register, entry = one.known(store, code, ref)
        seat = _seat(store, register, entry)
        place = {"base_id": entry.base_id, "city": entry.city}
        form, words = options.form(store, register, place, entry.answers)
        where = naming.places(store, register, [entry])[entry.id][0]
    return render_template(
        "registers/pages/change.html",
        register=register,
        entry=entry,
        seat=seat,
        place=where,
        sheet=naming.sheet(form, words, raw, clock.today().year, found),
        version=version,
        reason=_reason(),
        refusal=refusal,
        key=_key() or ids.ref(),
        naming=naming,
    )


def _seat(store: Any, register: Register, entry: Record[Any]) -> rights.Seat:
    seat = ledgers.changes_as(store, register, session.actor(), entry)
    if seat is None or entry.state != "live":
        raise Missing(entry=entry.ref)
    return seat


def _by() -> ledgers.By:
    return ledgers.By(session.actor(), clock.now(), _key())


def _key() -> str:
    return request.form.get(sent_by.KEY, "")[:KEY_LENGTH]


def _reason() -> str:
    return request.form.get("_reason", "")[: REASON + 1]


def _version() -> int:
    return min(whole(request.form.get(sent_by.REV, "")) or 0, LARGEST)


def _onward(code: str, ref: str, done: str) -> Answer:
    answer: Answer = redirect(url_for("registers.one", code=code, ref=ref), 303)
    said.tell(answer, done)
    return answer
