"""One person of the province: how soon they look at their queue, and how they do what they find there."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from random import Random
from typing import Any

from bases import demo
from bases.demo.papers import pdf
from engine import cases, forms
from ground import clock, files, people
from ground.database import reading, transaction
from ground.errors import Refused
from ground.people import Actor
from tasks import open_task, queue
from web.simulation import answering, choosing

MOST = 100
ABSENT = 0.002  # of their days people begin to be away for some weeks
ILL = 0.01  # of the days on which they have something to do they fall ill over it
LAST_WEEKS = timedelta(days=24)
OVERLOOKS, KEEPS = 0.1, 0.15  # of the tasks of the last weeks, so that the story does not end with an empty board
AGAIN, MOST_WEEKS = timedelta(days=7), 8  # what was refused is tried again after a week, then after two, then four


@dataclass
class Worker:
    """Somebody with a card; `slow` is on how many working days they look at their queue once, `away` until when."""

    card: demo.Card
    slow: int
    seed: int
    chance: Random
    colleagues: Sequence[str] = ()
    steady: bool = False
    away: date | None = None
    slackens: bool = False
    meets: float = choosing.MEETS
    planned: int = 0
    moves: int = 0
    absences: int = 0
    given_back: int = 0
    by: Actor | None = None
    weeks: Counter[str] = field(default_factory=Counter)
    put_off: dict[str, date] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def is_in(self, day: date, number: int) -> bool:
        """Whether they look at their queue today; now and then they begin to be away for some weeks."""
        if self.away and day < self.away:
            return False
        self.away = None
        if self.chance.random() < ABSENT and not self.steady:
            self._leave(day)
            return False
        return number % self.slow == 0

    def work(self, day: date, waiting: Collection[str]) -> None:
        """Begin what nobody asks for, and do what is open; `waiting` are the keys under which anything is."""
        if self.by is None or self._begins(day):
            self._begin(self._myself(day), day)
        if self.by is None or self.by.keys.isdisjoint(waiting):
            return
        by = self._myself(day)
        with reading() as session:
            items = queue.page(session, by, queue.Filters(), limit=MOST).items
        mine = [str(item.ref) for item in items if self._sees_to(item, day)]
        if mine and self.chance.random() < ILL and not self.steady:
            self._fall_ill(mine, by, day)
            return
        for ref in mine:
            self._do(ref, by)

    def slacken(self) -> None:
        """For the last weeks of the story some work is overlooked or left lying, and bases meet with more."""
        self.meets, self.slackens = choosing.MEETS_AT_LAST, not self.steady

    def _myself(self, day: date) -> Actor:
        with reading() as session:
            self.by = people.actor(session, self.card.person, day)
        return self.by

    def _begins(self, day: date) -> bool:
        if self.card.login == choosing.OFFICER:
            return day.month in choosing.BEGINS and self.planned < day.year
        return self.card.role == "base_filler" and day.isoweekday() == 1

    def _begin(self, by: Actor, day: date) -> None:
        """A batch once a year; applications while one is open, and what the bases meet with."""
        if self.card.login == choosing.OFFICER and self._begins(day):
            self.planned = day.year
            self.moves += choosing.begin_batch(by)
        if self.card.role == "base_filler":
            self.moves += choosing.apply(by, self.seed) + choosing.report(by, self.seed, self.meets)

    def _sees_to(self, item: Any, day: date) -> bool:
        """What was put off has its day, and what a colleague has begun stays with them."""
        if self.put_off.get(item.ref, day) > day or choosing.not_before(item, self.seed) > day:
            return False
        if item.queue.startswith("person:") or day - clock.local_day(item.opened_at) > choosing.LEFT_LYING:
            return True
        return choosing.whose(item.title, self.colleagues) in {None, self.card.login}

    def _leave(self, day: date) -> None:
        self.absences += 1
        self.away = day + timedelta(weeks=self.chance.randint(1, 4))

    def _fall_ill(self, mine: Sequence[str], by: Actor, day: date) -> None:
        """They had taken what there was to do, and go home: all of it goes back to its queue."""
        for ref in mine:
            try:
                with transaction() as session:
                    queue.claim(session, ref, by, clock.now())
            except Refused:
                continue
            self.given_back += self._give_back(ref, by)
        self._leave(day)

    def _do(self, ref: str, by: Actor) -> None:
        """One task, claimed and sent; what its door refuses stays for another day, or for somebody else."""
        if self.slackens and self.chance.random() < OVERLOOKS:
            self.put_off[ref] = choosing.NEVER
            return
        try:
            with transaction() as session:
                queue.claim(session, ref, by, clock.now())
            if self.slackens and self.chance.random() < KEEPS:
                self.put_off[ref] = choosing.NEVER
                return
            self._send(ref, by)
        except Refused as no:
            self._give_back(ref, by)
            self._put_off(ref, no)
        else:
            self.moves += 1

    def _put_off(self, ref: str, no: Refused) -> None:
        ripe = not isinstance(no, choosing.NotRipe)
        weeks = self.weeks[ref] = min(MOST_WEEKS, 2 * self.weeks[ref] or 1) if ripe else 1
        self.put_off[ref] = clock.today() + weeks * AGAIN
        self.refused.update(_codes(no) if ripe else ())

    def _send(self, ref: str, by: Actor) -> None:
        with reading() as session:
            work = open_task.look(session, ref, by)
            case = cases.find(session, work.item.case_ref, by)
            form = forms.offered(work.form, session, case)
            first = choosing.begun_with(work.item.form, forms.prefilled(form.prefill, session, case, work.item.item))
            known = choosing.known(session, case.subject, first, work)
        paper = pdf(choosing.paper(known))
        growth = choosing.growth(case.title, self.seed)
        hand = answering.Hand(self.chance, lambda name: self._store(name, paper, by), growth)
        given = answering.answer(form, first, hand)
        given |= choosing.of(known, given, self.chance)
        acting = work.capacities[0] if work.capacities else None
        try:
            cases.complete(ref, given, by=by, key=f"simulated-{ref}", acting=acting)
        except cases.Invalid as invalid:
            if invalid.detail.get("problems") or not invalid.detail.get("warnings"):
                raise
            explained = _explained(invalid.detail["warnings"])
            cases.complete(ref, {**given, "explanations": explained}, by=by, key=f"again-{ref}", acting=acting)

    def _store(self, name: str, paper: bytes, by: Actor) -> str:
        with transaction() as session:
            return str(files.store(session, BytesIO(paper), name, by, clock.now()).ref)

    def _give_back(self, ref: str, by: Actor) -> bool:
        """Others of the same office may take it."""
        try:
            with transaction() as session:
                queue.release(session, ref, by, clock.now())
        except Refused:
            return False
        return True


def _codes(no: Refused) -> set[str]:
    """The code of a refusal, with that of each field that it is about."""
    return {f"{no.code}: {each.path} {each.code}" for each in no.detail.get("problems", ())} or {no.code}


def _explained(warnings: Sequence[forms.Problem]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for each in warnings:
        found.setdefault(each.code, {})[each.path] = answering.SAID
    return found
