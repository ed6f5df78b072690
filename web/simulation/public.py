"""The public: now and then somebody objects to a base on a notice that runs, with a name, without, or for a unit."""

from datetime import date
from random import Random
from typing import Any

from bases.verdicts import notice, objector
from ground import clock
from ground.database import reading, transaction
from ground.errors import Refused

OBJECTS = 0.4  # of the bases on a notice somebody objects to
UNNAMED = 0.25  # of those without a name, so that it is kept as a clue
DAYS = (1, 4)  # after the notice was published, while it still runs
FACTS = "所报出口数据与实际不符，请予核查。（模拟数据）"


def object_(today: date, seed: int) -> int:
    """Whoever objects today to one of the bases on the notices that run; how many did."""
    with reading() as session:
        running = notice.running(session, today)
        listed = notice.bases_of(session, [each.id for each in running])
    return sum(
        _objects(found, base, Random(f"{seed}-{base.name}-{found.opens_on}"), today)  # noqa: S311  a story
        for found in running
        for base in listed[found.id]
        if base.withdrawn_at is None
    )


def _objects(found: Any, base: Any, chance: Random, today: date) -> bool:
    if chance.random() >= OBJECTS or (today - found.opens_on).days != chance.randint(*DAYS):
        return False
    name = "" if chance.random() < UNNAMED else "群众甲（模拟）"
    given = objector.Given(unit=False, name=name, contact_person="", contact="objector@example.com", facts=FACTS)
    try:
        with transaction() as session:
            objector.object_to(session, found, base.base_id, given, key=f"simulated-{base.ref}", now=clock.now())
    except Refused:
        return False
    return True
