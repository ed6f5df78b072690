"""What a holder has sent goes on as soon as its co-signers allow it, or comes back to the holder with the reason.

It is the holder's sending: their right, their capacity and their answers are read again at that moment, and the line
in the history is theirs, whoever's opinion was the last.
"""

from typing import Any

from sqlalchemy import Row as Record

from engine import cosigners, sendings
from engine.cases import acts, answers, behalf, four_eyes, hanging
from engine.cases.under_way import Moving
from ground import clock, substitutes
from ground.errors import Forbidden, Missing

GONE_ON, BACK, WAITS, NOT_SENT = "gone-on", "back", "waits", "not-sent"


def settle(move: Moving, wait: Record[Any], answered: Record[Any] | None = None) -> str:
    """After an opinion (`answered` is its row as it is now) or a co-signer less: what became of what was sent."""
    sending = sendings.standing(move.session, wait)
    if sending is None:
        return NOT_SENT
    rows = hanging.others(cosigners.of_wait(move.session, wait.id), wait.held_by)
    if answered is not None and cosigners.verdict(hanging.of_mode(rows, answered.mode)) is False:
        return _back(move, wait)
    if not hanging.agreed(rows):
        return WAITS
    return _gone_on(move, wait, sending)


def take_back(move: Moving, wait: Record[Any]) -> None:
    """The answers wait no more; whoever was to agree to them is asked again when the holder sends again."""
    sendings.drop(move.session, wait.id)
    cosigners.rest(move.session, wait.id)


def _gone_on(move: Moving, wait: Record[Any], sending: Record[Any]) -> str:
    """As the holder's act, if they could still do it; else it comes back to them."""
    last = move.by
    try:
        move.by = substitutes.actor(move.session, sending.by_person, clock.local_day(move.now))
        acts.check_right(move, wait)
        given = answers.read_for(move, wait, sending.answers)
    except (Missing, Forbidden, behalf.Ended, four_eyes.Separate, answers.Invalid):
        move.by = last
        return _back(move, wait)
    acts.finish(move, wait, given, sending.acting)
    return GONE_ON


def _back(move: Moving, wait: Record[Any]) -> str:
    take_back(move, wait)
    move.record("cosign.came_back", element=wait.element, organ=hanging.office(wait.queue))
    return BACK
