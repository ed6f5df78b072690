"""What can be done to a case: start, complete, send, wake. Each is one move, once for each key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from engine import definitions, sendings, submissions, waits
from engine.cases import asked, behalf, hanging
from engine.cases.case import Case, on_release, reporting_year
from engine.cases.locking import of_id, of_ref, of_wait, take_free
from engine.cases.moving import Stopped, Suspended, moving, opening
from engine.cases.opening import Known
from engine.cases.repeating import key_of, once
from engine.cases.sight import may_open
from engine.cases.under_way import Moving
from engine.folders import Folder
from engine.forms import Form, FormContext, Problem, Read, fixed, locked, offered, prefilled, read
from engine.spiff.diagrams import AT
from engine.waits import Gone
from ground import clock, files, people
from ground.database import Session, transaction
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor

PERSONAL = "person:"


class Invalid(Refused):
    """What was typed cannot be sent as it is; `problems` say where and why, `answers` is what was typed."""

    code = "form.invalid"
    status = 422


class NotYours(Refused):
    """The task is held by somebody else, or by nobody: claim it first."""

    code = "task.not_yours"


class AlreadyOpen(Refused):
    """The same process is under way for the same subject."""

    code = "case.already_open"


class Separate(Refused):
    """Four eyes: whoever did the earlier step may not do this one."""

    code = "task.separate"
    status = 403


class NoCapacity(Refused):
    """This person may do the task in more than one office: say in which, and in one that is theirs."""

    code = "task.capacity"
    status = 422


class Closed(Refused):
    """The case does not listen for this any more."""

    code = "case.not_listening"


@dataclass(frozen=True)
class Started:
    """A case that has begun."""

    ref: str
    number: str


@dataclass(frozen=True)
class Moved:
    """A case that has moved; `outcome` is the end it reached, if it did.

    `waits` says that what was sent has moved nothing yet: co-signers are to agree first.
    """

    ref: str
    number: str
    outcome: str | None
    waits: bool = False


def start(
    process: str,
    *,
    subject: str,
    region: str,
    organ: int,
    title: str,
    by: Actor,
    key: str,
    data: Mapping[str, Any] | None = None,
    alone: bool = False,
    received_at: datetime | None = None,
    at: str | None = None,
) -> Started:
    """Begin a case on the version that is current now. `data` are the scalars that its diagram starts from.

    `at` is the start event at which it begins, as if that had just happened; else it is the one without an event.

    AlreadyOpen if it is to be `alone` and the same process is open for the same subject.
    """
    now = received_at or clock.now()
    name = key_of(by, "start", f"{process}:{subject}", key)
    facts = {
        "title": title,
        "subject": subject,
        "region": region,
        "organ_id": organ,
        "started_by": by.person,
        "alone": f"{process}:{subject}" if alone else None,
    }

    def act() -> dict[str, Any]:
        with transaction() as session:
            move = _begun(session, process, facts, data or {}, by, now, at)
            move.key = name
            move.finish()
        return move.result

    result = once(name, act)
    return Started(result["ref"], result["number"])


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


def read_for(move: Moving, wait: Record[Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a task as its form wants them; Invalid names each field."""
    form = move.folder.home(wait.element).forms[wait.form]
    return _read(move, form, _with_locked(move, wait, form, answers), wait.item)


