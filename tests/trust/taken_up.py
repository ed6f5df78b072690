"""A job that does many cases is killed at a point, and whoever takes it up may be too: each case is done once."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

from ground import clock
from ground.database import Session, reading
from tests.conftest import MORNING
from tests.trust import acts
from tests.trust.crash import LATER, Points
from tests.trust.stores import Life, Say, Stores, live
from tests.trust.work import work

AGAIN = 1 / 3  # of those who take it up are killed as well


class Many(ABC):
    """One kind of job over many cases."""

    name: str

    @abstractmethod
    def begin(self) -> None:
        """Lay the cases and ask for the job."""

    @abstractmethod
    def part(self) -> None:
        """Let it do few cases at once, so that it asks for another of its kind."""

    @abstractmethod
    def half(self, session: Session) -> list[str]:
        """What does not add up in the middle of it."""

    @abstractmethod
    def faults(self, session: Session) -> Iterator[str]:
        """What is not as it must be once it is over."""


@dataclass
class TakenUp:
    """The house in which the job stands, and how many points the undisturbed job has."""

    stores: Stores
    many: Many
    first: str = ""
    length: int = 0

    def rehearse(self) -> list[str]:
        """Let one life do the job undisturbed, twice: the first compiles what every later child is born with."""
        self.first = self.stores.first(acts.lay)
        with self.stores.open(self.first):
            clock.use(lambda: MORNING)
            self.many.begin()
        warm = self.stores.copy(self.first)
        self._do(warm, MORNING, None, lambda _line: None, watched=False)
        self.stores.drop(warm)
        house = self.stores.copy(self.first)
        life = self._life(house, MORNING, None)
        self.length = int(life.said[-1]) if life.said else 0
        return [life.failed] if life.failed else self._wrong(house)

    def drawn(self, chance: Random, number: int) -> list[str]:
        """So many trials, at points drawn by chance."""
        found: list[str] = []
        for point in chance.sample(range(1, self.length + 1), number):
            found += self.trial(point, chance.randint(1, self.length) if chance.random() < AGAIN else None)
        return found

    def sees(self) -> bool:
        """Whether what was planted in the job is found out at any point of its last two thirds."""
        return any(self.trial(point, None) for point in range(self.length // 3, self.length))

    def trial(self, point: int, again: int | None) -> list[str]:
        """Kill the runner at a point, and the next one at another; then see what a third makes of it."""
        house = self.stores.copy(self.first)
        place = f"{self.stores.kind}, {self.many.name} at point {point} of {self.length}"
        life, moment = self._life(house, MORNING, point), MORNING + LATER
        if not life.killed:
            return [f"{place}: was not killed but {life.failed or 'went through'}"]
        with self.stores.open(house), reading() as session:
            found = self.many.half(session)
        if again is not None:
            place += f" and again at {again}"
            self._life(house, moment, again)
            moment += LATER
        last = self._life(house, moment, None)
        return [f"{place}: {each}" for each in [*found, *([last.failed] if last.failed else []), *self._wrong(house)]]

    def _life(self, house: str, moment: datetime, fatal: int | None) -> Life:
        return live(partial(self._do, house, moment, fatal))

    def _do(self, house: str, moment: datetime, fatal: int | None, say: Say, *, watched: bool = True) -> None:
        clock.use(lambda: moment)
        self.many.part()
        logging.disable(logging.CRITICAL)
        points = Points(fatal)
        with self.stores.open(house) as store:
            if watched:
                points.watch(store)
            work()
        say(f"{points.passed}")

    def _wrong(self, house: str) -> list[str]:
        """What is not as it must be once the job is over; the house is gone then."""
        with self.stores.open(house), reading() as session:
            found = list(self.many.faults(session))
        self.stores.drop(house)
        return found
