"""A plugin of pytest for the child in which one fault happens: `JIDI_FAULT` is its name; prints what turned red."""

import os

import pytest

from tests.rules import faults

RED = "turned red: "
FAULT = "JIDI_FAULT"


def pytest_configure() -> None:
    """The fault happens before anything is laid or collected."""
    (fault,) = [each for each in faults.every() if each.name == os.environ[FAULT]]
    fault.happen()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Red is what was called and failed: a house that cannot even be laid proves nothing."""
    for report in terminalreporter.stats.get("failed", []):
        if report.when == "call":
            terminalreporter.write_line(f"{RED}{report.nodeid}")
