"""The checker's own process: takes diagrams from its parent, examines them, answers with findings, and holds no state.

It asks the system for less memory than a hostile drawing would like. When that is not enough it dies, and its parent
says so by name; it dies as well when its parent does, since nobody writes to it any more.
"""

import base64
import contextlib
import sys
from dataclasses import asdict

import orjson

from engine.spiff import examination, framing

# Not every system can limit a process from inside; the parent's clock holds on each.
with contextlib.suppress(ImportError):
    import resource

MEMORY = 768 * 1024 * 1024
OUT_OF_MEMORY = 3


def main() -> None:
    """Greet, then answer one diagram after the other until the pipe is closed."""
    _limit()
    framing.write(sys.stdout.buffer, b"ready")
    while (frame := framing.read(sys.stdin.buffer)) is not None:
        try:
            framing.write(sys.stdout.buffer, answer(frame))
        except MemoryError:
            sys.exit(OUT_OF_MEMORY)


def answer(frame: bytes) -> bytes:
    """The findings about one diagram.

    Asked is `{"part": …, "body": base64, "calls": {key: [key, …]}}`, answered `{"findings": [{…}, …]}`.
    """
    question = orjson.loads(frame)
    found = examination.examine(question["part"], base64.b64decode(question["body"]), question["calls"])
    return orjson.dumps({"findings": [asdict(finding) for finding in found]}, default=str)


def _limit() -> None:
    with contextlib.suppress(NameError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
