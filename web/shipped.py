"""The processes that come with the program: folders of data, read as they lie and offered to the engine."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path

import orjson

from engine import definitions
from engine.spiff import diagrams
from ground.database import Session

FOLDER = Path(__file__).parent.parent / "workflows"
SUFFIXES = frozenset({".bpmn", ".dmn", ".json", ".md"})


def folders() -> Iterator[Mapping[str, bytes]]:
    """The parts of every shipped process, by path within its folder; what is called comes before what calls it."""
    every = {}
    for facts in sorted(FOLDER.glob("*/process.json")):
        files = sorted(path for path in facts.parent.rglob("*") if path.suffix in SUFFIXES)
        parts = {path.relative_to(facts.parent).as_posix(): path.read_bytes() for path in files}
        every[orjson.loads(parts["process.json"])["key"]] = parts
    calls = {key: _called(parts) & set(every) for key, parts in every.items()}
    yield from (every[key] for key in TopologicalSorter(calls).static_order())


def publish(session: Session, now: datetime) -> None:
    """Publish each folder that has changed; where an owner has published, it becomes a draft beside theirs."""
    for parts in folders():
        definitions.publish(session, parts, origin="shipped", by=None, now=now)


def _called(parts: Mapping[str, bytes]) -> frozenset[str]:
    return diagrams.outside(parts[orjson.loads(parts["process.json"])["diagram"]])
