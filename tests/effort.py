"""How much Python does in a block: calls, of functions in C as well; what a clock says depends on the machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

CALLS = frozenset({"call", "c_call"})


@dataclass
class Effort:
    """Calls so far."""

    calls: int = 0


@contextmanager
def counted() -> Iterator[Effort]:
    """Count the calls of this thread in the block."""
    effort, before = Effort(), sys.getprofile()

    def count(_frame: Any, event: str, _argument: Any) -> None:
        effort.calls += event in CALLS

    sys.setprofile(count)
    try:
        yield effort
    finally:
        sys.setprofile(before)
