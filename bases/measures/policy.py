"""Which policy is in force and what must be said of it: from the day after the period in its title, a banner.

The first version came with the program; later ones are entered by people and are in force from the day for which
somebody activated them. New cases rest on the one in force; a case keeps the one that it began under.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

import orjson
from sqlalchemy import ForeignKey, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.measures import clauses, rulers
from bases.measures.clauses import Clause
from engine import definitions
from ground import clock, jobs
from ground.database import Row, Session, transaction
from ground.errors import Missing, Refused
from ground.people import Actor
from ground.types import Code, Day, Document, Id, Instant, Text

KIND = "policy.activate"


class PolicyVersion(Row):
    """A later version as it was entered, with its clauses; in force from `active_from`, which may be empty."""

    __tablename__ = "policy_version"

    id: Mapped[str] = mapped_column(Code(20), primary_key=True)
    zh: Mapped[str] = mapped_column(Text(200))
    en: Mapped[str] = mapped_column(Text(400))
    number: Mapped[str] = mapped_column(Text(60))
    dated_on: Mapped[date | None] = mapped_column(Day)
    issued_on: Mapped[date] = mapped_column(Day)
    period_ends_on: Mapped[date | None] = mapped_column(Day)
    banner_zh: Mapped[str] = mapped_column(Text(300))
    banner_en: Mapped[str] = mapped_column(Text(600))
    clauses: Mapped[Any] = mapped_column(Document)
    active_from: Mapped[date | None] = mapped_column(Day)
    entered_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    activated_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))


class PolicyDigest(Row):
    """The digest of what is known of all versions, in one row: as long as it stands, what was read before is right."""

    __tablename__ = "policy_digest"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(Code(64))


class NotWhole(Refused):
    """A version has a short name of its own, a title, a number, a day of issue, and a banner if a period ends."""

    code = "policy.not_whole"
    status = 422


class Known(Refused):
    """A version of this short name is there already, or this one was activated before."""

    code = "policy.known"


class TooEarly(Refused):
    """A version is in force from today or later, after its issue, and after every version that was activated."""

    code = "policy.too_early"
    status = 422


@dataclass(frozen=True)
class Policy:
    """A version of the measures. `dated_on` (成文日期) stays empty where the text shows only the day of printing."""

    id: str
    zh: str
    en: str
    number: str
    dated_on: date | None
    issued_on: date
    period_ends_on: date | None
    banner_zh: str
    banner_en: str
    active_from: date | None = None


@dataclass(frozen=True)
class Banner:
    """What every page says of a policy whose period is over."""

    policy: str
    zh: str
    en: str


def banner(on: date, known: Sequence[Policy] = ()) -> Banner | None:
    """The banner from the day after the period, else None."""
    policy = in_force(on, known)
    over = policy.period_ends_on is not None and on > policy.period_ends_on
    return Banner(policy.id, policy.banner_zh, policy.banner_en) if over else None


def in_force(on: date, known: Sequence[Policy] = ()) -> Policy:
    """The version activated last by this day; before the first one, the first."""
    every = known or shipped()
    active = [each for each in every if each.active_from and each.active_from <= on]
    return max(active, key=lambda each: each.active_from or date.min) if active else every[0]


@cache
def shipped() -> tuple[Policy, ...]:
    """The versions that the program came with; each is in force from its issue."""
    rows = orjson.loads(resources.files("bases.measures").joinpath("policies.json").read_bytes())
    days = ("dated_on", "issued_on", "period_ends_on")
    read = (Policy(**{**row, **{name: _day(row[name]) for name in days}}) for row in rows)
    return tuple(replace(each, active_from=each.issued_on) for each in read)


def read(session: Session, digest: str | None) -> Sequence[Policy]:
    """All versions as they are while this digest stands, from memory if they were read before."""
    if digest is None:
        return shipped()
    known = _cache.get(digest)
    if known is None:
        _cache.clear()
        rows = session.execute(select(*_COLUMNS).order_by(PolicyVersion.issued_on, PolicyVersion.id))
        known = _cache[digest] = (*shipped(), *(Policy(*tuple(row)) for row in rows))
    return known


def every(session: Session) -> Sequence[Policy]:
    """All versions, oldest first."""
    return read(session, session.scalar(DIGEST))


def one(session: Session, id_: str) -> Policy:
    """The version of this short name."""
    return named(id_, every(session))


def named(id_: str, known: Sequence[Policy]) -> Policy:
    """The version of this short name among those that are known."""
    found = next((each for each in known if each.id == id_), None)
    if found is None:
        raise Missing(policy=id_)
    return found


def text(session: Session, id_: str) -> Mapping[str, Clause]:
    """The clauses of a version, in the order of its text."""
    if any(each.id == id_ for each in shipped()):
        return clauses.every()
    rows = session.scalar(select(PolicyVersion.clauses).where(PolicyVersion.id == id_))
    if rows is None:
        raise Missing(policy=id_)
    return {row["id"]: Clause(**row) for row in rows}


def enter(session: Session, new: Policy, text_: list[dict[str, str]], *, by: Actor, now: datetime) -> None:
    """Keep another version with its clauses; nothing rests on it before it is activated."""
    rulers.allow(by)
    said = (new.period_ends_on is None) == (not new.banner_zh)
    if not (new.id.isascii() and new.id.isalnum() and new.zh and new.number and text_ and said):
        raise NotWhole
    if any(each.id == new.id for each in every(session)):
        raise Known(policy=new.id)
    values = asdict(new) | {"clauses": text_, "active_from": None, "entered_by": by.person, "entered_at": now}
    session.execute(insert(PolicyVersion).values(**values))
    _sum_up(session)


def activate(session: Session, id_: str, on: date, *, by: Actor, now: datetime) -> None:
    """From this day on the version is in force: new cases rest on it, those that run keep theirs."""
    rulers.allow(by)
    chosen, today = one(session, id_), clock.local_day(now)
    if chosen.active_from is not None:
        raise Known(policy=id_)
    last = max(each.active_from for each in every(session) if each.active_from)
    if on < today or on < chosen.issued_on or on <= last:
        raise TooEarly(policy=id_, on=on, after=max(last, chosen.issued_on))
    session.execute(update(PolicyVersion).where(PolicyVersion.id == id_).values(active_from=on, activated_by=by.person))
    _sum_up(session)
    if on == today:
        definitions.rest_on(session, id_)
    else:
        jobs.enqueue(session, KIND, {}, run_at=clock.start_of(on))


@jobs.handler(KIND)
def rest(_payload: Mapping[str, Any]) -> None:
    """A version's first day has come: new cases rest on what is in force now. Before its time it waits on."""
    today = clock.today()
    with transaction() as session:
        known = every(session)
        definitions.rest_on(session, in_force(today, known).id)
        coming = [each.active_from for each in known if each.active_from and each.active_from > today]
        if coming:
            jobs.enqueue(session, KIND, {}, run_at=clock.start_of(min(coming)))


def _sum_up(session: Session) -> None:
    rows = session.execute(select(*_COLUMNS).order_by(PolicyVersion.id)).all()
    digest = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
    session.execute(delete(PolicyDigest))
    session.execute(insert(PolicyDigest).values(id=1, digest=digest))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _columns(names: Iterable[str]) -> list[Any]:
    return [getattr(PolicyVersion, name) for name in names]


_COLUMNS = _columns(each.name for each in fields(Policy))
DIGEST = select(PolicyDigest.digest)
_cache: dict[str, Sequence[Policy]] = {}
