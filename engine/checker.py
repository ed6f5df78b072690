"""Checks a diagram in a process of its own, kept warm and held to limits, so that no drawing can harm the house.

What a stranger drew is parsed, linted, rehearsed and explored there first; the house looks at it itself only once it is
known to be harmless. That process knows no setting and no database, and answers in JSON.
"""

import atexit
import base64
import contextlib
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import orjson

from engine.spiff import framing
from engine.spiff.lint import Finding
from ground.database import Turnstile
from ground.errors import Refused

__all__ = ["Checker", "Finding", "TooCostly", "Unavailable", "check", "close"]

SECONDS = 5.0
CHECKS = 200
PATIENCE = 30.0
KEPT = 256
Calls = Mapping[str, Sequence[str]]
NO_CALLS: Calls = MappingProxyType({})
INHERITED = ("PATH", "LANG", "SYSTEMROOT")


class TooCostly(Refused):
    """The check ran out of time or memory, or brought its process down; `why` says which. What was published stays."""

    code = "check.too_costly"
    status = 422


class Unavailable(Refused):
    """No process could be started for the check, and nothing is published unchecked."""

    code = "check.unavailable"
    status = 503


class Checker:
    """One warm process and the line before it: checks are served one at a time, in the order they came."""

    def __init__(self, seconds: float = SECONDS, checks: int = CHECKS) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._seconds = seconds
        self._checks = checks
        self._served = 0
        self._line = Turnstile()
        self._known: OrderedDict[str, tuple[Finding, ...]] = OrderedDict()

    def check(self, part: str, body: bytes, calls: Calls = NO_CALLS) -> tuple[Finding, ...]:
        """Everything to say about one diagram by itself, errors first; the same bytes are looked at once.

        `calls` are the processes that it may call, each with all that it calls in turn.
        """
        question = orjson.dumps({"part": part, "body": base64.b64encode(body).decode(), "calls": dict(calls)})
        key = sha256(question).hexdigest()
        self._line.enter(PATIENCE)
        try:
            if key not in self._known:
                self._known[key] = self._asked(question)
            self._known.move_to_end(key)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
            return self._known[key]
        finally:
            self._line.leave()

    def close(self) -> None:
        """Let the process go; the next check starts another."""
        process, self.process = self.process, None
        if process is not None:
            _bury(process)

    def _asked(self, question: bytes) -> tuple[Finding, ...]:
        if self._served >= self._checks:
            self.close()
        if self.process is None:
            self.process, self._served = _started(), 0
        self._served += 1
        answer, why = _exchange(self.process, question, self._seconds)
        if answer is None:
            self.close()
            raise TooCostly(why=why, seconds=self._seconds)
        return tuple(Finding(**each) for each in orjson.loads(answer)["findings"])


def check(part: str, body: bytes, calls: Calls = NO_CALLS) -> tuple[Finding, ...]:
    """Ask the process that this house keeps warm."""
    return _warm.check(part, body, calls)


def close() -> None:
    """Let it go, at the end of the house's own process."""
    _warm.close()


def _started() -> "subprocess.Popen[bytes]":
    """A child that imports engine.spiff alone; it inherits no setting, so it has nothing to give away."""
    known = {name: os.environ[name] for name in INHERITED if name in os.environ}
    paths = [str(Path(__file__).parent.parent), *(path for path in sys.path if path)]
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "engine.spiff.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**known, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0"},
        )
    except OSError as error:
        raise Unavailable(reason=type(error).__name__) from None
    greeting, _ = _exchange(process, None, PATIENCE)
    if greeting is None:
        _bury(process)
        raise Unavailable(reason="no_greeting")
    return process


def _bury(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    _pipe(process.stdout).close()
    with contextlib.suppress(OSError):  # what the dead did not read is lost
        _pipe(process.stdin).close()


def _exchange(process: "subprocess.Popen[bytes]", question: bytes | None, seconds: float) -> tuple[bytes | None, str]:
    """Send a frame, read a frame; whoever takes longer than `seconds` is killed, and then there is none."""
    late = threading.Event()

    def kill() -> None:
        late.set()
        process.kill()

    alarm = threading.Timer(seconds, kill)
    alarm.daemon = True
    alarm.start()
    try:
        if question is not None:
            framing.write(_pipe(process.stdin), question)
        answer = framing.read(_pipe(process.stdout))
    except OSError:
        answer = None
    finally:
        alarm.cancel()
    return answer, "time" if late.is_set() else "memory"


def _pipe(pipe: IO[bytes] | None) -> Any:
    assert pipe is not None  # noqa: S101  asked for when the process was started
    return pipe


_warm = Checker()
atexit.register(close)
