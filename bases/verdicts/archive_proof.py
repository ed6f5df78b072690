"""Whether a package is the archive of a case as it was made: its entries, the chain of its history, the whole.

Who has only the file can see that nothing in it contradicts anything else; that nobody made all of it anew is seen by
the digest that the history of the case recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from bases.verdicts import archive_content
from engine import history
from engine.history import Broken, Fact, Head, Link
from ground.files import package_checks
from ground.files.package_checks import Checked
from ground.types import EPOCH

MOST_CHAIN = 256 << 20


@dataclass(frozen=True)
class Proof:
    """What was found: the entries, how many lines the chain has and how many are whole, and where it does not hold."""

    package: Checked
    lines: int
    whole: int
    broken: Broken | None
    same: bool

    @property
    def holds(self) -> bool:
        """Whether nothing was found altered."""
        return self.package.sound and self.broken is None and self.same


def prove(path: Path, digest: str | None = None) -> Proof:
    """Check a package; with the digest that was recorded also that it is this one. Unreadable if it is none."""
    checked = package_checks.check(path)
    same = digest is None or checked.digest == digest.strip().lower()
    try:
        stored = orjson.loads(package_checks.read(path, checked, archive_content.CHAIN, MOST_CHAIN) or b"")
        lines = list(_lines(stored["lines"]))
        broken = history.broken(stored["case"], lines, Head(stored["seq"], stored["head"]))
    except (ValueError, TypeError, KeyError, OverflowError):
        return Proof(checked, 0, 0, Broken(0, "unreadable"), same)
    return Proof(checked, len(lines), sum(each.fact is not None for each in lines), broken, same)


def _lines(stored: list[dict[str, Any]]) -> Iterator[Link]:
    for each in stored:
        yield Link(each["seq"], each["alg"], each["prev"], each["hash"], _fact(each) if "kind" in each else None)


def _fact(line: dict[str, Any]) -> Fact:
    return Fact(line["kind"], EPOCH + timedelta(microseconds=line["at"]), line["by"], line["element"], line["detail"])
