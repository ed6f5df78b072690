"""What a diagram may call of one assessment, and what its forms look at: last year's, the file, grounds, decision."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row as Record

from bases import register
from bases.documents import signature as papers_of
from bases.verdicts import assessing, assessment, decision, dossier, grounds, leaders, offered
from engine import submissions
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock
from ground.clock import local_day
from ground.database import Session
from ground.errors import Refused

SELF, GROUNDS, DECIDE, PAPER = "self", "grounds", "decide", "paper_chosen"
CONFIRMED, APPROVE, FORWARD = "confirmed", "approve", "forward"
FIELDS = {code: f"g{code}" for code in grounds.ARTICLE_14}
# What belongs to one year only and is sent anew.
OF_THE_YEAR = frozenset({"attachments", "stamped", "signer"})


@prefill("self_assessment")
def last_years(session: Session, case: Any) -> dict[str, Any]:
    """What the base sent last year, to be put right for this one; its files and its signer are this year's."""
    found = assessment.find(session, case.id)
    before = assessment.previous(session, found.base_id, found.year) if found else None
    sent = submissions.at(session, before.case_id, SELF) if before is not None and before.case_id else []
    return {name: value for name, value in sent[-1].answers.items() if name not in OF_THE_YEAR} if sent else {}


@prefill("assessment_grounds")
def offered_facts(session: Session, case: Any) -> dict[str, Any]:
    """R-14.2: the breaches of the two years are offered as facts of 14b; nothing is confirmed by them."""
    found = assessment.find(session, case.id)
    told = offered.facts(session, found.base_id, clock.today()) if found else ""
    return {f"{FIELDS[offered.GROUND]}_facts": told} if told else {}


@prefill("assessment_sheet")
def seventh(session: Session, case: Any) -> dict[str, Any]:
    """R-12.7: the suggested score of Article 12(7), for the expert to keep or to change."""
    found = assessment.find(session, case.id)
    if found is None or found.suggested is None:
        return {}
    return {dossier.SEVENTH: f"{found.suggested / 2:.1f}"}


