"""Where a draft would stop for want of a person: role by region, and who reads it is told before anything is published.

«市州签批»在甘孜州无在岗人员，发布后办件将停滞.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import definitions
from engine.definitions.drafts import Working
from engine.folders import Folder, digest_of
from engine.spiff.diagrams import Element
from ground import clock, people, regions
from ground.database import Session
from web.door.language import _, pick, within
from web.words.roles import ROLES

KIND_OF = {"case-county": "county", "case-city": "city", "province": "province"}
SHOWN = 6


@dataclass(frozen=True)
class Vacancy:
    """One task and the regions in which nobody could do it."""

    task: str
    role: str
    places: tuple[str, ...]
    count: int


def of_draft(store: Session, working: Working, checked: Sequence[Mapping[str, Any]]) -> list[Vacancy]:
    """The same of a draft as it stands; of one that could not run, by what its check found, there is nothing to say."""
    if any(finding["severity"] == "error" for finding in checked):
        return []
    return vacancies(store, definitions.assembled(store, Folder(0, digest_of(working.parts), dict(working.parts))))


def vacancies(store: Session, folder: Folder) -> list[Vacancy]:
    """Every task of the draft and of what it calls whose role nobody holds somewhere."""
    asked: dict[tuple[str, str], list[str]] = {}
    for name, role, kind in _asked(folder):
        asked.setdefault((role, kind), []).append(name)
    found = []
    for (role, kind), names in asked.items():
        empty = people.vacant(store, role, kind, clock.today())
        if empty:
            known = regions.named(store, set(empty[:SHOWN]))
            places = tuple(_place(known.get(code), code) for code in empty[:SHOWN])
            found += [Vacancy(name, _(ROLES.get(role, role)), places, len(empty)) for name in names]
    return found


def _asked(folder: Folder) -> Iterator[tuple[str, str, str]]:
    for home, element in [(each, element) for each in (folder, *folder.calls.values()) for element in _tasks(each)]:
        kind = KIND_OF.get(element.scope or "")
        if element.role and kind:
            yield within(home.words, element.name or element.id), element.role, kind


def _tasks(folder: Folder) -> list[Element]:
    return [element for element in folder.diagram.elements.values() if element.kind == "user"]


def _place(region: Any, code: str) -> str:
    return pick(region.name, region.name_en) if region is not None else code
