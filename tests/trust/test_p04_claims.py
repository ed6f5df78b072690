"""P4. A task has at most one holder and is never in no queue: eight people at once, and each answer explained."""

import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import orjson
from sqlalchemy import func, select, update

from engine import cases, definitions
from engine.cases import Case
from engine.holding import Gone, Taken
from engine.submissions import Submission
from engine.waits import Wait
from ground import clock, grants, organs, people
from ground.database import Database, reading, transaction
from ground.errors import Busy
from ground.people import Actor
from tasks import queue
from tests import databases
from tests.conftest import MORNING
from tests.engine import flows
from tests.trust import acts, rows
from tests.trust.linearizable import Did, explained
from tests.trust.stores import Say, Stores, live_all, stores

PROMISE = "a task has at most one holder and is never in no queue"
PEOPLE, TASKS, ACTS, RUNS = 8, 10, 250, 6
BETWEEN_SECONDS = 0.03  # so long that somebody else surely comes between, on a machine with one core as well
ROUND = acts.folder(
    "round",
    '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="again"/><bpmn:exclusiveGateway id="more" default="back"/>'
    + flows.user("ask")
    + '<bpmn:endEvent id="done"/>'
    + flows.flow("begin", "again")
    + flows.flow("again", "ask")
    + flows.flow("ask", "more")
    + flows.flow("more", "done", 'outcome == "return"')
    + flows.flow("more", "again").replace("more_again", "back"),
)
Claim = Callable[[str, Actor], None]


def trials(scale: float) -> tuple[int, list[str]]:
    """Runs on both databases, then one on each with a fault that the same check must find."""
    tried, violations = 0, []
    for kind in databases.KINDS:
        with stores(kind) as made:
            first = made.first(lay)
            for seed in range(max(1, round(RUNS * scale))):
                done, found = run(made, first, seed, max(20, round(ACTS * min(scale, 1))), claim)
                tried += done
                violations += [f"{kind}, seed {seed}: {each}" for each in found]
            _, found = run(made, first, 99, max(40, round(ACTS * min(scale, 1))), look_and_take)
            if not any("nobody could explain" in each for each in found):
                violations.append(f"{kind}: a claim that looks first and takes then was not found out")
    return tried, violations


def lay(empty: Database) -> None:
    """A house with eight officers and as many cases as there are tasks, each of which asks again and again."""
    acts.lay(empty)
    before = clock.use(lambda: MORNING)
    with databases.using(empty):
        with transaction() as session:
            definitions.publish(session, ROUND, origin="owner", by=None, now=MORNING)
            for number in range(PEOPLE):
                person = people.add_person(session, f"claimer{number}", f"员{number}", f"Claimer {number}")
                grants.give(session, person, "prov_officer", organs.body(session, "sc-mofcom").id, clock.today())
        by = acts.person("claimer0")
        place: Mapping[str, Any] = {"region": "510703", "organ": by.held[0].organ_id, "title": "轮", "by": by}
        for number in range(TASKS):
            cases.start("round", subject=f"base:{number}", key=f"{number}", **place)
    clock.use(before)


def run(made: Stores, first: str, seed: int, count: int, take: Claim) -> tuple[int, list[str]]:
    """Let all of them act at once; how many acts there were, and what cannot be explained."""
    house = made.copy(first)
    lives = live_all(
        [
            lambda say, number=number: _act(made, house, number, Random(seed * PEOPLE + number), count, take, say)  # noqa: S311
            for number in range(PEOPLE)
        ]
    )
    failed = [life.failed for life in lives if life.failed]
    told = [orjson.loads(line) for life in lives for line in life.said]
    found = [*failed, *_unexplained(told)]
    with made.open(house), reading() as session:
        found += _left(told, session)
    made.drop(house)
    return len(told), found


def claim(wait: str, by: Actor) -> None:
    """As a person does it."""
    with transaction() as session:
        queue.claim(session, wait, by, clock.now())


