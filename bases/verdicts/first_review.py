"""The city's first review (初审): what its checklist must hold before the paper goes up the chain."""

from collections.abc import Mapping
from typing import Any

from engine.forms import FormContext, Problem, check

FORWARD = "forward"
WORKED_AT = ("body", "plan", "building", "policies")


@check("city_review")
def complete(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """R-5.1: a city puts up only what is complete and what it has worked for: body, plan, building, policies."""
    if answers.get("outcome") != FORWARD:
        return []
    missing = [name for name in WORKED_AT if name not in (answers.get("mechanism") or ())]
    found = [Problem("mechanism", "city_review.not_worked_at")] if missing else []
    return [Problem("complete", "city_review.incomplete"), *found] if answers.get("complete") is False else found
