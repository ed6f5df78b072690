"""What an owner's files cost each time: an expression, the information form, the check of the shipped diagram."""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator

from bases import demo
from engine import checker, forms
from engine.forms import FormContext
from engine.spiff.expressions import compile_expression
from tests.bench import floor
from tests.bench.figures import Figure
from web import house, shipped

ROUNDS = 30
CALLS = 1_000
BASE = "B042"
YEAR = 2025


def measure() -> Iterator[Figure]:
    """Medians over the rounds: CPU time of what runs here, wall time of what another process does for us."""
    assert house.STEPS  # registered, and with them the checks that the form names
    folder = next(parts for parts in shipped.folders() if "designation-case.bpmn" in parts)
    form = forms.load(folder["forms/information.json"])
    answers = demo.answers(BASE)
    drawn = folder["designation-case.bpmn"]
    fresh = itertools.count()
    condition = compile_expression('outcome == "return" and not whole_city')
    names = {"outcome": "forward", "whole_city": False}
    least = floor.work() * 1e3
    # A remark makes each drawing another one: what the checker has seen before it does not check again.
    warm = checker.Checker()
    took = {
        "an expression": _median(lambda: [condition.evaluate(names) for _ in range(CALLS)]) / CALLS * 1e6,
        "reading the information form": _median(lambda: forms.read(form, answers, FormContext(year=YEAR))) * 1e3,
        "checking the shipped diagram in the warm checker": _median(
            lambda: warm.check("designation-case.bpmn", drawn + f"<!-- {next(fresh)} -->".encode()), time.perf_counter
        )
        * 1e3,
    }
    warm.close()
    for name, value in took.items():
        yield Figure(name, value, least)


def _median(call: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    call()
    times = []
    for _ in range(ROUNDS):
        began = clock()
        call()
        times.append(clock() - began)
    return statistics.median(times)
