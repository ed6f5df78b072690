"""The processes that come with the program: folders of data, read as they lie and offered to the engine."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from engine import definitions
from ground.database import Session

FOLDER = Path(__file__).parent.parent / "workflows"
SUFFIXES = frozenset({".bpmn", ".dmn", ".json", ".md"})


def folders() -> Iterator[Mapping[str, bytes]]:
    """The parts of every shipped process, by path within its folder."""
    for facts in sorted(FOLDER.glob("*/process.json")):
        files = sorted(path for path in facts.parent.rglob("*") if path.suffix in SUFFIXES)
        yield {path.relative_to(facts.parent).as_posix(): path.read_bytes() for path in files}


def publish(session: Session, now: datetime) -> None:
    """Publish each folder that has changed; where an owner has published, it becomes a draft beside theirs."""
    for parts in folders():
        definitions.publish(session, parts, origin="shipped", by=None, now=now)
