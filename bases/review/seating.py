"""Filling the seats of a drawn panel: who was invited, accepted, declined or did not answer, and who moves up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, update

from bases.review import conflict, draw, panel
from bases.review.draw import Candidate, Snapshot
from bases.review.panel import Seat
from ground.database import Session
from ground.errors import Refused

NOBODY = 0
# Reasons of a refusal that are themselves a tie to this base.
TIES = frozenset(conflict.KINDS)


class NotDrawn(Refused):
    """This person was not drawn for the panel, or has answered before."""

    code = "panel.not_drawn"


def open_(session: Session, row: Record[Any], witness: int | None, now: datetime) -> list[int]:
    """The witness has confirmed the draw: its members are invited."""
    panel.change(session, row.id, witness_id=witness, witnessed_at=now)
    members = [each.person_id for each in panel.drawn_seats(session, row.id) if each.standing == panel.MEMBER]
    for person in members:
        _answer(session, row.id, person, panel.INVITED, None)
    return members


def accept(session: Session, row: Record[Any], person: int, now: datetime) -> None:
    """This expert has signed the pledge and takes the seat."""
    _invited(session, row, person)
    _answer(session, row.id, person, panel.ACCEPTED, now)


def replace(
    session: Session, row: Record[Any], person: int, reason: str | None, base: Record[Any], now: datetime
) -> int:
    """This expert gives up the seat, or has not answered (no reason): who moves up, NOBODY if nobody is left.

    A reason that is a tie to the base is kept as one, so that this expert is not drawn for it again.
    """
    _invited(session, row, person)
    _answer(session, row.id, person, panel.DECLINED if reason else panel.SILENT, now, reason)
    if reason in TIES:
        facts = {"base_id": base.id, "case_id": row.case_id, "decided_by": person}
        conflict.record(session, person, str(reason), "expert", now, **facts)
    following = next_up(session, row)
    if following != NOBODY:
        _answer(session, row.id, following, panel.INVITED, None)
    return following


def next_up(session: Session, row: Record[Any]) -> int:
    """The first substitute by lot who was not asked yet and beside whom the panel still keeps the rule."""
    snapshot = Snapshot.of_document(row.snapshot)
    known = {each.person: each for each in snapshot.pool}
    rows = panel.drawn_seats(session, row.id)
    sitting = [known[each.person_id] for each in rows if each.answer in {panel.INVITED, panel.ACCEPTED}]
    free = [known[each.person_id] for each in rows if each.standing == panel.SUBSTITUTE and each.answer is None]
    return next((each.person for each in free if _fits(sitting, each, snapshot)), NOBODY)


def keeps_the_rule(row: Record[Any], persons: Sequence[int]) -> bool:
    """Whether these who sit still hold one of each kind that the rule asks for."""
    snapshot = Snapshot.of_document(row.snapshot)
    sitting = [each for each in snapshot.pool if each.person in persons]
    return snapshot.rule is None or draw.lacking(sitting, snapshot.rule) == 0


def _fits(sitting: list[Candidate], candidate: Candidate, snapshot: Snapshot) -> bool:
    return draw.fits(sitting, candidate, snapshot)


def _invited(session: Session, row: Record[Any], person: int) -> None:
    found = [each for each in panel.drawn_seats(session, row.id) if each.person_id == person]
    if not found or found[0].answer != panel.INVITED:
        raise NotDrawn(panel=row.id)


def _answer(
    session: Session, panel_id: int, person: int, answer: str, now: datetime | None, reason: str | None = None
) -> None:
    session.execute(
        update(Seat)
        .where(Seat.panel_id == panel_id, Seat.person_id == person)
        .values(answer=answer, answered_at=now, reason=reason)
    )
