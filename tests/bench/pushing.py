"""An act on a thousand cases as a job: 催办, 延期 and 中止, until the last one is done.

Goal: fifteen seconds on either database.
"""

import time
from collections.abc import Iterator

from sqlalchemy import select

from engine.cases import Case
from engine.waits import Wait
from ground import clock, grants, jobs, organs, people
from ground.database import reading, transaction
from ground.people import Actor
from tasks import pushes
from tasks.pushing import Order
from tests.bench import house
from tests.bench.figures import Figure
from tests.engine import flows

CASES = 1_000
ACTS = (Order("urge"), Order("extend", {"days": 1}), Order("suspend"), Order("resume"))


def measure() -> Iterator[Figure]:
    """The seconds of each act on both databases, from asking to the end of the job."""
    for kind in house.KINDS:
        with house.laid(kind):
            head = _head()
            house.published(_asked())
            refs = [house.start("asked", head, f"k{number}") for number in range(CASES)]
            for order in ACTS:
                yield Figure(f"{order.act} of 1,000 cases: {house.NAMES[kind]}", _timed(refs, order, head))


def _timed(refs: list[str], order: Order, by: Actor) -> float:
    began = time.perf_counter()
    ref = pushes.start(refs, order, by=by, reason="统一推动", key=order.act)
    while jobs.run_due(clock.now()):
        pass
    took = time.perf_counter() - began
    with reading() as session:
        found = pushes.progress(session, ref, by)
        assert (found.left, found.results) == (0, {"done": CASES}), found
        assert session.scalar(select(Case.id).where(Case.status == "closed")) is None
        assert session.scalar(select(Wait.id)) is not None
    return took


def _asked() -> dict[str, bytes]:
    """One task with a date of ours and a reminder at its edge."""
    body = flows.reminded("ask").replace('jidi:form="opinion" ', 'jidi:form="opinion" jidi:deadline="intake" ')
    row = '<bpmn:startEvent id="begin"/>' + body + '<bpmn:endEvent id="done"/>'
    return flows.folder("asked", row + flows.flow("begin", "ask") + flows.flow("ask", "done"))


def _head() -> Actor:
    with transaction() as session:
        province = organs.body(session, "sc-mofcom")
        person = people.add_person(session, "bench", "测试员", "Bench")
        for role in ("prov_officer", "prov_division_head"):
            grants.give(session, person, role, province.id, clock.today())
        return people.actor(session, person, clock.today())
