"""Roles: who holds which where, from when; given and ended by the security administrator, never to oneself."""

from collections.abc import Mapping

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from ground import administration, clock, organs
from ground.database import reading, transaction
from ground.errors import Refused
from web.door import session
from web.door.noting import note
from web.upkeep.blueprint import desk, done
from web.words.roles import ROLES

LONGEST = 60


@desk.get("/upkeep/grants")
def grants() -> str:
    """What holds today, and the form to give a role."""
    return _listed()


@desk.post("/upkeep/grants")
def give() -> Answer:
    """Give a role from today on; what was refused keeps what was typed."""
    typed = {name: request.form.get(name, "")[:LONGEST] for name in ("login", "role", "organ")}
    try:
        with transaction() as store:
            administration.give(store, session.actor(), typed["login"], typed["role"], typed["organ"], clock.today())
    except Refused as no:
        return make_response(_listed(problem=no, typed=typed), no.status)
    note("grant.given", " ".join(typed.values()))
    return done("upkeep.grants", "grant.given")


@desk.post("/upkeep/grants/<int:number>/end")
def end(number: int) -> Answer:
    """From today on this person does not hold it any more."""
    with transaction() as store:
        ended = administration.end(store, session.actor(), number, clock.today())
    note("grant.ended", f"{ended.login} {ended.role}")
    return done("upkeep.grants", "grant.ended")


def _listed(problem: Refused | None = None, typed: Mapping[str, str] | None = None) -> str:
    search, role = request.args.get("q", "")[:LONGEST], request.args.get("role", "")[:LONGEST]
    with reading() as store:
        return render_template(
            "upkeep/pages/grants.html",
            found=administration.grants(store, session.actor(), clock.today(), search, role),
            organs=organs.acting(store, clock.today()),
            search=search,
            role=role,
            roles=ROLES,
            most=administration.MOST,
            problem=problem,
            typed=typed or {},
        )
