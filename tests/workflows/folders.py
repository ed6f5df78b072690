"""What lies in workflows/: each folder with its parts, and every Chinese text that a person can see in it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from engine.spiff import diagrams, documents, drawings

ROOT = Path(__file__).parent.parent.parent / "workflows"
CHINESE = re.compile(r"[\u3400-\u9fff]")
SHOWN_IN_FORMS = frozenset({"title", "help", "label", "unit"})
SHOWN_IN_DRAWINGS = frozenset({"name", "label"})


@cache
def folders() -> tuple[Path, ...]:
    """Every process folder that is shipped."""
    return tuple(sorted(found.parent for found in ROOT.glob("*/process.json")))


def parts(folder: Path) -> dict[str, bytes]:
    """The files of a folder as a version would keep them."""
    return {found.relative_to(folder).as_posix(): found.read_bytes() for found in folder.rglob("*") if found.is_file()}


def with_called(folder: Path) -> dict[str, bytes]:
    """The files of a folder with the diagrams and forms of what it calls, as a trial plays them together."""
    beside = {
        path if path.startswith("forms/") else f"{each.name}.bpmn": body
        for each in called(folder)
        for path, body in parts(each).items()
        if path.endswith(".bpmn") or path.startswith("forms/")
    }
    return {**parts(folder), **beside}


def called(folder: Path) -> list[Path]:
    """The folders of every process that this one can call, also through others."""
    by_key = {read(each, "process.json")["key"]: each for each in folders()}
    found: list[Path] = []
    left = [folder]
    while left:
        each = left.pop()
        fresh = [by_key[key] for key in sorted(diagrams.outside(drawn(each))) if by_key[key] not in found]
        found += fresh
        left += fresh
    return found


def drawn(folder: Path) -> bytes:
    """The drawing of a folder."""
    return (folder / read(folder, "process.json")["diagram"]).read_bytes()


def diagram(folder: Path) -> diagrams.Diagram:
    """The compiled diagram of a folder, what it calls beside it."""
    return diagrams.together([drawn(each) for each in (folder, *called(folder))], drawings.read(drawn(folder)).id)


def read(folder: Path, path: str) -> Any:
    """One JSON file of a folder."""
    return json.loads((folder / path).read_text("utf-8"))


def seen(folder: Path) -> dict[str, str]:
    """Every Chinese text that somebody may see, with the file that it stands in."""
    found: dict[str, str] = {}
    for path, text in _texts(folder):
        if CHINESE.search(text):
            found.setdefault(text.strip(), path)
    return found


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    yield "process.json", read(folder, "process.json")["name"]
    for path in sorted([*folder.glob("*.bpmn"), *folder.glob("*.dmn")]):
        for element in documents.parse(path.read_bytes()).iter():
            yield from ((path.name, text) for name, text in element.attrib.items() if name in SHOWN_IN_DRAWINGS)
            if isinstance(element.tag, str) and element.tag.split("}")[-1] in {"documentation", "description"}:
                yield path.name, element.text or ""
    for path in sorted(folder.glob("forms/*.json")):
        yield from ((path.name, text) for text in _shown(read(folder, f"forms/{path.name}")))
    for path in sorted(folder.glob("texts/letters/*.json")):
        yield from ((path.name, text) for text in read(folder, f"texts/letters/{path.name}").values())


def _shown(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _shown(each)
    elif isinstance(part, dict):
        for key, value in part.items():
            if isinstance(value, str) and key in SHOWN_IN_FORMS:
                yield value
            else:
                yield from _shown(value)
