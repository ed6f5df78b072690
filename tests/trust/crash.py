"""Killing a process at any point of an act: between two statements, before and after each commit and each sending.

An act is what one client asks for, with the key that it would use again. A trial lets a child begin the act and die
at its k-th point; another child knows only what the first had been told, and asks again. Afterwards the house must be
as if nothing had happened.
"""

import contextlib
import gc
import os
import signal
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
from sqlalchemy import event

from ground import clock, ids
from ground.database import Database, reading
from tasks import timers
from tests.trust import rows
from tests.trust.stores import Life, Say, Stores, live
from tests.trust.work import work

# Longer than the lease of a job.
LATER = timedelta(minutes=6)
FAILED = "asked again"


@dataclass
class Client:
    """What somebody at a screen was told so far; it outlives the process that told it."""

    heard: dict[str, str]
    say: Say

    def once(self, name: str, act: Callable[[], Any]) -> str:
        """Ask for this unless the answer has come; the answer."""
        if name not in self.heard:
            self.heard[name] = str(act())
            self.say(f"{name}\t{self.heard[name]}")
        return self.heard[name]


@dataclass(frozen=True)
class Act:
    """One thing that is asked for at a moment."""

    name: str
    at: datetime
    ask: Callable[[Client], None]
    draws: bool = False  # True: lots are drawn from its refs, so they are the same in every life


@dataclass
class Points:
    """The points of a child's life; at the `fatal` one it is killed as by kill -9."""

    fatal: int | None = None
    passed: int = 0

    def reach(self) -> None:
        """One more point."""
        self.passed += 1
        if self.passed == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, store: Database) -> None:
        """Have every statement, commit and rename of this child be a point, between two of them."""
        for engine in (store.writer, store.reader):
            event.listen(engine, "before_cursor_execute", lambda *_: self.reach())
            engine.dialect.do_commit = self._around(engine.dialect.do_commit)  # type: ignore[method-assign]
        Path.replace = self._around(Path.replace)  # type: ignore[method-assign]

    def _around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            self.reach()
            answer = call(*given, **named)
            self.reach()
            return answer

        return watched


@dataclass
class Flow:
    """Acts in order, the house before each, and what it came to when nobody died."""

    stores: Stores
    acts: Sequence[Act]
    houses: list[str] = field(default_factory=list)
    heard: list[dict[str, str]] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    expected: dict[int, Mapping[str, list[str]]] = field(default_factory=dict)

    def rehearse(self, house: str) -> None:
        """Go through all acts once, undisturbed, and keep the house and the clients' memory before each."""
        self._warm(house)
        heard: dict[str, str] = {}
        for act in self.acts:
            self.houses.append(house)
            self.heard.append(dict(heard))
            house = self.stores.copy(house)
            life = self._life(house, act, heard, None)
            if life.failed:
                raise AssertionError(f"{act.name}: {life.failed}")
            self.lengths.append(int(heard.pop("points")))
        self.houses.append(house)

    def points(self) -> Iterator[tuple[int, int]]:
        """Every act and every point of it."""
        for number, length in enumerate(self.lengths):
            yield from ((number, point) for point in range(1, length + 1))

    def trial(self, number: int, point: int, chance: Random | None = None) -> list[str]:
        """Kill an act at a point, ask again, and compare; with `chance` the second life is cut short, too."""
        act, house = self.acts[number], self.stores.copy(self.houses[number])
        heard = dict(self.heard[number])
        place = f"{self.stores.kind}, {act.name} at point {point} of {self.lengths[number]}"
        first = self._life(house, act, heard, point)
        if not first.killed:
            return [f"{place}: was not killed but {first.failed or 'went through'}"]
        if chance:
            self._life(house, act, heard, chance.randint(1, self.lengths[number]))
        standing = self._settled(house, act, heard)
        return [f"{place}: {each}" for each in rows.differences(self._expected(number), standing)]

    def _warm(self, house: str) -> None:
        """Do all of it once in this process, so that every child is born with the diagrams and statements compiled."""
        house, client = self.stores.copy(house), Client({}, lambda _line: None)
        for act in self.acts:
            with self._at(house, act, act.at):
                act.ask(client)
                timers.fire_due(act.at)
        with self._at(house, self.acts[-1], self.acts[-1].at), reading() as session:
            rows.of(session)
            rows.broken_chains(session)
        self.stores.drop(house)
        gc.freeze()

    def _expected(self, number: int) -> Mapping[str, list[str]]:
        if number not in self.expected:
            after = self.stores.copy(self.houses[number + 1])
            heard = self.heard[number + 1] if number + 1 < len(self.heard) else {"over": ""}
            self.expected[number] = self._settled(after, self.acts[number], heard, again=False)
            if FAILED in self.expected[number]:
                raise AssertionError(f"{self.acts[number].name}: nothing to compare with: {self.expected[number]}")
        return self.expected[number]

    def _life(self, house: str, act: Act, heard: dict[str, str], fatal: int | None) -> Life:
        def lived(say: Say) -> None:
            points = Points(fatal)
            with self._at(house, act, act.at) as store:
                points.watch(store)
                act.ask(Client(dict(heard), say))
            say(f"points\t{points.passed}")

        life = live(lived)
        heard |= dict(line.split("\t", 1) for line in life.said)
        return life

    def _settled(self, house: str, act: Act, heard: dict[str, str], *, again: bool = True) -> Mapping[str, list[str]]:
        """What a house comes to once the act was asked again and all that was begun is done; the house is gone then."""

        def settle(say: Say) -> None:
            with self._at(house, act, act.at):
                if again:
                    act.ask(Client(dict(heard), lambda _line: None))
                timers.fire_due(act.at)
                clock.use(lambda: act.at + LATER)
                work()
                with reading() as session:
                    found = rows.of(session) | {"chains": rows.broken_chains(session)}
            say(orjson.dumps(found | {"posted": rows.posted(self.stores.outbox(house))}).decode())

        life = live(settle)
        self.stores.drop(house)
        return {FAILED: [life.failed]} if life.failed else orjson.loads(life.said[0])

    @contextlib.contextmanager
    def _at(self, house: str, act: Act, moment: datetime) -> Iterator[Database]:
        clock.use(lambda: moment)
        ids.seed(zlib.crc32(act.name.encode()) if act.draws else None)
        with self.stores.open(house) as store:
            yield store
