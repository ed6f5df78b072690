"""What a list is narrowed to, as it stands in the address; and the way back to the same place in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import url_for

from engine import definitions
from ground import regions
from ground.database import Session
from ground.people import Actor
from tasks.queue import Filters
from web.door.back import safe
from web.door.language import _, chosen, pick
from web.words.catalogue import N_

LONGEST = 120
NAMES = {"process": "process", "element": "stage", "city": "city", "due": "due", "held": "held", "q": "q"}
DUE = {
    "overdue": N_("已逾期、超期"),
    "past": N_("超出系统默认时限"),
    "today": N_("今天到期"),
    "soon": N_("即将到期"),
    "week": N_("七日内到期"),
}
# Beside the filters: the tasks that this person wishes to look at again, by that day.
FOLLOWED = "follow"
HELD = {"free": N_("待领取"), "mine": N_("我已领取"), "lent": N_("代他人办理")}


@dataclass(frozen=True)
class Choices:
    """What each filter offers to this person."""

    stages: Sequence[tuple[str, str]]
    cities: Sequence[tuple[str, str]]
    due: Sequence[tuple[str, str]]
    held: Sequence[tuple[str, str]]


def asked(arguments: Mapping[str, str]) -> Filters:
    """The filters in an address; a word that is none of ours narrows nothing."""
    given = {field: arguments.get(name, "").strip()[:LONGEST] for field, name in NAMES.items()}
    given["due"] = given["due"] if given["due"] in DUE else ""
    given["held"] = given["held"] if given["held"] in HELD else ""
    return Filters(**given)


def query(filters: Filters, **more: str) -> dict[str, str]:
    """The same filters for an address, without those that narrow nothing."""
    given = {name: getattr(filters, field) for field, name in NAMES.items()}
    return {name: value for name, value in {**given, **more}.items() if value}


def address(filters: Filters, **more: str) -> str:
    """The address of the queue under these filters."""
    named = urlencode(query(filters, **more))
    return url_for("reviewer.tasks") + (f"?{named}" if named else "")


def back_to(wanted: str | None) -> str:
    """The list that a task was opened from, or the queue without filters."""
    found = safe(wanted)
    return found if urlsplit(found).path.startswith(url_for("reviewer.tasks")) else url_for("reviewer.tasks")


def behind(back: str) -> Filters:
    """The filters of the list that a task was opened from."""
    return asked(dict(parse_qsl(urlsplit(back).query)))


def choices(store: Session, by: Actor) -> Choices:
    """Stages of this person's own roles; cities only for whoever works beyond one."""
    return Choices(
        stages=_stages(store, by),
        cities=_cities(store, by),
        due=[(code, _(words)) for code, words in DUE.items()],
        held=[(code, _(words)) for code, words in HELD.items() if code != "lent" or by.lent],
    )


def _stages(store: Session, by: Actor) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for row in definitions.processes(store):
        folder = definitions.pinned(store, row.release_id)
        for element in (each for diagram in folder.diagram.every.values() for each in diagram.elements.values()):
            if element.kind == "user" and by.has(element.role or ""):
                place = folder.diagram.place(element)
                words = folder.home(place).words
                found[place] = words.get(element.name, element.name) if chosen() == "en" else element.name
    return list(found.items())


def _cities(store: Session, by: Actor) -> list[tuple[str, str]]:
    if not any(held.region == regions.PROVINCE for held in by.held):
        return []
    return [(place.code, pick(place.name, place.name_en)) for place in regions.listed(store, "city", regions.PROVINCE)]
