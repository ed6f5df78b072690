"""What was signed on paper for a case (线下签批), as its page shows it: the fact to all, the words and the scan to few.

Whoever may open the scan reads the words on it and who entered and confirmed them; for others it was signed on paper,
by whom, when and on which page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Record

from bases.verdicts import decision
from engine import cases
from ground.database import Session
from ground.people import Actor
from web.reviewer.story import Line


@dataclass(frozen=True)
class OnPaper:
    """One signature on paper, and whether this person may open its scan."""

    row: Record[Any]
    open: bool


def of_case(store: Session, case: Any, told: Sequence[Line], by: Actor) -> list[OnPaper]:
    """The signatures that the story of this case tells of, oldest first; nothing is asked where it tells of none."""
    if not any(line.signature for line in told):
        return []
    return [OnPaper(row, cases.may_open(store, row.scan, by)) for row in decision.papers(store, case.id)]
