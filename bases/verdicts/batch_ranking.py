"""The ranking of a batch: which applications are in question, in which order, and whom the notice proposes.

The rule itself is in `ranking`; here it is asked of the applications as they stand, and its answer is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row as Record

from bases.verdicts import batch_entry, ranking
from ground import parameters
from ground.database import Session

HUNDREDTHS = 100
MARK_KEY = "designate.pass_mark"


@dataclass(frozen=True)
class Proposed:
    """A base that goes into the notice."""

    base_id: int
    case_id: int
    name: str
    city: str
    visited: bool


def in_question(session: Session, batch_id: int) -> list[Record[Any]]:
    """The applications that can be ranked now: reviewed, rechecked, not yet decided, and not on an earlier notice."""
    return [
        each for each in batch_entry.of_batch(session, batch_id) if each.state == batch_entry.READY and not each.noticed
    ]


def order(session: Session, batch: Record[Any], on: date) -> list[ranking.Place]:
    """The ranking of what is ready; the quota is what earlier lists of the batch have left of it."""
    candidates = [
        ranking.Candidate(each.case_id, each.average, each.city_rank) for each in in_question(session, batch.id)
    ]
    return ranking.rank(candidates, batch_entry.room(session, batch), pass_mark(session, on))


def pass_mark(session: Session, on: date) -> int:
    """From how many hundredths of a point on an application is proposed at all."""
    return int(parameters.value(session, MARK_KEY, on).value * HUNDREDTHS)


def settle(session: Session, places: Sequence[ranking.Place]) -> None:
    """Keep the ranking as it was settled."""
    for each in places:
        batch_entry.amend(
            session, each.case, rank=each.rank, tied=each.tied, listed=each.listed, reason=each.reason or None
        )


def proposed(session: Session, batch_id: int) -> list[Proposed]:
    """The bases that the next notice lists, in the order of the ranking."""
    return [
        Proposed(each.base_id, each.case_id, each.base_name, each.city, each.visited)
        for each in in_question(session, batch_id)
        if each.listed == ranking.PROPOSED
    ]
