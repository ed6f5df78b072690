"""撤回: whoever sent a task takes it back while nobody has opened what came of it, and nothing stands for good.

Opened means claimed: reading a page leaves no trace in the house, so a claim is the first mark there is. A task that
was asked of one person by name is theirs from the start, and counts as opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from engine import history, submissions
from engine.cases import passed, sending_back
from engine.cases.hand import go_on
from engine.cases.opening import Again
from engine.cases.under_way import Moving
from engine.folders import Folder
from engine.spiff.instance import NotWaiting
from engine.submissions import Submission
from engine.waits import Wait
from ground.database import Session
from ground.errors import Forbidden, Refused
from ground.people import Actor

# What the next one does to a task before anything else, and what its sender may have done meanwhile without harm.
OPENING = frozenset({"task.claimed"})
HARMLESS = frozenset({"task.claimed", "task.released", "task.urged"})
# Of what the move itself wrote: a letter has told somebody, and an incident has called for help.
TOLD = frozenset(
    {"letter.written", "incident.opened", "timer.fired", "message.told", "message.arrived", "case.completed"}
)


class NothingSent(Refused):
    """This person has sent nothing in the case that could be taken back."""

    code = "back.nothing_sent"


class Opened(Refused):
    """Somebody has opened what came of it: `by` and `at` say who and when."""

    code = "back.opened"


class Irrevocable(Refused):
    """What was sent has done something that cannot be undone: `kind` says what, `at` when."""

    code = "back.irrevocable"


@dataclass(frozen=True)
class Sending:
    """What would be taken back: its line, its step, when it was sent, and the open tasks that came of it."""

    seq: int
    element: str
    at: datetime
    waits: tuple[Record[Any], ...]


def offered(session: Session, case_id: int, folder: Folder, by: Actor) -> Sending:
    """What this person may take back now; NothingSent, Opened, Irrevocable or Forbidden say why nothing."""
    return _offered(session, case_id, folder, by, history.read(session, case_id))


def take_back(move: Moving) -> Sending:
    """Put the token back to the task, with what was sent as its sender's draft; the sending stays on record."""
    session, by = move.session, move.by
    one = offered(session, move.case.id, move.folder, by)
    sent = session.execute(
        select(Submission.answers).where(Submission.case_id == move.case.id, Submission.seq == one.seq)
    ).one()
    move.record("task.taken_back", element=one.element, taken=one.seq)
    for wait in one.waits:
        move.record("task.closed", element=wait.element)
    again = Again(by.person)
    move.reopen(one.element, again)
    _move(move, one)
    move.settle()
    row = session.execute(select(Wait).where(Wait.ref == again.ref)).one()
    submissions.save_draft(session, row, by.person or 0, sent.answers, 0, move.now)
    return one


def _move(move: Moving, one: Sending) -> None:
    """Nothing but what came of it may go, and nothing but the task itself may come."""
    came = {(wait.token, wait.element) for wait in one.waits}
    before = sending_back.users(move.instance)
    if not came <= before:
        raise NotWaiting(token=one.waits[0].token)
    first = one.waits[0]
    move.instance.move(first.element, one.element, first.token, back=True)
    go_on(move)
    after = sending_back.users(move.instance)
    if before - after != came or {place for _, place in after - before} != {one.element}:
        raise Irrevocable(kind="joined", at=one.at)


def _offered(session: Session, case_id: int, folder: Folder, by: Actor, lines: Sequence[Any]) -> Sending:
    sent = next((line for line in reversed(lines) if line.kind == passed.DONE), None)
    if sent is None or by.person is None or sent.by_person != by.person:
        raise NothingSent
    if sent.detail.get("queue") not in by.keys:
        raise Forbidden(element=sent.element)
    if passed.is_guarded(sent.element, folder):
        raise Irrevocable(kind=sent.kind, at=sent.at)
    after = [line for line in lines if line.seq > sent.seq]
    for line in after:
        _check(line, sent, folder, by)
    came = {line.element for line in after if line.kind == passed.OPENED}
    rows = session.execute(select(Wait).where(Wait.case_id == case_id, Wait.element.in_(came)).order_by(Wait.id)).all()
    rows = [row for row in rows if row.opened_at == sent.at]
    for row in rows:
        if row.held_by is not None and row.held_by != by.person:
            raise Opened(by=row.held_by, at=row.held_at)
    if not rows or {row.element for row in rows} != came:
        raise Irrevocable(kind="nothing_open", at=sent.at)
    return Sending(sent.seq, sent.element, sent.at, tuple(rows))


def _check(line: Any, sent: Any, folder: Folder, by: Actor) -> None:
    """One line since: an act of somebody else's, or something that stands for good."""
    if line.by_person is not None and line.by_person != by.person:
        if line.kind in OPENING:
            raise Opened(by=line.by_person, at=line.at)
        raise Irrevocable(kind=line.kind, at=line.at)
    if line.by_person == by.person and line.kind in HARMLESS:
        return
    if line.by_person is not None or line.at != sent.at or line.kind in TOLD or passed.stands(line, folder):
        raise Irrevocable(kind=line.kind, at=line.at)
