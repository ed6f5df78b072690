"""P12. One bad case cannot stop others: steps that raise, states nobody can read, jobs that kill."""

import logging
import os
import signal
import time
from functools import partial
from statistics import quantiles
from typing import Any

from sqlalchemy import func, select, update

from engine import cases, definitions
from engine.cases import Case
from engine.history import History
from engine.incidents import Incident
from engine.steps import Move, step
from engine.waits import Timer, Wait
from ground import clock, jobs
from ground.database import Database, reading, transaction
from tasks import timers
from tests import databases
from tests.conftest import MORNING
from tests.engine import flows
from tests.trust import acts
from tests.trust.crash import LATER
from tests.trust.stores import Say, Stores, live, stores
from tests.trust.test_p06_deadlines import SOON, _begin as begin_due, lay as lay_dues
from tests.trust.work import standing, work

PROMISE = "one bad case cannot stop others"
GOOD, BAD, SWEEPS, ACTS, LIVES = 20, 4, 3, 600, 10
SLOWER = 2.0
POISON = acts.folder(
    "poison",
    '<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="moment"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT30M</bpmn:timeDuration></bpmn:timerEventDefinition>'
    '</bpmn:intermediateCatchEvent><bpmn:serviceTask id="burst" jidi:step="trials.burst"/><bpmn:endEvent id="done"/>'
    + flows.flow("begin", "moment")
    + flows.flow("moment", "burst")
    + flows.flow("burst", "done"),
)


@step("trials.burst")
def _burst(_move: Move) -> None:
    message = "a step that is wrong"
    raise RuntimeError(message)


