"""The drawings on which a case is shown: its own process, and each called process in which it stands now."""

from collections.abc import Collection
from dataclasses import dataclass

from engine.folders import Folder
from engine.spiff.diagrams import AT, Diagram
from web.reviewer import naming


@dataclass(frozen=True)
class Drawing:
    """One drawing: its process if that is a called one, its name, and its elements that are current and done."""

    called: str
    name: str
    current: list[str]
    done: list[str]
    steps: list[str]


def drawings(folder: Folder, standing: Collection[str], done: Collection[str]) -> list[Drawing]:
    """The case's own drawing first; below it, from outside in, those of the called processes where something stands."""
    found = [_drawing(folder, "", folder.diagram, standing, done)]
    for key, diagram in folder.diagram.every.items():
        inside = [place for place in standing if _lies_in(place, diagram)]
        if key in folder.calls and inside:
            found.append(_drawing(folder, key, diagram, inside, [place for place in done if _lies_in(place, diagram)]))
    return found


def _drawing(
    folder: Folder, called: str, diagram: Diagram, standing: Collection[str], done: Collection[str]
) -> Drawing:
    home = folder.calls[called] if called else folder
    return Drawing(
        called,
        naming.text(home, home.facts["name"]),
        list(dict.fromkeys(map(diagram.where, standing))),
        list(dict.fromkeys(map(diagram.where, done))),
        list(dict.fromkeys(naming.step(folder, place) for place in standing)),
    )


def _lies_in(place: str, diagram: Diagram) -> bool:
    """Whether a place is in this process, or in one that it calls."""
    return place.rpartition(AT)[0] in diagram.every
