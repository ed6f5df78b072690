"""`python -m tests.trust [P4 …] [--scale 1]`: every promise at full length; exit 1 if one was broken.

Prints promise | trials | violations | seconds, then each violation with what is needed to see it again.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from types import ModuleType

from tests.trust.apart import Apart

SHOWN = 10


def main(words: Sequence[str]) -> int:
    """Run the promises that are named, or all of them."""
    asked = argparse.ArgumentParser(prog="make trust")
    asked.add_argument("promises", nargs="*", metavar="P4", help="only these")
    asked.add_argument("--scale", type=float, default=1.0, help="1 is the full length, 0.1 a tenth of it")
    given = asked.parse_args(words)
    wanted = {name.upper() for name in given.promises}
    broken: list[str] = []
    _say("promise | trials | violations | seconds")
    for name, promise in _promises():
        if wanted and name not in wanted:
            continue
        began, apart = perf_counter(), Apart()
        trials, violations = apart.trials(promise.__name__.split(".")[-1], given.scale)
        apart.close()
        _say(f"{name} {promise.PROMISE} | {trials} | {len(violations)} | {perf_counter() - began:.0f}")
        broken += [f"{name}: {each}" for each in violations[:SHOWN]]
        if not trials:
            broken.append(f"{name}: nothing was tried")
    _say("\n".join(broken))
    return 1 if broken else 0


def _promises() -> list[tuple[str, ModuleType]]:
    """P1 to P12, from the files that hold them."""
    files = sorted(Path(__file__).parent.glob("test_p*.py"))
    return [(f"P{int(path.stem[6:8])}", importlib.import_module(f"tests.trust.{path.stem}")) for path in files]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
