"""What processes, steps and cities are called on this desk, also steps that only an older version had."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from engine import definitions
from engine.folders import Folder
from ground import regions
from ground.database import Session
from ground.regions import Place
from tasks import analysis_scope
from web.door.language import _, pick, within
from web.reviewer import naming

MORE = "…"  # where a variant is told no further


class Names:
    """The words of one process, from the newest of its versions that knows them."""

    def __init__(self, store: Session, process: str) -> None:
        self._store = store
        self.versions = analysis_scope.versions(store, process) if process else []

    @cached_property
    def folders(self) -> Sequence[Folder]:
        """Its versions' folders, the newest first."""
        return [definitions.shown(self._store, row.id) for row in self.versions]

    def step(self, place: str) -> str:
        """The name of a step."""
        if place == MORE:
            return _("（以后从略）")
        folder = next((each for each in self.folders if each.element(place) is not None), None)
        return naming.step(folder, place) if folder else place


def processes(store: Session, keys: Iterable[str]) -> Mapping[str, str]:
    """What these processes are called, in the order given."""
    wanted = list(keys)
    found = {}
    for row in definitions.processes(store):
        if row.key in wanted:
            folder = definitions.folder(store, row.version_id)
            found[row.key] = within(folder.words, str(folder.facts["name"]))
    return {key: found[key] for key in wanted if key in found}


def cities(store: Session) -> list[tuple[str, str]]:
    """The cities to choose from: four digits and the name."""
    return [(place.code[:4], _name(place)) for place in regions.listed(store, "city", regions.PROVINCE)]


def _name(place: Place) -> str:
    return pick(place.name, place.name_en)
