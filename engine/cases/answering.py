"""Messages arrive: the cases at an address take what waits for them there, or a process begins with one.

Each message is taken once, by the oldest case that it is meant for; a case that stops lets the others go on.
"""

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from engine import definitions, messages
from engine.cases.case import Case, on_release
from engine.cases.locking import of_id
from engine.cases.moving import Stopped, moving, opening
from engine.messages import Message, UnderWay
from engine.spiff.stuck import StuckAt
from engine.waits import Subscription
from ground import clock, jobs, people
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused

# What is told to `process:assessment` begins a case of that process, about the subject of the case that told it.
PROCESS = "process:"


@jobs.handler("message.deliver")
def deliver(payload: Mapping[str, Any]) -> None:
    """Let whoever is at this address take what was sent to it."""
    address = payload["receiver"]
    if address.startswith(PROCESS):
        _begin_all(address)
    else:
        _hand_over(address)


def _hand_over(address: str) -> None:
    """The open cases at this address, the oldest first."""
    with reading() as session:
        rows = session.execute(_LISTENING, {"address": address}).all()
    for row in rows:
        with reading() as session:
            if not messages.under_way(session, address, clock.now()):
                return
        # A case that stops keeps its message, and no other one waits for it to be mended.
        with contextlib.suppress(Stopped), moving(of_id(row.case_id), people.SYSTEM, None):
            pass


def _begin_all(address: str) -> None:
    """One case for each message; what cannot begin stops no other, and is tried again with the job."""
    key, now = address.removeprefix(PROCESS), clock.now()
    failure: Exception | None = None
    with reading() as session:
        starts = _starts(session, key)
        found = messages.waiting_for(session, [address], sorted(starts), now)
    for told in found:
        try:
            _begin(key, starts[told.told.name], told, now)
        except (Refused, StuckAt) as stuck:
            failure = stuck
    if failure is not None:
        raise failure


def _starts(session: Session, key: str) -> dict[str, str]:
    """The start events of a process that wait for a message, by its name; none if there is no such process."""
    try:
        release = definitions.current(session, key)
    except Missing:
        return {}
    diagram = definitions.pinned(session, release.release_id).diagram
    return {start.message: start.id for start in diagram.starts if start.message}


def _begin(key: str, at: str, found: UnderWay, now: datetime) -> None:
    """A case about the subject of its sender; a message that no case has sent says nothing of a subject."""
    with transaction() as session:
        release = definitions.current(session, key)
        folder = definitions.pinned(session, release.release_id)
        sender = session.execute(_SENDER, {"case": found.sender_id}).one_or_none()
        if sender is None or not messages.arrived(session, found.id, now):
            return
        values = {**on_release(session, release, folder.facts["number"], now), **sender._mapping}  # noqa: SLF001  SQLAlchemy's own name
        move = opening(session, values, folder, found.told.data, people.SYSTEM, now, at)
        move.record("case.started", process=key, version=release.version_id, message=found.told.name)
        move.finish()


_LISTENING = (
    select(Subscription.case_id)
    .join(Case, Case.id == Subscription.case_id)
    .join(Message, Message.name == Subscription.message)
    .where(
        Case.status == "open",  # a suspended one takes it when it is resumed
        Message.receiver == bindparam("address"),
        Message.delivered_at.is_(None),
        or_(Case.ref == bindparam("address"), Case.subject == bindparam("address")),
    )
    .distinct()
    .order_by(Subscription.case_id)
)
_SENDER = select(Case.title, Case.subject, Case.region, Case.organ_id).where(Case.id == bindparam("case"))
