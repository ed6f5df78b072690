"""Article 10(6) is a gate: what organs answered decides whether an application may be accepted, and noticed later.

The two checks read the answers of their own round; no score, and nobody's mark on a form, can outweigh a 有. What the
base itself says of the three years under item 26 of its form is a 有 as well, until it has filed otherwise.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bases import register
from bases.filing import values
from bases.review import eligibility
from bases.review.admission import FOUND
from engine import cases
from engine.forms import FormContext, Problem, check
from ground.database import Session

# The outcomes of a form that lead on: 受理 at intake, 确认 just before the notice.
LEADS_ON = frozenset({"accept", "confirm"})
REASON = "unknown_reason"
ITEM = "I26"


@check("admission_round1")
def at_intake(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """R-10.6: a 有 shuts 受理; 无法核实 wants the reason of whoever accepts all the same."""
    return _problems(answers, context, eligibility.INTAKE)


@check("admission_round2")
def before_the_notice(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """R-10.6: a 有 at the second asking keeps the base off the notice, whatever it scored."""
    return _problems(answers, context, eligibility.BEFORE_NOTICE)


def reported(session: Session, case: Any) -> list[int]:
    """F-3.26: the years, of the three that the form is about, for which the base itself has filed item 26 as 是."""
    last, base = cases.reporting_year(case), register.of_subject(session, case.subject)
    filed = values.latest(session, base.id)
    return [year for year in range(last - 2, last + 1) if (ITEM, year) in filed and filed[ITEM, year].body is True]


def listed(years: Sequence[int]) -> str:
    """As an officer reads them: 2023、2025."""
    return "、".join(str(year) for year in years)


def _problems(answers: Mapping[str, Any], context: FormContext, round_: int) -> list[Problem]:
    if answers.get("outcome") not in LEADS_ON or context.session is None or context.case is None:
        return []
    rows = eligibility.newest(context.session, context.case.id, round_)
    if not rows:
        return [Problem("outcome", "admission.not_asked", {"round": round_, "clause": "10(6)"})]
    said = eligibility.found_of(rows)
    if found := [item for item, answer in said.items() if answer == FOUND]:
        return [Problem("outcome", "admission.found", {"fields": found, "clause": "10(6)"})]
    if years := reported(context.session, context.case):
        return [Problem("outcome", "admission.reported", {"years": listed(years), "clause": "10(6)"})]
    unknown = [item for item, answer in said.items() if answer == eligibility.UNKNOWN]
    if unknown and not str(answers.get(REASON) or "").strip():
        return [Problem(REASON, "admission.unknown_reason", {"fields": unknown, "clause": "10(6)"})]
    return []
