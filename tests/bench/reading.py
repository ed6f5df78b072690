"""What an owner's files cost each time: an expression, the information form, the check of the shipped diagram."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from bases import demo
from engine import forms
from engine.forms import FormContext
from engine.spiff import lint
from engine.spiff.expressions import compile_expression
from web import shipped

ROUNDS = 30
CALLS = 1_000
BASE = "B042"
YEAR = 2025


@dataclass(frozen=True)
class Figures:
    """Microseconds an expression, milliseconds a form and a check."""

    expression_us: float
    form_ms: float
    lint_ms: float


def measure() -> Figures:
    """Medians over the rounds."""
    folder = next(iter(shipped.folders()))
    form = forms.load(folder["forms/information.json"])
    answers = demo.answers(BASE)
    diagram = {"designation-case.bpmn": folder["designation-case.bpmn"]}
    nothing_known = dict.fromkeys(("steps", "forms", "tables", "deadlines", "roles"))
    condition = compile_expression('outcome == "return" and not whole_city')
    names = {"outcome": "forward", "whole_city": False}
    return Figures(
        expression_us=_median(lambda: [condition.evaluate(names) for _ in range(CALLS)]) / CALLS * 1e6,
        form_ms=_median(lambda: forms.read(form, answers, FormContext(year=YEAR))) * 1e3,
        lint_ms=_median(lambda: lint.check(diagram, **nothing_known)) * 1e3,
    )


def _median(call: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
