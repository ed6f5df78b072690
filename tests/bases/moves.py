"""A case of one of the demo's bases, and a move of it that keeps what steps record instead of a chain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from bases import register
from bases.demo import rows
from engine import definitions
from engine.cases.case import Case, create
from ground import people
from ground.clock import local_day
from ground.database import Session
from ground.ids import ref as new_ref
from ground.organs import Organ
from ground.people import Actor, Person


@dataclass
class Sent:
    """A submission as a step reads it."""

    answers: Mapping[str, Any]
    by: int | None
    received_at: datetime
    seq: int = 1
    item: Any = None


@dataclass
class Move:
    """What a step gets, with the lines it wrote."""

    session: Session
    case: Any
    by: Actor
    now: datetime
    sent: dict[str, list[Sent]] = field(default_factory=dict)
    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    element: str = "step"
    data: Mapping[str, Any] = field(default_factory=dict)

    def submissions(self, element: str) -> list[Sent]:
        return self.sent.get(element, [])

    def record(self, kind: str, **detail: Any) -> None:
        self.lines.append((kind, detail))

    def kinds(self) -> list[str]:
        return [kind for kind, _detail in self.lines]


@dataclass(frozen=True)
class Facts:
    """A case as a step knows it."""

    id: int
    ref: str
    subject: str
    region: str
    started_at: datetime
    started_by: int | None = None


def base(session: Session, key: str) -> Record[Any]:
    """The demo's base of this key."""
    organ = session.scalar(select(Organ.id).where(Organ.code == rows.bases()[key].body))
    base_id = session.scalar(select(register.Base.id).where(register.Base.organ_id == organ))
    return register.by_id(session, base_id)


def actor(session: Session, login: str, now: datetime) -> Actor:
    """A person of the story, with all that is held."""
    return people.actor(session, session.scalar(select(Person.id).where(Person.login == login)), local_day(now))


def open_case(session: Session, key: str, now: datetime, login: str | None = None) -> Facts:
    """The row of an open application, without any state."""
    release = definitions.current(session, "designation-case")
    found = base(session, key)
    values = {
        "ref": new_ref(),
        "number": f"test-{new_ref()}",
        "title": found.name,
        "process_id": release.process_id,
        "release_id": release.release_id,
        "version_id": release.version_id,
        "subject": register.subject(found.id),
        "region": found.county or found.city,
        "organ_id": found.organ_id,
        "status": "open",
        "rev": 0,
        "seq": 0,
        "head": "0" * 64,
        "state": b"",
        "started_at": now,
        "started_by": actor(session, login, now).person if login else None,
        "moved_at": now,
    }
    case_id = create(session, values)
    facts = (Case.id, Case.ref, Case.subject, Case.region, Case.started_at, Case.started_by)
    return Facts(*tuple(session.execute(select(*facts).where(Case.id == case_id)).one()))


def moving(session: Session, key: str, now: datetime, login: str = "chen.jing", **sent: list[Sent]) -> Move:
    """A move of a new case of this base, by this person."""
    return Move(session, open_case(session, key, now), actor(session, login, now), now, dict(sent))
