"""退回修改 and 撤回 as people do them: who may, where to, and the letter to whoever is asked again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine import cases, definitions
from engine.cases import Case, Moved, acts, asked, sending_back, taking_back
from engine.cases.asked import Asked
from engine.cases.hand import Ended
from engine.cases.locking import of_ref, of_wait
from engine.cases.moving import moving
from engine.cases.opening import Again
from engine.cases.repeating import key_of, once
from engine.cases.sending_back import NotFromHere, Target
from engine.cases.taking_back import Sending
from engine.cases.under_way import Moving
from engine.forms import Remark
from engine.holding import Gone
from ground import clock, people
from ground.database import Session
from ground.errors import Missing, Refused
from ground.people import Actor
from tasks import elapsed, letters
from tasks.open_task import Work

LETTER = "sent_back"


def may_send_back(work: Work) -> bool:
    """Whether this person, who holds the task, may send its case back to a step before it."""
    return bool(work.may_act and work.before and _admits(work.folder, work.item.element))


def targets(session: Session, work: Work) -> list[Target]:
    """Where to, what was sent last first; NotFromHere for a task that sends nothing back, NotYours for others."""
    if not work.may_act:
        raise cases.NotYours(wait=work.item.ref, held_by=work.item.held_by, at=work.item.held_at)
    if not _admits(work.folder, work.item.element):
        raise NotFromHere(element=work.item.element)
    return sending_back.targets(session, work.item, work.folder)


def send_back(
    wait_ref: str,
    target: str,
    *,
    reason: str,
    asked: Sequence[Mapping[str, str]] = (),
    by: Actor,
    key: str,
    received_at: datetime | None = None,
    acting: str | None = None,
) -> Moved:
    """退回修改 by whoever holds the task; `asked` are `field` and `remark` of the form of that step."""
    name = key_of(by, "send_back", wait_ref, key)

    def act() -> dict[str, Any]:
        with moving(of_wait(wait_ref), by, received_at, name) as move:
            wait, capacity = acts.at_hand(move, wait_ref, acting)
            if not _admits(move.folder, wait.element):
                raise NotFromHere(element=wait.element)
            again = sending_back.send_back(move, wait, target, reason, asked, capacity)
            _tell(move, target, reason.strip(), again)
        return move.result

    try:
        return Moved(**once(name, act))
    except Missing:
        raise Gone(wait=wait_ref) from None


def asked_at(session: Session, case_id: int, place: str) -> Asked | None:
    """What this step was sent back for and has not answered yet."""
    return asked.open_at(session, case_id, place)


def remarks_of(row: Asked) -> list[Remark]:
    """The same at its fields."""
    on = clock.local_day(row.at)
    return [Remark(each["field"], each["remark"], on, row.acting) for each in row.asked]


def to_take_back(session: Session, case: Any, by: Actor) -> Sending | Refused:
    """What this person may take back of an open case, or the refusal that says why they may not."""
    if case.status != "open":
        return Ended(case=case.number)
    try:
        return taking_back.offered(session, case.id, definitions.pinned(session, case.release_id), by)
    except Refused as no:
        return no


def take_back(case_ref: str, *, by: Actor, key: str, received_at: datetime | None = None) -> Moved:
    """撤回 of what this person sent last in the case; their task is open again, held by them, as it was typed."""
    name = key_of(by, "take_back", case_ref, key)

    def act() -> dict[str, Any]:
        with moving(of_ref(case_ref), by, received_at, name) as move:
            if move.session.scalar(select(Case.id).where(Case.id == move.case.id, cases.visible(by))) is None:
                raise Missing(case=case_ref)
            if move.status == "closed":
                raise Ended(case=move.case.number)
            taking_back.take_back(move)
        return move.result

    return Moved(**once(name, act))


def _admits(folder: Any, place: str) -> bool:
    return sending_back.admits(folder, place, elapsed.APPLICANT)


def _tell(move: Moving, target: str, reason: str, again: Again) -> None:
    """A letter to whoever is asked again: the one person, or everybody in the queue."""
    on = clock.local_day(move.now)
    persons = [again.holder] if again.holder else [each.id for each in people.holders(move.session, again.queue, on)]
    element = move.folder.element(target)
    step = element.name if element and element.name else target
    facts = {
        "number": move.case.number,
        "title": move.case.title,
        "step": step,
        "step_en": move.folder.home(target).words.get(step, step),
        "reason": reason,
    }
    letters.write(move.session, persons, move.case.id, LETTER, facts, move.now)
