"""A process of its own for trials that fork, kill and stop: it has one thread and answers a line for a line."""

import importlib
import os
import subprocess
import sys
import traceback
from pathlib import Path

import orjson

ROOT = Path(__file__).parent.parent.parent


class Apart:
    """The process; `trials` asks it for one promise."""

    def __init__(self) -> None:
        # It joins the PostgreSQL of this run and names its own databases apart from ours.
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
        worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_apart"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.trust.apart"],
            cwd=ROOT,
            env={**os.environ, "PYTEST_XDIST_TESTRUNUID": run, "PYTEST_XDIST_WORKER": worker},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def trials(self, promise: str, scale: float) -> tuple[int, list[str]]:
        """How many trials of this promise were made, and what was found."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(orjson.dumps([promise, scale]) + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            return 0, [f"the trials ended with {self._process.wait()}"]
        tried, violations = orjson.loads(answer)
        return tried, violations

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


def main() -> None:
    """Answer until nobody asks."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed by the way is no answer
    for line in sys.stdin.buffer:
        promise, scale = orjson.loads(line)
        try:
            found = importlib.import_module(f"tests.trust.{promise}").trials(scale)
        except Exception as failure:  # noqa: BLE001  it is a finding, and the next promise is tried all the same
            found = 0, ["".join(traceback.format_exception(failure))[-2000:]]
        answers.write(orjson.dumps(found) + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
