"""The signed decisions of an assessment (Articles 13 and 14) and what they ask for: a rectification, a revocation.

Only a person's signature decides. A confirmed ground of Article 14 shuts «pass»; without one «revoke» is shut, so no
score leads there. A revocation is asked for here and takes effect nowhere but in its own case.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row as Record

from bases.register import change, standing
from bases.verdicts import assessment, decision, grounds
from bases.verdicts.assessment import OUTCOMES, PASS, RECTIFY, REVOKE
from engine import cases
from engine.cases import Beginning
from engine.steps import CaseFacts
from ground.database import Session
from ground.errors import Refused

KIND = "assessment"
RECTIFICATION, REVOCATION = "rectification", "revocation"
CLAUSES = {PASS: "13(1)", RECTIFY: "13(2)", REVOKE: "14"}


class UnknownOutcome(Refused):
    """An assessment is decided by 通过考核, 限期整改 or 取消命名."""

    code = "assessment.unknown_outcome"
    status = 422


class PassShut(Refused):
    """R-14.4: a confirmed ground of Article 14 binds: 不能通过考核, whatever the score."""

    code = "assessment.pass_shut"
    status = 422


class NoGround(Refused):
    """R-11.4: no score alone leads to a revocation; it wants a confirmed ground of Article 14."""

    code = "assessment.no_ground"
    status = 422


class ReasonMissing(Refused):
    """A decision that differs from the proposal says why."""

    code = "assessment.reason_missing"
    status = 422


def check(row: Record[Any], confirmed: Sequence[Record[Any]], outcome: str, differs_reason: str) -> bool:
    """Refuse what the text shuts and a difference without a reason; whether it differs from the proposal."""
    if outcome not in OUTCOMES:
        raise UnknownOutcome(outcome=outcome, known=OUTCOMES)
    if outcome == PASS and confirmed:
        raise PassShut(grounds=[each.code for each in confirmed], clause="14")
    if outcome == REVOKE and not confirmed:
        raise NoGround(clause="14")
    differs = outcome not in assessment.within(row.proposal)
    if differs and not differs_reason.strip():
        raise ReasonMissing(proposal=row.proposal or "", outcome=outcome)
    return differs


def decide(session: Session, case: CaseFacts, signature: decision.Signature, differs_reason: str = "") -> bool:
    """Write down what was signed, with a line in the base's history, and ask for what follows; whether it differs."""
    row = assessment.of_case(session, case.id)
    confirmed = grounds.of_article_14(session, case.id)
    differs = check(row, confirmed, signature.outcome, differs_reason)
    clause = CLAUSES[signature.outcome]
    decision.keep(session, KIND, row.base_id, case.id, signature, clause)
    assessment.amend(session, row.id, outcome=signature.outcome, decided_at=signature.at, differs=differs)
    source = change.Source(signature.at, signature.on, case.id, signature.person)
    change.record(session, row.base_id, KIND, None, signature.outcome, source)
    # A base that is being rectified already stands under that half-year; there is no second one beside it (13(2)).
    if signature.outcome == RECTIFY and not standing.under_way(session, row.base_id):
        cases.ask(session, _beginning(case, RECTIFICATION, {"assessment": case.id}))
    elif signature.outcome == REVOKE:
        origin = {"origin": KIND, "origin_case": case.id, "ground": confirmed[0].code}
        cases.ask(session, _beginning(case, REVOCATION, origin))
    return differs


def _beginning(case: CaseFacts, process: str, data: dict[str, Any]) -> Beginning:
    return Beginning(process, case.subject, case.region, case.organ, case.title, case.ref, data=data)
