"""A bulk act under kill -9: whoever takes the job up again does each case once, and every number adds up.

Of the cases some are urged, one is suspended and refuses, one is closed and refuses. 催办 writes a line, a letter and a
claim in one commit, so a case that was done twice would show. Then the same with an act that moves the engine.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

from sqlalchemy import func, select

from engine import cases
from engine.cases import Case
from engine.history import History
from engine.waits import Wait
from ground import clock, jobs, people
from ground.database import Session, reading, transaction
from ground.people import Actor
from tasks import pushes
from tasks.letters import Letter
from tasks.pushes import Push, PushItem
from tasks.pushing import Order
from tests import databases
from tests.conftest import MORNING
from tests.engine import desk, flows
from tests.trust import acts, rows
from tests.trust.crash import LATER, Points
from tests.trust.stores import Life, Say, Stores, live, stores
from tests.trust.work import work

GO, AT_ONCE, AT_LEAST = 4, 3, 2
# What an act writes for each case that goes, and how many cases became what.
WRITES = {"urge": "task.pushed", "suspend": "case.suspended"}
BECAME = {"done": GO, "refused": 2}
STOOD = {"urge": 0, "suspend": 1}


def begin(act: str) -> None:
    """Six cases, one of them suspended and one closed, and the push asked for."""
    clock.use(lambda: MORNING)
    head = desk.person("push", "prov_officer", "prov_division_head")
    desk.publish(flows.in_a_row("row", 2))
    found = [desk.start("row", head, key=f"k{n}", subject=f"base:{n}") for n in range(GO + 2)]
    cases.suspend(found[1], by=head, reason="等待", key="s")
    cases.cancel(found[2], by=head, reason="撤回", key="c")
    pushes.start(found, Order(act), by=head, reason="统一推动", key="p")


@dataclass
class Pushing:
    """The house in which the job stands, and how many points the undisturbed job has."""

    stores: Stores
    act: str
    first: str = ""
    length: int = 0

    def rehearse(self) -> list[str]:
        """Let one life do the job undisturbed, twice: the first compiles what every later child is born with."""
        self.first = self.stores.first(acts.lay)
        with self.stores.open(self.first):
            begin(self.act)
        warm = self.stores.copy(self.first)
        self._do(warm, MORNING, None, lambda _line: None, watched=False)
        self.stores.drop(warm)
        house = self.stores.copy(self.first)
        life = self._life(house, MORNING, None)
        self.length = int(life.said[-1]) if life.said else 0
        return [life.failed] if life.failed else self._wrong(house)

    def trial(self, point: int, again: int | None) -> list[str]:
        """Kill the runner at a point, and the next one at another; then see what a third makes of it."""
        house, place = self.stores.copy(self.first), f"{self.stores.kind}, {self.act} at point {point} of {self.length}"
        life, moment = self._life(house, MORNING, point), MORNING + LATER
        if not life.killed:
            return [f"{place}: was not killed but {life.failed or 'went through'}"]
        found = self._half(house)
        if again is not None:
            self._life(house, moment, again)
            moment += LATER
        last = self._life(house, moment, None)
        return [f"{place}: {each}" for each in [*found, *([last.failed] if last.failed else []), *self._wrong(house)]]

    def _life(self, house: str, moment: datetime, fatal: int | None) -> Life:
        return live(partial(self._do, house, moment, fatal))

    def _do(self, house: str, moment: datetime, fatal: int | None, say: Say, *, watched: bool = True) -> None:
        clock.use(lambda: moment)
        pushes.AT_ONCE = AT_ONCE
        logging.disable(logging.CRITICAL)
        points = Points(fatal)
        with self.stores.open(house) as store:
            if watched:
                points.watch(store)
            work()
        say(f"{points.passed}")

    def _half(self, house: str) -> list[str]:
        """What must hold at every moment: as many rows say `done` as cases have their line."""
        with self.stores.open(house), reading() as session:
            done = session.scalar(select(func.count()).select_from(PushItem).where(PushItem.state == "done"))
            lines = self._lines(session)
        return [f"{lines} lines, and {done} rows say done"] if lines != done else []

    def _wrong(self, house: str) -> list[str]:
        """What is not as it must be once the job is over; the house is gone then."""
        with self.stores.open(house), reading() as session:
            found = list(self._faults(session))
        self.stores.drop(house)
        return found

    def _faults(self, session: Session) -> Iterator[str]:
        counted = session.execute(select(PushItem.state, func.count().label("n")).group_by(PushItem.state))
        if (became := {row.state: row.n for row in counted}) != BECAME:
            yield f"{became} instead of {BECAME}"
        if (lines := self._lines(session)) != GO:
            yield f"{lines} lines instead of {GO}"
        letters = session.scalar(select(func.count()).select_from(Letter).where(Letter.template == "pushed"))
        could = len(people.holders(session, session.scalar(select(Wait.queue).limit(1)), clock.today()))
        if letters != (GO * could if self.act == "urge" else 0):
            yield f"{letters} letters to {could}"
        if session.scalar(select(Push.ended_at)) is None:
            yield "it is not over"
        yield from rows.broken_chains(session)
        yield from (f"job {each.kind} failed: {each.error}" for each in jobs.failed(session))

    def _lines(self, session: Session) -> int:
        """How many cases the act has left its line in, but for what was done before it began."""
        kind = WRITES[self.act]
        lines = session.execute(select(History.case_id).where(History.kind == kind)).scalars().all()
        closed = session.scalar(select(func.count()).select_from(Case).where(Case.status == "closed"))
        assert closed == 1
        return len(lines) - STOOD[self.act]


def trials(scale: float) -> tuple[int, list[str]]:
    """Points drawn by a fixed seed on both databases; a third of the runners that take it up are killed as well.

    A runner that marks a case before it is done is planted, and must be found.
    """
    chance, tried, violations = Random(8), 0, list[str]()  # noqa: S311  drawn, so that it can be drawn again
    for kind, act in zip(databases.KINDS, WRITES, strict=True):
        with stores(kind) as made:
            pushing = Pushing(made, act)
            violations += pushing.rehearse()
            number = max(AT_LEAST, round(pushing.length * min(1, scale) / 4))
            for point in chance.sample(range(1, pushing.length + 1), number):
                again = chance.randint(1, pushing.length) if chance.random() < 1 / 3 else None
                violations += pushing.trial(point, again)
                tried += 1
            if not _planted(pushing):
                violations.append(f"{kind}: a case that was marked before it was done was not found out")
    return tried, violations


def _planted(pushing: Pushing) -> bool:
    """Whether it is seen that a case is marked in one transaction and done in the next."""
    right = pushes.pushing.done

    def hasty(case: Case, order: Order, by: Actor, reason: str, key: str, claim: partial[None]) -> None:
        with transaction() as session:
            claim(session, 1)
        right(case, order, by, reason, key, lambda _session, _tasks: None)

    pushes.pushing.done = hasty  # type: ignore[assignment]
    try:
        return any(pushing.trial(point, None) for point in range(pushing.length // 3, pushing.length))
    finally:
        pushes.pushing.done = right
