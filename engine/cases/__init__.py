"""Cases, and every way they move; what others need of them is named here."""

from engine.cases.acts import (
    AlreadyOpen,
    Closed,
    Invalid,
    Moved,
    NotYours,
    Separate,
    Started,
    check_separate,
    complete,
    deliver,
    send,
    start,
    wake,
)
from engine.cases.case import Act, Case, CaseView, Line, find, lock, look, may_open, note, running, story, visible
from engine.cases.moving import Stopped, moving
from engine.waits import Gone

__all__ = [
    "Act",
    "AlreadyOpen",
    "Case",
    "CaseView",
    "Closed",
    "Gone",
    "Invalid",
    "Line",
    "Moved",
    "NotYours",
    "Separate",
    "Started",
    "Stopped",
    "check_separate",
    "complete",
    "deliver",
    "find",
    "lock",
    "look",
    "may_open",
    "moving",
    "note",
    "running",
    "send",
    "start",
    "story",
    "visible",
    "wake",
]
