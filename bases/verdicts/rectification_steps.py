"""What a diagram may call of a rectification: begin, issue, serve, apply, examine, measure, propose, decide."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bases import register
from bases.documents import document, serving
from bases.register import base
from bases.verdicts import half_year, rectification, served_notice, signing
from engine import cases
from engine.cases import Beginning
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock, parameters
from ground.clock import local_day
from ground.database import Session
from ground.errors import Refused

FINISHED = "finished"
MARK = "assess.pass_mark"
REVOCATION = "revocation"
DAYS = ("ends_on", "material_due", "window_from", "window_to", "midterm_on")
SETTLED = ("applied", "finished", "passed")


@step("rectification.open", returns=("whole_city", "criteria", *SETTLED))
def open_(move: Move) -> dict[str, Any]:
    """Article 13(2): on the signed decision of the assessment the base is rectifying; refused without one."""
    found = register.of_subject(move.session, move.case.subject)
    given = move.data.get("assessment")
    decided = rectification.begin(move.session, found.id, move.case.id, given if type(given) is int else 0, move.now)
    move.record("rectification.opened", base=found.ref, decision=decided.ref, clause=rectification.CLAUSE)
    whole = found.extent == base.WHOLE_CITY
    return {"whole_city": whole, "criteria": "article12", **dict.fromkeys(SETTLED, False)}


@step("rectification.issued", returns=("issued",))
def issued(move: Move) -> dict[str, Any]:
    """Whether the notice was issued; one that was dropped is drafted again."""
    row = served_notice.issued(move)
    if row is not None:
        move.record("rectification.noticed", document=row.number)
    return {"issued": row is not None}


@step("rectification.serve", returns=DAYS)
def serve(move: Move) -> dict[str, Any]:
    """R-13.3: keep the proof of service; from that day six calendar months, and the window of the application."""
    row, served = served_notice.kept(move)
    on = local_day(move.now)
    term = half_year.term(move.session, half_year.begins(move.session, served.served_on, row.issued_on, on), on)
    rectification.run(move.session, move.case.id, term)
    days = {name: getattr(term, name).isoformat() for name in DAYS}
    move.record("rectification.served", begins_on=f"{term.begins_on}", proved=served.served_on is not None, **days)
    return days


@step("rectification.apply", returns=("applied",))
def apply(move: Move) -> dict[str, Any]:
    """R-13.4: the application came in its window, from the authority or from the city that is the authority.

    What the city sends on later than that leaves the application in time.
    """
    sent = max([*move.submissions("apply"), *move.submissions("forward")], key=lambda one: one.seq)
    on = local_day(sent.received_at)
    if rectification.of_case(move.session, move.case.id).applied_on is None:
        rectification.apply(move.session, move.case.id, on, sent.by)
        move.record("rectification.applied", on=on.isoformat())
    else:
        move.record("rectification.forwarded", on=on.isoformat())
    return {"applied": True}


@step("rectification.close_window", returns=("applied",))
def close_window(move: Move) -> dict[str, Any]:
    """R-13.4: the window is over: whether an application came is a fact for whoever decides, and nothing else."""
    row = rectification.of_case(move.session, move.case.id)
    if row.applied_on is None:
        move.record("rectification.not_applied", window_to=row.window_to.isoformat())
    return {"applied": row.applied_on is not None}


@step("rectification.examine", returns=("finished",))
def examine(move: Move) -> dict[str, Any]:
    """What an officer has found: whether the rectification was done."""
    done = move.submissions("examine")[-1].answers["outcome"] == FINISHED
    move.record("rectification.examined", finished=done)
    return {"finished": done}


@step("rectification.cut_short")
def cut_short(move: Move) -> None:
    """The base lost its name by another decision meanwhile; nothing more is asked of it here."""
    rectification.cut_short(move.session, move.case.id)
    move.record("rectification.cut_short")


@step("rectification.measure", returns=("passed",))
def measure(move: Move) -> dict[str, Any]:
    """R-13.5: whether the experts' average reaches the pass mark (文件未规定，系统默认：70分)."""
    mark = Decimal(str(parameters.value(move.session, MARK, local_day(move.now)).value))
    average = Decimal(str(move.data["average"]))
    move.record("rectification.measured", average=f"{average}", mark=f"{mark}")
    return {"passed": average >= mark}


@step("rectification.propose")
def propose(move: Move) -> None:
    """D11: keep what the table proposes, apart from what will be decided."""
    proposal, ground = move.data["proposal"], move.data.get("ground")
    rectification.propose(move.session, move.case.id, proposal, ground)
    move.record("rectification.proposed", proposal=proposal, ground=ground or None)


@step("rectification.decide", returns=("outcome",))
def decide(move: Move) -> dict[str, Any]:
    """R-13.6: what the leader signed. Kept, the name stands; else the revocation begins on the ground of the table."""
    signed, answers = signing.signature(move, "decide")
    row = rectification.decide(move.session, move.case.id, signed, signing.minutes(answers))
    move.record("rectification.decided", outcome=signed.outcome, proposal=row.proposal, ground=row.ground)
    if signed.outcome == signing.REVOKE:
        data = {"origin": "rectification", "origin_case": move.case.id, "ground": row.ground or ""}
        case = move.case
        cases.ask(
            move.session,
            Beginning(REVOCATION, case.subject, case.region, case.organ, case.title, key=case.ref, data=data),
        )
    return {"outcome": signed.outcome}


@check("proof_of_service")
def is_proved(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """A document is served on or after the day of its issue."""
    on = answers.get("served_on")
    if context.session is None or context.case is None or not on:
        return []
    issued_on = [row.issued_on for row in document.of_case(context.session, context.case.id) if row.issued_on]
    if not issued_on or on >= issued_on[-1].isoformat():
        return []
    return [Problem("served_on", serving.WrongDay.code, {"after": issued_on[-1].isoformat()})]


@check("reassessment_window")
def in_the_window(_answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """The application is sent on a day of the window."""
    if context.session is None or context.case is None:
        return []
    row = rectification.of_case(context.session, context.case.id)
    if row.window_from and row.window_from <= clock.today() <= row.window_to:
        return []
    days = {"first": str(row.window_from), "last": str(row.window_to)}
    return [Problem("outcome", rectification.OutsideWindow.code, days)]


@check("rectification_decision")
def may_be_signed(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """The same that the service asks for, at the field: minutes and a reason where what binds is departed from."""
    if context.session is None or context.case is None or not answers.get("outcome"):
        return []
    row = rectification.of_case(context.session, context.case.id)
    return deviation(answers, row.ground, binding=row.proposal == signing.REVOKE)


@prefill("rectification_decision", anew=True)
def proposed(session: Session, case: Any) -> Mapping[str, Any]:
    """The decision begins with what the table proposes."""
    row = rectification.of_case(session, case.id)
    return {"outcome": row.proposal} if row.proposal else {}


def deviation(answers: Mapping[str, Any], ground: str | None, *, binding: bool) -> list[Problem]:
    """What is missing for this outcome, said where it is to be mended."""
    said = signing.minutes(answers)
    try:
        signing.check(answers["outcome"], answers.get("reason") or "", said, ground, binding=binding)
    except signing.NoMinutes as no:
        return [Problem("minutes_number", no.code)]
    except Refused as no:
        return [Problem("outcome", no.code)]
    return []
