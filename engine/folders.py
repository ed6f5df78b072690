"""A process folder as cases run on it: its diagram, forms, tables and texts, and the folders of what it calls.

Read once and shared. A *place* names an element in rows: its id, and before it, for an element of a called process,
that process: `visit:ask`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from engine import decisions, forms
from engine.forms import Form
from engine.spiff import diagrams
from engine.spiff.diagrams import Diagram
from engine.spiff.elements import Element
from ground.errors import Refused

FACTS, TERMS, ENGLISH, LETTERS = "process.json", "parameters.json", "texts/en.json", "texts/letters/"
TEXTS, LISTS = ("key", "name", "number", "diagram"), ("starts_with", "begun_by", "clauses")


class BadPart(Refused):
    """A file of a folder cannot be used: `part` is no JSON object, or what should be texts holds something else."""

    code = "part.no_object"
    status = 422


class BadFacts(Refused):
    """process.json cannot be used: `key` is no text, no list of texts, or names no file of the folder."""

    code = "process.facts"
    status = 422


@dataclass(frozen=True)
class Folder:
    """A version's parts; `calls` are the folders of every process that it can call, by key, as a release pins them."""

    version_id: int
    digest: str
    parts: Mapping[str, bytes]
    calls: Mapping[str, "Folder"] = field(default_factory=dict)

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What process.json says: key, name, number, diagram, subject, clauses, and the scalars it starts with."""
        found = _object(FACTS, self.parts.get(FACTS, b""))
        wrong = [name for name in TEXTS if not isinstance(found.get(name), str)]
        wrong += [name for name in LISTS if not _are_texts(found.get(name, []))]
        wrong += [] if wrong or found["diagram"] in self.parts else ["diagram"]
        if wrong:
            raise BadFacts(part=FACTS, key=wrong[0])
        return found

    @cached_property
    def words(self) -> Mapping[str, str]:
        """English for the Chinese of this folder; what is missing is shown in Chinese."""
        return _texts(ENGLISH, self.parts.get(ENGLISH, b"{}"))

    @cached_property
    def terms(self) -> Mapping[str, Any]:
        """The deadlines that come into force with this version, by their parameter: what each gives from then on."""
        return _object(TERMS, self.parts.get(TERMS, b"{}"))

    @cached_property
    def diagram(self) -> Diagram:
        """The compiled diagram, shared through its digest and those of what it calls."""
        name = self.facts["diagram"]
        whole = " ".join([self.digest, *(f"{key}={self.calls[key].digest}" for key in sorted(self.calls))])
        return diagrams.load(whole, {name: self.parts[name]}, _Called(self.calls), self.facts["key"])

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """Every form, by key."""
        return {key: forms.load(body) for key, body in _named(self.parts, "forms/", ".json")}

    @cached_property
    def tables(self) -> Mapping[str, decisions.Table]:
        """Every decision table, by key."""
        return {key: decisions.load(body) for key, body in _named(self.parts, "", ".dmn")}

    @cached_property
    def letters(self) -> Mapping[str, Mapping[str, str]]:
        """Every letter's template: subject and body in Chinese."""
        return {key: _texts(f"{LETTERS}{key}.json", body) for key, body in _named(self.parts, LETTERS, ".json")}

    def texts(self) -> Iterator[Mapping[str, Any]]:
        """All that its JSON files say but forms and tests; BadPart or BadFacts where one of them cannot be used."""
        yield from (self.facts, self.words, self.terms, *self.letters.values())

    def home(self, place: str | None) -> "Folder":
        """The folder whose forms, tables and words count at a place: this one, or that of a called process."""
        process = (place or "").rpartition(diagrams.AT)[0].partition(diagrams.WITHIN)[0]
        return self.calls.get(process, self)

    def form(self, place: str | None, key: str | None) -> Form | None:
        """The form of this key that is meant at a place."""
        return self.home(place).forms.get(key or "")

    def element(self, place: str | None) -> Element | None:
        """The element at a place, in this process or a called one."""
        return self.diagram.find(place)


class _Called(Mapping[str, Diagram]):
    """The diagrams of called folders, each compiled when it is asked for."""

    def __init__(self, folders: Mapping[str, Folder]) -> None:
        self._folders = folders

    def __getitem__(self, key: str) -> Diagram:
        return self._folders[key].diagram

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)


def _object(path: str, body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise BadPart(part=path)
    return found


def _texts(path: str, body: bytes) -> dict[str, str]:
    found = _object(path, body)
    if not all(isinstance(each, str) for each in found.values()):
        raise BadPart(part=path)
    return found


def _are_texts(listed: Any) -> bool:
    return isinstance(listed, list) and all(isinstance(each, str) for each in listed)


def digest_of(parts: Mapping[str, bytes]) -> str:
    """One digest for a folder: over its paths and bytes, in the order of the paths."""
    whole = hashlib.sha256()
    for path in sorted(parts):
        whole.update(f"{path}\0{len(parts[path])}\0".encode() + parts[path])
    return whole.hexdigest()


def _named(parts: Mapping[str, bytes], folder: str, ending: str) -> list[tuple[str, bytes]]:
    return [
        (path.removeprefix(folder).removesuffix(ending), body)
        for path, body in sorted(parts.items())
        if path.startswith(folder) and path.endswith(ending) and "/" not in path.removeprefix(folder)
    ]
