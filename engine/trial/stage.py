"""Instances without a house: their clock, timers and the messages between them; the engine is the real one.

An act that cannot be carried out leaves everything as it was, and `trouble` says why, as an incident would.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from engine.spiff.correlation import ONLY
from engine.spiff.diagrams import Diagram, Element
from engine.spiff.instance import Instance, StuckAt, Token, Told
from engine.trial import terms
from engine.trial.files import Files
from engine.trial.running import Running
from engine.trial.script import Script
from engine.trial.starts import Listening, Starts
from ground.errors import Refused

MOST_FIRINGS = 100_000
MOST_TOLD = 1_000
DONE_BY_SOMEBODY = frozenset({"user", "work"})
FACTS = {"organ": 1, "region": "510100", "subject": "base:1", "number": "2026-示例-001"}


class NotOpen(Refused):
    """Nothing waits at this element; `open` is what does."""

    code = "trial.not_open"


@dataclass(frozen=True)
class Coming:
    """A moment that will come: when, at which element, and what happens then."""

    due: datetime
    element: str
    fire: Callable[[], None]


@dataclass(frozen=True)
class Ran:
    """A registered step that a trial only noted: at which element, what it was given, and the data then."""

    element: str
    step: str
    parameters: Mapping[str, Any]
    data: Mapping[str, Any]


class Stage:
    """Where the instances of one trial stand. It is also the host that they run in."""

    def __init__(self, files: Files, script: Script, *, restore: bool = False) -> None:
        self.files = files
        self.now = script.at
        self.gives = script.gives
        self.by_hand = script.completed
        self.restore = restore
        self.running: list[Running] = []
        self.starts = Starts()
        self.kept: list[Told] = []
        self.given: list[tuple[Running, str]] = []
        self.met: list[str] = []
        self.ran: list[Ran] = []
        self.fired: set[tuple[str, str]] = set()
        self.ways: set[tuple[str, str]] = set()
        self.trouble: Refused | StuckAt | None = None
        for diagram in files.diagrams.values():
            self.starts.listen(diagram, self._due)

    # What the instances ask of their host.

    def names(self) -> Mapping[str, Any]:
        """What every expression may read beside the data."""
        return {"case": FACTS}

    def step(self, element: Element, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the script says that this step gives back."""
        self.met.append(element.id)
        self.ran.append(Ran(element.id, element.step or "", dict(parameters), dict(data)))
        return self.gives.get(element.step or "", {})

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask the table beside the diagram; without one, what the script says that it gives."""
        self.met.append(element.id)
        table = self.files.tables.get(element.table or "")
        if table is None:
            return self.gives.get(element.table or "", {})
        try:
            decided = table.decide(names)
        except Refused as no:
            raise StuckAt(element.id, no.code, no.detail) from no
        self.fired.update((element.table or "", rule) for rule in decided.rules)
        return decided.result

    def took(self, source: str, targets: Sequence[str]) -> None:
        """A token went from this element to these: the flows that were taken."""
        self.ways.update((source, target) for target in targets)

    def say(self, element: Element, told: Told) -> None:
        """Keep what a thrown message or a send task says, until somebody takes it."""
        self.met.append(element.id)
        self.kept.append(told)

    # What a script does.

    def start(self, process: str | None, data: Mapping[str, Any], at: str | None = None) -> None:
        """Begin an instance of this process, or of the one that is meant; `at` is one of several start events.

        A process that only begins by an event waits for it from now on.
        """
        diagram = self.files.diagram(process)
        with self._undone_if_stopped():
            if at is None and diagram.start.event is not None:
                self.starts.data[diagram.id] = data
                self.starts.listen(diagram, self._due)
                for each in list(self.starts.holding({**data, **self.names()}, diagram)):
                    self._begin(diagram, data, each.start.id)
            else:
                self._begin(diagram, data, at)
            self._deliver()

    def complete(self, element: str, data: Mapping[str, Any], nth: int = 0) -> None:
        """Do the nth open task of this element."""
        found = [(run, token) for run, token in self.tokens() if token.element.id == element and _doable(token)]
        if not -len(found) <= nth < len(found):
            raise NotOpen(element=element, nth=nth, open=sorted(self.open_tasks()))
        run, token = found[nth]
        scalars = self.files.scalars(token.element, data)
        with self._undone_if_stopped():
            self.met.append(element)
            if token.kind == "message":
                run.instance.catch(token.id, scalars)
            else:
                run.instance.complete(token.id, scalars)
            self._settle(run)

    def message(self, name: str, data: Mapping[str, Any], about: Any = None) -> None:
        """Give a message to the one who waits for it; if nobody does, keep it."""
        with self._undone_if_stopped():
            self.kept.append(Told(name, data, _keys(about)))
            self._deliver()

    def signal(self, name: str, data: Mapping[str, Any]) -> None:
        """Let everybody hear a signal."""
        with self._undone_if_stopped():
            self._broadcast(name, data)
            self._deliver()

    def correct(self, data: Mapping[str, Any]) -> None:
        """Set values of every instance that is under way, as a supervisor may."""
        with self._undone_if_stopped():
            for run in list(self.running):
                run.instance.assign(data)
                self._settle(run)
            for each in list(self.starts.holding({**data, **self.names()})):
                self._begin(each.diagram, data, each.start.id)
            self._deliver()

    def advance(self, seconds: float) -> None:
        """Let the clock go on; every timer fires at its own moment."""
        until = self.now + timedelta(seconds=seconds)
        for _ in range(MOST_FIRINGS):
            coming = self._coming()
            if coming is None or coming.due > until or self.trouble:
                break
            self._fire(coming)
        self.now = max(self.now, until)

    def advance_to(self, element: str) -> None:
        """Let the clock go on until this timer has fired."""
        for _ in range(MOST_FIRINGS):
            coming = self._coming()
            if coming is None:
                break
            self._fire(coming)
            if coming.element == element or self.trouble:
                return
        raise NotOpen(element=element, open=sorted(each.element for each in self._timers()))

    # What a script may expect.

    def tokens(self) -> Iterator[tuple[Running, Token]]:
        """Everything that waits, in the order in which instances began and tokens came."""
        for run in self.running:
            for token in run.instance.tokens():
                yield run, token

    def open_tasks(self) -> list[str]:
        """The elements of the open user tasks, once for each."""
        return [token.element.id for _, token in self.tokens() if token.kind in DONE_BY_SOMEBODY]

    def waiting(self) -> list[str]:
        """The elements at which events wait."""
        return [token.element.id for _, token in self.tokens() if token.kind not in DONE_BY_SOMEBODY]

    def waiting_beside(self) -> list[str]:
        """Those of them that stand at the edge of an activity, or start an event subprocess."""
        beside = {"boundary", "start"}
        return [token.element.id for _, token in self.tokens() if token.element.kind in beside]

    @property
    def ended(self) -> bool:
        """Whether everything that began has ended."""
        return bool(self.running) and all(run.instance.is_completed for run in self.running)

    @property
    def outcome(self) -> str | None:
        """The end event that the last instance reached."""
        return self.running[-1].instance.outcome if self.running else None

    @property
    def data(self) -> Mapping[str, Any]:
        """The values of the last instance."""
        return self.running[-1].instance.data if self.running else {}

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


def _doable(token: Token) -> bool:
    """A task that somebody does; a receive task may be said to be done, too, whatever it waited for."""
    return token.kind in DONE_BY_SOMEBODY or token.element.kind == "receive"


def _keys(about: Any) -> Mapping[str, Any]:
    """What a message is about: by key, or just that."""
    if isinstance(about, Mapping):
        only = {ONLY: next(iter(about.values()))} if len(about) == 1 else {}
        return {**about, **only}
    return {} if about is None else {ONLY: about}
