"""What a case has passed, as its history tells it, and what in it stands for good: nobody goes back past that.

A signature, a score, a decision, a message to another case, and every step that is not declared to be done again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import steps
from engine.folders import Folder
from ground.errors import Refused

DONE, OPENED = "task.completed", "task.opened"
# What came from outside or went there, and what was done to the whole.
FOR_GOOD = frozenset({"message.told", "message.arrived", "message.sent", "signal.heard", "case.resumed"})


class Barred(Refused):
    """Something stands for good between here and there: `kind` and `element` say what, `at` when."""

    code = "back.barred"


@dataclass(frozen=True)
class Passed:
    """A step that this case has passed: when it was last opened and sent, as lines of the history, and by whom."""

    element: str
    opened: int
    seq: int
    by: int | None
    at: datetime


def passed(lines: Iterable[Any]) -> list[Passed]:
    """Each step that was sent at least once, what was sent last first."""
    opened: dict[str, int] = {}
    found: dict[str, Passed] = {}
    for line in lines:
        if line.kind == OPENED:
            opened[line.element] = line.seq
        elif line.kind == DONE:
            found[line.element] = Passed(
                line.element, opened.get(line.element, line.seq), line.seq, line.by_person, line.at
            )
    return sorted(found.values(), key=lambda one: -one.seq)


def check(lines: Sequence[Any], since: int, folder: Folder) -> None:
    """Refuse if anything after this line stands for good."""
    for line in lines:
        if line.seq > since and stands(line, folder):
            raise Barred(kind=line.kind, element=line.element, at=line.at)


def stands(line: Any, folder: Folder) -> bool:
    """Whether what this line tells is not to be undone by going back."""
    if line.kind == "step.ran":
        known = steps.registered().get(line.detail["step"])
        return known is None or not known.again
    if line.kind == DONE:
        return is_guarded(line.element, folder)
    return line.kind in FOR_GOOD


def is_guarded(place: str | None, folder: Folder) -> bool:
    """Whether what is sent here is signed, or sealed until everybody has sent theirs."""
    element = folder.element(place)
    if element is None:
        return True
    form = folder.form(place, element.form)
    return element.signed or element.multi or (form is not None and form.sealed)


def lying_with(places: Collection[str], folder: Folder) -> bool:
    """Whether any of these is signed or sealed."""
    return any(is_guarded(place, folder) for place in places)