@jobs.handler("trials.kill")
def _kill(_payload: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@jobs.handler("trials.good")
def _good(_payload: Any) -> None:
    """Does its work."""


def trials(scale: float) -> tuple[int, list[str]]:
    """Bad cases among good ones on both databases; at full length also how long others wait beside them."""
    tried, violations = 0, []
    for kind in databases.KINDS:
        with stores(kind) as made:
            first = made.first(lay)
            ways = [timers_beside, jobs_beside, *([load_beside] if scale >= 1 else [])]
            for way in ways:
                house = made.copy(first)
                count, found = way(made, house)
                tried += count
                violations += [f"{kind}, {way.__name__}: {each}" for each in found]
                made.drop(house)
    return tried, violations


def lay(empty: Database) -> None:
    """The house with the processes that wait, loop, and burst."""
    lay_dues(empty)
    before = clock.use(lambda: MORNING)
    with databases.using(empty), transaction() as session:
        definitions.publish(session, POISON, origin="owner", by=None, now=MORNING)
    clock.use(before)


def timers_beside(made: Stores, house: str) -> tuple[int, list[str]]:
    """Cases whose step raises, and cases whose state is nonsense, are due beside good ones, in several sweeps."""
    logging.disable(logging.CRITICAL)  # what they say is expected
    lives = [live(partial(_poisoned, made, house)), *[live(partial(_sweep, made, house)) for _ in range(SWEEPS)]]
    with made.open(house), reading() as session:
        fired = session.scalar(
            select(func.count()).select_from(History).join(Case, Case.id == History.case_id)
            .where(History.kind == "timer.fired", Case.title == "到期", Case.status == "closed")
        )  # fmt: skip
        open_ = session.execute(select(Incident.case_id).where(Incident.closed_at.is_(None))).scalars().all()
        stopped = session.scalar(select(func.count()).select_from(Timer).where(Timer.stopped))
    found = [life.failed for life in lives if life.failed]
    if (fired, len(set(open_)), len(open_), stopped) != (GOOD, 2 * BAD, 2 * BAD, 2 * BAD):
        found.append(f"{fired} of {GOOD} fired; {2 * BAD} are bad: {len(open_)} incidents, {stopped} set aside")
    return (GOOD + 2 * BAD) * SWEEPS, found


def jobs_beside(made: Stores, house: str) -> tuple[int, list[str]]:
    """A job that kills its runner each time; the others are done by the second life, and it is given up in the end."""
    lives = [live(partial(_ask, made, house))]
    found = []
    for number in range(1, LIVES + 1):
        lives.append(live(partial(_work, made, house, number)))
        with made.open(house), reading() as session:
            left = standing(session)
        if number > 1 and {"trials.good waiting", "trials.good todo"} & set(left):
            found.append(f"in life {number} others still wait: {left}")
        if not lives[-1].killed:
            break
    found += [f"{life.failed}" for life in lives if life.failed]
    if "trials.kill failed" not in left:
        found.append(f"after {number} lives: {left}")
    return GOOD + 1, found


def load_beside(made: Stores, house: str) -> tuple[int, list[str]]:
    """Somebody works all the while: their slowest hundredth takes at most twice as long beside bad cases."""
    logging.disable(logging.CRITICAL)
    plain = _worked(made, house, poisoned=False)
    beside = _worked(made, house, poisoned=True)
    return 2 * ACTS, [f"{beside:.1f} ms instead of {plain:.1f} ms"] if beside > SLOWER * plain else []


def _worked(made: Stores, first: str, *, poisoned: bool) -> float:
    """The 99th percentile of beginning a case and doing its task, in ms, while another process sweeps."""
    house = made.copy(first)
    if poisoned:
        live(partial(_poisoned, made, house))
    sweeper = acts.begun_sweeping(made, house, SOON)
    life = live(partial(_load, made, house))
    acts.end_sweeping(sweeper)
    made.drop(house)
    return float(life.said[-1])


def _load(made: Stores, house: str, say: Say) -> None:
    clock.use(lambda: SOON)
    took = []
    with made.open(house):
        by = acts.person("looper")
        place: Any = {"region": "510703", "organ": by.held[0].organ_id, "title": "好", "data": {"round": 0}, "by": by}
        for number in range(ACTS):
            began = time.perf_counter()
            case = cases.start("rounds", subject=f"base:{number}", key=f"load {number}", **place).ref
            with reading() as session:
                wait = session.scalar(select(Wait.ref).join(Case).where(Case.ref == case))
            acts.claim(wait, by)
            cases.complete(wait, acts.FORWARD, by=by, key="send")
            took.append((time.perf_counter() - began) * 1000)
    say(f"{quantiles(took[ACTS // 10 :], n=100)[98]}")


def _poisoned(made: Stores, house: str, _say: Say) -> None:
    """Good cases that are due soon, some that burst, and some whose state nobody can read."""
    clock.use(lambda: MORNING)
    with made.open(house):
        by = acts.person("looper")
        place: Any = {"region": "510703", "organ": by.held[0].organ_id, "title": "坏", "by": by}
        for number in range(BAD):
            cases.start("poison", subject=f"base:{number}", key=f"burst {number}", **place)
            begin_due(100 + number, SOON)
        with transaction() as session:
            nonsense = Case.subject.in_([f"base:{100 + number}" for number in range(BAD)])
            session.execute(update(Case).where(nonsense).values(state=b"\x07nonsense", title="不明"))
        for number in range(GOOD):
            begin_due(number, SOON)


def _sweep(made: Stores, house: str, _say: Say) -> None:
    clock.use(lambda: SOON)
    with made.open(house):
        timers.fire_due(clock.now())


def _ask(made: Stores, house: str, _say: Say) -> None:
    clock.use(lambda: MORNING)
    with made.open(house), transaction() as session:
        jobs.enqueue(session, "trials.kill", {})
        for _ in range(GOOD):
            jobs.enqueue(session, "trials.good", {})


def _work(made: Stores, house: str, life: int, _say: Say) -> None:
    clock.use(lambda: MORNING + LATER * life)
    with made.open(house):
        work()


def test_good_cases_and_jobs_are_done_beside_bad_ones(apart):
    tried, violations = apart.trials("test_p12_poison", 0.1)
    assert not violations
    assert tried == 2 * ((GOOD + 2 * BAD) * SWEEPS + GOOD + 1)
