"""Sign-in, sign-out, the language and the size of the letters."""

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ground import clock, people, security
from ground.database import reading, transaction
from ground.errors import Refused
from web.door import language, said, session
from web.door.back import safe
from web.door.rights import PUBLIC, SIGNED_IN, Desk, Route
from web.people import attempts, cards, passwords
from web.people.admission import admit
from web.words.roles import ROLES

LONGEST_LOGIN = 60
LONGEST_PASSWORD = 200
DEVICE_COOKIE = "jidi-device"
DEVICE_SECONDS = 180 * 24 * 3600

desk = Blueprint("people", __name__)


class Wrong(Refused):
    """Login and password do not belong together; which of the two is wrong is not said."""

    code = "sign_in.wrong"
    status = 401


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
    )


@desk.post("/profile")
def keep_profile() -> Answer:
    """Keep language and size."""
    answer = redirect(url_for("people.profile"))
    _keep(answer, request.form.get("language"), request.form.get("size"))
    said.tell(answer, "profile.kept")
    return answer


def _checked(login: str, password: str) -> people.Account:
    device = attempts.known_device(_secret(), login, request.cookies.get(DEVICE_COOKIE, ""))
    with transaction() as store:
        attempts.count(store, login, device, request.remote_addr or "", clock.now())
        account = people.account(store, login)
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
                people.speak(store, who.person, spoken)
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
    ),
)
