"""What the board of a campaign shows, and what of an assessment's file a person may read.

The department sees all of it. A city sees its own bases and the counts of the province; nobody outside the department
reads a score, a proposal or a ground, and the result only once it is signed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from bases.register import base
from bases.verdicts import assessment, campaign, dossier, grounds
from engine.submissions import Submission
from engine.waits import Wait
from ground import clock, people, regions
from ground.database import Session
from ground.people import Actor, Name
from ground.regions import Place

REPORT, INSIDE = "report", ":"
NOT_BEGUN, DECIDED, ENDED, OTHER = "not_begun", "decided", "ended", "other"
EXPERT = "expert"
# The stages in their order, each with the steps or called processes that belong to it.
STAGES: Mapping[str, frozenset[str]] = {
    NOT_BEGUN: frozenset(),
    "material": frozenset({"self", "authority_review"}),
    "city": frozenset({"city_review", "section_review", "leader_sign", REPORT}),
    "check": frozenset({"check"}),
    "review": frozenset({"expert_review"}),
    "visit": frozenset({"visit_decision", "site_visit"}),
    "grounds": frozenset({"grounds"}),
    "recheck": frozenset({"recheck"}),
    "decision": frozenset({"decide", "paper_signature"}),
    OTHER: frozenset(),
    DECIDED: frozenset(),
    ENDED: frozenset(),
}


@dataclass(frozen=True)
class Stage:
    """How many bases stand at one stage, and for how many days the oldest of them."""

    name: str
    count: int
    oldest: int


@dataclass(frozen=True)
class Standing:
    """One base of a campaign: its row, where it stands, and for how many days."""

    row: Record[Any]
    stage: str
    days: int


@dataclass(frozen=True)
class CityLine:
    """One city: its bases, how many of them it has reported, how many are decided, and whether it is behind."""

    place: Place
    bases: int
    reported: int
    decided: int
    late: bool


@dataclass(frozen=True)
class Board:
    """A campaign as one may see it; `cities` and the numbers are those of all bases, `bases` those one may name."""

    bases: Sequence[Standing]
    stages: Sequence[Stage]
    outcomes: Mapping[str, int]
    cities: Sequence[CityLine]
    undecided: int
    leaving: int
    announced: Sequence[str]


@dataclass(frozen=True)
class View:
    """An assessment beside its case; without `inside` there is no score, no proposal and no ground in it."""

    row: Record[Any]
    campaign: Record[Any]
    file: Mapping[str, Any] | None
    inside: bool
    suggested: int | None
    before: Record[Any] | None
    grounds: Sequence[Record[Any]]
    confirmers: Mapping[int, Name]


def of(session: Session, found: Record[Any], now: datetime, *, cities: set[str] | None = None) -> Board:
    """The board at this moment; with `cities` only their bases are named and only their lines are shown."""
    entries = assessment.of_campaign(session, found.id)
    standing = _standing(session, entries, now)
    mine = [each for each in standing if cities is None or each.row.city in cities]
    lines = _cities(session, found, entries, now)
    return Board(
        bases=mine,
        stages=_stages(standing),
        outcomes=Counter(each.outcome for each in entries if each.outcome),
        cities=[each for each in lines if cities is None or each.place.code in cities],
        undecided=assessment.undecided(entries),
        leaving=assessment.leaving(entries),
        announced=sorted({each.announced for each in entries if each.announced}),
    )


def look(session: Session, case_id: int, by: Actor) -> View | None:
    """The file of this case as this person may read it; None where the case is no assessment.

    Whoever calls has seen to it that they may see the case.
    """
    row = assessment.find(session, case_id)
    if row is None:
        return None
    inside = any(held.role in base.EVERYWHERE for held in by.held)
    confirmed = grounds.confirmed(session, case_id) if inside else []
    return View(
        row=row,
        campaign=campaign.by_id(session, row.campaign_id),
        file=row.file,
        inside=inside,
        suggested=row.suggested if inside or by.has(EXPERT) else None,
        before=assessment.previous(session, row.base_id, row.year),
        grounds=confirmed,
        confirmers=people.name_of(session, {each.confirmed_by for each in confirmed}),
    )


def stage(element: str) -> str:
    """To which stage a task belongs; `expert_review:score_assessment` belongs to the review."""
    first = element.partition(INSIDE)[0]
    return next((name for name, steps in STAGES.items() if first in steps), OTHER)


def missed(view: View) -> int:
    """How many duties of the file were not kept on their day."""
    return dossier.missed(view.file)


def _standing(session: Session, entries: Sequence[Record[Any]], now: datetime) -> list[Standing]:
    """One task each, the oldest."""
    open_ = [each.case_id for each in entries if each.case_id is not None]
    waits = session.execute(
        select(Wait.case_id, Wait.element, Wait.opened_at)
        .where(Wait.case_id.in_(open_))
        .order_by(Wait.opened_at.desc())
    )
    oldest = {row.case_id: row for row in waits}
    return [_one(each, oldest.get(each.case_id), now) for each in entries]


def _one(each: Record[Any], wait: Record[Any] | None, now: datetime) -> Standing:
    if each.case_id is None:
        return Standing(each, NOT_BEGUN, 0)
    if each.outcome is not None:
        return Standing(each, DECIDED, (now - each.decided_at).days)
    if each.case_status == "closed":
        return Standing(each, ENDED, (now - each.moved_at).days)
    since = wait.opened_at if wait else each.moved_at
    return Standing(each, stage(wait.element) if wait else OTHER, (now - since).days)


def _stages(standing: Sequence[Standing]) -> list[Stage]:
    days: dict[str, list[int]] = {name: [] for name in STAGES}
    for each in standing:
        days[each.stage].append(each.days)
    return [Stage(name, len(found), max(found, default=0)) for name, found in days.items()]


def _cities(session: Session, found: Record[Any], entries: Sequence[Record[Any]], now: datetime) -> list[CityLine]:
    """A city is behind when the days are over and a base of it is not reported: a fact for the board, and no breach."""
    reported = _reported(session, entries)
    over = found.closes_on is not None and clock.local_day(now) > found.closes_on
    places = regions.named(session, {each.city for each in entries})
    lines = []
    for code in sorted(places):
        own = [each for each in entries if each.city == code]
        up = sum(each.case_id in reported for each in own)
        decided = sum(each.outcome is not None for each in own)
        lines.append(CityLine(places[code], len(own), up, decided, late=over and up < len(own)))
    return lines


def _reported(session: Session, entries: Sequence[Record[Any]]) -> set[int]:
    rows = session.execute(
        select(Submission.case_id).where(
            Submission.case_id.in_([each.case_id for each in entries if each.case_id is not None]),
            Submission.element == REPORT,
        )
    )
    return {row.case_id for row in rows}
