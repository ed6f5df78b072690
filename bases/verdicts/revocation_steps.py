"""What a diagram may call of a revocation: begin, confirm, serve, state, decide, take effect, supports, plaque."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bases import register
from bases.verdicts import (
    offered,
    plaque_return,
    rectification,
    rectification_steps,
    revocation,
    served_notice,
    signing,
)
from bases.verdicts.revocation import Origin
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock, deadlines
from ground.database import Session

DUE = "statement"
NAME_REVOKED = "name.revoked"


@step("revocation.open", returns=("heard", "outside"))
def open_(move: Move) -> dict[str, Any]:
    """R-13.6, R-14.1 to 14.3: begin on a signed decision, or by an officer; refused for anything else."""
    found = register.of_subject(move.session, move.case.subject)
    data = move.data
    origin = Origin(str(data.get("origin")), _whole(data.get("origin_case")), str(data.get("ground")), move.by.person)
    heard = revocation.begin(move.session, found.id, move.case.id, origin, move.now)
    outside = origin.kind == revocation.DIRECT
    move.record(
        "revocation.opened",
        base=found.ref,
        origin=origin.kind,
        ground=origin.ground,
        outside=outside,
        clause=revocation.clause(origin.ground),
    )
    return {"heard": heard, "outside": outside}


@step("revocation.confirm")
def confirm(move: Move) -> None:
    """R-14.1 to 14.3: a named person has confirmed facts and ground; D08 says whether the ground binds."""
    sent = move.submissions("facts")[-1]
    revocation.confirm(move.session, move.case.id, sent.by, sent.received_at, move.data["force"])
    move.record("revocation.confirmed", ground=move.data["ground"], force=move.data["force"])


@step("revocation.issued", returns=("issued",))
def issued(move: Move) -> dict[str, Any]:
    """Whether the document was issued; one that was dropped is drafted again."""
    row = served_notice.issued(move)
    if row is not None:
        move.record("revocation.noticed", document=row.number)
    return {"issued": row is not None}


@step("revocation.serve", returns=("statement_due",))
def serve(move: Move) -> dict[str, Any]:
    """Keep the proof of serving the notice; from that day the time for the statement runs."""
    _row, served = served_notice.kept(move)
    start = clock.start_of(served.served_on) if served.served_on else move.now
    due = deadlines.due(move.session, DUE, start).on.isoformat()
    move.record("revocation.served", proved=served.served_on is not None, statement_due=due)
    return {"statement_due": due}


@step("revocation.silent")
def silent(move: Move) -> None:
    """No statement came in its time: a line in the file, and nothing else."""
    move.record("revocation.no_statement", until=move.data["statement_due"])


@step("revocation.decide", returns=("outcome",))
def decide(move: Move) -> dict[str, Any]:
    """R-14.4: what the leader signed."""
    signed, answers = signing.signature(move, "decide")
    row = revocation.decide(move.session, move.case.id, signed, signing.minutes(answers))
    move.record("revocation.decided", outcome=signed.outcome, ground=row.ground, clause=revocation.clause(row.ground))
    return {"outcome": signed.outcome}


@step("revocation.effect", returns=("issued",))
def effect(move: Move) -> dict[str, Any]:
    """R-14.5: the decision has been issued, so the provincial name ended on its day; dropped, it is drafted again."""
    row = served_notice.issued(move)
    if row is None:
        return {"issued": False}
    on = revocation.take_effect(move.session, move.case.id, str(row.number), move.now)
    found = register.of_subject(move.session, move.case.subject)
    move.record("base.revoked", base=found.ref, on=on.isoformat(), document=row.number)
    for other in rectification.undecided(move.session, found.id):
        move.tell(other.case_ref, NAME_REVOKED, {}, dedupe=f"revoked:{move.case.id}:{other.case_id}")
    return {"issued": True}


@step("revocation.supports", returns=("supports",))
def supports(move: Move) -> dict[str, Any]:
    """S-2.6: one task for each active support, to the organ that gives it."""
    rows = move.submissions("supports")[-1].answers.get("supports") or []
    listed = [
        {"n": place, "organ": str(row["organ"]).replace("_", "-"), "support": row["support"]}
        for place, row in enumerate(rows, start=1)
    ]
    move.record("revocation.supports", count=len(listed))
    return {"supports": listed}


@step("revocation.plaque")
def plaque(move: Move) -> None:
    """R-14.5: the plaque came back, or its loss is recorded."""
    sent = move.submissions("plaque")[-1]
    answers = sent.answers
    values = {
        "what": answers["outcome"],
        "settled_on": date.fromisoformat(answers["settled_on"]),
        "note": answers.get("note") or "",
        "entered_by": sent.by,
        "entered_at": sent.received_at,
    }
    found = register.of_subject(move.session, move.case.subject)
    plaque_return.record(move.session, move.case.id, found.id, values)
    move.record("revocation.plaque", what=answers["outcome"], on=answers["settled_on"])


@check("plaque_return")
def loss_is_told(answers: Mapping[str, Any], _context: FormContext) -> Sequence[Problem]:
    """A loss is recorded with how it happened."""
    lost = answers.get("outcome") == plaque_return.LOST and not (answers.get("note") or "").strip()
    return [Problem("note", plaque_return.NotRecorded.code)] if lost else []


@check("revocation_decision")
def may_be_signed(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """The same that the service asks for, at the field."""
    if context.session is None or context.case is None or not answers.get("outcome"):
        return []
    row = revocation.of_case(context.session, context.case.id)
    return rectification_steps.deviation(answers, row.ground, binding=row.force == revocation.BINDING)


@prefill("revocation_facts")
def facts(session: Session, case: Any) -> Mapping[str, Any]:
    """The form of the facts begins with the ground that the case came with; R-14.2: for 14b with the breaches known."""
    row = revocation.of_case(session, case.id)
    told = offered.facts(session, row.base_id, clock.today()) if row.ground == offered.GROUND else ""
    return {"ground": row.ground.replace(".", "_"), **({"facts": told} if told else {})}


@check("revocation_facts")
def same_ground(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """The ground is the one that the case came with; another one is another case."""
    if context.session is None or context.case is None or not answers.get("ground"):
        return []
    row = revocation.of_case(context.session, context.case.id)
    same = answers["ground"].replace("_", ".") == row.ground
    return [] if same else [Problem("ground", "revocation.other_ground", {"ground": row.ground})]


@prefill("revocation_supports")
def listed(session: Session, case: Any) -> Mapping[str, Any]:
    """The supports that the register knows; the officer adds what is missing."""
    found = register.of_subject(session, case.subject)
    rows = revocation.supports(session, found.id)
    return {"supports": rows} if rows else {}


@prefill("support_withdrawal", of_item=True)
def withdrawal(_session: Session, _case: Any, item: Any) -> Mapping[str, Any]:
    """Which support the task is about."""
    return {"support": item["support"]} if isinstance(item, Mapping) else {}


@check("support_withdrawal")
def same_support(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """The answer is about the support that was asked about."""
    item = context.item
    if not isinstance(item, Mapping) or answers.get("support") in {None, item["support"]}:
        return []
    return [Problem("support", "revocation.other_support", {"support": item["support"]})]


def _whole(value: Any) -> int:
    return value if type(value) is int else 0
