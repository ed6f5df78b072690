"""The tiles of the board: what is stuck by process, step, organ and city, each opening the list of as many cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import definitions
from ground import organs, regions
from ground.database import Session
from ground.numerals import whole
from ground.people import Actor
from tasks import stuck, stuck_rule, tallies
from tasks.stuck_filters import Filters
from web.board.why import PARTS
from web.door.language import _, pick, within
from web.reviewer import naming

MOST = 6


@dataclass(frozen=True)
class Tile:
    """A name, how many (`1000+` beyond what is counted), and the filter it opens."""

    name: str
    figure: str
    kept: Mapping[str, str]


def shown(store: Session, me: Actor, rule: stuck_rule.Rule) -> Mapping[str, Sequence[Tile]]:
    """The most of each kind, the largest first."""
    found = tallies.of(store, me, rule)
    called, units = _called(store), [number for number, _n in found.organs.most_common(MOST)]
    bodies = organs.bodies(store, units) if units else {}
    cities = found.cities.most_common(MOST)
    towns = regions.named(store, {f"{city}00" for city, _n in cities})
    plus = found.partly

    def tile(name: str, n: int, **kept: str) -> Tile:
        over = plus or n >= stuck.COUNTED
        return Tile(name, f"{min(n, stuck.COUNTED)}+" if over else str(n), kept)

    return {
        _("按流程"): [tile(called.get(key, key), n, process=key) for key, n in found.processes.most_common(MOST)],
        _("按环节"): [
            tile(naming.step(definitions.pinned(store, found.releases[at]), at), n, element=at)
            for at, n in found.steps.most_common(MOST)
        ],
        _("按承办单位"): [
            tile(pick(bodies[number].name, bodies[number].name_en), n, organ=str(number))
            for number, n in found.organs.most_common(MOST)
            if number in bodies
        ],
        _("按市（州）"): [tile(_town(towns, city), n, city=city) for city, n in cities],
    }


def choices(store: Session, filters: Filters) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What the list may be narrowed to, in words."""
    towns = [(row.code[:4], pick(row.name, row.name_en)) for row in regions.listed(store, "city")]
    organ = whole(filters.organ)
    body = organs.bodies(store, [organ]) if organ is not None else {}
    return {
        "why": [(code, _(words)) for code, words in PARTS.items()],
        "process": sorted(_called(store).items()),
        "city": towns,
        "organ": [(str(number), pick(each.name, each.name_en)) for number, each in body.items()],
    }


def _called(store: Session) -> dict[str, str]:
    """The names of the processes, by key."""
    found = {}
    for row in definitions.processes(store):
        folder = definitions.folder(store, row.version_id)
        found[row.key] = within(folder.words, str(folder.facts["name"]))
    return found


def _town(towns: Mapping[str, Any], city: str) -> str:
    place = towns.get(f"{city}00")
    return pick(place.name, place.name_en) if place is not None else city
