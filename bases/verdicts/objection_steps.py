"""What a diagram may call of an objection: take it up, assign it apart from the case, extend, settle, answer.

The case holds numbers and codes. Who objected stands in bases/verdicts/objector.py and is asked for by nothing here.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import select

from bases import register
from bases.verdicts import batch, handling, notice, objection
from engine import cases
from engine.cases import Case
from engine.forms import prefill
from engine.steps import Move, step
from engine.submissions import at
from ground import jobs, people, regions
from ground.clock import local_day
from ground.database import Session, reading
from ground.errors import Missing

FINDINGS = ("findings", "findings_again")
AGREED = "agree"


class ToClue(Schema):
    """What `objection.clue` takes: whether the table or the handler set it aside."""

    state = fields.String(required=True, validate=validate.OneOf((objection.CLUE, objection.NOT_ACCEPTED)))


@jobs.handler("objection.begin")
def begin(payload: Mapping[str, Any]) -> None:
    """Start the case of an objection that was received; asked for twice, it is started once.

    The case is the department's own: the base, its county and its city see it only when they are asked by name.
    """
    with reading() as session:
        found = objection.by_ref(session, payload["objection"])
        base = register.by_id(session, found.base_id)
        seat = people.resolve(
            session, handling.ROLE, "province", None, regions.PROVINCE, local_day(found.received_at)
        ).key
    cases.start(
        objection.PROCESS,
        subject=register.subject(base.id),
        region=regions.PROVINCE,
        organ=int(seat.partition("@")[2]),
        title=base.name,
        data={"objection": found.id},
        by=people.SYSTEM,
        key=found.ref,
    )


@step("objection.take_up", returns=("unit", "named", "reachable", "factual", "sealed"))
def take_up(move: Move) -> Mapping[str, Any]:
    """Tie the case to its objection, and say what the table of acceptance looks at."""
    number = move.data.get("objection")
    base = register.of_subject(move.session, move.case.subject)
    found = objection.by_id(move.session, number) if isinstance(number, int) else None
    if found is None or found.base_id != base.id or found.case_id not in {None, move.case.id}:
        raise Missing(objection=number)
    objection.join(move.session, found.id, move.case.id)
    move.record("objection.received", base=base.ref, reply_due_on=found.reply_due_on.isoformat())
    return {name: getattr(found, name) for name in ("unit", "named", "reachable", "factual", "sealed")}


@step("objection.clue", parameters=ToClue)
def clue(move: Move, state: str) -> None:
    """Keep it as a clue (线索): recorded, not answered, and it holds nothing."""
    _end(move, state)
    move.record("objection.clue", reason=str(move.data.get("clue_reason") or ""))


@step("objection.assign", returns=("handler", "base_person", "city_person"))
def assign(move: Move) -> Mapping[str, Any]:
    """Give it to the officer whom the head of the division named, and say who will be asked; apart from the case."""
    found = objection.of_case(move.session, move.case.id)
    base = register.by_id(move.session, found.base_id)
    on = local_day(move.now)
    named = move.submissions("assign")[-1].answers["handler"]
    handler = handling.chosen(move.session, base.id, named, on)
    objection.assign(move.session, found.id, handler)
    move.record("objection.assigned", base=base.ref)
    return {
        "handler": handler,
        "base_person": handling.asked(move.session, base.id, "base_filler", "organ", base.organ_id, on),
        "city_person": handling.asked(move.session, base.id, "city_officer", "case-city", None, on),
    }


@step("objection.extend")
def extend(move: Move) -> None:
    """The reply needs longer, once, for the reason that the handler gave."""
    until = objection.extend(move.session, objection.of_case(move.session, move.case.id), move.now)
    move.record("objection.extended", due_on=until.isoformat())


@step("objection.settle", returns=("result",))
def settle(move: Move) -> Mapping[str, Any]:
    """What the leader agreed to is what became of it; the base is free again, and its batch is told."""
    agreed = move.submissions("decide")
    result = _finding(move)
    if not agreed or agreed[-1].by is None or agreed[-1].answers.get("outcome") != AGREED or result is None:
        raise objection.NoFinding(case=move.case.ref)
    _end(move, result)
    move.record("objection.settled", outcome=result)
    return {"result": result}


@step("objection.answered")
def answered(move: Move) -> None:
    """The objector has been answered; in which words stands in the reply that was sent."""
    found = objection.of_case(move.session, move.case.id)
    objection.reply(move.session, found.id, move.now)
    move.record("objection.answered", late=local_day(move.now) > found.reply_due_on)


@prefill("objection_findings")
def findings_so_far(session: Session, case: Any) -> Mapping[str, Any]:
    """What the handler has found so far, when the work goes on after an extension or a return."""
    sent = [row for element in FINDINGS for row in at(session, case.id, element)]
    if not sent:
        return {}
    newest = max(sent, key=lambda row: row.seq)
    return {name: value for name, value in newest.answers.items() if name != "outcome"}


def _finding(move: Move) -> str | None:
    sent = [row for element in FINDINGS for row in move.submissions(element)]
    outcome = max(sent, key=lambda row: row.seq).answers.get("outcome") if sent else None
    return outcome if outcome in objection.RESULTS else None


def _end(move: Move, state: str) -> None:
    """Write down what became of it, and tell the batch whose notice it was raised against."""
    found = objection.of_case(move.session, move.case.id)
    objection.settle(move.session, found.id, state, move.now)
    subject = move.session.scalar(
        select(Case.subject)
        .join(notice.Notice, notice.Notice.case_id == Case.id)
        .where(notice.Notice.id == found.notice_id)
    )
    if subject and batch.number(subject) is not None:
        outcome = state if state in objection.RESULTS else objection.NOT_ACCEPTED
        move.tell(
            subject,
            "objection.settled",
            {"base": found.base_id, "outcome": outcome},
            dedupe=f"{move.case.ref}:objection.settled",
        )
