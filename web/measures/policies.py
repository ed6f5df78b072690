"""Policy versions: which is in force and what its banner says, which cases rest on which; another one entered."""

from collections.abc import Mapping
from datetime import date

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from bases.measures import pasted, policy, rulers
from bases.measures.policy import Policy
from engine.cases import case
from ground import clock
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing, Refused
from web.door import said, session
from web.door.rights import Route
from web.measures.blueprint import day, desk, note, typed

LONGEST = {"id": 20, "zh": 200, "en": 400, "number": 60, "banner_zh": 300, "banner_en": 600}


@desk.get("/rules/policies")
def policies() -> Answer:
    """Every version, and the form for another one."""
    return _page({})


@desk.post("/rules/policies")
def enter_policy() -> Answer:
    """Keep another version; nothing rests on it before it is activated."""
    given = typed()
    try:
        with transaction() as store:
            new, text = _new(given), pasted.clauses(given.get("text", ""))
            policy.enter(store, new, text, by=session.actor(), now=clock.now())
    except Forbidden:
        raise
    except Refused as no:
        return _page(given, no)
    note("policy.entered", new.id)
    answer: Answer = redirect(url_for("measures.one_policy", name=new.id), 303)
    said.tell(answer, "policy.entered")
    return answer


@desk.get("/rules/policies/<name>")
def one_policy(name: str) -> Answer:
    """One version with its clauses as they were cut, and from when it is to be in force."""
    return _one(name, {})


@desk.post("/rules/policies/<name>/activation")
def activate(name: str) -> Answer:
    """Put it in force from a day on."""
    given = typed()
    try:
        with transaction() as store:
            on = day(given.get("on"))
            if on is None:
                raise policy.TooEarly(policy=name, on=None)
            policy.activate(store, name, on, by=session.actor(), now=clock.now())
    except (Forbidden, Missing):
        raise
    except Refused as no:
        return _one(name, given, no)
    note("policy.activated", f"{name} {on}")
    answer: Answer = redirect(url_for("measures.policies"), 303)
    said.tell(answer, "policy.activated")
    return answer


def _page(given: Mapping[str, str], refusal: Refused | None = None) -> Answer:
    today = clock.today()
    with reading() as store:
        known = policy.every(store)
        page = render_template(
            "measures/pages/policies.html",
            versions=known,
            in_force=policy.in_force(today, known),
            counts=case.by_policy(store),
            typed=given,
            limits=LONGEST,
            refusal=refusal,
        )
    return make_response(page, refusal.status if refusal else 200)


def _one(name: str, given: Mapping[str, str], refusal: Refused | None = None) -> Answer:
    with reading() as store:
        found = policy.one(store, name)
        page = render_template(
            "measures/pages/policy.html",
            version=found,
            clauses=list(policy.text(store, name).values()),
            running=case.by_policy(store).get(name, 0),
            typed=given,
            refusal=refusal,
        )
    return make_response(page, refusal.status if refusal else 200)


def _new(given: Mapping[str, str]) -> Policy:
    """What was typed, or NotWhole where a day or a length is not right."""
    issued_on, dated_on, ends_on = (day(given.get(name)) for name in ("issued_on", "dated_on", "period_ends_on"))
    unread = any(given.get(name) and day(given[name]) is None for name in ("dated_on", "period_ends_on"))
    if issued_on is None or unread or any(len(given.get(name, "")) > most for name, most in LONGEST.items()):
        raise policy.NotWhole
    texts = {name: given.get(name, "") for name in LONGEST}
    texts["en"] = texts["en"] or texts["zh"]
    texts["banner_en"] = texts["banner_en"] or texts["banner_zh"]
    days: dict[str, date | None] = {"dated_on": dated_on, "period_ends_on": ends_on}
    return Policy(**texts, **days, issued_on=issued_on)  # type: ignore[arg-type]


ROUTES = (
    Route("measures.policies", "GET", rulers.RULERS),
    Route("measures.enter_policy", "POST", rulers.RULERS),
    Route("measures.one_policy", "GET", rulers.RULERS),
    Route("measures.activate", "POST", rulers.RULERS),
)
