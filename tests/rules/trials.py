"""Lets each fault happen in a process of its own and looks whether the tests it names turn red there."""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.rules.breaking import FAULT, RED
from tests.rules.faults import ROOT, Fault

LAST = 600


def survivors(faults: Sequence[Fault]) -> list[str]:
    """Each fault of which one test at least saw nothing, with that test; none is right."""
    found = []
    for fault in faults:
        red, said = _red(fault)
        blind = [test for test in fault.tests if not any(each == test or each.startswith(f"{test}[") for each in red)]
        found += [f"{fault.name}: survived {test}" + ("" if red else f"\n{said[-LAST:]}") for test in blind]
    return found


def _red(fault: Fault) -> tuple[list[str], str]:
    """What turned red, on SQLite, and all that the run said."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.rules.breaking", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, "-k", "not postgresql", *fault.tests],
        cwd=ROOT,
        env={**os.environ, FAULT: fault.name},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = run.stdout.splitlines()
    return [line.removeprefix(RED) for line in lines if line.startswith(RED)], run.stdout + run.stderr
