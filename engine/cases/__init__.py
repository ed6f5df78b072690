"""Cases, and every way they move; what others need of them is named here."""

from engine.cases import migrations
from engine.cases.acts import (
    AlreadyOpen,
    Closed,
    Invalid,
    Moved,
    NoCapacity,
    NotYours,
    Separate,
    Started,
    capacities,
    check_separate,
    complete,
    send,
    start,
    wake,
    wake_together,
)
from engine.cases.admission import NotAdmitted
from engine.cases.answering import deliver
from engine.cases.beginning import Beginning, ask
from engine.cases.case import Case, lock, lock_free, note, reporting_year, running
from engine.cases.hand import CANCELLED, Ended, NoReason, NotDeclared, Stuck, WrongValue, cancel, correct, move
from engine.cases.locking import due_free
from engine.cases.migrating import NotInTarget, Verdict, migrate
from engine.cases.moving import Stopped, Suspended, moving
from engine.cases.sight import Act, CaseView, Line, chain, find, look, may_open, papers, story, visible
from engine.cases.signals import Given, signal
from engine.cases.suspension import NotSuspended, days_stood, resume, suspend
from engine.spiff.migration import MustStay, NeedsMapping
from engine.spiff.placing import NoSuchToken, Signed, TargetNotReachable, TargetUnknown
from engine.waits import Gone

__all__ = [
    "CANCELLED",
    "Act",
    "AlreadyOpen",
    "Beginning",
    "Case",
    "CaseView",
    "Closed",
    "Ended",
    "Given",
    "Gone",
    "Invalid",
    "Line",
    "Moved",
    "MustStay",
    "NeedsMapping",
    "NoCapacity",
    "NoReason",
    "NoSuchToken",
    "NotAdmitted",
    "NotDeclared",
    "NotInTarget",
    "NotSuspended",
    "NotYours",
    "Separate",
    "Signed",
    "Started",
    "Stopped",
    "Stuck",
    "Suspended",
    "TargetNotReachable",
    "TargetUnknown",
    "Verdict",
    "WrongValue",
    "ask",
    "cancel",
    "capacities",
    "chain",
    "check_separate",
    "complete",
    "correct",
    "days_stood",
    "deliver",
    "due_free",
    "find",
    "lock",
    "lock_free",
    "look",
    "may_open",
    "migrate",
    "migrations",
    "move",
    "moving",
    "note",
    "papers",
    "reporting_year",
    "resume",
    "running",
    "send",
    "signal",
    "start",
    "story",
    "suspend",
    "visible",
    "wake",
    "wake_together",
]
