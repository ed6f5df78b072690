"""Sign-in, sign-out, the language and the size of the letters."""

from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ground import accounts, channels, clock, security
from ground.database import reading, transaction
from ground.errors import Refused
from tasks import posting
from web.door import language, said, session
from web.door.back import safe
from web.door.rights import PUBLIC, SIGNED_IN, Desk, Route
from web.people import attempts, cards, passwords
from web.people.admission import admit
from web.words.roles import ROLES

LONGEST_LOGIN = 60
LONGEST_PASSWORD = 200
SHORTEST_PASSWORD = 12
DEVICE_COOKIE = "jidi-device"
DEVICE_SECONDS = 180 * 24 * 3600

desk = Blueprint("people", __name__)


class Wrong(Refused):
    """Login and password do not belong together; which of the two is wrong is not said."""

    code = "sign_in.wrong"
    status = 401


class TooShort(Refused):
    """A new password is another one, and long."""

    code = "password.too_short"
    status = 422


@desk.get("/sign-in")
def sign_in() -> str | Answer:
    """The form of the office, or the cards of the demo."""
    if current_app.extensions["settings"].mode != "demo":
        return render_template("people/pages/sign_in.html", back=safe(request.args.get("back")), problem=None, login="")
    with reading() as store:
        levels = cards.by_level(store, clock.today())
    return render_template("people/pages/cards.html", back=safe(request.args.get("back")), levels=levels, roles=ROLES)


@desk.post("/sign-in")
def enter() -> Answer:
    """Check the password and open a session; a refusal keeps the login that was typed."""
    login = request.form.get("login", "").strip()[:LONGEST_LOGIN]
    back = safe(request.form.get("back"))
    try:
        account = _checked(login, request.form.get("password", "")[:LONGEST_PASSWORD])
    except (Wrong, attempts.Locked, attempts.Flood) as refusal:
        security.note("sign_in.failed", ip=request.remote_addr or "", object=login, reason=refusal.code)
        page = render_template("people/pages/sign_in.html", back=back, problem=refusal, login=login)
        return make_response(page, refusal.status)
    answer = admit(account.id, back)
    answer.set_cookie(
        DEVICE_COOKIE,
        attempts.device_mark(_secret(), login),
        max_age=DEVICE_SECONDS,
        secure=current_app.extensions["settings"].mode == "production",
        httponly=True,
        samesite="Strict",
    )
    return answer


@desk.post("/sign-out")
def sign_out() -> Answer:
    """End the session in the table, not only in this browser."""
    with transaction() as store:
        session.sign_out(store, clock.now(), current_app.extensions["limits"])
    answer = redirect(url_for("people.sign_in"))
    said.tell(answer, "signed_out_well")
    return answer


@desk.post("/language")
def speak() -> Answer:
    """Show pages in another language from here on."""
    answer = redirect(safe(request.form.get("back")))
    _keep(answer, request.form.get("language"), None)
    return answer


@desk.post("/letter-size")
def resize() -> Answer:
    """Show pages in larger or in standard letters from here on."""
    answer = redirect(safe(request.form.get("back")))
    _keep(answer, None, request.form.get("size"))
    return answer


@desk.get("/profile")
def profile() -> str:
    """Who one is, with which roles, and how one wishes to read."""
    return render_template(
        "people/pages/profile.html",
        roles=ROLES,
        sizes=language.SIZES,
        languages=language.NAMES,
        held=session.actor().held,
        **_reach(),
    )


@desk.post("/profile")
def keep_profile() -> Answer:
    """Keep language and size."""
    answer = redirect(url_for("people.profile"))
    _keep(answer, request.form.get("language"), request.form.get("size"))
    said.tell(answer, "profile.kept")
    return answer


@desk.post("/profile/channels/<name>")
def keep_address(name: str) -> Answer:
    """Be told by this channel at this address from here on; an empty one ends it."""
    with transaction() as store:
        channels.keep_address(store, _me(), name, request.form.get("address", "")[: LONGEST_LOGIN * 2])
    answer = redirect(url_for("people.profile"), 303)
    said.tell(answer, "profile.kept")
    return answer


@desk.post("/profile/channels/<name>/trial")
def try_channel(name: str) -> Answer:
    """Send oneself a test message, now."""
    with reading() as store:
        posting.try_out(store, name, session.actor(), language.chosen())
    answer = redirect(url_for("people.profile"), 303)
    said.tell(answer, "channel.tried")
    return answer


@desk.post("/profile/password")
def change_password() -> Answer:
    """A new password for whoever knows the old one; every other session of this person ends."""
    old, new = (request.form.get(name, "")[:LONGEST_PASSWORD] for name in ("old", "new"))
    me = session.actor()
    with reading() as store:
        stored = accounts.password_hash(store, _me())
    if not passwords.fits(stored, old):
        raise Wrong
    if len(new) < SHORTEST_PASSWORD or new == old:
        raise TooShort(least=SHORTEST_PASSWORD)
    with transaction() as store:
        accounts.change_password(store, _me(), passwords.hashed(new))
        session.end_all(store, _me())
    security.note("account.password_changed", person_id=me.person, ip=request.remote_addr or "")
    answer = admit(_me(), url_for("people.profile"))
    said.tell(answer, "profile.password_changed")
    return answer


def _reach() -> dict[str, Any]:
    """The channels that are open to a person, and the addresses that this one gave."""
    names = [name for name in channels.open_ones() if name != channels.OUTBOX]
    if not names:
        return {"lines": (), "addresses": {}}
    with reading() as store:
        return {"lines": names, "addresses": channels.addresses_of(store, _me())}


def _me() -> int:
    return session.actor().person or 0


def _checked(login: str, password: str) -> accounts.Account:
    device = attempts.known_device(_secret(), login, request.cookies.get(DEVICE_COOKIE, ""))
    with transaction() as store:
        attempts.count(store, login, device, request.remote_addr or "", clock.now())
        account = accounts.by_login(store, login)
    if not passwords.fits(account.password_hash if account else None, password) or not account or not account.active:
        raise Wrong
    with transaction() as store:
        attempts.forgive(store, login, device)
    return account


def _keep(answer: Answer, spoken: str | None, size: str | None) -> None:
    if spoken in language.LANGUAGES:
        language.keep(answer, spoken)
        who = session.visit().actor
        if who and who.person:
            with transaction() as store:
                accounts.speak(store, who.person, spoken)
    if size in language.SIZES:
        language.keep_size(answer, size)


def _secret() -> str:
    secret: str = current_app.extensions["settings"].secret
    return secret


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("people.sign_in", "GET", PUBLIC),
        Route("people.enter", "POST", PUBLIC),
        Route("people.sign_out", "POST", SIGNED_IN),
        Route("people.speak", "POST", PUBLIC),
        Route("people.resize", "POST", PUBLIC),
        Route("people.profile", "GET", SIGNED_IN),
        Route("people.keep_profile", "POST", SIGNED_IN),
        Route("people.keep_address", "POST", SIGNED_IN),
        Route("people.try_channel", "POST", SIGNED_IN),
        Route("people.change_password", "POST", SIGNED_IN),
    ),
)
