"""委托代理 at one task: whose substitute a person is. Never at a signed step, a sealed form, or a named person's task.

What is lent is asked for here and nowhere else: starting a case, sending a message, and every right that rests on a
role are a person's own.
"""

from typing import Any

from engine.folders import Folder
from engine.spiff.elements import Element
from ground.errors import Refused
from ground.grants import LENDABLE
from ground.people import Actor


class Ended(Refused):
    """The substitution has ended, or is not for this task: it waits for its principal again."""

    code = "substitution.over"
    status = 403


def may_be_lent(element: Element, queue: str) -> bool:
    """Whether a substitute may ever do this task: it waits for an office, not for a person, and signs nothing."""
    return not element.signed and element.scope != "person" and queue.partition("@")[0] in LENDABLE


def principals(wait: Any, region: str, folder: Folder, by: Actor) -> list[int]:
    """The persons for whom this one may do the task, in the order in which they lent it."""
    lent = [each for each in by.lent if each.key == wait.queue and each.covers(folder.facts["key"], region)]
    element = folder.element(wait.element) if lent else None
    if element is None or not may_be_lent(element, wait.queue):
        return []
    form = folder.form(wait.element, wait.form)
    return [] if form is None or form.sealed else [each.person for each in lent]
