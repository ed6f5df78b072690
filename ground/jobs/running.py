"""Running one job: its handler by name, and what becomes of a failure. One registry for both stores."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from ground.errors import Refused

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
UNKNOWN_KIND = "job.unknown_kind"
TOO_MANY_ATTEMPTS = "job.too_many_attempts"
LONGEST_ERROR = 500

Handler = Callable[[Mapping[str, Any]], None]

log = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register what runs the jobs of this kind."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def refusal(kind: str, attempt: int) -> str | None:
    """Why this job is not run at all, at its so many-th attempt; None if it is."""
    if kind not in _handlers:
        return UNKNOWN_KIND
    # More attempts than failures: this job takes its runner down with it.
    return TOO_MANY_ATTEMPTS if attempt > MOST_ATTEMPTS else None


def run(kind: str, payload: Mapping[str, Any], attempt: int) -> str | None:
    """Call the handler; the name of its failure, or None."""
    try:
        _handlers[kind](payload)
    except Exception as failure:
        # One of the four places that catch it: a broken job stops no other.
        log.warning("a job of %s failed for the %s. time", kind, attempt, exc_info=True)
        return _name_of(failure)
    return None


def pause(attempt: int) -> timedelta:
    """How long to wait after the so many-th failure."""
    factor: int = 2 ** (attempt - 1)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)


def _name_of(failure: Exception) -> str:
    """The code of a refusal; of anything else its kind and first line, which hold no bound values."""
    if isinstance(failure, Refused):
        return failure.code
    lines = str(failure).splitlines() or [""]
    return f"{type(failure).__name__}: {lines[0]}"[:LONGEST_ERROR]
