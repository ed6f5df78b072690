"""Naming a substitute, who is told so by a letter of the house: it is about no case."""

from datetime import datetime

from sqlalchemy import select

from ground import substitutes
from ground.database import Session
from ground.people import Actor, Person
from ground.substitutes import Wish
from tasks import letters

LETTER = "substitute_named"


def name(session: Session, by: Actor, wish: Wish, now: datetime) -> str:
    """Name a substitute and tell them; the same wish again is the same substitution and no second letter.

    What `substitutes.name` refuses is refused here.
    """
    # Whoever names somebody twice at once waits here, and then finds the first.
    session.execute(select(Person.id).where(Person.id == by.person).with_for_update())
    known = {row.ref for row in substitutes.of(session, by)}
    ref = substitutes.name(session, by, wish, now)
    if ref not in known:
        person = session.scalar(select(Person.id).where(Person.ref == wish.substitute))
        facts = {
            "who": {"zh": by.name, "en": by.name_en or by.name},
            "begins": wish.valid_from.isoformat(),
            "ends": wish.valid_to.isoformat(),
        }
        letters.write_apart(session, [person], LETTER, facts, now)
    return ref
