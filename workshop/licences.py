"""Says under which licence each pinned package comes, and refuses one that nobody has agreed to."""

import importlib.metadata
import json
import re
import sys
from collections.abc import Iterator

from workshop.places import FRONTEND, PINS
from workshop.steps import say

# LGPL: used unchanged and imported as a library. MPL: files used unchanged.
# OFL: a font, carried unchanged and embedded in documents.
AGREED = {
    "0BSD",
    "Apache 2.0",
    "Apache Software License",
    "Apache-2.0",
    "BSD 2-Clause License",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "GNU Library or Lesser General Public License (LGPL)",
    "ISC",
    "LGPL-3.0-only",
    "MIT",
    "MIT License",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)",
    "OFL-1.1",
    "PSF-2.0",
}
# bpmn.io's licence: MIT's, and its mark stays visible on every diagram.
AGREED_BY_NAME = {("bpmn-js", "SEE LICENSE IN LICENSE")}


def main() -> int:
    """List every package; fail where a licence is not agreed."""
    refused = 0
    for name, licence in sorted({*python_packages(), *node_packages()}):
        fits = (name, licence) in AGREED_BY_NAME or all(part in AGREED for part in parts(licence))
        refused += not fits
        if not fits or "-v" in sys.argv:
            say(f"{name}: {licence or 'no licence named'}{'' if fits else '  <- not agreed'}")
    say(f"licences: {refused} not agreed")
    return 1 if refused else 0


def python_packages() -> Iterator[tuple[str, str]]:
    """Give every package that requirements/ names and that is installed here."""
    for pins in PINS.glob("*.txt"):
        for name in re.findall(r"^([\w.-]+)==", pins.read_text(), re.MULTILINE):
            try:
                yield name, named(importlib.metadata.metadata(name))
            except importlib.metadata.PackageNotFoundError:
                continue  # for another platform, or for a task not set up here


def node_packages() -> Iterator[tuple[str, str]]:
    """Give every package of the lock file."""
    for place, facts in json.loads((FRONTEND / "package-lock.json").read_text())["packages"].items():
        if place:
            yield place.rpartition("node_modules/")[2], facts.get("license", "")


def named(facts: importlib.metadata.PackageMetadata) -> str:
    """Give the licence as the package names it: by expression, by classifier, or in words."""
    lines = [line for line in facts.get_all("Classifier") or [] if line.startswith("License ::")]
    classifiers = [line.rpartition(" :: ")[2] for line in lines if line != "License :: OSI Approved"]
    expression, words = (facts[key] if key in facts else "" for key in ("License-Expression", "License"))  # noqa: SIM401
    return expression or " AND ".join(classifiers) or words


def parts(licence: str) -> list[str]:
    """Take an expression apart; each part has to be agreed.

    >>> parts("MPL-2.0 AND (Apache-2.0 OR MIT)")
    ['MPL-2.0', 'Apache-2.0', 'MIT']
    """
    bare = licence if "(LGPL)" in licence or "(MPL 2.0)" in licence else re.sub(r"[()]", "", licence)
    return re.split(r" (?:AND|OR) ", bare)


if __name__ == "__main__":
    sys.exit(main())
