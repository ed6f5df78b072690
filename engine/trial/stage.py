"""A trial as its script sees it: what can be done to the instances, and what can be expected of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.spiff.correlation import ONLY
from engine.spiff.instance import Token, Told
from engine.trial.players import Players
from ground.errors import Refused

MOST_FIRINGS = 100_000
DONE_BY_SOMEBODY = frozenset({"user", "work"})


class NotOpen(Refused):
    """Nothing waits at this element; `open` is what does."""

    code = "trial.not_open"


class Stage(Players):
    """Where the instances of one trial stand. It is also the host that they run in."""

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


def _doable(token: Token) -> bool:
    """A task that somebody does; a receive task may be said to be done, too, whatever it waited for."""
    return token.kind in DONE_BY_SOMEBODY or token.element.kind == "receive"


def _keys(about: Any) -> Mapping[str, Any]:
    """What a message is about: by key, or just that."""
    if isinstance(about, Mapping):
        only = {ONLY: next(iter(about.values()))} if len(about) == 1 else {}
        return {**about, **only}
    return {} if about is None else {ONLY: about}
