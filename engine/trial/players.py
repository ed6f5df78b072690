"""The instances of a trial: each runs until it waits; their timers, the clock, and what they tell one another.

An act that cannot be carried out leaves everything as it was, and `trouble` says why, as an incident would.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from engine.spiff.diagrams import Diagram, Element
from engine.spiff.instance import Instance, StuckAt, Token, Told
from engine.trial import terms
from engine.trial.files import Files
from engine.trial.host import Host
from engine.trial.running import Running
from engine.trial.script import Script
from engine.trial.starts import Listening, Starts
from ground.errors import Refused

MOST_TOLD = 1_000


@dataclass(frozen=True)
class Coming:
    """A moment that will come: when, at which element, and what happens then."""

    due: datetime
    element: str
    fire: Callable[[], None]


class Players(Host):
    """All instances of a trial, with the starts that wait for an event."""

    def __init__(self, files: Files, script: Script, *, restore: bool = False) -> None:
        super().__init__(files, script)
        self.now = script.at
        self.by_hand = script.completed
        self.restore = restore
        self.running: list[Running] = []
        self.starts = Starts()
        self.given: list[tuple[Running, str]] = []
        self.trouble: Refused | StuckAt | None = None
        for diagram in files.diagrams.values():
            self.starts.listen(diagram, self._due)

    def tokens(self) -> Iterator[tuple[Running, Token]]:
        """Everything that waits, in the order in which instances began and tokens came."""
        for run in self.running:
            for token in run.instance.tokens():
                yield run, token

    def _begin(self, diagram: Diagram, data: Mapping[str, Any], at: str | None) -> None:
        given = {**self.starts.given(diagram), **data}
        run = Running(diagram, Instance.start(diagram, given, self, at))
        self.running.append(run)
        self._run(run)

    def _coming(self) -> Coming | None:
        return min(self._timers(), key=lambda each: each.due, default=None)

    def _timers(self) -> Iterator[Coming]:
        for run, token in self.tokens():
            if token.kind == "timer":
                yield Coming(run.due[token.id], token.element.id, partial(self._fire_token, run, token))
        for each in self.starts.listening:
            if each.due is not None:
                yield Coming(each.due, each.start.id, partial(self._fire_start, each))

    def _fire(self, coming: Coming) -> None:
        self.now = max(self.now, coming.due)
        with self._undone_if_stopped():
            self.met.append(coming.element)
            coming.fire()

    def _fire_token(self, run: Running, token: Token) -> None:
        run.instance.fire(token.id)
        self._settle(run)

    def _fire_start(self, one: Listening) -> None:
        self.starts.fired(one, self._due)
        self._begin(one.diagram, {}, one.start.id)
        self._deliver()

    def _settle(self, run: Running) -> None:
        """Run until it waits, store it, note when its timers are due, and let others hear what it said."""
        self._run(run)
        self._deliver()

    def _run(self, run: Running) -> None:
        run.instance.advance()
        while work := next((each for each in run.instance.tokens() if self._passes(each)), None):
            self.met.append(work.element.id)
            run.instance.complete(work.id, self.gives.get(work.element.id, {}))
            run.instance.advance()
        self.given += [(run, name) for name in run.instance.given[run.heard :]]
        run.heard = len(run.instance.given)
        self._store(run)

    def _passes(self, token: Token) -> bool:
        """A task that no person does and no step is registered for, unless the script does it."""
        return token.kind == "work" and token.element.id not in self.by_hand

    def _store(self, run: Running) -> None:
        tokens = run.instance.tokens()
        run.due = {
            token.id: run.due.get(token.id) or self._due(token.element, token.data)
            for token in tokens
            if token.kind == "timer"
        }
        if run.instance.is_completed and run.instance.outcome:
            self.met.append(run.instance.outcome)
        run.stored = run.instance.freeze()
        if self.restore:
            run.thaw(self)

    def _deliver(self) -> None:
        """Pass on the signals that were thrown, and give each kept message to the first who waits for it."""
        for _ in range(MOST_TOLD):
            if self.given:
                by, name = self.given.pop(0)
                self._broadcast(name, {}, by)
            elif (found := next(self._fitting(), None)) is not None:
                message, take = found
                self.kept.remove(message)
                take()
            else:
                return
        raise StuckAt(self.met[-1], "engine.too_many_steps", {"most": MOST_TOLD})

    def _broadcast(self, name: str, data: Mapping[str, Any], by: Running | None = None) -> None:
        """Everybody hears it but the instance that threw it, where it has been heard already."""
        for run in [each for each in self.running if each is not by]:
            run.instance.signal(name, data)
            self._run(run)
        for each in list(self.starts.hearing("signal", name)):
            self._begin(each.diagram, data, each.start.id)

    def _fitting(self) -> Iterator[tuple[Told, Callable[[], None]]]:
        for told in self.kept:
            for run in self.running:
                if (token := run.receiver(told)) is not None:
                    yield told, partial(self._take, run, token, told)
            for each in self.starts.hearing("message", told.name):
                yield told, partial(self._begin, each.diagram, told.data, each.start.id)

    def _take(self, run: Running, token: Token, told: Told) -> None:
        self.met.append(token.element.id)
        run.instance.catch(token.id, told.data, told)
        self._run(run)

    def _due(self, element: Element, data: Mapping[str, Any]) -> datetime:
        return terms.due_of(element, {**data, **self.names()}, self.now, self.files.terms)

    @contextlib.contextmanager
    def _undone_if_stopped(self) -> Iterator[None]:
        """One act: all of it, or nothing and a trouble."""
        self.trouble = None
        before, kept = [(run, run.stored, dict(run.due)) for run in self.running], list(self.kept)
        met, ran = len(self.met), len(self.ran)
        try:
            yield
        except (StuckAt, Refused) as stopped:
            self.trouble = stopped
            self.running = [run for run, _, _ in before]
            self.kept, self.given, self.met[met:], self.ran[ran:] = kept, [], [], []
            for run, stored, due in before:
                run.stored, run.due = stored, due
                run.thaw(self)
