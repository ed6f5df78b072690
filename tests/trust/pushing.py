"""A bulk act under kill -9: whoever takes the job up again does each case once, and every number adds up.

Of the cases some are urged, one is suspended and refuses, one is closed and refuses. 催办 writes a line, a letter and a
claim in one commit, so a case that was done twice would show. Then the same with an act that moves the engine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from sqlalchemy import func, select

from engine import cases
from engine.cases import Case
from engine.history import History
from engine.waits import Wait
from ground import clock, jobs, people
from ground.database import Session, transaction
from ground.people import Actor
from tasks import pushes
from tasks.letters import Letter
from tasks.pushes import Push, PushItem
from tasks.pushing import Order
from tests import databases
from tests.engine import desk, flows
from tests.trust import rows
from tests.trust.stores import stores
from tests.trust.taken_up import Many, TakenUp

GO, AT_ONCE, AT_LEAST = 4, 3, 2
# What an act writes for each case that goes, and how many cases became what.
WRITES = {"urge": "task.pushed", "suspend": "case.suspended"}
BECAME = {"done": GO, "refused": 2}
STOOD = {"urge": 0, "suspend": 1}


@dataclass
class Pushing(Many):
    """Six cases, one of them suspended and one closed, and one act on all of them asked for."""

    name: str

    def begin(self) -> None:
        head = desk.person("push", "prov_officer", "prov_division_head")
        desk.publish(flows.in_a_row("row", 2))
        found = [desk.start("row", head, key=f"k{n}", subject=f"base:{n}") for n in range(GO + 2)]
        cases.suspend(found[1], by=head, reason="等待", key="s")
        cases.cancel(found[2], by=head, reason="撤回", key="c")
        pushes.start(found, Order(self.name), by=head, reason="统一推动", key="p")

    def part(self) -> None:
        pushes.AT_ONCE = AT_ONCE

    def half(self, session: Session) -> list[str]:
        """What must hold at every moment: as many rows say `done` as cases have their line."""
        done = session.scalar(select(func.count()).select_from(PushItem).where(PushItem.state == "done"))
        lines = self._lines(session)
        return [f"{lines} lines, and {done} rows say done"] if lines != done else []

    def faults(self, session: Session) -> Iterator[str]:
        counted = session.execute(select(PushItem.state, func.count().label("n")).group_by(PushItem.state))
        if (became := {row.state: row.n for row in counted}) != BECAME:
            yield f"{became} instead of {BECAME}"
        if (lines := self._lines(session)) != GO:
            yield f"{lines} lines instead of {GO}"
        letters = session.scalar(select(func.count()).select_from(Letter).where(Letter.template == "pushed"))
        could = len(people.holders(session, session.scalar(select(Wait.queue).limit(1)), clock.today()))
        if letters != (GO * could if self.name == "urge" else 0):
            yield f"{letters} letters to {could}"
        if session.scalar(select(Push.ended_at)) is None:
            yield "it is not over"
        yield from rows.broken_chains(session)
        yield from (f"job {each.kind} failed: {each.error}" for each in jobs.failed(session))

    def _lines(self, session: Session) -> int:
        """How many cases the act has left its line in, but for what was done before it began."""
        kind = WRITES[self.name]
        lines = session.execute(select(History.case_id).where(History.kind == kind)).scalars().all()
        closed = session.scalar(select(func.count()).select_from(Case).where(Case.status == "closed"))
        assert closed == 1
        return len(lines) - STOOD[self.name]


def trials(scale: float) -> tuple[int, list[str]]:
    """Points drawn by a fixed seed on both databases; a third of the runners that take it up are killed as well.

    A runner that marks a case before it is done is planted, and must be found.
    """
    chance, tried, violations = Random(8), 0, list[str]()  # noqa: S311  drawn, so that it can be drawn again
    for kind, act in zip(databases.KINDS, WRITES, strict=True):
        with stores(kind) as made:
            job = TakenUp(made, Pushing(act))
            violations += job.rehearse()
            number = max(AT_LEAST, round(job.length * min(1, scale) / 4))
            violations += job.drawn(chance, number)
            tried += number
            if not _planted(job):
                violations.append(f"{kind}: a case that was marked before it was done was not found out")
    return tried, violations


def _planted(job: TakenUp) -> bool:
    """Whether it is seen that a case is marked in one transaction and done in the next."""
    right = pushes.pushing.done

    def hasty(case: Case, order: Order, by: Actor, reason: str, key: str, claim: partial[None]) -> None:
        with transaction() as session:
            claim(session, 1)
        right(case, order, by, reason, key, lambda _session, _tasks: None)

    pushes.pushing.done = hasty  # type: ignore[assignment]
    try:
        return job.sees()
    finally:
        pushes.pushing.done = right
