"""停滞办件 for whoever supervises or answers for others: tiles that open their lists, filters, reasons."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for

from engine import definitions
from ground import clock, regions
from ground.database import Session, reading
from tasks import stuck
from tasks.stuck import Filters
from web.board.why import PARTS, told
from web.door import session
from web.door.language import _, pick, within
from web.door.rights import Desk, Place, Route
from web.reviewer import naming
from web.words import dates
from web.words.catalogue import N_

READERS = frozenset(
    {
        "supervisor",
        "prov_division_head",
        "prov_leader",
        "process_owner",
        "auditor",
        "city_section_head",
        "city_leader",
    }
)
ROWS, TILES, LONGEST = 20, 6, 120

desk = Blueprint("board", __name__)


@desk.get("/stuck")
def listed() -> str:
    """The stuck cases, what has stood longest first, each with its reasons and what helps."""
    me, filters = session.actor(), _filters()
    with reading() as store:
        rule = stuck.rule(store, clock.now())
        page = stuck.page(store, me, filters, rule, after=request.args.get("after"), limit=ROWS)
        names = naming.of_rows(store, page.items)
        why_stuck = _reasons(store, page.items, names, rule)
        processes, cities, steps = stuck.tiles(store, me, rule)
        called = _called(store, processes)
        towns = regions.named(store, {f"{city}00" for city in cities})
        kept = {name: value for name, value in asdict(filters).items() if value}
        return render_template(
            "board/pages/listed.html",
            rows=page.items,
            names=names,
            why_stuck=why_stuck,
            days={row.case_id: rule.working_days(row.moved_at) for row in page.items},
            count=stuck.count(store, me, rule, filters),
            counted=stuck.COUNTED,
            by_process=[(called.get(key, key), n, {"process": key}) for key, n in processes.most_common(TILES)],
            by_city=[(_town(towns, city), n, {"city": city}) for city, n in cities.most_common(TILES)],
            by_step=[(_step(store, release, at), n, {"element": at}) for (at, release), n in steps.most_common(TILES)],
            choices={
                "why": [(code, _(words)) for code, words in PARTS.items()],
                "process": sorted(called.items()),
                "city": [(city, _town(towns, city)) for city in sorted(cities)],
            },
            filters=filters,
            narrowed=bool(kept),
            first=url_for("board.listed", **kept) if request.args.get("after") else None,
            following=url_for("board.listed", **kept, after=page.after) if page.after else None,
        )


@desk.get("/stuck/waiting")
def waiting() -> str:
    """正常等待: what waits for a day or for another case, with that day; nothing here is late."""
    me = session.actor()
    with reading() as store:
        rows = stuck.waiting(store, me, stuck.rule(store, clock.now()), limit=stuck.COUNTED)
        return render_template("board/pages/waiting.html", rows=rows, names=naming.of_rows(store, rows))


def _filters() -> Filters:
    return Filters(**{name: request.args.get(name, "").strip()[:LONGEST] for name in Filters.__dataclass_fields__})


def _reasons(store: Session, rows: Sequence[Any], names: naming.Names, rule: stuck.Rule) -> Mapping[int, list[Any]]:
    found = stuck.reasons(store, rows, session.actor(), rule)
    queues = {str(each.facts["queue"]) for all_ in found.values() for each in all_ if "queue" in each.facts}
    offices = naming.queues(store, sorted(queues))
    folders = {row.case_id: names.folders[row.release_id] for row in rows}
    return {
        case: [told(each, naming.step(folders[case], each.element), offices, _day) for each in all_]
        for case, all_ in found.items()
    }


def _called(store: Session, processes: Counter[str]) -> dict[str, str]:
    """The names of these processes, by key."""
    found = {}
    for row in definitions.processes(store):
        if row.key in processes:
            folder = definitions.folder(store, row.version_id)
            found[row.key] = within(folder.words, str(folder.facts["name"]))
    return found


def _step(store: Session, release: int, element: str) -> str:
    return naming.step(definitions.pinned(store, release), element)


def _town(towns: Mapping[str, Any], city: str) -> str:
    place = towns.get(f"{city}00")
    return pick(place.name, place.name_en) if place is not None else city


def _day(text: str) -> str:
    return dates.day(date.fromisoformat(text), weekday=False)


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("board.listed", "GET", READERS),
        Route("board.waiting", "GET", READERS),
    ),
    places=(Place("board.listed", N_("停滞办件"), 38),),
)
