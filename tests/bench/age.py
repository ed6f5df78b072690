"""A case of 10,000 rounds: its last rounds beside its first, through the door that every completion takes."""

import statistics
from collections.abc import Iterator

from sqlalchemy import select

from engine.cases import Case
from ground.database import reading
from ground.people import Actor
from tests.bench import house
from tests.bench.figures import Figure
from tests.bench.flows import timed
from tests.engine import flows

OLD = 10_000
YOUNG = 10
SAMPLE = 200
KEY = "rounds"


def measure() -> Iterator[Figure]:
    """The ratio of old to young, of wall time, and the state's bytes at the end."""
    for kind in house.KINDS:
        with house.laid(kind):
            by = house.officer()
            house.published(_rounds(by))
            for number in range(3):  # what is compiled, prepared and cached the first time is no measure of youth
                _through(house.start(KEY, by, f"warm-{number}"), by, 20)
            ref = house.start(KEY, by, "old")
            times = _through(ref, by, OLD)
            young = statistics.median(times[YOUNG : YOUNG + SAMPLE])
            old = statistics.median(times[-SAMPLE:])
            named = house.NAMES[kind]
            yield Figure(f"age, {named}: round {OLD:,} beside round {YOUNG}", old / young)
            yield Figure(f"age, {named}: state after {OLD:,} rounds", _state(ref))


def _rounds(by: Actor) -> dict[str, bytes]:
    """A task that goes to one person again and again, until they say that it is enough."""
    body = (
        '<bpmn:startEvent id="begin"/>'
        + flows.reminded("ask").replace('jidi:scope="province"', f'jidi:scope="person({by.person})"')
        + '<bpmn:exclusiveGateway id="which" default="which_ask"/><bpmn:endEvent id="done"/>'
        + flows.flow("begin", "ask")
        + flows.flow("ask", "which")
        + flows.flow("which", "ask")
        + flows.flow("which", "done", 'outcome == "return"')
    )
    return flows.folder(KEY, body)


def _through(ref: str, by: Actor, rounds: int) -> list[float]:
    times = []
    for number in range(rounds):
        [task] = house.open_tasks(ref)
        times.append(timed(task.ref, by, str(number)))
    return times


def _state(ref: str) -> int:
    with reading() as session:
        return len(session.scalar(select(Case.state).where(Case.ref == ref)))
