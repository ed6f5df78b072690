"""`python -m tests.coverage_of_rules [R-8.1 …] [--both]`: id | clause | test | pass, for each of the 182 requirements.

Runs once the tests that name the ids wanted, on SQLite unless both are asked for; exit 1 if one has no test or a test
of it failed. An id is answered by the tests that name it themselves, and only where there are none by those of a
module whose docstring does. Shown is one that is marked to perform the sentence of the id, else the narrowest of them,
which names the fewest others.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tests.requirements import OWN, PERFORMS, PROPERTY, known, rows

TESTS = Path(__file__).parent


class Proofs:
    """A plugin of pytest: keeps the tests that name what is wanted, and how each of them ended."""

    def __init__(self, wanted: Iterable[str], *, both: bool) -> None:
        self.wanted = set(wanted)
        self.both = both
        self.naming: dict[str, list[str]] = {}
        self.passed: set[str] = set()
        self.failed: set[str] = set()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what proves nothing that is wanted, and PostgreSQL unless it is asked for."""
        asked = [item for item in items if self.both or not any(given == "postgresql" for given in _kinds(item))]
        self.naming = _answers(asked, self.wanted)
        chosen = {test for tests in self.naming.values() for test in tests}
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
        items[:] = [item for item in asked if item.nodeid in chosen]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Passed is what was called and passed; failed also what could not be laid or cleared."""
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.when == "call" and report.passed:
            self.passed.add(report.nodeid)

    def verdict(self, id_: str) -> tuple[str, str]:
        """The test that is shown for an id, one that failed before all others, and «pass», «fail» or «missing»."""
        tests = self.naming.get(id_, [])
        failed = [test for test in tests if test in self.failed]
        passed = [test for test in tests if test in self.passed]
        if failed or not passed:
            return (failed or tests or ["-"])[0], "fail" if tests else "missing"
        return passed[0], "pass"


def main(words: Sequence[str]) -> int:
    """Run the tests, print the lines."""
    asked = argparse.ArgumentParser(prog="python -m tests.coverage_of_rules")
    asked.add_argument("ids", nargs="*", metavar="R-8.1", help="only these")
    asked.add_argument("--both", action="store_true", help="on PostgreSQL as well")
    asked.add_argument("--names", action="store_true", help="run nothing, only show which tests name an id")
    given = asked.parse_args(words)
    if strange := set(given.ids) - set(known()):
        asked.error(f"not in requirements.csv: {' '.join(sorted(strange))}")
    proofs = Proofs(given.ids or known(), both=given.both)
    pytest.main([str(TESTS), "-p", "no:cacheprovider", *(["--collect-only", "-qq"] if given.names else [])], [proofs])
    ended = Counter[str]()
    for row in rows():
        if row["id"] in proofs.wanted:
            test, word = proofs.verdict(row["id"])
            if given.names and test != "-":
                word = f"{len(proofs.naming[row['id']])} named"
            ended[word] += 1
            sys.stdout.write(f"{row['id']} | {row['clause']} | {test} | {word}\n")
    sys.stdout.write(", ".join(f"{count} {word}" for word, count in ended.items() if not given.names) + "\n")
    return 1 if ended["fail"] or ended["missing"] else 0


def _answers(items: Sequence[pytest.Item], wanted: set[str]) -> dict[str, list[str]]:
    """The tests of each id: those that perform its sentence before the others, then the narrowest first."""
    own, broad = defaultdict(list), defaultdict(list)
    named = {item.nodeid: len(item.user_properties) for item in items}
    whole = {(item.nodeid, id_) for item in items for kind, id_ in item.user_properties if kind == PERFORMS}
    for item in items:
        for kind, id_ in item.user_properties:
            if id_ in wanted and kind in {OWN, PROPERTY}:
                (own if kind == OWN else broad)[str(id_)].append(item.nodeid)
    return {
        id_: sorted(own[id_] or tests, key=lambda test: ((test, id_) not in whole, named[test]))
        for id_, tests in broad.items()
    }


def _kinds(item: pytest.Item) -> list[object]:
    """What a test is given, the kind of its database among it."""
    spec = getattr(item, "callspec", None)
    return list(spec.params.values()) if spec else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
