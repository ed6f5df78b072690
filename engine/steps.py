"""What a diagram may call: registered functions, by name, with a schema for their parameters.

A step only writes rows, enqueues jobs and tells other cases; it never waits for anything outside. This is the one
call that goes up: engine calls a step of bases or tasks by the name that stands in the diagram.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from marshmallow import RAISE, Schema, ValidationError
from sqlalchemy import Row as Record

from ground.database import Session
from ground.errors import Refused
from ground.people import Actor


class UnknownStep(Refused):
    """The diagram calls a step that is not registered."""

    code = "step.unknown"


class WrongParameters(Refused):
    """The diagram calls a step with parameters that it does not take."""

    code = "step.parameters"


class UndeclaredResult(Refused):
    """A step gave back a name that it had not declared."""

    code = "step.undeclared_result"


@dataclass(frozen=True)
class CaseFacts:
    """What a step may know of its case; fixed at start."""

    id: int
    ref: str
    number: str
    title: str
    subject: str
    region: str
    organ: int
    started_at: datetime


class Move(Protocol):
    """One move of one case, as a step sees it: who, when, with what, and the four things that it may do."""

    session: Session
    case: CaseFacts
    by: Actor
    now: datetime
    element: str
    data: Mapping[str, Any]

    @property
    def version_id(self) -> int:
        """The version of the process that the step stands in."""

    def place(self, element: str) -> str:
        """How rows name an element of the process that the step stands in."""

    def submissions(self, element: str) -> Sequence[Record[Any]]:
        """What people sent at this element of this case, oldest first: seq, item, form, answers, by, received_at."""

    def tell(self, to: str, name: str, data: Mapping[str, Any], *, dedupe: str) -> None:
        """Send a message to another case: `to` is its subject (`base:17`) or its ref."""

    def enqueue(
        self, kind: str, payload: Mapping[str, Any], *, run_at: datetime | None = None, dedupe: str | None = None
    ) -> None:
        """Ask for work after the commit."""

    def record(self, kind: str, *, element: str | None = None, **detail: Any) -> int:
        """Write a line of the case's history, at this element or another; codes and values, no words. Its number."""


Run = Callable[..., Mapping[str, Any] | None]


@dataclass(frozen=True)
class Step:
    """One registered step: its name, what it takes and what it may give back to the diagram."""

    name: str
    run: Run
    parameters: type[Schema] | None
    returns: tuple[str, ...]
    again: bool = False

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters as the step wants them; WrongParameters names each that is not right."""
        schema = (self.parameters or Schema)(unknown=RAISE)
        try:
            return dict(schema.load(dict(given)))
        except ValidationError as wrong:
            raise WrongParameters(step=self.name, fields=sorted(wrong.messages_dict)) from wrong

    def call(self, move: Move, given: Mapping[str, Any]) -> dict[str, Any]:
        """Run it; only declared names come back."""
        result = dict(self.run(move, **self.check(given)) or {})
        undeclared = sorted(set(result) - set(self.returns))
        if undeclared:
            raise UndeclaredResult(step=self.name, names=undeclared)
        return result


_steps: dict[str, Step] = {}


def step(
    name: str, *, parameters: type[Schema] | None = None, returns: tuple[str, ...] = (), again: bool = False
) -> Callable[[Run], Run]:
    """Register a function as a step; `returns` are the scalars that it may put into the engine's data.

    `again`: the same case may come to it once more and nothing is done twice, so that whoever reviews may send the
    case back past it. What a step has made known outside, drawn, decided or served is never undone.
    """

    def register(run: Run) -> Run:
        _steps[name] = Step(name, run, parameters, returns, again)
        return run

    return register


def registered() -> Mapping[str, Step]:
    """Every step there is, by name."""
    return _steps


def find(name: str) -> Step:
    """The step of this name, or UnknownStep."""
    try:
        return _steps[name]
    except KeyError:
        raise UnknownStep(step=name) from None