def look_and_take(wait: str, by: Actor) -> None:
    """As it must not be done: look whether the task is free, then write oneself down."""
    with reading() as session:
        held = session.execute(select(Wait.held_by).where(Wait.ref == wait)).one_or_none()
    if held is None:
        raise Gone(wait=wait)
    if held.held_by not in {None, by.person}:
        raise Taken(wait=wait)
    time.sleep(BETWEEN_SECONDS)
    with transaction() as session:
        if session.execute(update(Wait).where(Wait.ref == wait).values(held_by=by.person)).rowcount == 0:
            raise Gone(wait=wait)


def _act(made: Stores, house: str, number: int, chance: Random, count: int, take: Claim, say: Say) -> None:
    clock.use(lambda: MORNING)
    with made.open(house):
        by = acts.person(f"claimer{number}")
        for _ in range(count):
            with reading() as session:
                open_ = [row.ref for row in session.execute(select(Wait.ref).order_by(Wait.id))]
            kind = chance.choice(("claim", "claim", "next", "release", "complete", "complete"))
            wait, asked, ok = chance.choice(open_), time.monotonic_ns(), True
            try:
                if kind == "next":
                    with transaction() as session:
                        wait = queue.claim_next(session, by, queue.Filters(element="ask"), clock.now())
                else:
                    _ask(kind, wait, by, take)
            except (Taken, Gone, cases.NotYours):
                ok = False
            except queue.NothingFree:
                kind, wait, ok = "blocked", "", False
            except Busy:
                continue
            kind = "claim" if kind == "next" else kind
            say(orjson.dumps([wait, [asked, time.monotonic_ns(), kind, by.person, ok]]).decode())


def _ask(kind: str, wait: str, by: Actor, take: Claim) -> None:
    if kind == "claim":
        take(wait, by)
    elif kind == "release":
        with transaction() as session:
            queue.release(session, wait, by, clock.now())
    else:
        cases.complete(wait, acts.FORWARD, by=by, key=f"{time.monotonic_ns()}")


def _unexplained(told: list[Any]) -> list[str]:
    """Each task whose answers fit no order of its acts."""
    by_task: dict[str, list[Did]] = {}
    for wait, did in told:
        by_task.setdefault(wait, []).append(Did(*did))
    blocked = by_task.pop("", [])
    bad = []
    for wait, history in by_task.items():
        # From its first act to its last the task was surely there, so whoever found nothing free found this one taken.
        known = [did for did in blocked if did.asked > min(history).answered and did.answered < max(history).asked]
        if not explained([*history, *known]):
            bad.append(f"task {wait}: nobody could explain {len(history)} answers")
    return bad


def _left(told: list[Any], session: Any) -> list[str]:
    """Afterwards: one open task a case, in its queue, and a submission for each completion that was confirmed."""
    found = rows.broken_chains(session)
    open_ = session.execute(select(Wait.case_id, Wait.queue)).all()
    running = session.scalar(select(func.count()).select_from(Case).where(Case.status == "open"))
    if len({row.case_id for row in open_}) != running or len(open_) != running:
        found.append(f"{len(open_)} tasks of {running} cases are open")
    if {row.queue for row in open_} - {waits_queue(session)}:
        found.append(f"a task left its queue: {open_}")
    sent = session.scalar(select(func.count()).select_from(Submission))
    confirmed = sum(did[2] == "complete" and did[4] for _, did in told)
    return found if sent == confirmed else [*found, f"{confirmed} completions were confirmed, {sent} are there"]


def waits_queue(session: Any) -> str:
    """The queue of the province's officers."""
    return people.resolve(session, "prov_officer", "province", None, "510703", clock.today()).key


def test_what_eight_people_were_told_is_explained_and_a_planted_fault_is_found(apart):
    tried, violations = apart.trials("test_p04_claims", 0.08)
    assert not violations
    assert tried >= 2 * PEOPLE * 18
