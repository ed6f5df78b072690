"""An application taken back: by the base alone before the city has reported, with the city's letter after it."""

from typing import Any

from sqlalchemy import select

from bases.filing import incoming_letter
from bases.verdicts import batch_entry, decision
from engine.steps import Move, step
from engine.waits import Wait
from ground.errors import Refused

CONSENT = "withdrawal_consent"


class TooLate(Refused):
    """What has been decided, or refused at intake, can no longer be taken back."""

    code = "withdrawal.too_late"


class Pending(Refused):
    """The city is asked about this already."""

    code = "withdrawal.pending"


@step("withdrawal.open", returns=("letter_needed",))
def open_(move: Move) -> dict[str, Any]:
    """R-9.1, N-7: after 上报 a withdrawal takes effect only with the city's letter; everything else goes on."""
    if _decided(move):
        raise TooLate(case=move.case.ref)
    waiting = select(Wait.id).where(Wait.case_id == move.case.id, Wait.element == CONSENT)
    if move.session.execute(waiting).first() is not None:
        raise Pending(case=move.case.ref)
    needed = bool(incoming_letter.of_case(move.session, move.case.id, incoming_letter.REPORT))
    move.record("withdrawal.asked", letter=needed)
    return {"letter_needed": needed}


def _decided(move: Move) -> bool:
    entry = batch_entry.of_case(move.session, move.case.id)
    if decision.of_case(move.session, move.case.id) is not None or (entry is not None and entry.outcome is not None):
        return True
    taken_in = move.submissions("intake")
    return bool(taken_in) and taken_in[-1].answers.get("outcome") == "refuse"
