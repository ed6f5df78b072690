"""Flows A and B, one client: a completion, its statements, moves a second, CPU of an instance, bytes of its state."""

import statistics
import time
from collections.abc import Iterator

from sqlalchemy import select

from engine import cases
from engine.cases import Case
from ground.database import Database, reading
from ground.people import Actor
from tests.bench import floor, house
from tests.bench.figures import Figure
from tests.engine import flows
from tests.engine.counting import counted

ROUNDS = 7
INSTANCES = 12
LOOPS = 24
A, B = "flow-a", "flow-b"


def measure() -> Iterator[Figure]:
    """Both flows on both databases; ours and the floor in turn, so that a slow minute slows both."""
    for kind in house.KINDS:
        with house.laid(kind) as store:
            by = house.officer()
            house.published(flows.in_a_row(A, 5))
            house.published(flows.visiting(B))
            yield from _flow_a(store, by, house.NAMES[kind])
            yield from _flow_b(store, by, house.NAMES[kind])
    yield from _engine()


def timed(wait_ref: str, by: Actor, key: str, answers: dict[str, str] = house.ANSWERS) -> float:
    """Seconds that this completion takes."""
    began = time.perf_counter()
    cases.complete(wait_ref, answers, by=by, key=key)
    return time.perf_counter() - began


def instance(by: Actor, name: str) -> tuple[list[float], float, float]:
    """One of flow A: the seconds of each move, the CPU seconds of all moves, and of all with their claims."""
    times, moves, claims = [], 0.0, 0.0
    at = time.process_time()
    began = time.perf_counter()
    ref = house.start(A, by, name)
    times.append(time.perf_counter() - began)
    moves += time.process_time() - at
    for place in range(5):
        [task] = house.open_tasks(ref)
        at = time.process_time()
        house.claim(task.ref, by)
        claims += time.process_time() - at
        at = time.process_time()
        times.append(timed(task.ref, by, f"{name}-{place}"))
        moves += time.process_time() - at
    return times, moves, moves + claims


def at_the_visit(by: Actor, name: str) -> str:
    """A case of flow B that has come as far as the visit."""
    ref = house.start(B, by, name)
    while True:
        tasks = house.open_tasks(ref)
        if [task.element for task in tasks] == ["visit"]:
            return ref
        for task in tasks:
            house.claim(task.ref, by)
            timed(task.ref, by, f"{name}-{task.ref}")


def loop(by: Actor, ref: str, name: str) -> list[float]:
    """There and back: the visit is done, the meeting returns it; the seconds of both moves."""
    times = []
    for outcome in ("forward", "return"):
        [task] = house.open_tasks(ref)
        house.claim(task.ref, by)
        times.append(timed(task.ref, by, f"{name}-{task.ref}", {**house.ANSWERS, "outcome": outcome}))
    return times


def _flow_a(store: Database, by: Actor, named: str) -> Iterator[Figure]:
    ours, bare, moves, claims, work = [], [], [], [], []
    with floor.bare(store, floor.diagram(A)) as bare_round:
        for number in range(-1, ROUNDS):
            each = [instance(by, f"{number}-{place}") for place in range(INSTANCES)]
            took = bare_round()
            if number < 0:
                continue  # what is compiled, prepared and cached the first time is no measure
            ours.append(statistics.median(one for times, _, _ in each for one in times[1:]))
            bare.append(took)
            work.append(floor.work())
            moves.append(statistics.mean(one for _, one, _ in each))
            claims.append(statistics.mean(one for _, _, one in each))
    own, least, plain = statistics.median(ours), statistics.median(bare), statistics.median(work)
    yield Figure(f"A, {named}: a completion, p50", own * 1e3, least * 1e3)
    yield Figure(f"A, {named}: moves of one client", 1 / own, 1 / least)
    yield Figure(f"A, {named}: CPU of an instance", statistics.median(moves) * 1e3, plain * 1e3)
    yield Figure(f"A, {named}: CPU of an instance with its claims", statistics.median(claims) * 1e3, plain * 1e3)
    yield from _counts(store, by, named)
    yield Figure(f"A, {named}: state of an open case", _state(house.start(A, by, "state")))


def _counts(store: Database, by: Actor, named: str) -> Iterator[Figure]:
    [task] = house.open_tasks(house.start(A, by, "counted"))
    house.claim(task.ref, by)
    with counted(store) as count:
        timed(task.ref, by, "counted")
    yield Figure(f"A, {named}: statements of a completion", count.statements)
    yield Figure(f"A, {named}: commits of a completion", count.commits)


def _flow_b(store: Database, by: Actor, named: str) -> Iterator[Figure]:
    ours, bare = [], []
    ref = at_the_visit(by, "b")
    loop(by, ref, "warm")
    with floor.bare(store, floor.diagram(A)) as bare_round:
        for number in range(ROUNDS):
            ours.append(statistics.median(one for place in range(LOOPS) for one in loop(by, ref, f"{number}-{place}")))
            bare.append(bare_round())
    own, least = statistics.median(ours), statistics.median(bare)
    yield Figure(f"B, {named}: a completion at the visit, p50", own * 1e3, least * 1e3)
    yield Figure(f"B, {named}: moves of one client", 1 / own, 1 / least)
    yield Figure(f"B, {named}: state at the visit", _state(ref))


def _engine() -> Iterator[Figure]:
    """The step alone, without any database, in CPU time."""
    with house.laid("sqlite"):
        house.officer()
        house.published(flows.in_a_row(A, 5))
        diagram = floor.diagram(A)
        body = floor.begun(diagram)
        took, bare = [], []
        for _ in range(ROUNDS):
            at = time.process_time()
            for _ in range(100):
                floor.step(body, diagram)
            took.append((time.process_time() - at) / 100)
            bare.append(floor.work())
    yield Figure("engine: a step", statistics.median(took) * 1e3, statistics.median(bare) * 1e3)


def _state(case_ref: str) -> int:
    with reading() as session:
        return len(session.scalar(select(Case.state).where(Case.ref == case_ref)))
