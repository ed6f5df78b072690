"""提醒规则: who wishes whom to be told of which cases, for which reason and after how long; each keeper has their own.

A supervisor and a process owner keep rules of their own; the process owner reads and pauses everybody's, since what
they publish may break one. A rule tells persons and changes no case; all of it is a default of ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, Select, select, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from engine import definitions
from ground import clock, people
from ground.database import Row, Session
from ground.errors import Forbidden, Missing, Refused, Stale
from ground.ids import ref as new_ref
from ground.people import Actor, Person
from ground.types import Code, Flag, Id, Instant, Ref, Text, Whole, clean

SUPERVISOR, OWNER = "supervisor", "process_owner"
KEEPERS = frozenset({SUPERVISOR, OWNER})
STUCK, OVERDUE, UNCLAIMED, INCIDENT, WAITS, SOON = REASONS = (
    "stuck",
    "overdue",
    "unclaimed",
    "incident",
    "waits",
    "soon",
)
# Of these the number of days is the condition itself; of the others it is how long the reason has to have stood.
COUNTED = frozenset({WAITS, SOON})
ONESELF, SUPERVISORS, HEAD, OWNERS, ROLE, PERSON = TO = ("self", "supervisor", "head", "owner", "role", "person")
# Roles whose holders work on other people's cases; a filler, an expert and an administrator are told by other ways.
ROLES = (
    "city_officer",
    "city_section_head",
    "city_leader",
    "prov_officer",
    "prov_checker",
    "prov_division_head",
    "prov_office",
    "prov_leader",
    "auditor",
)
MOST_DAYS, MOST_RULES, LONGEST = 60, 50, 60
PROCESS_GONE, STEP_GONE, KEEPER_GONE, NOBODY = "process_gone", "step_gone", "keeper_gone", "nobody"
# Of a step that newer versions no longer have, cases on older ones may still stand there: the rule goes on.
STOPS = frozenset({PROCESS_GONE, KEEPER_GONE, NOBODY})


class AlertRule(Row):
    """One rule; `process` and `element` empty are all of them."""

    __tablename__ = "alert_rule"
    __table_args__ = (Index("ix_alert_rule_keeper", "keeper_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    keeper_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(Code(), unique=True)
    name: Mapped[str] = mapped_column(Text(LONGEST))
    process: Mapped[str] = mapped_column(Code())
    element: Mapped[str] = mapped_column(Code(120))
    reason: Mapped[str] = mapped_column(Code(20))
    days: Mapped[int] = mapped_column(Whole)
    to_kind: Mapped[str] = mapped_column(Code(20))
    to_role: Mapped[str | None] = mapped_column(Code(30))
    to_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    paused: Mapped[bool] = mapped_column(Flag)
    dropped: Mapped[bool] = mapped_column(Flag)
    rev: Mapped[int] = mapped_column(Whole)
    changed_at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True)
class Said:
    """A rule as it was typed; `to_person` is the ref of a person."""

    name: str
    process: str = ""
    element: str = ""
    reason: str = ""
    days: str = "0"
    to_kind: str = ""
    to_role: str = ""
    to_person: str = ""


class Wrong(Refused):
    """A rule that was typed does not hold: `field` says where."""

    code = "alert.wrong"
    status = 422


class TooMany(Refused):
    """One person keeps no more rules than can be looked through."""

    code = "alert.too_many"


def keep(session: Session, said: Said, *, by: Actor, key: str, now: datetime) -> str:
    """Write a new rule of this person's own; its ref. The same key again is the same rule."""
    me = _keeper(by)
    own = select(AlertRule.ref).where(AlertRule.key == f"{me}:{key}"[:LONGEST])
    known: str | None = session.scalar(own)
    if known is not None:
        return known
    if len(listed(session, by, own=True)) >= MOST_RULES:
        raise TooMany(most=MOST_RULES)
    values = {**_checked(session, said), "ref": new_ref(), "keeper_id": me, "key": f"{me}:{key}"[:LONGEST]}
    session.put_once(AlertRule, values | {"paused": False, "dropped": False, "rev": 1, "changed_at": now})
    return str(session.scalar(own))


def change(session: Session, ref: str, said: Said, *, seen: int, by: Actor, now: datetime) -> None:
    """Put other words and conditions into one's own rule; Stale if it is no longer as it was read."""
    _touch(session, own(session, ref, by), seen, now, **_checked(session, said))


def pause(session: Session, ref: str, *, paused: bool, seen: int, by: Actor, now: datetime) -> None:
    """Let a rule rest, or go on: one's own, and for the process owner anybody's."""
    _touch(session, one(session, ref, by), seen, now, paused=paused)


def drop(session: Session, ref: str, *, seen: int, by: Actor, now: datetime) -> None:
    """Give one's own rule up; what it has sent stays on record."""
    _touch(session, own(session, ref, by), seen, now, dropped=True)


def one(session: Session, ref: str, by: Actor) -> Record[Any]:
    """A rule that this person may read; else Missing, as if it were not there."""
    row = session.execute(_readable(by).where(AlertRule.ref == ref)).one_or_none()
    if row is None:
        raise Missing(rule=ref)
    return row


def own(session: Session, ref: str, by: Actor) -> Record[Any]:
    """A rule of this person's own; Forbidden for one that they only read."""
    row = one(session, ref, by)
    if row.keeper_id != by.person:
        raise Forbidden(rule=ref)
    return row


def listed(session: Session, by: Actor, *, own: bool = False) -> Sequence[Record[Any]]:
    """The rules that this person may read, or their own, the newest first."""
    wanted = _readable(by)
    if own:
        wanted = wanted.where(AlertRule.keeper_id == by.person)
    return session.execute(wanted.order_by(AlertRule.id.desc())).all()


