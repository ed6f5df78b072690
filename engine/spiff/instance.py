"""A process under way: start or thaw it, complete, fire or catch what waits, advance until all waits, freeze it.

One thread at a time; after any exception throw the object away and thaw the stored bytes again.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections import ChainMap
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from engine.spiff import codec, correlation, placing, settling
from engine.spiff.correlation import Told
from engine.spiff.diagrams import Diagram
from engine.spiff.hosts import Host
from engine.spiff.hygiene import clean
from engine.spiff.migration import Changes, Migration
from engine.spiff.pruning import prune
from engine.spiff.repairs.calling import called_with
from engine.spiff.repairs.events import notice
from engine.spiff.repairs.telling import remember
from engine.spiff.repairs.throwing import broadcast
from engine.spiff.repairs.tree import READY, WAITING, Run, begin, cancel, open_tasks, runs
from engine.spiff.stuck import ErrorThrown, StuckAt
from engine.spiff.tokens import Token, kind_of, tokens_of
from ground.errors import Refused

__all__ = ["ErrorThrown", "Host", "Instance", "NotWaiting", "StuckAt", "Token", "Told"]

# 1,000 rounds of ten automatic steps are 12,000; all of these together take half a second.
MOST_STEPS = 20_000
CROWD = 200


class NotWaiting(Refused):
    """Nothing waits here any more: it was done, fired or taken back, or it never was."""

    code = "token.not_waiting"


class StartUnknown(Refused):
    """The process has no such start event, or several of which one must be named."""

    code = "start.unknown"
    status = 422


class Instance:
    """One case's way through its diagram."""

    def __init__(self, diagram: Diagram, host: Host) -> None:
        self.diagram = diagram
        self._run = Run(diagram.plan, host)
        self._process = diagram.process

    @classmethod
    def start(cls, diagram: Diagram, data: Mapping[str, Any], host: Host, at: str | None = None) -> "Instance":
        """A new instance at its start, as if that had just happened; nothing runs before `advance`.

        `at` is the id of a start event; without it, that is the one without an event, or the only one.
        """
        made = cls(diagram, host)
        begin(made._run, clean(diagram.start.id, data), _start(diagram, at))
        return made

    @classmethod
    def thaw(cls, blob: bytes, diagram: Diagram, host: Host) -> "Instance":
        """The instance that was frozen into these bytes, on the same diagram."""
        made = cls(diagram, host)
        codec.decode(blob, made._run)
        made._run.agenda.extend(
            task
            for run in runs(made._run)
            for task in run.tasks.values()
            if task._state == READY and not task.task_spec.manual
        )
        return made

    def freeze(self) -> bytes:
        """Its bytes, with everything that is over left out."""
        prune(self._run)
        return codec.encode(self._run)

    def advance(self, limit: int = MOST_STEPS) -> None:
        """Run what runs by itself until everything waits; StuckAt says where and why it cannot go on."""
        agenda = self._run.agenda
        steps = 0
        while self._notice() or agenda or self._settle():
            task: Any = agenda.popleft()
            if task._state != READY:
                continue
            steps += 1
            if steps > limit:
                raise StuckAt(task.task_spec.element.id, "engine.too_many_steps", {"most": limit})
            self._process = task.task_spec.element.process
            task.run()
            if len(task.workflow.tasks) > CROWD:
                prune(self._run)

    def tokens(self) -> list[Token]:
        """Everything that waits now, with the events at the edges of open activities and those of the whole."""
        return [] if self._run.completed else list(tokens_of(self._run))

    def waits_at(self, token_id: str) -> bool:
        """Whether this token still waits."""
        task = self._find(token_id)
        return task is not None and kind_of(task) is not None

    def complete(self, token_id: str, data: Mapping[str, Any]) -> None:
        """A task is done; `data` are the scalars that the diagram may read. Go on with `advance`."""
        task = self._waiting(token_id, "user", "work")
        task.data.update(clean(task.task_spec.element.id, data))
        task.run()

    def fire(self, token_id: str) -> None:
        """A timer is due."""
        task = self._waiting(token_id, "timer")
        task.task_spec.fire(task)

    def place(self, element: str) -> str:
        """The place of the element at which this instance got stuck: in the process that ran last, if it is there."""
        return self.diagram.locate(self._process, element)

    def receiver(self, told: Told) -> Token | None:
        """Who would take this message: of all that it is meant for, whoever has waited longest.

        Where a role is named, only a person's word counts, and that is given to the token itself.
        """
        waiting = [token for token in self.tokens() if token.kind == "message" and not token.element.role]
        return correlation.first(sorted(waiting, key=attrgetter("age")), told)

    def catch(self, token_id: str, data: Mapping[str, Any], told: Told | None = None) -> None:
        """A message has come; what an interrupting one ends is over at once. `told` says more about it, if known."""
        task = self._waiting(token_id, "message")
        remember(task, told or Told(task.task_spec.element.message or "", data))
        task.data.update(clean(task.task_spec.element.id, data))
        task.task_spec.fire(task)

    def deliver(self, told: Told) -> bool:
        """Hand a message to the one who waits for it; False if nobody does. Go on with `advance`."""
        token = self.receiver(told)
        if token is None:
            return False
        self.catch(token.id, told.data, told)
        return True

    def signal(self, name: str, data: Mapping[str, Any]) -> int:
        """A signal was given outside: everything that waits for it now goes on. How many heard it."""
        return broadcast(self._run, name, clean(self.diagram.start.id, data))

    def assign(self, data: Mapping[str, Any]) -> None:
        """Set data of the whole from outside; `advance` then looks at the conditions that wait for them."""
        self._run.task_tree.data.update(clean(self.diagram.start.id, data))

    def move(self, source: str, target: str, token_id: str | None = None, *, back: bool = False) -> str:
        """Take the token at one element off and put one at another; where it was put. Go on with `advance`.

        Of several tokens at the element, `token_id` is the one that is meant. `back` is told in placing.
        """
        return placing.move(self._run, self.diagram, source, target, token_id, back=back)

    def on(self, diagram: Diagram, mapping: Mapping[str, str]) -> tuple["Instance", Changes]:
        """This instance on another diagram, thawed from its bytes to see that it is whole, and what that changed.

        This one is not to be used any more. NeedsMapping and MustStay say why it cannot be.
        """
        moved = Migration(self._run, self.diagram, diagram, mapping)
        carried = Instance(diagram, self._run.host)
        carried._run = moved.carry()
        return Instance.thaw(carried.freeze(), diagram, self._run.host), moved.changes

    def cancel(self, outcome: str) -> None:
        """Everything that waits is taken back, and the whole is over with this outcome."""
        for task in open_tasks(self._run):
            cancel(task)
        self._run.completed = True
        self._run.outcome = outcome

    def correct(self, name: str, value: Any, token_id: str | None = None) -> Any:
        """Put one value right where this token reads it, or in the data of the whole; returns the old one.

        A called process reads a copy, which others may share: there it is put right as if that process had set it.
        """
        data: Any = self._run.task_tree.data
        own: Any = None
        if token_id is not None:
            task = self._find(token_id)
            if task is None or kind_of(task) is None:
                raise NotWaiting(token=token_id)
            data, own = task.data, called_with(task)
        old = data.get(name)
        while isinstance(data, ChainMap) and name not in data.maps[0] and data is not own:
            data = data.maps[1]
        layer = data.maps[0] if isinstance(data, ChainMap) else data
        layer.update(clean("", {name: value}))
        return old

    @property
    def is_completed(self) -> bool:
        """Whether no token is left."""
        return bool(self._run.completed)

    @property
    def size(self) -> int:
        """How many tasks the tree holds now, in all scopes."""
        return sum(len(run.tasks) for run in runs(self._run))

    @property
    def outcome(self) -> str | None:
        """The id of the end event that was reached last."""
        return self._run.outcome

    @property
    def given(self) -> list[str]:
        """The signals that were thrown since it was started or thawed; here they have been heard already."""
        return list(self._run.given)

    @property
    def data(self) -> Mapping[str, Any]:
        """The data of the whole, without the layers of single instances."""
        return dict(self._run.task_tree.data)

    def _find(self, token_id: str) -> Any:
        try:
            return self._run.find(int(token_id, 16))
        except ValueError:
            return None

    def _waiting(self, token_id: str, *kinds: str) -> Any:
        task = self._find(token_id)
        if task is None or self._run.completed or kind_of(task) not in kinds:
            raise NotWaiting(token=token_id, kind=kinds[0])
        self._process = task.task_spec.element.process
        return task

    def _notice(self) -> bool:
        """Look whether what conditional events wait for has come true; asked after each step, since any may set it."""
        if not self._run.conditional:
            return False
        waiting = [
            task for run in runs(self._run) for task in list(run.tasks.values()) if kind_of(task) == "conditional"
        ]
        fired = [task for task in waiting if task._state == WAITING and notice(task)]
        return bool(fired)

    def _settle(self) -> bool:
        """Nothing is ready: let inclusive joins fire and scopes end. False when there is nothing to do but wait."""
        return any(not run.completed and settling.settle(run) for run in list(runs(self._run)))


def _start(diagram: Diagram, at: str | None) -> str | None:
    known = [start.id for start in diagram.starts]
    if at is not None and at not in known:
        raise StartUnknown(start=at, known=known)
    several = len(known) > 1 and diagram.start.event is not None
    if at is None and several:
        raise StartUnknown(start=None, known=known)
    return at
