"""What the board of a batch shows: stages with their ages, ranking, objections, letters, late cities.

The department sees all of it. A city sees its own applications with their ranks and the counts of the province.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from bases.documents import document, signature
from bases.register import base
from bases.verdicts import batch, batch_entry, cities, lists, pack, plaque
from bases.verdicts.objection import HOLDS, REJECTED, UPHELD
from engine.submissions import Submission
from engine.waits import Wait
from ground import clock
from ground.database import Session
from ground.people import Actor

REPORT = "report"
INSIDE = ":"  # `expert_review:score` stands in a called process
WAITING, DECIDED, OUT = "waiting", "decided", "out"
# The stages of the pipeline in their order, each with the steps or called processes that belong to it.
STAGES: Mapping[str, frozenset[str]] = {
    "filing": frozenset({"fill", "fill_supplement", "stamp", "authority_review"}),
    "city": frozenset({"city_review", "section_review", "leader_sign", REPORT}),
    "intake": frozenset({"intake", "consultation", "supplement", "supplement_late"}),
    "review": frozenset({"score", "expert_review"}),
    "visit": frozenset({"visit_decision", "visit", "site_visit"}),
    "recheck": frozenset({"recheck", "admission_again", "admission_refusal"}),
    "other": frozenset(),
}


@dataclass(frozen=True)
class Stage:
    """How many applications stand at one stage, and for how many days the oldest of their tasks waits."""

    name: str
    count: int
    oldest: int


@dataclass(frozen=True)
class Board:
    """All that the department sees of a batch; objections and strikers by case and by person."""

    entries: Sequence[Record[Any]]
    stages: Sequence[Stage]
    beside: Sequence[cities.City]
    objections: Mapping[int, Record[Any]]
    strikers: Mapping[int, Record[Any]]
    letters: Sequence[Record[Any]]
    late: Sequence[str]
    leaving: int
    signed: Sequence[Record[Any]]
    papers: Mapping[str, Record[Any]]
    packs: Sequence[Record[Any]]
    plaques: Mapping[int, Record[Any]]


@dataclass(frozen=True)
class CityBoard:
    """What a city sees: its own applications, and of the others only how many there are at which stage."""

    entries: Sequence[Record[Any]]
    stages: Sequence[Stage]
    ranked: int
    late: bool


def of(session: Session, found: Record[Any], now: datetime) -> Board:
    """The board of this batch at this moment; as many questions for two hundred applications as for one."""
    entries = batch_entry.of_batch(session, found.id)
    beside = cities.beside(session, found, entries)
    late = _late(session, found, entries, now)
    return Board(
        entries=entries,
        stages=_stages(session, entries, now),
        beside=beside,
        objections=lists.objected(session, entries, (*HOLDS, UPHELD, REJECTED)),
        strikers=lists.strikers(session, entries),
        letters=_unnumbered(session, found),
        late=[each.code for each in beside if each.code in late],
        leaving=cities.leaving(session, found.year) if found.year else 0,
        signed=(signed := lists.of_batch(session, found.id)),
        papers=signature.named(session, [each.signature for each in signed if each.signature]),
        packs=pack.of_batch(session, found.id),
        plaques={each.base_id: each for each in plaque.of_batch(session, found.id)},
    )


def of_city(session: Session, found: Record[Any], by: Actor, now: datetime) -> CityBoard:
    """What the officers of a city may see; no name of another city leaves this function."""
    entries = batch_entry.of_batch(session, found.id)
    own = {held.region for held in by.held if held.role in base.IN_THE_CITY}
    mine = [each for each in entries if each.city in own]
    return CityBoard(
        entries=mine,
        stages=_stages(session, entries, now),
        ranked=sum(each.rank is not None for each in entries),
        late=bool(_late(session, found, mine, now)),
    )


def pipeline(session: Session, now: datetime) -> tuple[Record[Any], list[Stage], int] | None:
    """The newest batch that is not closed: itself, its stages with their ages, and how many names end this year."""
    found = batch.running(session)
    if found is None:
        return None
    return found, _stages(session, batch_entry.of_batch(session, found.id), now), cities.leaving(session, found.year)


def line(found: Record[Any], entries: Sequence[Record[Any]]) -> int | None:
    """The application after which the quota line stands; None where it would stand below everybody."""
    ranked = [each.case_id for each in entries if each.rank is not None and each.state != batch_entry.OUT]
    return ranked[found.quota - 1] if found.quota and found.quota <= len(ranked) else None


def stage(element: str) -> str:
    """To which stage a task belongs; `expert_review:score` belongs to the review."""
    first = element.partition(INSIDE)[0]
    return next((name for name, steps in STAGES.items() if first in steps), "other")


def _stages(session: Session, entries: Sequence[Record[Any]], now: datetime) -> list[Stage]:
    """One task each, the oldest; whoever waits for a list, is decided or has left is counted by its state."""
    waits = session.execute(
        select(Wait.case_id, Wait.element, Wait.opened_at)
        .join(batch_entry.Entry, batch_entry.Entry.case_id == Wait.case_id)
        .where(batch_entry.Entry.batch_id.in_({each.batch_id for each in entries}))
        .order_by(Wait.opened_at.desc())
    )
    oldest = {row.case_id: row for row in waits}
    days: dict[str, list[int]] = {name: [] for name in (*STAGES, WAITING, DECIDED, OUT)}
    for each in entries:
        name, since = _standing(each, oldest.get(each.case_id))
        days[name].append((now - since).days)
    return [Stage(name, len(found), max(found, default=0)) for name, found in days.items()]


def _standing(each: Record[Any], wait: Record[Any] | None) -> tuple[str, datetime]:
    if each.state == batch_entry.OUT:
        return OUT, each.moved_at
    if each.state == batch_entry.DECIDED or each.case_status == "closed":
        return DECIDED, each.moved_at
    if each.state == batch_entry.READY:
        return WAITING, each.moved_at
    return (stage(wait.element), wait.opened_at) if wait else ("other", each.moved_at)


def _late(session: Session, found: Record[Any], entries: Sequence[Record[Any]], now: datetime) -> set[str]:
    """The cities with applications that they had not reported when the period ended (S-2.2)."""
    if found.closes_on is None or clock.local_day(now) <= found.closes_on:
        return set()
    open_ = {
        each.case_id: each.city
        for each in entries
        if each.state == batch_entry.UNDER_WAY and each.case_status != "closed"
    }
    if not open_:
        return set()
    asked = select(Submission.case_id).where(Submission.case_id.in_(list(open_)), Submission.element == REPORT)
    reported = {row.case_id for row in session.execute(asked)}
    return {city for case, city in open_.items() if case not in reported}


def _unnumbered(session: Session, found: Record[Any]) -> list[Record[Any]]:
    """The letters of the batch that are on their way, the newest first."""
    if found.case_id is None:
        return []
    rows = document.of_case(session, found.case_id)
    return [row for row in reversed(rows) if row.state in document.UNDER_WAY]
