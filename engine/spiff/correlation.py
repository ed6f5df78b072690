"""Whether a message is meant for somebody who waits: the name, and every key that either of them knows.

BPMN 2.0.2 §8.4.2. One message frees one who waits: the one that has waited longest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from engine.spiff.elements import Element
from engine.spiff.expressions import Expression, ExpressionFailed
from engine.spiff.timers import Span

# The one key of `jidi:correlation`, beside the named properties of the standard.
ONLY = ""
UNSAID = object()


@dataclass(frozen=True, slots=True)
class Told:
    """A message under way: its name, the few scalars that it carries, and what it is about.

    `id` is the sender's token, which never comes again within an instance. `to` is a case or subject, None where the
    diagram names nobody. Without `keys` (a person's word, another system's) they are read from the data.
    """

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, Any] = field(default_factory=dict)
    to: str | None = None
    keep: Span | None = None
    id: str = ""


class Waiting(Protocol):
    """What is asked of a token that waits for a message."""

    @property
    def element(self) -> Element:
        """Where it waits."""

    @property
    def correlation(self) -> Mapping[str, Any] | None:
        """What the message must be about, by key; None if any will do."""


W = TypeVar("W", bound=Waiting)


def first(waiting: Iterable[W], told: Told) -> W | None:
    """The first of these that the message is meant for."""
    return next((each for each in waiting if meant_for(each, told)), None)


def meant_for(waiting: Waiting, told: Told) -> bool:
    """The name agrees, and every key that this one wants."""
    element = waiting.element
    if element.message != told.name:
        return False
    said = about(element, told)
    return all(_plain(said.get(name, UNSAID)) == _plain(value) for name, value in (waiting.correlation or {}).items())


def about(element: Element, told: Told) -> dict[str, Any]:
    """What a message says of the keys that are wanted at this element: what its sender said, else what it carries."""
    readings: dict[str, Expression] = {key.name: key.said for key in element.keys}
    if element.correlation is not None:
        readings[ONLY] = element.correlation
    found = {}
    for name, expression in readings.items():
        value = told.keys[name] if name in told.keys else tried(expression, told.data)
        if value is not UNSAID:
            found[name] = value
    return found


def tried(expression: Expression, names: Mapping[str, Any]) -> Any:
    """What an expression gives, or UNSAID if a name in it is not there."""
    try:
        return expression.evaluate(names)
    except ExpressionFailed:
        return UNSAID


def _plain(value: Any) -> Any:
    """17 and "17" are the same number of a case; forms and other systems write it either way."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
