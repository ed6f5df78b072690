"""The site visit (R-9.3, 视情况): what the plan and the record must hold, and that a case was visited."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.forms import FormContext, Problem, check
from engine.steps import Move, step
from ground.errors import Refused

ENDS = (("visit_from", "visit_to"), ("visited_from", "visited_to"))
ACKNOWLEDGED = "acknowledge"


class NotReported(Refused):
    """A base was visited when the team has reported and the city has acknowledged what was found."""

    code = "visit.not_reported"


@check("visit")
def in_order(answers: Mapping[str, Any], _context: FormContext) -> Sequence[Problem]:
    """A visit does not end before it begins."""
    return [
        Problem(last, "visit.ends_before_it_begins")
        for first, last in ENDS
        if answers.get(first) and answers.get(last) and answers[last] < answers[first]
    ]


@step("visit.close", returns=("visited",))
def close(move: Move) -> Mapping[str, Any]:
    """Say to the calling case that the base was visited; the notice names the visit because of it."""
    records, acknowledged = move.submissions("visit"), move.submissions("acknowledge")
    if not records or not move.submissions("report") or not acknowledged:
        raise NotReported(case=move.case.ref)
    if acknowledged[-1].answers.get("outcome") != ACKNOWLEDGED:
        raise NotReported(case=move.case.ref)
    newest = records[-1].answers
    move.record(
        "visit.closed",
        visited_from=newest["visited_from"],
        visited_to=newest["visited_to"],
        photos=len(newest["photos"]),
    )
    return {"visited": True}
