"""A version's diagram with numbers on its shapes: what stands there now, or how long its steps wait and take."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from flask import Response, jsonify, make_response, render_template, request, url_for

from engine import definitions
from engine.folders import Folder
from engine.spiff.diagrams import AT, Diagram
from ground import clock
from ground.database import Session, reading
from ground.errors import Missing
from tasks import analysis, analysis_scope, heat
from tasks.analysis_scope import Scope
from tasks.heat import Standing
from web.analysis import asked as addresses, charts
from web.analysis.asked import Asked
from web.analysis.blueprint import desk
from web.analysis.page import around
from web.door import session
from web.door.language import _
from web.reviewer import naming
from web.words.catalogue import N_

HEATS = (("count", N_("在办件数")), ("waiting", N_("待领取用时")), ("working", N_("办理用时")))
FOREVER = "private, max-age=31536000, immutable"  # a version never changes


@dataclass(frozen=True)
class Figure:
    """What one place shows: its number, how it is written, its cells in the table, what is added, the page behind."""

    value: float
    words: str
    cells: tuple[int | None, ...] = ()
    more: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    late: bool = False
    url: str = ""


@dataclass(frozen=True)
class Drawing:
    """One drawing: the called process that it is of, if any, its name, and its badges for the viewer."""

    called: str
    name: str
    badges: str


@desk.get("/analysis/diagram")
def diagram() -> str:
    """The diagram of one version, hot where most stands or takes longest."""
    me = session.actor()
    with reading() as store:
        counted = analysis_scope.processes(store, me)
        asked = addresses.read(counted)
        scope = analysis_scope.of(store, me, asked.filters, clock.today())
        running = heat.versions(store, asked.filters.process, me)
        version = _chosen(asked, running)
        shown = _shown(store, scope, asked, version, running) if running else {}
        return render_template(
            "analysis/pages/diagram.html",
            heat=asked.heat,
            heats=[(key, _(words)) for key, words in HEATS],
            running=running,
            version=version,
            **around(store, scope, asked, counted),
            **shown,
        )


@desk.get("/analysis/<process>/versions/<int:version>/diagram.bpmn")
def drawing(process: str, version: int) -> Response:
    """The drawing of a version, or of a process that it calls."""
    folder = _folder(process, version)
    answer = make_response(folder.parts[folder.facts["diagram"]])
    answer.content_type = "application/xml"
    answer.headers["Cache-Control"] = FOREVER
    return answer


@desk.get("/analysis/<process>/versions/<int:version>/names.json")
def drawing_names(process: str, version: int) -> Response:
    """The English of its names."""
    answer = jsonify(dict(_folder(process, version).words))
    answer.headers["Cache-Control"] = FOREVER
    return answer


def _folder(process: str, version: int) -> Folder:
    with reading() as store:
        known = heat.versions(store, process, session.actor())
        if version not in known:
            raise Missing(process=process, version=version)
        folder = definitions.shown(store, known[version][0])
    called = request.args.get("called")
    if called and called not in folder.calls:
        raise Missing(called=called)
    return folder.calls[called] if called else folder


def _chosen(asked: Asked, running: Mapping[int, tuple[int, int]]) -> int:
    """The version asked for, or the newest."""
    wanted = int(asked.filters.version or 0)
    return wanted if wanted in running else next(iter(running), 0)


def _shown(
    store: Session, scope: Scope, asked: Asked, version: int, running: Mapping[int, tuple[int, int]]
) -> dict[str, Any]:
    version_id = running[version][0]
    folder = definitions.shown(store, version_id)
    if asked.heat == "count":
        found = {
            place: _of_now(standing, asked, version, place)
            for place, standing in heat.now(store, scope, version_id, clock.now()).items()
        }
    else:
        found = _of_times(store, scope, asked)
    if not analysis_scope.sees_all(scope.by) and analysis_scope.counts_all(scope.by):
        found = {place: replace(each, url="") for place, each in found.items()}
    most = max((each.value for each in found.values()), default=0)
    ordered = sorted(found.items(), key=lambda pair: (-pair[1].value, pair[0]))
    return {
        "legend": charts.steps_of(most),
        "rows": [(place, each.cells, each.url) for place, each in ordered],
        "drawings": _drawings(folder, found, most),
    }


def _of_now(standing: Standing, asked: Asked, version: int, place: str) -> Figure:
    more = [f"! {standing.overdue}"] if standing.overdue else []
    if standing.waiting:
        more.append(_("等待%(n)s", n=standing.waiting))
    kept = {**asked.arguments, "version": version, "element": place}
    url = url_for("analysis.behind", what="standing", **kept) if standing.open else ""
    cells = (standing.open, standing.overdue or None, standing.waiting or None)
    words = str(standing.open) if standing.open else ""
    return Figure(standing.open, words, cells, tuple(more), late=bool(standing.overdue), url=url)


def _of_times(store: Session, scope: Scope, asked: Asked) -> dict[str, Figure]:
    found = {}
    for stage in analysis.stages(store, scope):
        spread = stage.waited if asked.heat == "waiting" else stage.worked
        url = url_for("analysis.behind", what="sent", **{**asked.arguments, "element": stage.element})
        median, ninety = spread.median or 0, spread.ninety or 0
        words = _("%(median)s日", median=median)
        found[stage.element] = Figure(median, words, (median, ninety), also=(f"≤ {ninety}",), url=url)
    return found


def _drawings(folder: Folder, found: Mapping[str, Figure], most: float) -> list[Drawing]:
    """The process itself, and each called one in which anything is counted."""
    made = [_drawing(folder, "", folder.diagram, found, most)]
    for key, inner in folder.diagram.every.items():
        inside = {place: each for place, each in found.items() if place.rpartition(AT)[0] in inner.every}
        if key in folder.calls and inside:
            made.append(_drawing(folder, key, inner, inside, most))
    return made


def _drawing(folder: Folder, called: str, inner: Diagram, found: Mapping[str, Figure], most: float) -> Drawing:
    home = folder.calls[called] if called else folder
    badges: dict[str, dict[str, Any]] = {}
    for place, each in found.items():
        at = inner.where(place)
        if at not in badges or each.value > badges[at]["value"]:
            badges[at] = {
                "value": each.value,
                "heat": charts.shade(each.value, most),
                "text": each.words,
                "more": list(each.more),
                "also": list(each.also),
                "late": each.late,
                "url": each.url,
                "name": naming.step(folder, place),
            }
    return Drawing(called, naming.text(home, home.facts["name"]), orjson.dumps(badges).decode())
