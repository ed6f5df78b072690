"""What a person does in a case: complete a task, send what it listens for. Each is one move, once for each key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from engine import sendings, submissions
from engine.cases import behalf, hanging
from engine.cases.answers import read_for, read_form
from engine.cases.four_eyes import check_separate
from engine.cases.locking import of_ref, of_wait
from engine.cases.moving import Moved, moving
from engine.cases.repeating import key_of, once
from engine.cases.under_way import Moving
from engine.folders import Folder
from engine.holding import Gone
from ground import people
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor

PERSONAL = "person:"


class NotYours(Refused):
    """The task is held by somebody else, or by nobody: claim it first."""

    code = "task.not_yours"


class NoCapacity(Refused):
    """This person may do the task in more than one office: say in which, and in one that is theirs."""

    code = "task.capacity"
    status = 422


class Closed(Refused):
    """The case does not listen for this any more."""

    code = "case.not_listening"


def complete(
    wait_ref: str,
    answers: Mapping[str, Any],
    *,
    by: Actor,
    key: str,
    received_at: datetime | None = None,
    acting: str | None = None,
) -> Moved:
    """Send the form of a task that this person holds, and move the case on.

    `acting` is the key of the role and organ in which they do it, where it could be done in several.
    Invalid names each field; NotYours, Gone, Separate and NoCapacity say why this person cannot do it now.
    """
    name = key_of(by, "complete", wait_ref, key)

    def act() -> dict[str, Any]:
        with moving(of_wait(wait_ref), by, received_at, name) as move:
            wait = _held(move, wait_ref)
            given = read_for(move, wait, answers)
            capacity = _capacity(move, wait, acting)
            if hanging.keeps(move, wait, answers, capacity):
                move.more = {"waits": True}
            else:
                finish(move, wait, given, capacity)
        return move.result

    try:
        result = once(name, act)
    except Missing:
        raise Gone(wait=wait_ref) from None
    return Moved(**result)


def finish(move: Moving, wait: Record[Any], given: dict[str, Any], capacity: str) -> None:
    """A task is done: what was sent is numbered and kept, and its token goes on."""
    form = move.folder.home(wait.element).forms[wait.form]
    lent = {} if wait.held_for is None else {"behalf": wait.held_for}
    seq = move.record("task.completed", element=wait.element, form=wait.form, queue=wait.queue, **lent)
    submissions.send(move.session, seq, _submission(move, wait, capacity, given), form.files_of(given))
    submissions.drop_draft(move.session, wait.ref)
    move.instance.complete(wait.token, form.scalars_of(given))


def send(
    case_ref: str,
    message: str,
    answers: Mapping[str, Any],
    *,
    by: Actor,
    key: str,
    received_at: datetime | None = None,
) -> Moved:
    """Do what a case listens for at any time, such as withdrawing an application; a right of the diagram's."""
    name = key_of(by, f"send:{message}", case_ref, key)

    def act() -> dict[str, Any]:
        with moving(of_ref(case_ref), by, received_at, name) as move:
            row = _listening(move, message, by)
            form = move.folder.home(row.element).forms[row.form]
            given = read_form(move, form, answers)
            seq = move.record("message.sent", element=row.element, name=message, form=row.form, queue=row.sender)
            sent = {"element": row.element, "item": None, "form": row.form, "queue": row.sender}
            submissions.send(move.session, seq, _values(move, sent, given), form.files_of(given))
            move.instance.catch(row.token, form.scalars_of(given))
        return move.result

    return Moved(**once(name, act))


def at_hand(move: Moving, wait_ref: str, acting: str | None) -> tuple[Record[Any], str]:
    """The open task that this person holds, and the key under which they act in it, for what is no completion."""
    wait = _held(move, wait_ref)
    if sendings.standing(move.session, wait) is not None:
        raise hanging.AwaitsCosigners(wait=wait.ref)
    return wait, _capacity(move, wait, acting)


def _held(move: Moving, wait_ref: str) -> Record[Any]:
    """The open task, if this person holds it, still has the right, and four eyes are kept."""
    wait = next((row for row in move.standing or () if row.kind == "wait" and row.ref == wait_ref), None)
    if wait is None or not move.instance.waits_at(wait.token):
        raise Gone(wait=wait_ref)
    if wait.held_by != move.by.person:
        raise NotYours(wait=wait_ref, held_by=wait.held_by, at=wait.held_at)
    hanging.check_loan(move, wait)
    check_right(move, wait)
    return wait


def check_right(move: Moving, wait: Record[Any]) -> None:
    """Refuse whoever moves this case unless they have the right to the task that they hold, and four eyes are kept."""
    lenders = behalf.principals(wait, move.case.region, move.folder, move.by)
    if wait.held_for is not None and wait.held_for not in lenders:
        raise behalf.Ended(wait=wait.ref)
    if wait.held_for is None and wait.queue not in move.by.keys:
        raise Forbidden(wait=wait.ref)
    check_separate(move.session, move.folder, wait, move.by, wait.held_for)


def capacities(wait: Record[Any], folder: Folder, by: Actor) -> list[str]:
    """The keys of the roles in which this person can do a task: that of its queue, or what a named person holds.

    A named person acts in the role that the step asks for, or without it in none.
    """
    if not wait.queue.startswith(PERSONAL):
        return [wait.queue]
    element = folder.element(wait.element)
    role = element.role if element else None
    return [people.role_key(held.role, held.organ_id) for held in by.held if held.role == role]


def _capacity(move: Moving, wait: Record[Any], acting: str | None) -> str:
    """The key under which it is done: the only one, or the one that was chosen."""
    own = capacities(wait, move.folder, move.by)
    if acting is None and len(own) <= 1:
        return own[0] if own else str(wait.queue)
    if acting not in own:
        raise NoCapacity(wait=wait.ref, acting=acting)
    return acting


def _submission(move: Moving, wait: Record[Any], acting: str, answers: dict[str, Any]) -> dict[str, Any]:
    sent = {"element": wait.element, "item": wait.item, "form": wait.form, "queue": acting}
    return {**_values(move, sent, answers), "behalf_of": wait.held_for}


def _values(move: Moving, sent: Mapping[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_id": move.case.id,
        "version_id": move.folder.home(sent["element"]).version_id,
        "element": sent["element"],
        "item": sent["item"],
        "form": sent["form"],
        "answers": answers,
        "by_person": move.by.person,
        "behalf_of": None,
        "acting": sent["queue"],
        "received_at": move.now,
    }


def _listening(move: Moving, message: str, by: Actor) -> Record[Any]:
    row = next((row for row in move.standing or () if row.kind == "subscription" and row.message == message), None)
    if row is None or row.form is None:
        raise Closed(message=message)
    if row.sender not in by.keys:
        raise Missing(case=move.case.ref)
    return row