def _with_locked(move: Moving, wait: Record[Any], form: Form, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Sent back for named fields, a form that locks takes the others as they were sent, whatever was typed there."""
    found = asked.open_at(move.session, move.case.id, wait.element) if form.locks else None
    if found is None:
        return answers
    before = submissions.at(move.session, move.case.id, wait.element)[-1].answers
    return locked.kept(form, answers, before, {each["field"] for each in found.asked})


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
            given = _read(move, form, answers)
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


def wake(case_id: int, *, received_at: datetime | None = None) -> bool:
    """Fire what is due in one case; False if it stopped, and then its due timers stand aside until it is mended.

    A case that was suspended a moment ago has set its timers aside itself.
    """
    now = received_at or clock.now()
    try:
        with moving(of_id(case_id), people.SYSTEM, now):
            pass
    except Suspended:
        return False
    except Stopped:
        with transaction() as session:
            waits.stop_timers(session, case_id, now)
        return False
    return True


def wake_together(case_ids: Sequence[int], *, received_at: datetime) -> list[int]:
    """Fire what is due in each of these cases, in one transaction: a commit costs more than the move it keeps.

    The numbers of those that moved; one that somebody else is moving is left out. Whatever stops one of them takes
    all of them back: then wake each by itself.
    """
    known = Known()
    with transaction() as session:
        taken = [one for one in take_free(session, case_ids) if one.case.status == "open"]
        for one in taken:
            folder = definitions.pinned(session, one.case.release_id)
            move = Moving(session, one, folder, people.SYSTEM, received_at, known)
            move.begin(one.case.state)
            move.finish()
    return [one.case.id for one in taken]


def _begun(
    session: Session,
    process: str,
    facts: Mapping[str, Any],
    data: Mapping[str, Any],
    by: Actor,
    now: datetime,
    at: str | None,
) -> Moving:
    """A new case at its start, if this person may begin it and no other is under way where it is to be alone."""
    release = definitions.current(session, process)
    folder = definitions.pinned(session, release.release_id)
    _may_start(session, folder, by, facts["organ_id"], facts["region"], now, at)
    values = {**on_release(session, release, folder.facts["number"], now), **facts}
    _alone(session, values["alone"])
    move = opening(session, values, folder, data, by, now, at)
    move.keep(move.record("case.started", process=process, version=release.version_id), data)
    return move


def _may_start(
    session: Session, folder: Folder, by: Actor, organ: int, region: str, now: datetime, at: str | None
) -> None:
    """The start event names who may begin a case; the organ is the one that it is begun for."""
    begin = next((start for start in folder.diagram.starts if start.id == at), folder.diagram.start)
    if by.person is None or not begin.role:
        return
    argument = begin.argument.evaluate({"case": {"organ": organ, "region": region}}) if begin.argument else None
    found = people.resolve(session, begin.role, begin.scope or "", argument, region, clock.local_day(now))
    if found.key not in by.keys:
        raise Forbidden(process=folder.facts["key"])


def _alone(session: Session, alone: str | None) -> None:
    """Of two who begin at once, the second finds the first: writers take turns at the counter of numbers."""
    if alone and session.scalar(select(Case.id).where(Case.alone == alone)):
        raise AlreadyOpen(what=alone)


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


def check_separate(
    session: Session, folder: Folder, wait: Record[Any], by: Actor, principal: int | None = None
) -> None:
    """Refuse whoever completed one of the steps that this one must be apart from (a recheck from its handler).

    A substitute is refused, too, where their `principal` did: what one may not do, another may not do for them.
    """
    if not kept_apart(session, folder, wait).isdisjoint({by.person, principal}):
        raise Separate(wait=wait.ref)


def kept_apart(session: Session, folder: Folder, wait: Record[Any]) -> set[int]:
    """The persons who may not do this task, because of what they did before in the case."""
    element = folder.element(wait.element)
    process, at, _ = wait.element.rpartition(AT)
    apart = [f"{process}{at}{each}" for each in element.separate] if element else []
    return submissions.completers(session, wait.case_id, apart) if apart else set()


def _read(move: Moving, form: Form, answers: Mapping[str, Any], item: Any = None) -> dict[str, Any]:
    """The answers as the form wants them; files must be this person's own, or stand in a paper that they may read."""
    context = FormContext(move.session, move.case, reporting_year(move.case), item)
    first = prefilled(form.prefill, move.session, move.case, item) if fixed.has_any(form) else {}
    form = offered(form, move.session, move.case)
    result = read(form, fixed.filled(form, answers, first), context)
    errors = [*result.errors, *_changed(form, result, first)]
    if errors:
        raise Invalid(problems=errors, warnings=result.warnings, answers=dict(answers))
    if refs := form.files_of(result.answers):
        readable = [ref for ref in refs if may_open(move.session, ref, move.by)]
        files.check_usable(move.session, refs, move.by.person, readable)
    return result.answers


def _changed(form: Form, result: Read, first: Mapping[str, Any]) -> list[Problem]:
    """What is fixed and was sent as something else, where nothing else is said of it already."""
    told = {each.path.partition(".")[0] for each in result.errors}
    return [each for each in fixed.stale(form, result, first) if each.path not in told]


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
