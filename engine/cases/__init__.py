"""Cases, and every way they move; what others need of them is named here."""

from engine.cases.acts import Closed, Invalid, Moved, NotYours, Separate, Started, complete, deliver, send, start, wake
from engine.cases.case import Act, Case, CaseView, look, note, story, visible
from engine.cases.moving import Stopped, moving

__all__ = [
    "Act",
    "Case",
    "CaseView",
    "Closed",
    "Invalid",
    "Moved",
    "NotYours",
    "Separate",
    "Started",
    "Stopped",
    "complete",
    "deliver",
    "look",
    "moving",
    "note",
    "send",
    "start",
    "story",
    "visible",
    "wake",
]
