"""Cases that begin by themselves: asked for in the transaction that makes them due, begun by a job, each of them once.

A campaign asks for one case per base in this way, so that one which cannot begin stops no other.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.cases.starting import AlreadyOpen, start
from ground import jobs, people
from ground.database import Session

KIND = "case.begin"


@dataclass(frozen=True)
class Beginning:
    """Which process begins about what and where; the same `key` begins the same process about it once."""

    process: str
    subject: str
    region: str
    organ: int
    title: str
    key: str
    data: Mapping[str, Any] = field(default_factory=dict)
    alone: bool = True


def ask(session: Session, beginning: Beginning) -> bool:
    """Let this case begin right after the commit; False if it was asked for before."""
    dedupe = f"{KIND}:{beginning.process}:{beginning.subject}:{beginning.key}"
    return jobs.enqueue(session, KIND, asdict(beginning), dedupe=dedupe)


@jobs.handler(KIND)
def begin(payload: Mapping[str, Any]) -> None:
    """Begin it as nobody's act; where the same process is open alone about the same subject, that one stands."""
    try:
        start(**payload, by=people.SYSTEM)
    except AlreadyOpen:
        return
