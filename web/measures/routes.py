"""The parameters: every value with its clause, its days and its history; another one from a day to come, seen first."""

from collections.abc import Mapping

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.measures import rulers, shapes, terms
from bases.measures.terms import Preview
from engine import definitions
from ground import clock, parameters, people
from ground.database import Session, reading, transaction
from ground.errors import Forbidden, Missing, Refused
from ground.parameters import Parameter
from web.door import said, session
from web.door.language import within
from web.door.rights import Desk, Place, Route
from web.measures import changes, computed, names, organs, policies, workdays
from web.measures.blueprint import day, desk, note, typed
from web.words.catalogue import N_

RULERS = rulers.RULERS


@desk.get("/rules/parameters")
def listed() -> str:
    """Every parameter that holds today, under its heading."""
    words = request.args.get("words", "").strip()[:60]
    today = clock.today()
    with reading() as store:
        rows = [one for one in parameters.listed(store, today) if _holds(one, words)]
        coming = {one.key for one in rows if one.valid_to is not None}
    groups: dict[str, list[Parameter]] = {}
    for one in sorted(rows, key=lambda one: list(_order).index(names.group(one.key))):
        groups.setdefault(names.group(one.key), []).append(one)
    return render_template("measures/pages/parameters.html", groups=groups, coming=coming, words=words, say=names)


@desk.get("/rules/parameters/<key>")
def parameter(key: str) -> Answer:
    """One parameter with its history; with a value and a day, what this change would do."""
    return _page(key, typed())


@desk.post("/rules/parameters/<key>")
def change(key: str) -> Answer:
    """Have another value hold from a day to come on."""
    given = typed()
    try:
        with transaction() as store:
            present = _latest(store, key)
            on = day(given.get("on"))
            if on is None:
                raise terms.Past(key=key, on=None)
            new = shapes.assembled(present, given)
            me = session.actor()
            terms.change(store, key, new, on, by=me, note=given.get("note", ""), now=clock.now())
    except (Forbidden, Missing):
        raise
    except Refused as no:
        return _page(key, given, no)
    note("parameter.changed", f"{key} {on}")
    answer: Answer = redirect(url_for("measures.parameter", key=key), 303)
    said.tell(answer, "parameter.changed", name=names.name(key))
    return answer


def _page(key: str, given: Mapping[str, str], refusal: Refused | None = None) -> Answer:
    with reading() as store:
        present = _latest(store, key)
        seen = None
        if given.get("on") is not None:
            try:
                seen = _seen(store, present, given)
            except Refused as no:
                refusal = refusal or no
        grounds = terms.grounds(store, key)
        page = render_template(
            "measures/pages/parameter.html",
            term=present,
            history=list(reversed(parameters.history(store, key))),
            grounds=grounds,
            people=people.name_of(store, {row.by_person for row in grounds.values()}),
            parts=shapes.parts(present),
            typed=given,
            seen=seen,
            steps=_steps(store, seen) if seen else [],
            standing=_standing(store, seen) if seen else [],
            refusal=refusal,
            say=names,
            first_on=clock.local_day(clock.now() + clock.DAY),
        )
    return make_response(page, refusal.status if refusal else 200)


def _latest(store: Session, key: str) -> Parameter:
    try:
        return terms.latest(store, key)
    except parameters.Unknown:
        raise Missing(parameter=key) from None


def _seen(store: Session, present: Parameter, given: Mapping[str, str]) -> Preview:
    on = day(given.get("on"))
    if on is None:
        raise terms.Past(key=present.key, on=None)
    return terms.preview(store, present.key, shapes.assembled(present, given), on, clock.today())


def _steps(store: Session, seen: Preview) -> list[tuple[str, str]]:
    """The process and the step in words; a step that is bound to its reminder is named once."""
    found: dict[tuple[str, str], None] = {}
    for key, element in seen.steps:
        folder = definitions.pinned(store, definitions.current(store, key).release_id)
        at = folder.diagram.elements.get(element.attached or "", element)
        found[within(folder.words, folder.facts["name"]), within(folder.words, at.name or at.id)] = None
    return list(found)


def _standing(store: Session, seen: Preview) -> list[tuple[str, object]]:
    return [(names.step(store, row.version_id, row.element), row) for row in seen.standing if row.kind == "wait"]


def _holds(one: Parameter, words: str) -> bool:
    found = terms.name(one.key)
    return not words or any(words.lower() in text.lower() for text in (one.key, found.zh, found.en))


_order = dict.fromkeys([*names.GROUPS.values(), names.OTHERS])

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("measures.listed", "GET", RULERS),
        Route("measures.parameter", "GET", RULERS),
        Route("measures.change", "POST", RULERS),
        *computed.ROUTES,
        *workdays.ROUTES,
        *policies.ROUTES,
        *organs.ROUTES,
    ),
    places=(Place("measures.listed", N_("规则与日历"), 90),),
    codes=changes.CODES,
)
