"""A notice that lists several of the demo's bases, published by a case of its own, for tests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, update

from bases.verdicts import batch_ranking, notice, objector
from bases.verdicts.objector import Given
from engine.cases import Case
from ground.database import Session
from tests.bases import moves

FIVE = ("B041", "B042", "B043", "B044", "B045")
NAME, CONTACT = "甄正言", "13800000000转证人"
FACTS = "2025年出口额虚报，见海关数据。"


def proposed(
    session: Session, keys: Sequence[str], now: datetime, visited: Sequence[str] = ()
) -> list[batch_ranking.Proposed]:
    """These bases, each with a case of its own."""
    found = [(key, moves.base(session, key)) for key in keys]
    return [
        batch_ranking.Proposed(base.id, moves.open_case(session, key, now).id, base.name, base.city, key in visited)
        for key, base in found
    ]


def published(session: Session, now: datetime, keys: Sequence[str] = FIVE, subject: str = "batch:7") -> Record[Any]:
    """One notice for these bases, published by a case about the batch."""
    owner = moves.open_case(session, keys[0], now)
    session.execute(update(Case).where(Case.id == owner.id).values(subject=subject))
    return notice.publish(session, proposed(session, keys, now), owner.id, now)


def given(**changes: Any) -> Given:
    """What a person who gives name, contact and facts brings."""
    values = {"unit": False, "name": NAME, "contact_person": "", "contact": CONTACT, "facts": FACTS}
    return Given(**{**values, **changes})


def objected(session: Session, found: Record[Any], key: str, now: datetime, **changes: Any) -> Record[Any]:
    """An objection to the base of this key."""
    base = moves.base(session, key)
    return objector.object_to(session, found, base.id, given(**changes), key=f"key-{key}", now=now)
