"""Article 10(6) is a gate: what the checks of admission found cannot be accepted, nor rechecked into a notice."""

from collections.abc import Mapping
from typing import Any

from engine.forms import FormContext, Problem, check

ANSWERS = ("policy", "quality", "environment", "safety", "property", "competition", "law", "other")
FOUND = "found"


@check("intake")
def intake(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """R-10.6: one 有 among the seven checks shuts 受理; no score can outweigh it."""
    found = [name for name in ANSWERS if answers.get(name) == FOUND]
    if answers.get("outcome") != "accept" or not found:
        return []
    return [Problem("outcome", "admission.found", {"fields": found, "clause": "10(6)"})]


@check("recheck")
def recheck(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """Asked again just before the notice: a 有 now shuts the notice."""
    if answers.get("outcome") != "confirm" or answers.get("admission_again") != FOUND:
        return []
    return [Problem("outcome", "admission.found", {"fields": ["admission_again"], "clause": "10(6)"})]
