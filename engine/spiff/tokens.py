"""What waits in an instance: each token with its element, what it waits for and what is known where it stands."""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.spiff.elements import Element
from engine.spiff.repairs.events import Boundary, Catch, Listening, as_it_is
from engine.spiff.repairs.step import User, Work
from engine.spiff.repairs.telling import wanted
from engine.spiff.repairs.tree import READY, WAITING, Run, runs

OUTSIDE = frozenset({"timer", "message", "signal", "conditional"})


@dataclass(frozen=True, slots=True)
class Token:
    """What waits: for a person (user), a moment (timer), somebody's word (message, signal), work that is done outside
    (work), or data of which a condition becomes true (conditional).

    `correlation` says what a message must be about, by key; None takes every one of its name.
    """

    id: str
    element: Element
    kind: str
    item: Any
    data: Mapping[str, Any]
    correlation: Mapping[str, Any] | None = None

    @property
    def age(self) -> int:
        """Grows from token to token: of two, the one that has waited longer has the lower."""
        return int(self.id, 16)

    @property
    def process(self) -> str:
        """The process that it stands in: the instance's own, or one that this calls."""
        return self.element.process


def tokens_of(top: Run) -> Iterator[Token]:
    """Everything that waits, in all scopes."""
    for run in runs(top):
        for task in run.tasks.values():
            kind = kind_of(task)
            if kind is not None:
                about = wanted(task) if kind == "message" else None
                yield Token(f"{task.id:x}", as_it_is(task), kind, _item(task), dict(task.data), about)


def _item(task: Any) -> Any:
    """The item it is about: its own, or that of the subprocess or called process it stands in, the innermost first."""
    run, top = task.workflow, task.workflow.top_workflow
    while "item" not in task.internal_data and run is not top:
        task = top.find(run.parent_task_id)
        if task is None:
            return None
        run = task.workflow
    return task.internal_data.get("item")


def kind_of(task: Any) -> str | None:
    """What a task waits for from outside, if it does."""
    spec, state = task.task_spec, task._state
    if isinstance(spec, User):
        kind = "work" if isinstance(spec, Work) else "user"
        return kind if state == READY else None
    if state != WAITING or not isinstance(spec, Catch | Boundary | Listening):
        return None
    if spec.element.kind == "receive":
        return "message"
    return spec.element.event if spec.element.event in OUTSIDE else None
