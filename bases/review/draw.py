"""The draw of a panel: by lot, from a recorded seed and the pool as it stood, so that anybody can draw it again.

Each expert's lot is a hash over the seed and the expert's ref; the smallest lots are drawn. Nothing but the record is
needed to repeat it: no generator of a language or version that may change.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

SAME_CITY, SAME_ORGAN = "same_city", "same_organ"


@dataclass(frozen=True)
class Candidate:
    """One expert in the pool; `excluded` says why this expert cannot be drawn for this base."""

    person: int
    ref: str
    organ: int
    city: str
    excluded: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """The pool as it stood at the draw, in the order of refs, and how many were wanted."""

    size: int
    pool: tuple[Candidate, ...]

    def as_document(self) -> dict[str, Any]:
        """What is stored with the panel."""
        return {"size": self.size, "pool": [asdict(candidate) for candidate in self.pool]}

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> "Snapshot":
        """The pool from what was stored."""
        return cls(document["size"], tuple(Candidate(**row) for row in document["pool"]))

    def eligible(self) -> tuple[Candidate, ...]:
        """Who can be drawn."""
        return tuple(candidate for candidate in self.pool if candidate.excluded is None)


def replay(seed: str, snapshot: Snapshot) -> list[int]:
    """The persons drawn, in the order of their lots; the same seed and pool always give the same."""
    lots = sorted(snapshot.eligible(), key=lambda candidate: _lot(seed, candidate.ref))
    return [candidate.person for candidate in lots[: snapshot.size]]


def commitment(seed: str, snapshot: Snapshot) -> str:
    """One hash over seed and pool: whoever changes either later is found out."""
    body = orjson.dumps(snapshot.as_document(), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(seed.encode() + b"\n" + body).hexdigest()


def frozen(size: int, pool: Sequence[Candidate]) -> Snapshot:
    """The pool in an order that does not depend on the database."""
    return Snapshot(size, tuple(sorted(pool, key=lambda candidate: candidate.ref)))


def _lot(seed: str, ref: str) -> str:
    return hashlib.sha256(f"{seed}\n{ref}".encode()).hexdigest()