def running(session: Session) -> Sequence[Record[Any]]:
    """Every rule that neither rests nor was given up, in the order of their beginning."""
    return session.execute(_rows().where(AlertRule.paused.is_(False)).order_by(AlertRule.id)).all()


def faults(session: Session, rules: Sequence[Record[Any]], now: datetime) -> Mapping[str, str]:
    """What is broken about these rules, by ref: a process or step no longer there, a keeper or nobody to tell."""
    steps, on, found = places(session), clock.local_day(now), {}
    roles = {role: {name.id for name in people.in_office(session, role, on)} for role in _needed(rules)}
    keepers = roles[SUPERVISOR] | roles[OWNER] if rules else set()
    for rule in rules:
        if rule.keeper_id not in keepers:
            found[rule.ref] = KEEPER_GONE
        elif rule.process and rule.process not in steps:
            found[rule.ref] = PROCESS_GONE
        elif _nobody(rule, roles):
            found[rule.ref] = NOBODY
        elif rule.element and rule.element not in steps[rule.process]:
            found[rule.ref] = STEP_GONE
    return found


def places(session: Session) -> Mapping[str, Sequence[str]]:
    """The steps at which a person is asked, by process, as new cases find them; steps of called processes too."""
    found = {}
    for row in definitions.processes(session):
        folder = definitions.pinned(session, row.release_id)
        at = [element.id for element in folder.diagram.elements.values() if element.kind == "user"]
        for key, called in sorted(folder.calls.items()):
            at += [f"{key}:{element.id}" for element in called.diagram.elements.values() if element.kind == "user"]
        found[row.key] = [place for place in dict.fromkeys(at) if folder.element(place) is not None]
    return found


def tellable(session: Session, now: datetime) -> list[people.Name]:
    """The persons whom a rule may name: whoever works on other people's cases today, in Chinese order."""
    found: dict[int, people.Name] = {}
    for role in (*ROLES, SUPERVISOR, OWNER):
        found |= {name.id: name for name in people.in_office(session, role, clock.local_day(now))}
    return list(found.values())


def _keeper(by: Actor) -> int:
    if by.person is None or not any(by.has(role) for role in KEEPERS):
        raise Forbidden(rules=sorted(KEEPERS))
    return by.person


def _checked(session: Session, said: Said) -> dict[str, Any]:
    """The columns of what was typed; Wrong names the field that does not hold."""
    name = clean(said.name).replace("\n", " ").strip()
    if not name or len(name) > LONGEST:
        raise Wrong(field="name")
    if said.reason not in REASONS:
        raise Wrong(field="reason")
    least = 1 if said.reason in COUNTED else 0
    if not (said.days.isascii() and said.days.isdigit() and len(said.days) <= len(str(MOST_DAYS))):
        raise Wrong(field="days")
    if not least <= int(said.days) <= MOST_DAYS:
        raise Wrong(field="days")
    known = places(session)
    if said.process not in {"", *known} or said.element not in {"", *known.get(said.process, ())}:
        raise Wrong(field="process")
    values = {"name": name, "process": said.process, "element": said.element, "reason": said.reason}
    return values | {"days": int(said.days), "to_kind": said.to_kind} | _addressed(session, said)


def _addressed(session: Session, said: Said) -> dict[str, Any]:
    if said.to_kind not in TO or (said.to_kind == ROLE and said.to_role not in ROLES):
        raise Wrong(field="to")
    person = None
    if said.to_kind == PERSON:
        person = next((name.id for name in tellable(session, clock.now()) if name.ref == said.to_person), None)
        if person is None:
            raise Wrong(field="to")
    return {"to_role": said.to_role if said.to_kind == ROLE else None, "to_person": person}


def _touch(session: Session, rule: Record[Any], seen: int, now: datetime, **values: Any) -> None:
    """Guarded by the number that was read: of two at once the second is told."""
    mine = update(AlertRule).where(AlertRule.id == rule.id, AlertRule.rev == seen, AlertRule.dropped.is_(False))
    if session.execute(mine.values(**values, rev=seen + 1, changed_at=now)).rowcount != 1:
        raise Stale(rule=rule.ref)


def _needed(rules: Sequence[Record[Any]]) -> set[str]:
    return {SUPERVISOR, OWNER, *(rule.to_role for rule in rules if rule.to_role)}


def _nobody(rule: Record[Any], roles: Mapping[str, set[int]]) -> bool:
    """Whether whoever is to be told is nobody any more."""
    if rule.to_kind == PERSON:
        return not rule.to_active
    return not roles[{SUPERVISORS: SUPERVISOR, OWNERS: OWNER}.get(rule.to_kind, rule.to_role or SUPERVISOR)]


def _readable(by: Actor) -> Select[Any]:
    me = _keeper(by)
    return _rows() if by.has(OWNER) else _rows().where(AlertRule.keeper_id == me)


def _rows() -> Select[Any]:
    keeper, to = aliased(Person), aliased(Person)
    return (
        select(*AlertRule.__table__.columns)
        .add_columns(
            keeper.name.label("keeper_name"),
            keeper.name_en.label("keeper_name_en"),
            to.ref.label("to_ref"),
            to.name.label("to_name"),
            to.name_en.label("to_name_en"),
            to.active.label("to_active"),
        )
        .join(keeper, keeper.id == AlertRule.keeper_id)
        .outerjoin(to, to.id == AlertRule.to_person)
        .where(AlertRule.dropped.is_(False))
    )
