"""Cases, and every way they move; what others need of them is named here."""

from engine.cases import behalf, interventions, migrations
from engine.cases.acts import Closed, NoCapacity, NotYours, capacities, complete, send
from engine.cases.admission import NotAdmitted
from engine.cases.answering import deliver
from engine.cases.answers import Invalid
from engine.cases.beginning import Beginning, ask
from engine.cases.case import Case, lock, lock_free, note, reporting_year, running
from engine.cases.four_eyes import Separate, check_separate, kept_apart
from engine.cases.hand import (
    CANCELLED,
    Ended,
    NoReason,
    NotDeclared,
    Stuck,
    WrongValue,
    cancel,
    check_reason,
    correct,
    move,
    retry,
)
from engine.cases.hanging import AwaitsCosigners, Lent, NoProxy, check_proxy
from engine.cases.locking import due_free, of_wait
from engine.cases.migrating import NotInTarget, Verdict, migrate
from engine.cases.moving import Moved, Stopped, Suspended, moving
from engine.cases.releasing import settle, take_back
from engine.cases.sight import Act, CaseView, find, look, may_open, papers, visible
from engine.cases.signals import Given, signal
from engine.cases.starting import AlreadyOpen, Started, start
from engine.cases.suspension import NotSuspended, days_stood, resume, suspend
from engine.cases.telling import Line, chain, story
from engine.cases.waking import wake, wake_together
from engine.holding import Gone
from engine.spiff.migration import MustStay, NeedsMapping
from engine.spiff.placing import NoSuchToken, Signed, TargetNotReachable, TargetUnknown

__all__ = [
    "CANCELLED",
    "Act",
    "AlreadyOpen",
    "AwaitsCosigners",
    "Beginning",
    "Case",
    "CaseView",
    "Closed",
    "Ended",
    "Given",
    "Gone",
    "Invalid",
    "Lent",
    "Line",
    "Moved",
    "MustStay",
    "NeedsMapping",
    "NoCapacity",
    "NoProxy",
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
    "behalf",
    "cancel",
    "capacities",
    "chain",
    "check_proxy",
    "check_reason",
    "check_separate",
    "complete",
    "correct",
    "days_stood",
    "deliver",
    "due_free",
    "find",
    "interventions",
    "kept_apart",
    "lock",
    "lock_free",
    "look",
    "may_open",
    "migrate",
    "migrations",
    "move",
    "moving",
    "note",
    "of_wait",
    "papers",
    "reporting_year",
    "resume",
    "retry",
    "running",
    "send",
    "settle",
    "signal",
    "start",
    "story",
    "suspend",
    "take_back",
    "visible",
    "wake",
    "wake_together",
]
