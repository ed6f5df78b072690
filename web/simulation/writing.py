"""What somebody writes into the forms whose answers have to fit: names, places, numbers, the words of a draft."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from bases.documents.templates import BLANK
from ground import clock

PROPOSED, RESERVE = "proposed", "reserve"
TIED = "名额线上同分，按推荐顺序选定。（模拟数据）"
DRAFTED = ("title", "main_text", "body", "copy_text")
VISITORS = ("孙磊", "朱青")
MARKET = ("policy", "quality", "property", "competition", "law", "other")
ASKED = {**{item: ["sc_market"] for item in MARKET}, "environment": ["sc_ecology"], "safety": ["sc_emergency"]}
CHANGED = "contact"


@dataclass(frozen=True)
class Known:
    """A task as whoever does it sees it: form, number of its case, what was sent before, what the form begins with.

    `room` is how many bases its batch may still propose.
    """

    form: str
    number: str
    sent: Sequence[Any]
    first: Mapping[str, Any]
    room: int = 0

    def last(self, element: str) -> Mapping[str, Any]:
        """What was sent last at this step."""
        found = [each.answers for each in self.sent if each.element == element]
        return found[-1] if found else {}


def of(task: Known, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is written instead of the answers that were given to this form; nothing for most."""
    write = _WRITERS.get(task.form)
    return write(task, given) if write else {}


def _team(_task: Known, _given: Mapping[str, Any]) -> dict[str, Any]:
    return {"team": [{"name": name, "unit": "四川省商务厅"} for name in VISITORS]}


def _present(_task: Known, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"present": [{**given["present"][0], "name": name} for name in VISITORS]}


def _change(task: Known, given: Mapping[str, Any]) -> dict[str, Any]:
    contact = {"becomes": f"联系人（模拟），028-{crc32(task.number.encode()) % 10**8:08}"}
    return {"changes": [row | contact if row["what"] == CHANGED else row for row in given["changes"]]}


def _plaques(task: Known, given: Mapping[str, Any]) -> dict[str, Any]:
    numbered = [{**row, "number": f"{task.number}-{row['base']}"} for row in given["plaques"]]
    return {"plaques": numbered, "all_handed_on": clock.today().isoformat()}


def _draft(_task: Known, given: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: BLANK.sub("（模拟）", given[name]) for name in DRAFTED if given.get(name)}
    return {**texts, "main": given.get("main") or ["cities_commerce"]}


def _places(task: Known, _given: Mapping[str, Any]) -> dict[str, Any]:
    return {"places": _ranked(task.first["places"], task.room)}


def _ranked(places: Sequence[Mapping[str, Any]], room: int) -> list[dict[str, Any]]:
    """At a tie on the line the officer takes as many as there is room for, in the order of the list, and says why."""
    left = room - sum(row.get("listed") == PROPOSED for row in places)
    ranked = []
    for row in places:
        tied = not row.get("listed")
        listed = row.get("listed") or (PROPOSED if left > 0 else RESERVE)
        left -= tied and left > 0
        ranked.append({**row, "listed": listed, "reason": TIED} if tied else dict(row))
    return ranked


_WRITERS: Mapping[str, Callable[[Known, Mapping[str, Any]], dict[str, Any]]] = {
    "visit-plan": _team,
    "visit-record": _present,
    "base-change": _change,
    "batch-ranking": _places,
    "batch-plaque": _plaques,
    "draft": _draft,
    "consultation-request": lambda *_: dict(ASKED),
}
