"""What a diagram may call of a difficulty: enter it, raise it a level, pool it, keep the answer, close it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from bases import register
from bases.cooperation import issue
from bases.register import base
from engine.forms import prefill
from engine.steps import Move, step
from engine.submissions import at
from ground.clock import local_day
from ground.database import Session

ASK, UP = "ask", "up"
REGISTRATION = ("kind", "enterprise", "title")


class Raising(Schema):
    """What `issue.escalate` takes: from which level to which."""

    level = fields.String(required=True, validate=validate.OneOf(issue.LEVELS))
    to = fields.String(required=True, validate=validate.OneOf(issue.LEVELS))


@step("issue.register", returns=("friction", "whole_city"))
def enter(move: Move) -> Mapping[str, Any]:
    """S-3.7: enter the difficulty, and say whether it goes to the department's fair trade desk at once (M-4.7)."""
    said = move.submissions("register")[-1].answers
    found = register.of_subject(move.session, move.case.subject)
    told = {name: said[name] for name in REGISTRATION}
    level = issue.enter(move.session, move.case.id, found.id, told, move.now)
    move.record("issue.registered", title=said["title"])
    return {"friction": level == issue.TRADE, "whole_city": found.extent == base.WHOLE_CITY}


@step("issue.escalate", parameters=Raising)
def escalate(move: Move, level: str, to: str) -> None:
    """One level up: because somebody said so and why, or because the time is over; the trail says which."""
    found = issue.of_case(move.session, move.case.id)
    sent = move.submissions(f"{level}_handle")
    said = sent[-1] if sent and sent[-1].received_at >= found.level_since else None
    asked = said is not None and said.answers.get("outcome") == UP
    reason = said.answers.get("reason") or "" if said is not None and asked else ""
    issue.raise_to(move.session, move.case.id, to, move.now)
    if asked:
        move.record("issue.raised", source=level, target=to, reason=reason)
    else:
        move.record("issue.lapsed", source=level, target=to)


@step("issue.pool")
def pool(move: Move) -> None:
    """Article 6: it waits for the joint meeting."""
    issue.pool(move.session, move.case.id)
    move.record("issue.pooled")


@step("issue.answer")
def answer(move: Move) -> None:
    """Keep the answer of whoever had it in hand last."""
    sent = [row for level in issue.LEVELS for row in move.submissions(f"{level}_handle")]
    given = max(sent, key=lambda row: row.seq) if sent else None
    if given is None or given.by is None or given.answers.get("outcome") not in {issue.SOLVED, issue.EXPLAINED}:
        raise issue.Unanswered(case=move.case.ref)
    said = given.answers
    issue.answer(move.session, move.case.id, said["answer"], said["outcome"], given.by, local_day(move.now))
    move.record("issue.answered", result=said["outcome"])


@step("issue.close", returns=("result",))
def close(move: Move) -> Mapping[str, Any]:
    """The enterprise was answered; how satisfied it is stands beside the answer."""
    said = move.submissions("reply")[-1].answers
    issue.close(move.session, move.case.id, said["satisfaction"], local_day(move.now))
    move.record("issue.closed", satisfaction=said["satisfaction"])
    return {"result": issue.of_case(move.session, move.case.id).result}


@prefill("issue_question")
def question(session: Session, case: Any) -> Mapping[str, Any]:
    """What the base is asked, in the words of whoever asked last."""
    sent = [row for level in issue.LEVELS for row in at(session, case.id, f"{level}_handle")]
    asked = [row for row in sent if row.answers.get("outcome") == ASK]
    return {"question": max(asked, key=lambda row: row.seq).answers["question"]} if asked else {}


@prefill("issue_answer")
def answered(session: Session, case: Any) -> Mapping[str, Any]:
    """The answer that is passed on to the enterprise."""
    return {"answer": issue.of_case(session, case.id).answer or ""}
