"""A case is started on the version that is current now, by whoever its start event names, once for each key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine import definitions
from engine.cases.case import Case, on_release
from engine.cases.moving import opening
from engine.cases.repeating import key_of, once
from engine.cases.under_way import Moving
from engine.folders import Folder
from ground import clock, people
from ground.database import Session, transaction
from ground.errors import Forbidden, Refused
from ground.people import Actor


class AlreadyOpen(Refused):
    """The same process is under way for the same subject."""

    code = "case.already_open"


@dataclass(frozen=True)
class Started:
    """A case that has begun."""

    ref: str
    number: str


def start(
    process: str,
    *,
    subject: str,
    region: str,
    organ: int,
    title: str,
    by: Actor,
    key: str,
    data: Mapping[str, Any] | None = None,
    alone: bool = False,
    received_at: datetime | None = None,
    at: str | None = None,
) -> Started:
    """Begin a case on the version that is current now. `data` are the scalars that its diagram starts from.

    `at` is the start event at which it begins, as if that had just happened; else it is the one without an event.

    AlreadyOpen if it is to be `alone` and the same process is open for the same subject.
    """
    now = received_at or clock.now()
    name = key_of(by, "start", f"{process}:{subject}", key)
    facts = {
        "title": title,
        "subject": subject,
        "region": region,
        "organ_id": organ,
        "started_by": by.person,
        "alone": f"{process}:{subject}" if alone else None,
    }

    def act() -> dict[str, Any]:
        with transaction() as session:
            move = _begun(session, process, facts, data or {}, by, now, at)
            move.key = name
            move.finish()
        return move.result

    result = once(name, act)
    return Started(result["ref"], result["number"])


def _begun(
    session: Session,
    process: str,
    facts: Mapping[str, Any],
    data: Mapping[str, Any],
    by: Actor,
    now: datetime,
    at: str | None,
) -> Moving:
    """A new case at its start, if this person may begin it and no other is under way where it is to be alone."""
    release = definitions.current(session, process)
    folder = definitions.pinned(session, release.release_id)
    _may_start(session, folder, by, facts["organ_id"], facts["region"], now, at)
    values = {**on_release(session, release, folder.facts["number"], now), **facts}
    _alone(session, values["alone"])
    move = opening(session, values, folder, data, by, now, at)
    move.keep(move.record("case.started", process=process, version=release.version_id), data)
    return move


def _may_start(
    session: Session, folder: Folder, by: Actor, organ: int, region: str, now: datetime, at: str | None
) -> None:
    """The start event names who may begin a case; the organ is the one that it is begun for."""
    begin = next((start for start in folder.diagram.starts if start.id == at), folder.diagram.start)
    if by.person is None or not begin.role:
        return
    argument = begin.argument.evaluate({"case": {"organ": organ, "region": region}}) if begin.argument else None
    found = people.resolve(session, begin.role, begin.scope or "", argument, region, clock.local_day(now))
    if found.key not in by.keys:
        raise Forbidden(process=folder.facts["key"])


def _alone(session: Session, alone: str | None) -> None:
    """Of two who begin at once, the second finds the first: writers take turns at the counter of numbers."""
    if alone and session.scalar(select(Case.id).where(Case.alone == alone)):
        raise AlreadyOpen(what=alone)
