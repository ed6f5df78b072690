"""What a diagram may call of a verdict on one base: record the decision, record a withdrawal.

The steps of the chain of signers and of the asking for a withdrawal stand with what they are about.
"""

from datetime import date
from typing import Any

from sqlalchemy import Row as Record

from bases import register
from bases.documents import signature as papers_of
from bases.register import change
from bases.verdicts import batch_entry, decision, first_review, leaders, lists, notice, signers, withdrawal
from engine.steps import Move, step
from ground.clock import local_day

AGREED = "approve"

__all__ = ["decide", "first_review", "signers", "withdraw", "withdrawal"]


@step("designation.decide", returns=("outcome",))
def decide(move: Move) -> dict[str, Any]:
    """Write down what the leader signed for this case or on the list of its batch, and give the name if it was that."""
    entry = batch_entry.of_case(move.session, move.case.id)
    signature = _of_admission(move) or (_of_the_list(move, entry) if entry is not None else _of_the_case(move))
    base = register.of_subject(move.session, move.case.subject)
    code = decision.designation(move.session, base.id, move.case.id, signature)
    if code is None:
        move.record("designation.refused", base=base.ref, clause=decision.CLAUSE)
    else:
        move.record("base.designated", base=base.ref, code=code, clause=decision.CLAUSE)
    if signature.paper is not None:
        move.record("decision.on_paper", signature=signature.paper, page=signature.page, signer=signature.signer)
    return {"outcome": signature.outcome}


def _of_admission(move: Move) -> decision.Signature | None:
    """R-10.6: what the leader signed after the second asking; it refuses only, before any ranking or notice."""
    given = move.submissions("admission_refusal")
    if not given or given[-1].answers["outcome"] != batch_entry.REFUSE:
        return None
    sent = leaders.signed(move, "admission_refusal")
    reason = sent.answers["reason"]
    batch_entry.amend(move.session, move.case.id, state=batch_entry.DECIDED, outcome=batch_entry.REFUSE, reason=reason)
    return decision.Signature(sent.by, sent.received_at, local_day(sent.received_at), batch_entry.REFUSE, reason)


@step("designation.withdraw")
def withdraw(move: Move) -> None:
    """Write down that the applicant took the application back, and take a running notice off the page."""
    base = register.of_subject(move.session, move.case.subject)
    source = change.Source(move.now, case_id=move.case.id, by_person=move.by.person)
    change.record(move.session, base.id, change.APPLICATION, None, change.WITHDRAWN, source)
    batch_entry.amend(move.session, move.case.id, state=batch_entry.OUT, withdrawn=True)
    taken_off = notice.withdraw(move.session, move.case.id, move.now)
    if taken_off is not None:
        move.record("notice.withdrawn", notice=taken_off.ref)
    move.record("designation.withdrawn", base=base.ref)


def _of_the_case(move: Move) -> decision.Signature:
    """A decision that was signed in the case itself, by its leader's own hand here or on paper."""
    if (paper := _on_paper(move)) is not None:
        return paper
    sent = leaders.signed(move, "decide")
    answers = sent.answers
    number = answers.get("document_number") or None
    return _signature(move, sent, answers["outcome"], answers.get("reason") or "", number)


def _on_paper(move: Move) -> decision.Signature | None:
    """§6.2: what was proposed and agreed to on paper counts once a second person has confirmed the scan of it."""
    proposals, signed = move.submissions("paper_chosen"), move.submissions("decide")
    papers = papers_of.of_case(move.session, move.case.id)
    if not proposals or not papers or papers[-1].outcome != AGREED:
        return None
    newest = papers[-1]
    if signed and signed[-1].received_at > newest.confirmed_at:
        return None
    proposed = proposals[-1].answers
    _in_time(move, newest.signed_on, local_day(newest.confirmed_at), proposed["proposal"])
    return decision.Signature(
        person=newest.confirmed_by,
        at=newest.confirmed_at,
        on=newest.signed_on,
        outcome=proposed["proposal"],
        reason=proposed.get("reason") or "",
        paper=newest.ref,
        page=newest.page,
        signer=newest.signer,
    )


def _of_the_list(move: Move, entry: Record[Any]) -> decision.Signature:
    """What the signed list of the batch says of this case; what a message says alone decides nothing."""
    signed = lists.signed(move.session, entry.batch_id, entry.list_number)
    if entry.outcome is None or signed is None:
        raise decision.Unsigned(case=move.case.ref)
    _in_time(move, signed.decided_on, local_day(signed.at), entry.outcome)
    paper = papers_of.named(move.session, [signed.signature]).get(signed.signature) if signed.signature else None
    return decision.Signature(
        person=signed.by_person,
        at=signed.at,
        on=signed.decided_on,
        outcome=entry.outcome,
        reason=entry.reason or "",
        paper=signed.signature,
        page=paper.page if paper else None,
        signer=signed.signer,
    )


def _signature(move: Move, sent: Record[Any], outcome: str, reason: str, document: str | None) -> decision.Signature:
    latest = local_day(sent.received_at)
    on = date.fromisoformat(sent.answers["decided_on"]) if sent.answers.get("decided_on") else latest
    _in_time(move, on, latest, outcome)
    return decision.Signature(sent.by, sent.received_at, on, outcome, reason, document)


def _in_time(move: Move, on: date, latest: date, outcome: str) -> None:
    """Article 9: a name is given after its notice; a refusal on a list needs none, since it was never proposed."""
    run = notice.closed_of(move.session, move.case.id)
    if run is None and (outcome == batch_entry.DESIGNATE or batch_entry.of_case(move.session, move.case.id) is None):
        raise decision.NoticeNotOver(case=move.case.ref)
    after = run.closes_on if run else date.min
    if not after < on <= latest:
        raise decision.WrongDay(on=on.isoformat(), after=after.isoformat(), latest=latest.isoformat())