@check("assessment_city")
def whole(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """R-11.1: a city puts up only what is complete."""
    if answers.get("outcome") == FORWARD and answers.get("complete") is False:
        return [Problem("complete", "city_review.incomplete")]
    return []


@check("assessment_decision")
def may_decide(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """R-14.4, R-11.4: «pass» is shut by a confirmed ground, «revoke» by none, and a difference has its reason."""
    field = "outcome" if "outcome" in answers else "proposal"
    outcome = answers.get(field)
    if context.session is None or context.case is None or not outcome:
        return []
    row = assessment.of_case(context.session, context.case.id)
    confirmed = grounds.of_article_14(context.session, context.case.id)
    try:
        assessing.check(row, confirmed, str(outcome), str(answers.get("differs_reason") or ""))
    except assessing.ReasonMissing as no:
        return [Problem("differs_reason", no.code, dict(no.detail))]
    except Refused as no:
        return [Problem(field, no.code, dict(no.detail))]
    return []


@step("assessment.enter")
def enter(move: Move) -> None:
    """This case is the base's in the campaign that asked for it."""
    base = register.of_subject(move.session, move.case.subject)
    assessment.enter(move.session, int(move.data["campaign"]), move.case.id, base.id)
    move.record("assessment.entered", year=assessment.of_case(move.session, move.case.id).year)


@step("assessment.gather", returns=("missed",))
def gather(move: Move) -> dict[str, Any]:
    """R-11.1, R-12.7: freeze the file, with the suggested score for Article 12(7)."""
    row = assessment.of_case(move.session, move.case.id)
    sent = move.submissions(SELF)
    file = dossier.gather(move.session, row, sent[-1].answers if sent else {}, local_day(move.now))
    suggestion = file["suggestion"]
    assessment.amend(move.session, row.id, file=file, suggested=suggestion["halves"] if suggestion else None)
    missed = dossier.missed(file)
    move.record("assessment.gathered", reports=len(file["reports"]), missed=missed)
    return {"missed": missed}


@step("assessment.grounds", returns=("grounds", "pass_mark"))
def confirm(move: Move) -> dict[str, Any]:
    """D08: put the grounds on record that this person confirmed, and take back those confirmed no longer."""
    sent = move.submissions(GROUNDS)[-1]
    base = register.of_subject(move.session, move.case.subject)
    for code, field in FIELDS.items():
        if sent.answers.get(field) != CONFIRMED:
            grounds.withdraw(move.session, move.case.id, code, move.now)
            continue
        facts = {"evidence": sent.answers[f"{field}_facts"], "files": sent.answers.get(f"{field}_evidence") or ()}
        place = {"case_id": move.case.id, "base_id": base.id, "code": code}
        grounds.confirm(move.session, **place, **facts, by=sent.by, at=sent.received_at)
    standing = grounds.of_article_14(move.session, move.case.id)
    move.record("grounds.confirmed", count=len(standing))
    mark = assessment.pass_mark(move.session, local_day(move.now))
    return {"grounds": len(standing), "pass_mark": float(mark)}


@step("assessment.propose")
def propose(move: Move) -> None:
    """D07: keep what the table proposes, beside the total. It is a proposal; nothing follows from it."""
    row = assessment.of_case(move.session, move.case.id)
    facts = {
        "total": assessment.hundredths(move.data["average"]),
        "spread": assessment.hundredths(move.data.get("spread")),
        "proposal": move.data["proposal"],
    }
    assessment.amend(move.session, row.id, **facts, proposed_at=move.now)
    move.record("assessment.proposed")


@step("assessment.decide", returns=("outcome",))
def decide(move: Move) -> dict[str, Any]:
    """Write down what a leader signed, here or on paper, and ask for what follows from it."""
    signed, differs_reason = _signed(move)
    differs = assessing.decide(move.session, move.case, signed, differs_reason)
    move.record("assessment.decided", outcome=signed.outcome, differs=differs)
    if signed.paper is not None:
        move.record("decision.on_paper", signature=signed.paper, page=signed.page, signer=signed.signer)
    return {"outcome": signed.outcome}


def _signed(move: Move) -> tuple[decision.Signature, str]:
    """The newest of what was signed here and of what was confirmed from paper."""
    sent, papers = move.submissions(DECIDE), papers_of.of_case(move.session, move.case.id)
    paper = papers[-1] if papers and papers[-1].outcome == APPROVE else None
    if paper is not None and not (sent and sent[-1].received_at > paper.confirmed_at):
        return _on_paper(move, paper)
    return _here(leaders.signed(move, DECIDE))


def _here(sent: Record[Any]) -> tuple[decision.Signature, str]:
    answers, latest = sent.answers, local_day(sent.received_at)
    on = date.fromisoformat(answers["decided_on"])
    if on > latest:
        raise decision.WrongDay(on=on.isoformat(), after="", latest=latest.isoformat())
    signed = decision.Signature(sent.by, sent.received_at, on, answers["outcome"], answers["reason"])
    return signed, str(answers.get("differs_reason") or "")


def _on_paper(move: Move, paper: Record[Any]) -> tuple[decision.Signature, str]:
    """§6.2: what was proposed and agreed to on paper counts once a second person has confirmed the scan of it."""
    proposals = move.submissions(PAPER)
    if not proposals:
        raise decision.Unsigned(case=move.case.ref)
    answers = proposals[-1].answers
    signed = decision.Signature(
        person=paper.confirmed_by,
        at=paper.confirmed_at,
        on=paper.signed_on,
        outcome=answers["proposal"],
        reason=answers["reason"],
        paper=paper.ref,
        page=paper.page,
        signer=paper.signer,
    )
    return signed, str(answers.get("differs_reason") or "")
