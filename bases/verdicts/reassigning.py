"""Giving an objection to another handler: whoever leaves it reads who objected no longer, and the next only from then.

The head of the division does it, with a reason; what the handler is asked for goes to the new one at the same moment.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from bases.verdicts import handling, objection
from bases.verdicts.objection import CLUE, EXAMINED, RESULTS
from engine import history, holding, waits
from engine.cases import NoReason, moving, note
from engine.cases.case import join
from engine.cases.locking import of_id
from ground import people
from ground.clock import local_day
from ground.database import Session, reading, transaction
from ground.errors import Forbidden, Refused
from ground.people import Actor

HEAD = "prov_division_head"
SCALAR = "handler"
LONGEST = 500


class NotToBeHandedOver(Refused):
    """Nobody handles this objection yet, or it is over, or it is this person's already."""

    code = "objection.not_to_be_handed_over"


def reassign(ref: str, name: str, *, by: Actor, reason: str, now: datetime) -> None:
    """Give it to the officer of this name, who had no hand in the base's case; NotApart for everybody else.

    A clue has no task any more: there it is settled who reads it.
    """
    _check(ref, by, reason)
    with reading() as session:
        found = objection.by_ref(session, ref)
    if found.state == CLUE:
        with transaction() as session:
            _hand_over(session, ref, name, now)
            if found.case_id is not None:
                told = history.Fact("objection.reassigned", now, by.person, detail={"reason": reason.strip()})
                note(session, found.case_id, told)
        return
    with moving(of_id(found.case_id or 0), by, now) as move:
        new = _hand_over(move.session, ref, name, now)
        move.instance.correct(SCALAR, new)
        _ask(move, new)
        move.record("objection.reassigned", reason=reason.strip())


def may_be(row: Record[Any]) -> bool:
    """Whether it is in somebody's hands, or a clue that somebody should read."""
    return row.state in {EXAMINED, CLUE} or (row.state in RESULTS and row.replied_at is None)


def _check(ref: str, by: Actor, reason: str) -> None:
    if not any(held.role == HEAD and held.organ_kind == "province" for held in by.held):
        raise Forbidden(objection=ref, rights=True)
    if not 0 < len(reason.strip()) <= LONGEST:
        raise NoReason(act="reassign", most=LONGEST)


def _hand_over(session: Session, ref: str, name: str, now: datetime) -> int:
    found = objection.by_ref(session, ref)
    new = handling.chosen(session, found.base_id, name, local_day(now))
    if not may_be(found) or new == found.handler_id:
        raise NotToBeHandedOver(objection=ref, state=found.state)
    objection.hand_over(session, found.id, new)
    return new


def _ask(move: Any, new: int) -> None:
    """Every open task that the diagram gives to the handler is now the new one's, also one that nobody held."""
    diagram = move.folder.diagram
    asked = {place for place, each in diagram.elements.items() if each.argument and each.argument.source == SCALAR}
    for row in waits.standing(move.session, move.case.id):
        if row.kind == "wait" and row.element in asked:
            holding.address(move.session, row.id, people.person_key(new), new, move.now)
    join(move.session, move.case.id, new)
