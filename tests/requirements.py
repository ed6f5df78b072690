"""Says after a run which requirements of the measures its tests have proved, process by process.

requirements.csv holds the 182 ids, each with the processes that answer it, its clause, and the sentence of its
acceptance («-»: the catalogue asks for no more than that the field or the criterion is there). A test proves an id by
naming it at the head of its name (`test_r_4_1_…`), as its row (`[F-3.4]`), in its docstring or in that of its module,
«R-10.1 to R-10.5» meaning all between; one test that fails takes its ids away. A test marked
`performs("R-10.1 to R-10.5")` does all that the sentences of these ids say, or its share of a long one, and is shown.
"""

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

ONE = r"[DGPTMSRFN]-\d+(?:\.\d+[a-z]?)?"
NAMED = re.compile(rf"\b({ONE})(?: to ({ONE}))?\b")
HEAD = re.compile(r"test_([dgptmsrfn])_(\d+)(?:_(\d+[a-z]?))?_")
PROPERTY = "requirement"
# The same for what a test names itself, not the module it stands in.
OWN = "requirement of its own"
PERFORMS = "requirement of which it performs the sentence"


@cache
def known() -> dict[str, list[str]]:
    """Every id, with the processes that answer it."""
    return {row["id"]: row["processes"].split() for row in rows()}


def rows() -> list[dict[str, str]]:
    """The lines of requirements.csv: id, processes, clause, acceptance."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def named(text: str | None) -> list[str]:
    """The ids that a docstring names, in its order; ValueError where one end of a range is no id."""
    found: list[str] = []
    ids = list(known())
    for first, last in NAMED.findall(text or ""):
        found += ids[ids.index(first) : ids.index(last) + 1] if last else [first]
    return found


def at_the_head(name: str) -> str:
    """`test_r_4_1_a_batch…` is about R-4.1."""
    found = HEAD.match(name)
    return f"{found[1].upper()}-{'.'.join(filter(None, found.groups()[1:]))}" if found else ""


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Write the ids of each test where they travel with its report, from whichever worker it comes."""
    for item in items:
        if isinstance(item, pytest.Function):
            whole = [id_ for mark in item.iter_markers("performs") for id_ in named(*mark.args)]
            own = whole + named(f"{at_the_head(item.name)}\n{item.function.__doc__}") + _of_a_row(item)
            item.user_properties += [(PERFORMS, id_) for id_ in whole]
            item.user_properties += [(OWN, id_) for id_ in own]
            item.user_properties += [(PROPERTY, id_) for id_ in [*own, *named(item.module.__doc__)]]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures, and the ids themselves for whoever wants to look one up."""
    stats = terminalreporter.stats
    proved = _ids(stats.get("passed", [])) - _ids(stats.get("failed", [])) - _ids(stats.get("error", []))
    all_of_them = known()
    proved &= all_of_them.keys()
    if not proved:
        return
    terminalreporter.section(f"requirements proved: {len(proved)} of {len(all_of_them)}")
    for process in sorted({each for processes in all_of_them.values() for each in processes}):
        asked = [id_ for id_, processes in all_of_them.items() if process in processes]
        found = [id_ for id_ in asked if id_ in proved]
        terminalreporter.write_line(f"{process:<10}{len(found):>4} of {len(asked):<4}{' '.join(found)}")


def _of_a_row(item: pytest.Function) -> list[str]:
    """A test of many rows proves the requirement that its row is called by."""
    row = item.callspec.id if hasattr(item, "callspec") else ""
    return [row] if row in known() else []


def _ids(reports: Sequence[pytest.TestReport]) -> set[str]:
    return {str(value) for report in reports for name, value in report.user_properties if name == PROPERTY}
