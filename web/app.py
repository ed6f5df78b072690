"""The application: the door in front, the desks behind it; no start while a bundle or a route's row is missing."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request, url_for

from bases.measures import policy
from ground import clock
from ground.settings import Settings
from web import (
    alerts,
    analysis,
    bases,
    batches,
    board,
    campaigns,
    cooperation,
    figures,
    guide,
    honours,
    interventions,
    letters,
    measures,
    notices,
    office,
    orders,
    owner,
    palette,
    panels,
    people,
    phrases,
    public,
    pushes,
    registers,
    reports,
    reviewer,
    substitutes,
    upkeep,
    yearbook,
)
from web.door import assets, csrf, errors, headers, language, proxies, refs, rights, said, session
from web.door.rights import Desk, Place
from web.people import demo
from web.words import catalogue, codes, dates, told

MEGABYTE = 1_000_000
COOKIE = "__Host-jidi"
PLAIN_COOKIE = "jidi"  # the demo speaks http on this machine, where browsers refuse the __Host- prefix


def create(settings: Settings, bundles: Path = assets.FOLDER) -> Flask:
    """Build the application; what is missing is said here, not to the first visitor."""
    app = Flask("web", root_path=str(Path(__file__).parent), template_folder=".", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=2 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=MEGABYTE // 2,
        MAX_FORM_PARTS=1_400,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.extensions["settings"] = settings
    built = assets.load(bundles)
    desks = _desks(settings, assets.desk(built))
    for desk in desks:
        app.register_blueprint(desk.blueprint)
    language.use(catalogue.english())
    codes.use(*(desk.codes for desk in desks))
    told.use(*(desk.told for desk in desks))
    assets.place(app, built)
    _furnish(app, desks, demo=settings.mode == "demo")
    _door(app, settings, desks)
    app.wsgi_app = proxies.behind(app.wsgi_app, settings.proxies)  # type: ignore[method-assign,assignment]
    return app


def _desks(settings: Settings, bundles: Desk) -> tuple[Desk, ...]:
    """Every desk of the house; the demo's clock and cards only where it is a demo."""
    work = (bases, batches, panels, notices, campaigns, office, reports, yearbook, registers, cooperation)
    desks = (
        people,
        public,
        owner,
        reviewer,
        *work,
        figures,
        honours,
        orders,
        board,
        alerts,
        analysis,
        letters,
        measures,
        upkeep,
        guide,
        substitutes,
        phrases,
        palette,
    )
    always = (bundles, *(each.DESK for each in (*desks, interventions, pushes)))
    return (*always, demo.DESK, guide.CARDS) if settings.mode == "demo" else always


def _door(app: Flask, settings: Settings, desks: tuple[Desk, ...]) -> None:
    """What each request passes, in this order."""
    secure = settings.mode == "production"
    app.extensions["limits"] = limits = session.DEMO if settings.mode == "demo" else session.OFFICE
    cookie = COOKIE if secure else PLAIN_COOKIE
    app.before_request(headers.number_request)
    app.before_request(headers.length_check)
    app.before_request(headers.host_check(hosts(settings)))
    app.before_request(_unless_asset(lambda: session.enter(cookie, limits)))
    rights.hold(app, (row for desk in desks for row in desk.routes))
    app.before_request(_unless_asset(refs.check))
    app.before_request(_unless_asset(lambda: csrf.check(request, session.visit().token)))
    headers.seal(app, secure=secure)

    @app.after_request
    def hand_out(answer: Response) -> Response:
        session.hand_out(answer, cookie, secure=secure)
        if g.get("said_shown"):
            said.forget(answer)
        return answer

    errors.catch(app)


def hosts(settings: Settings) -> frozenset[str]:
    """The host names that requests may carry."""
    here = {f"{name}:{settings.port}" for name in (settings.host, "localhost", "127.0.0.1")}
    tests = {"localhost"} if settings.mode == "test" else set()
    return frozenset(here | tests | set(settings.hosts))


def _unless_asset(step: Callable[[], None]) -> Callable[[], None]:
    def unless() -> None:
        if not assets.is_asset():
            step()

    return unless


def _furnish(app: Flask, desks: tuple[Desk, ...], *, demo: bool) -> None:
    """What every template may name."""
    places = app.extensions["places"] = sorted(
        (place for desk in desks for place in desk.places), key=lambda place: place.order
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        {
            "_": language._,
            "ngettext": language.ngettext,
            "pick": language.pick,
            "within": language.within,
            "ground_words": dates.ground,
            "sentence": codes.sentence,
            "both_ends": dates.both_ends,
            "demo": demo,
            "ten_minutes": guide.ten_minutes if demo else lambda: None,
        }
    )
    app.jinja_env.filters.update(
        day=dates.day, clock=dates.clock, moment=dates.moment, clause=dates.clause_words, number="{:,}".format
    )

    app.context_processor(lambda: _of_this_page(app, places))


def _of_this_page(app: Flask, places: Sequence[Place]) -> dict[str, Any]:
    """What templates are told anew for each page: who reads it, in which language, on which day."""
    visit = g.visit if "visit" in g else None
    today = clock.today()
    return {
        "me": visit.actor if visit else None,
        "admits": lambda endpoint, method="GET": rights.admits(app, endpoint, visit.actor if visit else None, method),
        "my_name": language.name(visit.actor) if visit and visit.actor else "",
        "places": [
            (url_for(each.endpoint), each.label, rights.admits(app, each.endpoint, None))
            for each in places
            if visit and rights.admits(app, each.endpoint, visit.actor)
        ],
        "lang": language.chosen(),
        "lang_tag": language.TAGS[language.chosen()],
        "size": language.size(),
        "today": today,
        "now": clock.now(),
        "banner": policy.banner(today, visit.policies if visit else ()),
        "session_ends_at": visit.ends_at if visit else None,
        "due_words": _due_words(today),
        "short": lambda at: dates.short(at, today),
        "csrf_token": lambda: csrf.token(visit.token) if visit else "",
        "said": _said,
    }


def _due_words(today: date) -> Callable[..., dates.DueWords]:
    def words(on: date, kind: str, clause: str | None = None, queue: str | None = None) -> dates.DueWords:
        return dates.due(on, kind, clause, today, session.visit().calendar, queue)

    return words


def _said() -> str | None:
    """The sentence carried over from the page before, once."""
    heard = said.heard(request)
    if heard is None or not codes.known(heard[0]):
        return None
    g.said_shown = True
    return codes.sentence(*heard)
