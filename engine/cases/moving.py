"""moving(): the one door to a case's state. One transaction, one case, all or nothing.

Lock the row, thaw the state, fire what is due, let the caller act, run until the case waits, freeze, write waits,
history and the head of its chain, guard `rev`, commit. An exception rolls everything back; a second transaction
writes the incident.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import false, select

from engine import definitions, history, incidents
from engine.cases.case import Case, create, note
from engine.cases.locking import Taken, Which, take
from engine.cases.under_way import Moving
from engine.folders import Folder
from engine.spiff.instance import Instance, StuckAt
from engine.spiff.migration import MustStay, NeedsMapping
from ground import clock
from ground.database import Session, StorageFull, StorageLost, transaction
from ground.errors import Busy, Missing, Refused, Stale
from ground.people import Actor

log = logging.getLogger(__name__)


class Stopped(Refused):
    """The case cannot go on here; nothing was lost, and the supervisor sees an incident."""

    code = "case.stopped"


class Suspended(Refused):
    """The case is suspended: nothing in it is claimed, completed or fired until it is resumed."""

    code = "case.suspended"


@dataclass(frozen=True)
class Moved:
    """A case that has moved; `outcome` is the end it reached, if it did.

    `waits` says that what was sent has moved nothing yet: co-signers are to agree first.
    """

    ref: str
    number: str
    outcome: str | None
    waits: bool = False


class Rehearsed(Exception):  # noqa: N818  how a rehearsal ends, which is no error
    """The move went through, and everything that it wrote was rolled back."""


# Refusals that say nothing against the case: the same move may succeed in a moment, or whoever asks is answered.
PASSING = (Busy, Missing, Stale, StorageFull, StorageLost, Suspended, NeedsMapping, MustStay)


@contextlib.contextmanager
def moving(
    which: Which,
    by: Actor,
    received_at: datetime | None,
    key: str | None = None,
    *,
    asleep: bool = False,
    watch: Callable[[Moving], None] | None = None,
) -> Iterator[Moving]:
    """Lock one case (`of_wait`, `of_ref` or `of_id` says which), yield the move, finish and commit it.

    Suspended if it is suspended, but for the few acts that may be done to it `asleep`. With `watch` it is a rehearsal:
    that is called when all is done, then Rehearsed is raised and nothing of it stays, nor of what went wrong in it.
    """
    now = received_at or clock.now()
    reached = _Reached()
    with _stopping(reached, by, now, rehearsed=watch is not None), transaction() as session:
        taken = _taken(session, which, asleep=asleep)
        reached.case_id = taken.case.id
        reached.move = move = Moving(session, taken, definitions.pinned(session, taken.case.release_id), by, now)
        move.key = key
        move.begin(taken.case.state)
        yield move
        move.finish()
        if watch is not None:
            watch(move)
            raise Rehearsed


def opening(
    session: Session,
    values: Mapping[str, Any],
    folder: Folder,
    data: Mapping[str, Any],
    by: Actor,
    now: datetime,
    at: str | None = None,
) -> Moving:
    """Write a new case's row and put it at its start, or at the start event `at`; the caller finishes the move."""
    blank = {
        "status": "open",
        "rev": 0,
        "seq": 0,
        "head": history.FIRST,
        "state": b"",
        "started_at": now,
        "moved_at": now,
    }
    case_id = create(session, {**blank, **values})
    row = session.execute(select(Case, false().label("troubled")).where(Case.id == case_id)).one()
    move = Moving(session, Taken(row, ()), folder, by, now)
    move.instance = Instance.start(folder.diagram, dict(data), move, at)
    return move


@dataclass
class _Reached:
    """How far a move has come: whether its case was found, and whether it got under way."""

    case_id: int | None = None
    move: Moving | None = None

    @property
    def element(self) -> str | None:
        """Where it was, if it was under way."""
        return self.move.element if self.move else None


@contextlib.contextmanager
def _stopping(reached: _Reached, by: Actor, now: datetime, *, rehearsed: bool) -> Iterator[None]:
    """What stops a move is answered to whoever asked, or stops the case with an incident; a rehearsal leaves none."""
    try:
        yield
    except Rehearsed:
        raise
    except StuckAt as stuck:
        place = reached.move.instance.place(stuck.detail["element"]) if reached.move else None
        known = None if rehearsed else reached.case_id
        raise _stopped(known, stuck.code, place, {**stuck.detail, "element": place}, now) from stuck
    except Refused as no:
        if by.person is not None or isinstance(no, PASSING):
            raise
        # Nobody is there to be told: what a step refuses to a timer or a message is for the supervisor.
        raise _stopped(reached.case_id, no.code, reached.element, no.detail, now) from no
    except Exception as failure:
        # One of the four places that catch it: a broken case must not take the server or another case with it.
        log.exception("a move failed: case %s", reached.case_id)
        if reached.case_id is None:
            raise
        known = None if rehearsed else reached.case_id
        raise _stopped(known, "move.failed", reached.element, {"type": type(failure).__name__}, now) from failure


def _taken(session: Session, which: Which, *, asleep: bool) -> Taken:
    taken = take(session, which)
    if taken is None:
        raise Missing(what="case")
    if taken.case.status == "suspended" and not asleep:
        raise Suspended(case=taken.case.number)
    return taken


def _stopped(case_id: int | None, code: str, element: str | None, detail: dict[str, Any], now: datetime) -> Stopped:
    """Write the incident in a transaction of its own, since the move's was rolled back."""
    if case_id is None:
        return Stopped(code=code, element=element)
    with transaction() as session:
        ref, new = incidents.report(session, case_id, code, element, detail, now)
        if new:
            note(
                session,
                case_id,
                history.Fact("incident.opened", now, None, element, {"incident": ref, "code": code}),
            )
    return Stopped(code=code, element=element, incident=ref)
