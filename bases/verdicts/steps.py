"""What a diagram may call of a verdict on one base: record the decision, record a withdrawal."""

from datetime import date

from bases import register
from bases.register import change
from bases.verdicts import decision, notice
from engine.steps import Move, step
from ground.clock import local_day


@step("designation.decide")
def decide(move: Move) -> None:
    """Write down what the leader signed, and give the name if that is what was decided."""
    signed = move.submissions("decide")
    if not signed or signed[-1].by is None:
        raise decision.Unsigned(case=move.case.ref)
    sent = signed[-1]
    run = notice.closed_of(move.session, move.case.id)
    if run is None:
        raise decision.NoticeNotOver(case=move.case.ref)
    latest = local_day(sent.received_at)
    on = date.fromisoformat(sent.answers["decided_on"]) if sent.answers.get("decided_on") else latest
    if not run.closes_on < on <= latest:
        raise decision.WrongDay(on=on.isoformat(), after=run.closes_on.isoformat(), latest=latest.isoformat())
    base = register.of_subject(move.session, move.case.subject)
    signature = decision.Signature(
        person=sent.by,
        at=sent.received_at,
        on=on,
        outcome=sent.answers["outcome"],
        reason=sent.answers.get("reason") or "",
        document=sent.answers.get("document_number") or None,
    )
    code = decision.designation(move.session, base.id, move.case.id, signature)
    if code is None:
        move.record("designation.refused", base=base.ref, clause=decision.CLAUSE)
    else:
        move.record("base.designated", base=base.ref, code=code, clause=decision.CLAUSE)


@step("designation.withdraw")
def withdraw(move: Move) -> None:
    """Write down that the applicant took the application back, and take a running notice off the page."""
    base = register.of_subject(move.session, move.case.subject)
    source = change.Source(move.now, case_id=move.case.id, by_person=move.by.person)
    change.record(move.session, base.id, change.APPLICATION, None, change.WITHDRAWN, source)
    taken_off = notice.withdraw(move.session, move.case.id, move.now)
    if taken_off is not None:
        move.record("notice.withdrawn", notice=taken_off.ref)
    move.record("designation.withdrawn", base=base.ref)
