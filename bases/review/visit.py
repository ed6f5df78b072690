"""The site visit (R-9.3, 视情况): what the plan and the record must hold, and that a case was visited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from engine import submissions
from engine.cases import Case
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from engine.waits import Wait
from ground import clock, deadlines, people, regions
from ground.database import Session
from ground.errors import Refused
from ground.people import Name

ENDS = (("visit_from", "visit_to"), ("visited_from", "visited_to"))
ACKNOWLEDGED = "acknowledge"
TEAM, MOST = "visit_team", 15
MOST_TRIPS = 100
VISITS = ("visit", "site_visit:visit")
PLANS = ("plan", "site_visit:plan")  # in a case of its own, and called by another


class NotReported(Refused):
    """A base was visited when the team has reported and the city has acknowledged what was found."""

    code = "visit.not_reported"


@check("visit")
def in_order(answers: Mapping[str, Any], _context: FormContext) -> Sequence[Problem]:
    """A visit does not end before it begins."""
    return [
        Problem(last, "visit.ends_before_it_begins")
        for first, last in ENDS
        if answers.get(first) and answers.get(last) and answers[last] < answers[first]
    ]


@check("visit_team")
def of_the_house(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """R-9.3: whoever visits is somebody whom the system knows as one who may, so the record can be theirs."""
    if context.session is None:
        return []
    known = {each.name for each in _may_visit(context.session)}
    strangers = [name for name in _names(answers, "team") if name not in known]
    return [Problem("team", "visit.not_of_the_team", {"names": "、".join(strangers)})] if strangers else []


@check("visit_present")
def of_the_plan(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """R-9.3: whoever was there stands in the plan that the city was told of."""
    if context.session is None or context.case is None:
        return []
    plans = [row for place in PLANS for row in submissions.at(context.session, context.case.id, place)]
    if not plans:
        return []
    planned = set(_names(max(plans, key=lambda row: row.seq).answers, "team"))
    strangers = [name for name in _names(answers, "present") if name not in planned]
    return [Problem("present", "visit.not_planned", {"names": "、".join(strangers)})] if strangers else []


@prefill("visit_team")
def everybody(session: Session, _case: Any) -> Mapping[str, Any]:
    """Whoever may take part, for the officer to take off who does not."""
    return {"team": [{"name": each.name, "unit": ""} for each in _may_visit(session)[:MOST]]}


@dataclass(frozen=True)
class Trip:
    """A visit that was planned and is not recorded: which case, which days, who goes; whether its record is missing."""

    case_ref: str
    number: str
    title: str
    first: date
    last: date
    team: tuple[str, ...]
    missing: bool


def unrecorded(session: Session, on: date) -> list[Trip]:
    """The visits without a record, the first to end on top; it is missing once the last planned day is over."""
    rows = session.execute(
        select(Case.id, Case.ref, Case.number, Case.title)
        .join(Wait, Wait.case_id == Case.id)
        .where(Wait.element.in_(VISITS), Case.status == "open")
        .order_by(Case.id)
        .limit(MOST_TRIPS)
    ).all()
    found = []
    for row in rows:
        plans = [sent for place in PLANS for sent in submissions.at(session, row.id, place)]
        if plans:
            plan = max(plans, key=lambda sent: sent.seq).answers
            first, last = (date.fromisoformat(plan[name]) for name in ENDS[0])
            found.append(Trip(row.ref, row.number, row.title, first, last, tuple(_names(plan, "team")), last < on))
    return sorted(found, key=lambda trip: trip.last)


def planned(session: Session) -> int:
    """How many visits wait for their record."""
    waits = select(func.count()).select_from(Wait).join(Case, Case.id == Wait.case_id)
    return int(session.scalar(waits.where(Wait.element.in_(VISITS), Case.status == "open")) or 0)


@step("visit.due", returns=("report_due",))
def due(move: Move) -> Mapping[str, Any]:
    """The report is due from the last day of the visit, whenever its record came; after a dispute, from that day."""
    records, disputes = move.submissions("visit"), move.submissions("acknowledge")
    start = move.now
    if records and not disputes:
        start = clock.start_of(date.fromisoformat(records[-1].answers["visited_to"]))
    return {"report_due": deadlines.due(move.session, "visit_report", start).on.isoformat()}


@step("visit.close", returns=("visited",))
def close(move: Move) -> Mapping[str, Any]:
    """Say to the calling case that the base was visited; the notice names the visit because of it."""
    records, acknowledged = move.submissions("visit"), move.submissions("acknowledge")
    if not records or not move.submissions("report") or not acknowledged:
        raise NotReported(case=move.case.ref)
    if acknowledged[-1].answers.get("outcome") != ACKNOWLEDGED:
        raise NotReported(case=move.case.ref)
    newest = records[-1].answers
    move.record(
        "visit.closed",
        visited_from=newest["visited_from"],
        visited_to=newest["visited_to"],
        photos=len(newest["photos"]),
    )
    return {"visited": True}


def _may_visit(session: Session) -> Sequence[Name]:
    on = clock.today()
    key = people.resolve(session, TEAM, "province", None, regions.PROVINCE, on).key
    return people.holders(session, key, on)


def _names(answers: Mapping[str, Any], rows: str) -> list[str]:
    return [str(row.get("name") or "").strip() for row in answers.get(rows) or [] if isinstance(row, Mapping)]
