"""One person of the province: how soon they look at their queue, and how they do what they find there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from random import Random

from bases import demo
from bases.demo.papers import pdf
from engine import cases, forms
from ground import clock, files, people
from ground.database import reading, transaction
from ground.errors import Refused
from ground.people import Actor
from tasks import queue
from web.simulation import answering, choosing

MOST = 100
ABSENT = 0.002  # of their days people begin to be away for some weeks
AGAIN = timedelta(days=7)  # what was refused is tried again after this
PAPER = pdf(["Simulated data, not a real paper", "Signed and stamped"])


@dataclass
class Worker:
    """Somebody with a card; `slow` is on how many working days they look at their queue once, `away` until when."""

    card: demo.Card
    slow: int
    chance: Random
    away: date | None = None
    planned: int = 0
    put_off: dict[str, date] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def work(self, day: date, number: int) -> int:
        """Do what is open; how many moves that were."""
        if self.away and day < self.away:
            return 0
        self.away = day + timedelta(weeks=self.chance.randint(1, 4)) if self.chance.random() < ABSENT else None
        if self.away or number % self.slow:
            return 0
        with reading() as session:
            by = people.actor(session, self.card.person, day)
            refs = [str(item.ref) for item in queue.page(session, by, queue.Filters(), limit=MOST).items]
        begun = self._begin(by, day)
        return begun + sum(self._do(ref, by) for ref in refs if self.put_off.get(ref, day) <= day)

    def _begin(self, by: Actor, day: date) -> int:
        """What nobody asks for: a batch once a year, applications while one is open."""
        if self.card.login == choosing.OFFICER and day.month == choosing.BEGINS and self.planned < day.year:
            self.planned = day.year
            return choosing.begin_batch(by)
        return choosing.apply(by) if self.card.role == "base_filler" and day.isoweekday() == 1 else 0

    def _do(self, ref: str, by: Actor) -> bool:
        """One task, claimed and sent; what its door refuses stays for another day, or for somebody else."""
        try:
            with transaction() as session:
                queue.claim(session, ref, by, clock.now())
            self._send(ref, by)
        except Refused as no:
            self._give_back(ref, by)
            self.put_off[ref] = clock.today() + AGAIN
            problems = no.detail.get("problems", ())
            self.refused[f"{no.code} {[(each.path, each.code) for each in problems]}"] += 1
            return False
        return True

    def _send(self, ref: str, by: Actor) -> None:
        with reading() as session:
            work = queue.look(session, ref, by)
            case = cases.find(session, work.item.case_ref, by)
            form = forms.offered(work.form, session, case)
            first = forms.prefilled(form.prefill, session, case, work.item.item)
        given = answering.answer(form, first, self.chance, lambda name: self._store(name, by))
        given |= choosing.of(work.item.form, given, self.chance)
        acting = work.capacities[0] if work.capacities else None
        try:
            cases.complete(ref, given, by=by, key=f"simulated-{ref}", acting=acting)
        except cases.Invalid as invalid:
            if invalid.detail.get("problems") or not invalid.detail.get("warnings"):
                raise
            explained = _explained(invalid.detail["warnings"])
            cases.complete(ref, {**given, "explanations": explained}, by=by, key=f"again-{ref}", acting=acting)

    def _store(self, name: str, by: Actor) -> str:
        with transaction() as session:
            return str(files.store(session, BytesIO(PAPER), name, by, clock.now()).ref)

    def _give_back(self, ref: str, by: Actor) -> None:
        """Others of the same office may take it."""
        try:
            with transaction() as session:
                queue.release(session, ref, by, clock.now())
        except Refused:
            return


def _explained(warnings: Sequence[forms.Problem]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for each in warnings:
        found.setdefault(each.code, {})[each.path] = answering.SAID
    return found
