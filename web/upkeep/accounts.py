"""Accounts: who can sign in. A first password is made here, shown once, and changed by its owner."""

import secrets
from collections.abc import Mapping

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ground import administration
from ground.database import reading, transaction
from ground.errors import Refused
from web.door import session
from web.door.noting import note
from web.people import passwords
from web.upkeep.blueprint import desk, done

FIELDS = ("login", "name", "name_en")
LONGEST = 60
PASSWORD_BYTES = 12


@desk.get("/upkeep/accounts")
def accounts() -> str:
    """Everybody, or those whom a search finds."""
    return _listed()


@desk.post("/upkeep/accounts")
def add_account() -> Answer:
    """Open an account; the page that comes back shows its first password, this once, or keeps what was typed."""
    typed = {field: request.form.get(field, "").strip()[:LONGEST] for field in FIELDS}
    first = secrets.token_urlsafe(PASSWORD_BYTES)
    try:
        with transaction() as store:
            administration.add(store, session.actor(), **typed, password_hash=passwords.hashed(first))
    except (administration.NotAnAccount, administration.LoginTaken) as no:
        return make_response(_listed(problem=no, typed=typed), no.status)
    note("account.added", typed["login"])
    return make_response(_listed(shown=(typed["login"], first)))


@desk.post("/upkeep/accounts/<ref>/password")
def renew_password(ref: str) -> str:
    """A new first password: the old one and every open session end."""
    first = secrets.token_urlsafe(PASSWORD_BYTES)
    with transaction() as store:
        person = administration.set_password(store, session.actor(), ref, passwords.hashed(first))
        session.end_all(store, person)
    note("account.password_renewed", ref)
    return _listed(shown=(request.form.get("login", "")[:LONGEST], first))


@desk.post("/upkeep/accounts/<ref>/closing")
def close_account(ref: str) -> Answer:
    """Nobody signs in with it any more, and whoever is, is out."""
    with transaction() as store:
        session.end_all(store, administration.set_active(store, session.actor(), ref, active=False))
    note("account.closed", ref)
    return done("upkeep.accounts", "account.closed")


@desk.post("/upkeep/accounts/<ref>/opening")
def open_account(ref: str) -> Answer:
    """It can be used again, with the roles that still hold."""
    with transaction() as store:
        administration.set_active(store, session.actor(), ref, active=True)
    note("account.opened", ref)
    return done("upkeep.accounts", "account.opened")


@desk.get("/upkeep")
def index() -> Answer:
    """The first page of whichever administrator asks."""
    me = session.actor()
    pages = {
        administration.SYSTEM: "upkeep.lines",
        administration.SECURITY: "upkeep.grants",
        administration.AUDIT: "upkeep.log",
    }
    return redirect(url_for(next(page for role, page in pages.items() if me.has(role))))


def _listed(
    shown: tuple[str, str] | None = None, problem: Refused | None = None, typed: Mapping[str, str] | None = None
) -> str:
    search = request.args.get("q", "")[:LONGEST]
    with reading() as store:
        found = administration.accounts(store, session.actor(), search)
    return render_template(
        "upkeep/pages/accounts.html",
        found=found,
        search=search,
        most=administration.MOST,
        shown=shown,
        problem=problem,
        typed=typed or {},
        me_ref=session.actor().ref,
    )
