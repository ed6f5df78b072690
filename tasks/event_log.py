"""The event log of many cases for tools outside, a case a trace and a line an event; by right, and with nobody's name.

XES as IEEE 1849-2016 has it (version 2.0). A person is a pseudonym that means something within one file only; by name
stands whoever works in a unit that the reader heads, and the reader. What a story withholds is not in the log either.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from sqlalchemy import Row as Record, Select, select

from engine import cases, definitions
from engine.cases import Case
from engine.definitions import Process, Version
from ground import clock, organs
from ground.database import Session, reading
from ground.grants import Grant
from ground.people import Actor
from tasks.analysis import HEADS
from tasks.analysis_scope import Filters

AT_ONCE = 20
QUIET = frozenset({"step.ran"})
# The standard transactional model of the Lifecycle extension; what is no step of a person is complete as it happens.
TRANSITIONS: Mapping[str, str] = {
    "task.opened": "schedule",
    "task.claimed": "start",
    "task.released": "reassign",
    "task.rekeyed": "reassign",
    "task.readdressed": "reassign",
    "task.completed": "complete",
}
EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)
EPOCH = "1970-01-01T00:00:00.000+00:00"

Say = Callable[[str], str]


@dataclass(frozen=True)
class Event:
    """One line: what, of which kind and at which place, its transition, when, whom by and of which office."""

    name: str
    kind: str
    element: str
    transition: str
    at: datetime
    resource: str
    group: str


@dataclass(frozen=True)
class Trace:
    """One case with what happened to it, oldest first."""

    number: str
    title: str
    process: str
    version: int
    city: str
    outcome: str
    events: tuple[Event, ...]


def traces(by: Actor, filters: Filters, say: Say) -> Iterator[Trace]:
    """The cases in this person's sight, a handful at a time and each handful in a look of its own.

    `say` puts a kind of line into words where it names no step.
    """
    salt, after = secrets.token_bytes(32), 0
    known: frozenset[int] | None = None
    while True:
        with reading() as session:
            known = _known(session, by) if known is None else known
            rows = session.execute(_cases(by, filters, after)).all()
            bodies: dict[str, str] = {}
            made = [_trace(session, row, by, _Naming(salt, known, bodies, say)) for row in rows]
        yield from (trace for trace in made if trace.events)
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id


def xes(found: Iterator[Trace], name: str) -> Iterator[str]:
    """The log as XES, piece by piece."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    )
    for each, prefix, uri in EXTENSIONS:
        yield f'<extension name="{each}" prefix="{prefix}" uri="{uri}"/>\n'
    yield f'<global scope="trace">\n{_string("concept:name", "UNKNOWN")}</global>\n'
    yield (
        f'<global scope="event">\n{_string("concept:name", "UNKNOWN")}<date key="time:timestamp" value="{EPOCH}"/>\n'
        f"{_string('lifecycle:transition', 'complete')}</global>\n"
    )
    yield '<classifier name="Activity" keys="concept:name"/>\n'
    yield '<classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>\n'
    yield _string("concept:name", name) + _string("lifecycle:model", "standard")
    for trace in found:
        yield _traced(trace)
    yield "</log>\n"


def stamped(at: datetime) -> str:
    """2026-11-23T09:30:00.000+08:00."""
    return at.astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class _Naming:
    """How the persons, offices and steps of one file are called."""

    salt: bytes
    known: frozenset[int]
    bodies: dict[str, str]
    say: Say

    def person(self, line: cases.Line) -> str:
        if line.by is None:
            return ""
        if line.by in self.known:
            return line.by_name
        digest = hmac.new(self.salt, str(line.by).encode(), hashlib.sha256).hexdigest()
        return f"P-{digest[:10]}"

    def office(self, session: Session, queue: str) -> str:
        """`city_officer@12` as 市（州） and its role; a person's own key names nobody."""
        role, at, number = queue.partition("@")
        if not at:
            return ""
        if queue not in self.bodies:
            body = organs.bodies(session, [int(number)]).get(int(number))
            self.bodies[queue] = f"{body.name} {role}" if body else role
        return self.bodies[queue]


def _trace(session: Session, row: Record[Any], by: Actor, naming: _Naming) -> Trace:
    folder = definitions.pinned(session, row.release_id)
    under = definitions.written_under(session, folder)
    events = []
    for line in cases.story(session, row.ref, by):
        if line.kind in QUIET:
            continue
        element = under(line.version_id).element(line.element)
        step = element.name if element is not None and line.kind.startswith("task.") else ""
        events.append(
            Event(
                name=step or naming.say(line.kind),
                kind=line.kind,
                element=line.element or "",
                transition=TRANSITIONS.get(line.kind, "complete"),
                at=line.at,
                resource=naming.person(line),
                group=naming.office(session, str(line.detail.get("queue") or "")),
            )
        )
    named = str(folder.facts["name"])
    return Trace(row.number, row.title, named, row.version, row.region[:4], row.outcome or "", tuple(events))


def _known(session: Session, by: Actor) -> frozenset[int]:
    """Whom the reader knows by name: themselves, and whoever holds a role in a unit that they head."""
    heads = [held.organ_id for held in by.held if held.role in HEADS]
    own = session.execute(select(Grant.person_id).where(Grant.organ_id.in_(heads))).scalars()
    return frozenset({*own, *([by.person] if by.person is not None else [])})


def _cases(by: Actor, filters: Filters, after: int) -> Select[*tuple[Any, ...]]:
    wanted = (
        select(
            Case.id,
            Case.ref,
            Case.number,
            Case.title,
            Case.region,
            Case.release_id,
            Case.outcome,
            Version.number.label("version"),
        )
        .join(Process, Process.id == Case.process_id)
        .join(Version, Version.id == Case.version_id)
        .where(Case.id > after, Process.key == filters.process, cases.visible(by))
    )
    if filters.version:
        wanted = wanted.where(Version.number == int(filters.version))
    if filters.city:
        wanted = wanted.where(Case.region.startswith(filters.city, autoescape=True))
    return wanted.order_by(Case.id).limit(AT_ONCE)


def _traced(trace: Trace) -> str:
    head = _string("concept:name", trace.number) + _string("process", trace.process) + _string("city", trace.city)
    head += f'<int key="version" value="{trace.version}"/>\n' + _string("outcome", trace.outcome)
    return f"<trace>\n{head}{''.join(map(_event, trace.events))}</trace>\n"


def _event(event: Event) -> str:
    return (
        f"<event>\n{_string('concept:name', event.name)}"
        f'<date key="time:timestamp" value="{stamped(event.at)}"/>\n'
        f"{_string('lifecycle:transition', event.transition)}"
        f"{_string('org:resource', event.resource)}{_string('org:group', event.group)}"
        f"{_string('element', event.element)}{_string('kind', event.kind)}</event>\n"
    )


def _string(key: str, value: str) -> str:
    """Nothing where there is nothing to say."""
    return f'<string key="{key}" value={quoteattr(value)}/>\n' if value else ""
