"""A warning is satisfied by an explanation: one text for all warnings of a code, or one for each place."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.forms import typed
from engine.forms.fields import Field
from engine.forms.registry import Problem
from engine.forms.typed import Fact, Fault

TEXT = Field("explanations", "prose", max=2_000)

Kept = dict[str, dict[str, str]]


def explained(problems: Sequence[Problem], given: Any) -> tuple[Kept, list[Problem]]:
    """By code and path the explanation of each warning, and what is wrong with explanations that cannot be kept."""
    kept: Kept = {}
    faults: list[Problem] = []
    warnings = [each for each in problems if each.severity == "warn"]
    for each in warnings:
        place = [other.path for other in warnings if other.code == each.code].index(each.path)
        text = _text_for(given.get(each.code) if isinstance(given, Mapping) else None, each.path, place)
        if typed.is_blank(text):
            continue
        try:
            kept.setdefault(each.code, {})[each.path] = typed.read(TEXT, text)
        except Fault as fault:
            faults += [_problem(f"explanations.{each.code}.{each.path}", fact) for fact in fault.facts]
    return {code: texts for code, texts in kept.items() if texts}, faults


def _text_for(given: Any, path: str, place: int) -> Any:
    """The text for one place: by its path, plain or taken apart at the points, else by its number, else for all."""
    if isinstance(given, Mapping) and path in given:
        return given[path]
    if isinstance(given, list):
        return given[place] if place < len(given) else None
    for step in path.split("."):
        if isinstance(given, list):
            given = dict(enumerate(given)).get(int(step)) if step.isdigit() else None
        elif isinstance(given, Mapping):
            given = given.get(step)
        else:
            break
    return None if isinstance(given, Mapping | list) else given


def _problem(path: str, fact: Fact) -> Problem:
    return Problem(path, fact.code, fact.params)
