"""Signals: one word that every case which listens for it hears, each in a move of its own (BPMN 2.0.2 §10.5.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from engine.cases.case import Case
from engine.cases.locking import of_id
from engine.cases.moving import moving
from engine.cases.repeating import key_of, recorded
from engine.cases.sight import visible
from engine.waits import Subscription
from ground import jobs, people
from ground.database import reading
from ground.errors import Refused
from ground.people import Actor


@dataclass(frozen=True)
class Given:
    """Which cases heard a signal and moved, and which could not; those have an incident, or were too busy."""

    moved: tuple[str, ...]
    stopped: tuple[str, ...]


def signal(name: str, data: Mapping[str, Any], *, by: Actor, key: str, received_at: datetime | None = None) -> Given:
    """Let every case hear it that listens now and that this person may know of; one that stops holds up no other."""
    with reading() as session:
        listening = session.execute(
            select(Case.id, Case.ref)
            .where(
                Case.id.in_(select(Subscription.case_id).where(Subscription.signal == name)),
                Case.status == "open",  # a signal is a moment: who is suspended then does not hear it
                visible(by),
            )
            .order_by(Case.id)
        ).all()
    moved, stopped = [], []
    for row in listening:
        try:
            heard = _give(row, name, data, by, key_of(by, "signal", row.ref, key), received_at)
        except Refused:
            stopped.append(row.ref)
        else:
            moved += [row.ref] if heard else []
    return Given(tuple(moved), tuple(stopped))


@jobs.handler("signal.give")
def give(payload: Mapping[str, Any]) -> None:
    """A case has thrown a signal: the others hear it right after the commit."""
    signal(payload["name"], {}, by=people.SYSTEM, key=payload["key"])


def _give(
    row: Record[Any], name: str, data: Mapping[str, Any], by: Actor, key: str, received_at: datetime | None
) -> bool:
    """One case's move; False if it had moved on meanwhile, or has heard this very signal before."""
    with reading() as session:
        if recorded(session, key) is not None:
            return False
    with moving(of_id(row.id), by, received_at, key) as move:
        move.heard = name
        heard = move.instance.signal(name, data)
        if heard:
            move.record("signal.heard", name=name)
    return bool(heard)
