"""What the forms of a review ask over and above their fields: names of experts, votes, when scoring may be closed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from bases.review import conflict, experts, panel
from engine.forms import FormContext, Option, Problem, check, choices
from engine.submissions import at
from engine.waits import Wait
from ground import clock, parameters, people
from ground.database import Session
from ground.errors import Missing


def expert(session: Session, name: str, on: date) -> int:
    """The one expert of this name."""
    found = experts.named(session, name, on)
    if len(found) != 1:
        raise Missing(expert=name)
    return found[0]


def members(session: Session, panel_id: int) -> dict[str, int]:
    """Who sits on a panel, by the code that a vote names them with, and by name, as votes were typed before."""
    named = people.name_of(session, panel.seats(session, panel_id))
    return {word: person for person, name in named.items() for word in (name.ref, name.name)}


@choices("panel.members")
def to_elect(session: Session, case: Any, *, ever: bool) -> Sequence[Option]:
    """N-5: the members of the panel, in the order of their lots; `ever`: of every panel that the case has had."""
    rows = panel.of_case(session, case.id)
    sitting = [person for row in (rows if ever else rows[-1:]) for person in panel.seats(session, row.id)]
    named = people.name_of(session, sitting)
    return [Option(named[person].ref, named[person].name) for person in dict.fromkeys(sitting)]


def day(text: Any) -> date | None:
    """A date as forms keep it."""
    return date.fromisoformat(text) if text else None


@check("panel.recusals")
def recusals(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """N-1: each tie names an expert of the pool unmistakably, and an employment says until when."""
    if context.session is None:
        return []
    found = []
    for place, each in enumerate(answers.get("conflicts") or ()):
        name, kind = each.get("expert"), each.get("kind")
        if name and len(experts.named(context.session, name, clock.today())) != 1:
            found.append(Problem(f"conflicts.{place}.expert", "panel.no_such_expert", {"name": name}))
        if kind == conflict.PAST_EMPLOYER and not each.get("until"):
            found.append(Problem(f"conflicts.{place}.until", "panel.until_missing"))
    return found


@check("panel.leader")
def leader(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """N-5: the leader is one of the panel; where the name was still typed, the problem names them."""
    vote = answers.get("leader")
    if context.session is None or context.case is None or not isinstance(vote, str):
        return []
    row = panel.newest(context.session, context.case.id)
    if vote.strip() in members(context.session, row.id):
        return []
    names = "、".join(each.label for each in to_elect(context.session, context.case, ever=False))
    return [Problem("leader", "panel.not_a_member", {"names": names})]


@check("panel.closing")
def closing(_answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """Scoring is closed without the last sheets only with enough valid ones, and not before its time is over."""
    if context.session is None or context.case is None:
        return []
    session, case, now = context.session, context.case.id, clock.now()
    row = panel.newest(session, case)
    sitting = set(panel.seats(session, row.id))
    sent = {
        each.by
        for place in panel.PLACES
        for each in at(session, case, place)
        if each.by in sitting and each.received_at >= row.drawn_at
    }
    least = parameters.value(session, "panel.minimum", clock.local_day(now)).value
    if len(sent) < least:
        return [Problem("reason", "score.too_few", {"valid": len(sent), "least": least})]
    due = select(Wait.due_at).where(Wait.case_id == case, Wait.element.in_(panel.PLACES))
    return [Problem("reason", "score.not_due")] if any(each > now for each in session.execute(due).scalars()) else []
