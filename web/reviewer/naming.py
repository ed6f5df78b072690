"""What rows are called on a page: their base, their step, their process, their place, in the reader's language."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bases import register
from engine import cases, definitions
from engine.folders import Folder
from ground import organs, regions
from ground.database import Session
from ground.organs import Body
from ground.regions import Place
from web.door.language import _, chosen, pick, within
from web.words.roles import ROLES


@dataclass(frozen=True)
class Names:
    """The folders, the places and, for a reader of English, the bases of some rows, read once."""

    folders: Mapping[int, Folder]
    places: Mapping[str, Place]
    bases: Mapping[str, str]

    def step(self, row: Any) -> str:
        """The name of the step a row stands at."""
        return step(self.folders[row.release_id], row.element)

    def process(self, row: Any) -> str:
        """The name of the process a row belongs to."""
        folder = self.folders[row.release_id]
        return text(folder, folder.facts["name"])

    def title(self, row: Any) -> str:
        """What a row is about: the name of its base, or the title of its document or batch."""
        return self.bases.get(row.title) or text(self.folders[row.release_id], row.title)

    def outcome(self, row: Any) -> str:
        """The end that a case has reached, or that it was ended by hand."""
        if row.outcome == cases.CANCELLED and row.outcome not in self.folders[row.release_id].diagram.elements:
            return _("已终止")
        return step(self.folders[row.release_id], row.outcome) if row.outcome else ""

    def place(self, row: Any) -> str:
        """City and county of a row: 眉山市 东坡区."""
        codes = dict.fromkeys((regions.city_of(row.region), row.region))
        found = [self.places[code] for code in codes if code in self.places]
        return " ".join(pick(place.name, place.name_en) for place in found)


def of_rows(store: Session, rows: Iterable[Any]) -> Names:
    """Everything that the names of these rows need."""
    listed = list(rows)
    codes = {code for row in listed for code in (row.region, regions.city_of(row.region))}
    return Names(
        bases=bases(store, [str(row.title) for row in listed if hasattr(row, "title")]),
        folders={number: definitions.pinned(store, number) for number in {row.release_id for row in listed}},
        places=regions.named(store, codes) if codes else {},
    )


def bases(store: Session, titles: Collection[str]) -> Mapping[str, str]:
    """The English names of the bases that stand as titles, for a reader of English."""
    return register.in_english(store, titles) if titles and chosen() == "en" else {}


def text(folder: Folder, chinese: str) -> str:
    """A text that stands in a process folder; what has no English stays Chinese."""
    return within(folder.words, chinese)


def step(folder: Folder, element: str | None) -> str:
    """The name of an element of a diagram, or of one that it calls."""
    known = folder.element(element)
    return text(folder.home(element), known.name) if known and known.name else (element or "")


def on_behalf(who: str, principal: str) -> str:
    """乙代甲: what a substitute did, in the names of both."""
    return _("%(who)s代%(principal)s", who=who, principal=principal)


def queues(store: Session, keys: Sequence[str]) -> Mapping[str, str]:
    """Who is meant by each key: 市（州）经办人 · 眉山市商务局; a person's own key is named by its holder."""
    numbers = {int(key.rpartition("@")[2]) for key in keys if "@" in key}
    bodies = organs.bodies(store, numbers) if numbers else {}
    return {key: _queue(key, bodies) for key in keys}


def offices(store: Session, keys: Sequence[str]) -> Mapping[str, str]:
    """The role and organ behind each key under which somebody acts or acted; a person's own key is none."""
    return queues(store, list(dict.fromkeys(key for key in keys if "@" in key)))


def _queue(key: str, bodies: Mapping[int, Body]) -> str:
    role, at, number = key.partition("@")
    if not at:
        return _("指定人员")
    body = bodies.get(int(number))
    return _(ROLES.get(role, role)) + (f" · {pick(body.name, body.name_en)}" if body else "")
