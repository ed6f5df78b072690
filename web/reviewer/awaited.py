"""In words: of which other case one waits for a message, and what that one waits for in turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bases.verdicts import batch_entry
from engine import definitions
from ground.database import Session
from ground.people import Actor
from tasks import awaited
from tasks.awaited import Other
from web.door.language import _, pick
from web.reviewer import naming
from web.words import dates


@dataclass(frozen=True)
class Said:
    """At which element it is waited, for which case (empty out of sight), and where that one stands."""

    element: str
    number: str
    ref: str
    then: str


def of(store: Session, rows: Sequence[Any], me: Actor) -> Mapping[int, Sequence[Said]]:
    """By case, what it waits for of others; the rows have case_id, case_ref, release_id and subject."""
    found = awaited.of(store, rows, me, batch_entry.deciding) if rows else {}
    others = {one.other.case.case_id: one.other for each in found.values() for one in each if one.other}
    where = stand(store, others)
    return {
        case: [
            Said(one.element, one.other.case.number, one.other.case.case_ref, where[one.other.case.case_id])
            if one.other
            else Said(one.element, "", "", "")
            for one in each
        ]
        for case, each in found.items()
    }


def stand(store: Session, others: Mapping[int, Other]) -> Mapping[int, str]:
    """What each of these cases waits for: the step and in whose hands it lies, a day, or a case in its turn."""
    queues = naming.queues(store, sorted({one.hand.queue for one in others.values() if one.hand}))
    return {number: _stands(store, one, queues) for number, one in others.items()}


def _stands(store: Session, other: Other, queues: Mapping[str, str]) -> str:
    if other.case.status == "suspended":
        return _("该件已中止")
    if other.hand is not None:
        step = naming.step(definitions.pinned(store, other.case.release_id), other.hand.element)
        who = pick(other.hand.name, other.hand.name_en) or queues[other.hand.queue]
        return _("该件停在“%(step)s”（%(who)s）", step=step, who=who)
    if other.until is not None:
        return _("该件正常等待至%(day)s", day=dates.day(other.until, weekday=False))
    return _("该件也在等待另一个办件")
