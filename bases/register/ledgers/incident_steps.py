"""What the diagram of the check of an incident may call: tie the case to its entry, and write down what was agreed."""

from collections.abc import Mapping
from typing import Any

from bases.register import base
from bases.register.ledgers import incident, reading
from engine.steps import Move, step
from ground.errors import Missing

AGREED = "agree"


@step("incident.take_up")
def take_up(move: Move) -> None:
    """Tie the case to the entry that asked for it; an entry of another base is none."""
    entry = reading.by_ref(move.session, str(move.data.get("entry") or ""))
    if entry.register != "adverse_event" or entry.base_id != base.of_subject(move.session, move.case.subject).id:
        raise Missing(entry=entry.ref)
    incident.take_up(move.session, entry.id, move.case.id)
    move.record("adverse.taken_up", entry=entry.ref)


@step("incident.settle", returns=("confirmed",))
def settle(move: Move) -> Mapping[str, Any]:
    """What the head of the division agreed to is what became of it; without that, nothing."""
    found, agreed = move.submissions("check"), move.submissions("confirm")
    if not found or not agreed or agreed[-1].by is None or agreed[-1].answers.get("outcome") != AGREED:
        raise incident.NotAgreed(case=move.case.ref)
    state = found[-1].answers["finding"]
    incident.settle(move.session, move.case.id, state, found[-1].answers.get("basis") or "", agreed[-1].by, move.now)
    move.record("adverse.settled", outcome=state)
    return {"confirmed": state == incident.CONFIRMED}
