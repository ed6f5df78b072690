"""Which other case one waits for a message of, and what that one waits for in turn, as far as the reader may know.

A message is named by the diagram; which case will send it is looked for among those about the same subject and those
that have written to this one before, by whether their own diagrams send it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record, func, select

from engine import cases, definitions
from engine.cases import Case
from engine.folders import Folder
from engine.messages import Message
from engine.waits import Subscription, Timer
from ground import clock
from ground.database import Session
from ground.people import Actor
from ground.types import Instant
from tasks import hands, stuck
from tasks.hands import Hand

SENDS = frozenset({"send", "throw", "end"})
MOST = 50
Known = Callable[[Session, Collection[int]], Mapping[int, int]]


@dataclass(frozen=True)
class Other:
    """A case that is waited for: its row, at which task it stands, or until when it waits itself."""

    case: Record[Any]
    hand: Hand | None
    until: date | None


@dataclass(frozen=True)
class Awaited:
    """At which element a message is waited for, and of which case; of none where the reader may not know of it."""

    element: str
    other: Other | None


def of(session: Session, rows: Sequence[Any], by: Actor, known: Known) -> Mapping[int, Sequence[Awaited]]:
    """By case, what it waits for of others; `known` says which case will tell it, where more is known (its batch).

    The rows have case_id, case_ref, release_id and subject. What stands at the edge of a task is no waiting.
    """
    listed = {row.case_id: row for row in rows}
    waits = _waits(session, listed)
    if not waits:
        return {}
    by_name, senders = known(session, list(waits)), _senders(session, [listed[case] for case in waits])
    found: dict[int, int] = {}
    for case, (_element, message) in waits.items():
        named = next((one.id for one in senders[case] if _sends(session, one, message)), None)
        if (other := by_name.get(case, named)) is not None:
            found[case] = other
    others = among(session, found.values(), by)
    return {case: [Awaited(element, others.get(found.get(case, 0)))] for case, (element, _message) in waits.items()}


def among(session: Session, case_ids: Collection[int], by: Actor) -> Mapping[int, Other]:
    """Those of these open cases that this person may know of, each with where it stands."""
    wanted = stuck.wide().where(Case.id.in_(list(case_ids)), Case.status != "closed", cases.visible(by))
    rows = session.execute(wanted).all() if case_ids else []
    held, until = hands.of(session, rows, by), _until(session, [row.case_id for row in rows])
    return {
        row.case_id: Other(row, next(iter(held.get(row.case_id, ())), None), until.get(row.case_id)) for row in rows
    }


def _waits(session: Session, listed: Mapping[int, Any]) -> Mapping[int, tuple[str, str]]:
    """By case, the element at which it waits for a message of another case by itself, and the message."""
    rows = session.execute(
        select(Subscription.case_id, Subscription.element, Subscription.message)
        .where(Subscription.case_id.in_(listed), Subscription.message.is_not(None), Subscription.sender.is_(None))
        .order_by(Subscription.id)
    )
    found: dict[int, tuple[str, str]] = {}
    for row in rows:
        element = definitions.pinned(session, listed[row.case_id].release_id).element(row.element)
        if element is not None and element.attached is None and element.kind != "start":
            found.setdefault(row.case_id, (row.element, row.message))
    return found


def _senders(session: Session, rows: Sequence[Any]) -> Mapping[int, Sequence[Record[Any]]]:
    """For each case the open ones about its subject, and those that have written to it; the newest first."""
    refs = {row.case_ref: row.case_id for row in rows}
    wrote: dict[int, set[int]] = defaultdict(set)
    told = select(Message.receiver, Message.sender_id).where(Message.receiver.in_(refs), Message.sender_id.is_not(None))
    for line in session.execute(told.distinct()):
        wrote[refs[line.receiver]].add(line.sender_id)
    every = {one for each in wrote.values() for one in each}
    others = session.execute(
        select(Case.id, Case.release_id, Case.subject)
        .where(Case.status != "closed", Case.subject.in_({row.subject for row in rows}) | Case.id.in_(every))
        .order_by(Case.id.desc())
        .limit(MOST * len(rows))
    ).all()
    return {
        row.case_id: [
            one
            for one in others
            if one.id != row.case_id and (one.subject == row.subject or one.id in wrote[row.case_id])
        ]
        for row in rows
    }


def _sends(session: Session, other: Record[Any], message: str) -> bool:
    """Whether the diagram of this case, or of one that it calls, sends a message of this name."""
    folder: Folder = definitions.pinned(session, other.release_id)
    return any(
        one.message == message and one.kind in SENDS
        for diagram in folder.diagram.every.values()
        for element in diagram.elements.values()
        for one in (element, *element.alternatives)
    )


def _until(session: Session, case_ids: Sequence[int]) -> Mapping[int, date]:
    first = (
        select(Timer.case_id, func.min(Timer.due_at, type_=Instant).label("at"))
        .where(Timer.case_id.in_(case_ids), Timer.stopped.is_(False))
        .group_by(Timer.case_id)
    )
    at: Mapping[int, datetime] = {row.case_id: row.at for row in session.execute(first)} if case_ids else {}
    return {case: clock.local_day(moment - clock.DAY) for case, moment in at.items()}
