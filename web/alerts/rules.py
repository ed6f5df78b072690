"""The rules of alerts: one's own with how they stand, one rule with what it has sent, and the form that keeps it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ground import clock
from ground.database import reading, transaction
from ground.errors import Refused
from ground.ids import ref as new_ref
from ground.numerals import whole
from tasks import alert_rules as rules, alerts
from tasks.alert_rules import Said
from web.alerts import names
from web.alerts.blueprint import desk
from web.door import said, session
from web.reviewer import naming
from web.words.roles import ROLES

KEY_LENGTH, FIELD_LENGTH, REF_LENGTH = 40, 200, 12
NEW = Said("", reason=rules.STUCK, to_kind=rules.ONESELF)


@desk.get("/alerts")
def listed() -> str:
    """The rules that this person may read, with what is broken about them."""
    me, now = session.actor(), clock.now()
    with reading() as store:
        rows = rules.listed(store, me)
        return render_template(
            "alerts/pages/listed.html",
            rows=rows,
            faults=rules.faults(store, rows, now),
            tallies=alerts.tallies(store, [row.id for row in rows], now),
            most=alerts.most_a_day(store, now),
            at=names.Places(store),
            say=names,
        )


@desk.get("/alerts/new")
def new() -> Answer:
    """The form of a new rule."""
    return _form(None, NEW)


@desk.post("/alerts")
def keep() -> Answer:
    """Keep a new rule; what does not hold comes back as it was typed."""
    me, typed = session.actor(), _typed()
    try:
        with transaction() as store:
            ref = rules.keep(store, typed, by=me, key=request.form.get("_key", "")[:KEY_LENGTH], now=clock.now())
    except (rules.Wrong, rules.TooMany) as no:
        return _form(None, typed, no)
    return _back(ref, "alert.kept")


@desk.get("/alerts/<ref>")
def one(ref: str) -> str:
    """One rule: whom it would name now, and what it has sent."""
    me, now = session.actor(), clock.now()
    with reading() as store:
        rule = rules.one(store, ref, me)
        fault = rules.faults(store, [rule], now).get(ref)
        own = rule.keeper_id == me.person
        sent = alerts.sent(store, rule.id, me)
        return render_template(
            "alerts/pages/one.html",
            rule=rule,
            own=own,
            fault=fault,
            now_named=alerts.count(store, rule, alerts.eyes(me), now) if fault not in rules.STOPS else 0,
            counted=alerts.COUNTED,
            tally=alerts.tallies(store, [rule.id], now).get(rule.id, (0, 0)),
            most=alerts.most_a_day(store, now),
            sent=sent,
            shown=alerts.SHOWN,
            names=naming.of_rows(store, sent),
            at=names.Places(store),
            say=names,
            key=new_ref(),
        )


@desk.get("/alerts/<ref>/form")
def form(ref: str) -> Answer:
    """The form of a rule of one's own."""
    with reading() as store:
        rule = rules.own(store, ref, session.actor())
    kept = {name: getattr(rule, name) or "" for name in ("name", "process", "element", "reason", "to_kind", "to_role")}
    return _form(rule, Said(**kept, days=str(rule.days), to_person=rule.to_ref or ""))


@desk.post("/alerts/<ref>")
def change(ref: str) -> Answer:
    """Change a rule of one's own."""
    typed = _typed()
    try:
        with transaction() as store:
            rules.change(store, ref, typed, seen=_seen(), by=session.actor(), now=clock.now())
    except rules.Wrong as no:
        with reading() as store:
            rule = rules.own(store, ref, session.actor())
        return _form(rule, typed, no)
    return _back(ref, "alert.kept")


@desk.post("/alerts/<ref>/trial")
def try_out(ref: str) -> Answer:
    """Send oneself the words of today."""
    key = request.form.get("_key", "")[:REF_LENGTH] or new_ref()
    with transaction() as store:
        n = alerts.try_out(store, ref, by=session.actor(), key=key, now=clock.now())
    return _back(ref, "alert.tried", n=f"{n}+" if n >= alerts.COUNTED else n)


@desk.post("/alerts/<ref>/pause")
def pause(ref: str) -> Answer:
    """Let a rule rest, or go on."""
    paused = request.form.get("paused") == "1"
    with transaction() as store:
        rules.pause(store, ref, paused=paused, seen=_seen(), by=session.actor(), now=clock.now())
    return _back(ref, "alert.paused" if paused else "alert.goes_on")


@desk.post("/alerts/<ref>/end")
def drop(ref: str) -> Answer:
    """Give a rule up."""
    with transaction() as store:
        rules.drop(store, ref, seen=_seen(), by=session.actor(), now=clock.now())
    answer: Answer = redirect(url_for("alerts.listed"), 303)
    said.tell(answer, "alert.dropped")
    return answer


def _typed() -> Said:
    typed: Mapping[str, str] = {name: text[:FIELD_LENGTH] for name, text in request.form.items()}
    process, _slash, element = typed.get("at", "").partition("/")
    fields = {name: typed.get(name, "").strip() for name in ("name", "reason", "days", "to_kind", "to_role")}
    return Said(**fields, process=process, element=element, to_person=typed.get("to_person", ""))


def _seen() -> int:
    return whole(request.form.get("seen", "")) or 0


def _form(rule: Any, typed: Said, refusal: Refused | None = None) -> Answer:
    with reading() as store:
        page = render_template(
            "alerts/pages/form.html",
            rule=rule,
            typed=asdict(typed) | {"at": f"{typed.process}/{typed.element}" if typed.element else typed.process},
            refusal=refusal,
            wrong=refusal.detail.get("field") if refusal else None,
            choices=names.Places(store).choices(),
            persons=rules.tellable(store, clock.now()),
            roles={role: ROLES[role] for role in rules.ROLES},
            most_days=rules.MOST_DAYS,
            say=names,
            key=new_ref(),
        )
    return make_response(page, refusal.status if refusal else 200)


def _back(ref: str, code: str, **words: Any) -> Answer:
    answer: Answer = redirect(url_for("alerts.one", ref=ref), 303)
    said.tell(answer, code, **words)
    return answer
