"""What can be chosen for an act by hand on one case: where it stands, where it may be put, which values there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine import waits
from engine.cases import CaseView
from engine.folders import Folder
from engine.forms.fields import Field
from engine.spiff.elements import Element
from ground.database import Session
from web.door.language import _
from web.reviewer import naming

# What no token is put at by hand: where something begins, and what belongs to something else.
NOWHERE = frozenset({"start", "boundary"})
APART = " "


@dataclass(frozen=True)
class Choice:
    """One entry of a list: what is sent, and what is read."""

    value: str
    words: str


def sources(store: Session, view: CaseView) -> list[Choice]:
    """Where the case stands; of several tokens at one step each by itself, numbered."""
    rows = [row for row in waits.standing(store, view.case.id) if _alone(view.folder, row.element)]
    places = [row.element for row in rows]
    found, seen = [], dict[str, int]()
    for row in rows:
        name = naming.step(view.folder, row.element)
        seen[row.element] = n = seen.get(row.element, 0) + 1
        several = places.count(row.element) > 1
        value = f"{row.element}{APART}{row.token}" if several else row.element
        found.append(Choice(value, _("%(step)s（第%(n)s件）", step=name, n=n) if several else name))
    return found


def targets(folder: Folder) -> list[tuple[str, list[Choice]]]:
    """Every named element at which a token may be put, by process; whether it may from here, the preview says."""
    groups = []
    for process, diagram in folder.diagram.every.items():
        found = [
            Choice(folder.diagram.place(element), naming.step(folder, folder.diagram.place(element)))
            for element in diagram.elements.values()
            if _may_be_put(element)
        ]
        home = folder.calls.get(process.partition("/")[0], folder)
        if found:
            groups.append((naming.text(home, home.facts["name"]), found))
    return groups


def values(folder: Folder) -> list[Choice]:
    """The values that the diagram reads and that no signed step decides."""
    guarded = {element.form for element in folder.diagram.elements.values() if element.signed}
    signed = {name for key, form in folder.forms.items() if key in guarded for name in form.scalars}
    found: dict[str, str] = {}
    for form in folder.forms.values():
        for name in form.scalars:
            if name not in signed:
                found.setdefault(name, naming.text(folder, form.fields[name].label or name))
    return [Choice(name, f"{words}（{name}）") for name, words in sorted(found.items())]


def field(folder: Folder, name: str) -> Field | None:
    """The field that declares this value first."""
    return next((form.fields[name] for form in folder.forms.values() if name in form.scalars), None)


def options(folder: Folder, of: Field | None) -> Sequence[Choice]:
    """What such a field offers."""
    return [Choice(each.code, naming.text(folder, each.label)) for each in of.options] if of else []


def placed(value: str) -> tuple[str, str | None]:
    """A chosen token: its place, and its number where several stand there."""
    place, _apart, token = value.partition(APART)
    return place, token or None


def points(folder: Folder, drawings: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    """Each drawing with what stands before the ids of its elements in the lists."""
    for one in drawings:
        diagram = folder.calls[one.called].diagram if one.called else folder.diagram
        prefix = folder.diagram.place(diagram.start).removesuffix(diagram.start.id) if one.called else ""
        yield one, prefix


def _alone(folder: Folder, place: str) -> bool:
    element = folder.element(place)
    return element is not None and element.attached is None


def _may_be_put(element: Element) -> bool:
    return bool(element.name) and element.kind not in NOWHERE and element.attached is None and not element.signed
