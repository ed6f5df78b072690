"""Who may call which route: one row a route and method; a route without a row keeps the application from starting."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Flask, request, url_for

from ground.errors import Forbidden, Refused
from ground.people import Actor
from web.door import session
from web.words.told import Told

FORM_BYTES = 2_000_000
TYPED_BYTES = 500_000  # what a person types; files come as multipart, whose parts have the same limit
TYPED = "application/x-www-form-urlencoded"
PUBLIC_PLACES = 100  # places of work come before them
PUBLIC = frozenset({"*"})
SIGNED_IN = frozenset({"signed-in"})


@dataclass(frozen=True)
class Route:
    """One row: these roles may use this method of this endpoint, with a body of at most so many bytes."""

    endpoint: str
    method: str
    who: frozenset[str]
    body: int = FORM_BYTES


@dataclass(frozen=True)
class Place:
    """An entry of the bar at the head of the page, shown to whom its route admits."""

    endpoint: str
    label: str
    order: int


@dataclass(frozen=True)
class Desk:
    """What a desk brings: its routes, who may use them, its places in the bar, its words for codes and for history."""

    blueprint: Blueprint
    routes: tuple[Route, ...]
    places: tuple[Place, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Told] = field(default_factory=dict)


class SignedOut(Refused):
    """This page asks who you are, and nobody is signed in (any more)."""

    code = "signed_out"
    status = 401


class Unguarded(Exception):  # noqa: N818  said at start to whoever wrote the route
    """A route has no row in its desk's table, or a row no route."""


def may(actor: Actor | None, who: frozenset[str]) -> bool:
    """Whether this person is among those whom a row admits."""
    if who == PUBLIC:
        return True
    if actor is None:
        return False
    return who == SIGNED_IN or any(held.role in who for held in actor.held)


def hold(app: Flask, rows: Iterable[Route]) -> None:
    """Refuse every call that no row admits; the application does not start while table and routes differ."""
    table = {(row.endpoint, row.method): row for row in rows}
    _compare(app, set(table))
    app.before_request(_guard(table))
    app.extensions["rights"] = table


def admits(app: Flask, endpoint: str, actor: Actor | None, method: str = "GET") -> bool:
    """Whether this person may open this page: what the bar shows."""
    table: Mapping[tuple[str, str], Route] = app.extensions["rights"]
    return may(actor, table[endpoint, method].who)


def first_place(app: Flask, actor: Actor | None) -> str | None:
    """The first place of work of whoever is signed in; the public has none."""
    places: Iterable[Place] = app.extensions["places"]
    mine = (each for each in places if each.order < PUBLIC_PLACES and admits(app, each.endpoint, actor))
    found = next(mine, None)
    return url_for(found.endpoint) if found and actor else None


def _compare(app: Flask, rows: set[tuple[str, str]]) -> None:
    routes = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    if routes != rows:
        message = f"routes without a row: {sorted(routes - rows)}; rows without a route: {sorted(rows - routes)}"
        raise Unguarded(message)


def _guard(table: Mapping[tuple[str, str], Route]) -> Callable[[], None]:
    def guard() -> None:
        if request.endpoint is None or request.routing_exception:
            return
        row = table[request.endpoint, "GET" if request.method == "HEAD" else request.method]
        request.max_content_length = min(row.body, TYPED_BYTES) if request.mimetype == TYPED else row.body
        if row.who == PUBLIC:
            return
        actor = session.visit().actor
        if actor is None:
            raise SignedOut
        if may(actor, row.who):
            return
        raise Forbidden(endpoint=row.endpoint)

    return guard
