"""Cases migrated in bulk under kill -9: whoever takes the job up again does each case once, and every number adds up.

Of the cases some can move, one is suspended and can move too, one stands where its element is gone, and the state of
one cannot be read. Between the life that is killed and the one that ends the job, another may be killed as well.
"""

from collections.abc import Iterator
from functools import partial
from random import Random

from sqlalchemy import func, select, update

from engine import cases, definitions, incidents
from engine.cases import Case, migrations
from engine.cases.migrating import Aim, Verdict
from engine.cases.migrations import CaseMigration
from engine.history import History
from engine.waits import Timer, Wait
from ground import jobs
from ground.database import Session, transaction
from ground.people import Actor
from tests import databases
from tests.conftest import MORNING
from tests.engine import desk, flows
from tests.trust import acts, rows
from tests.trust.stores import stores
from tests.trust.taken_up import Many, TakenUp

MOVE, GONE, BROKEN = 4, "base:gone", "base:broken"
SUSPENDED = "base:1"
BECAME = {"moved": MOVE, "needs_mapping": 1, "must_stay": 1}
# How often each was migrated, and what waits in it.
MOVED = (1, ["first"], ["late_third"])
EXPECTED = {GONE: (0, ["second"], []), BROKEN: (0, ["first"], ["late_second"])}
AT_LEAST = 3
AT_ONCE = 4  # so that the job asks for another of its kind


def folder(second: str) -> dict[str, bytes]:
    """Two tasks in a row, and a timer at the edge of the first that the next version has under another name."""
    late = f"late_{second}"
    body = (
        '<bpmn:startEvent id="begin"/>'
        + flows.user("first")
        + acts._timed("first", late, "timeDuration", "PT90H", interrupting=False)
        + flows.user(second)
        + '<bpmn:endEvent id="told"/><bpmn:endEvent id="done"/>'
        + "".join(
            flows.flow(*pair) for pair in (("begin", "first"), ("first", second), (second, "done"), (late, "told"))
        )
    )
    return acts.folder("bulk", body)


class Migration(Many):
    """Six cases of the old version, the new one published, and the job asked for."""

    name = "bulk migration"

    def begin(self) -> None:
        officer = desk.person("bulk", "prov_officer", "prov_division_head", "process_owner")
        desk.publish(folder("second"))
        found = [desk.start("bulk", officer, key=f"k{n}", subject=f"base:{n}") for n in range(MOVE)]
        cases.suspend(found[1], by=officer, reason="等待", key="s")
        desk.do(desk.start("bulk", officer, key="gone", subject=GONE), "first", officer)
        broken = desk.start("bulk", officer, key="broken", subject=BROKEN)
        with transaction() as session:
            session.execute(update(Case).where(Case.ref == broken).values(state=b"\x01x"))
            to = definitions.publish(session, folder("third"), origin="owner", by=None, now=MORNING).ref
        migrations.start(to, by=officer, reason="新版")

    def part(self) -> None:
        migrations.AT_ONCE = AT_ONCE

    def half(self, session: Session) -> list[str]:
        """What must hold at every moment: as many rows say `moved` as cases have moved, and the rest is left."""
        progress = _progress(session)
        moved = session.scalar(select(func.count()).select_from(History).where(History.kind == "case.migrated"))
        if progress.left + sum(progress.results.values()) != progress.total or progress.total != sum(BECAME.values()):
            return [f"{progress} does not add up"]
        return [f"{moved} moved, and {progress} says otherwise"] if progress.results.get("moved", 0) != moved else []

    def faults(self, session: Session) -> Iterator[str]:
        """Each case moved once or refused once, with all that waits in it; the numbers add up; no job is left."""
        progress = _progress(session)
        if (progress.left, dict(progress.results), progress.ended_at is None) != (0, BECAME, False):
            yield f"{progress}"
        for row in session.execute(select(Case.id, Case.subject, Case.status).where(Case.subject.like("base:%"))):
            if (is_ := _stands(session, row.id)) != (must := EXPECTED.get(row.subject, MOVED)):
                yield f"{row.subject} has {is_} instead of {must}"
            if row.status != ("suspended" if row.subject == SUSPENDED else "open"):
                yield f"{row.subject} is {row.status}"
            yield from (f"{row.subject} has incident {each.code}" for each in incidents.open_of(session, row.id))
        yield from rows.broken_chains(session)
        yield from (f"job {each.kind} failed: {each.error}" for each in jobs.failed(session))
        if jobs.next_due(session) is not None:
            yield "a job is left"


def _progress(session: Session) -> migrations.Progress:
    return migrations.progress(session, session.scalar(select(CaseMigration.ref)))


def _stands(session: Session, case_id: int) -> tuple[int, list[str], list[str]]:
    """How often a case was migrated, and the names of its tasks and timers."""
    moved = select(func.count()).where(History.case_id == case_id, History.kind == "case.migrated")
    tasks, due = (select(of.element).where(of.case_id == case_id) for of in (Wait, Timer))
    return session.scalar(moved), sorted(session.execute(tasks).scalars()), sorted(session.execute(due).scalars())


def trials(scale: float) -> tuple[int, list[str]]:
    """Points drawn by a fixed seed on both databases; a third of the runners that take it up are killed as well.

    On each a runner that marks a case before it moves it is planted, and must be found.
    """
    chance, tried, violations = Random(7), 0, list[str]()  # noqa: S311  drawn, so that it can be drawn again
    for kind in databases.KINDS:
        with stores(kind) as made:
            job = TakenUp(made, Migration())
            violations += job.rehearse()
            number = max(AT_LEAST, round(job.length * min(1, scale)))
            violations += job.drawn(chance, number)
            tried += number
            if not _planted(job):
                violations.append(f"{kind}: a case that was marked before it moved was not found out")
    return tried, violations


def _planted(job: TakenUp) -> bool:
    """Whether it is seen that a case is marked in one transaction and moved in the next."""
    right = migrations.moved

    def hasty(ref: str, goal: Aim, by: Actor, confirm: partial[None]) -> Verdict:
        with transaction() as session:
            migrations._mark(session, *confirm.args, "moved", {})
        verdict = right(ref, goal, by)
        if verdict.result != "moved":
            with transaction() as session:
                migrations._mark(session, *confirm.args, "waiting", {}, was="moved")
        return verdict

    migrations.moved = hasty  # type: ignore[assignment]
    try:
        return job.sees()
    finally:
        migrations.moved = right
