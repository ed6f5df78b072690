"""Reading a form: every value by its type, then what is shown, demanded, worked out and checked, in one pass.

A draft is kept as it was typed; only its shape and size are looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError

from engine.forms import registry
from engine.forms.definition import Form
from engine.forms.explaining import Kept, explained
from engine.forms.nesting import DEPTH, TooManyParts
from engine.forms.registry import FormContext, Problem
from engine.forms.settling import Found, Scope, settle
from engine.forms.typed import Fact
from ground import regions

EXPLANATIONS = "explanations"
LEAVES = 20_000
DRAFT_TEXT = 20_000


@dataclass(frozen=True)
class Read:
    """What came of a form. `errors` stop it: every error, and each warning that is not yet explained.

    `warnings` do not: warnings that are explained, and vetoes. With errors, `answers` are those that could be read.
    `hidden` are the fields that other answers hide.
    """

    answers: dict[str, Any]
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)
    hidden: Sequence[str] = ()


def read(form: Form, raw: Mapping[str, Any], context: FormContext | None = None, *, draft: bool = False) -> Read:
    """Answers from what was typed or sent; nothing is changed in silence, and every problem has its place."""
    _measure(raw)
    if draft:
        return _draft(form, raw)
    here = context or FormContext()
    typed_in = {name: value for name, value in raw.items() if name != EXPLANATIONS}
    values, faults = _loaded(form, typed_in)
    found = Found(faults=faults)
    scope = Scope(form.fields, form.order, form.sections_of, "", here.year)
    answers = settle(scope, values, found)
    problems = found.problems_of(form.fields) + _no_such_region(found.regions, here)
    problems += [found.placed(each) for each in registry.checked(form.checks, answers, here)]
    return _judged(answers, _once_each(problems), raw.get(EXPLANATIONS), found)


def _measure(raw: Mapping[str, Any]) -> None:
    """Before anything walks through it: no deeper and no larger than any form of ours."""
    leaves, level = 0, list(raw.values())
    for _depth in range(DEPTH + 2):
        leaves += len(level)
        if leaves > LEAVES:
            break
        below = [
            each.values() if isinstance(each, Mapping) else each for each in level if isinstance(each, Mapping | list)
        ]
        level = [inner for each in below for inner in each]
        if not level:
            return
    raise TooManyParts(most=LEAVES, depth=DEPTH)


def _loaded(form: Form, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Fact]]]:
    """What the schema makes of it, and by path why it could not."""
    try:
        return dict(form.schema.load(raw)), {}
    except ValidationError as wrong:
        values = wrong.valid_data if isinstance(wrong.valid_data, dict) else {}
        return values, dict(_flat(wrong.messages_dict, ""))


def _flat(messages: Mapping[Any, Any], prefix: str) -> list[tuple[str, list[Fact]]]:
    flat: list[tuple[str, list[Fact]]] = []
    for name, inner in messages.items():
        path = prefix.rstrip(".") if name == "_schema" else f"{prefix}{str(name)[:80]}"
        if isinstance(inner, Mapping):
            flat += _flat(inner, f"{path}.")
        else:
            flat.append((path, [each if isinstance(each, Fact) else Fact(str(each), {}) for each in inner]))
    return flat


def _no_such_region(chosen: Mapping[str, str], context: FormContext) -> list[Problem]:
    if context.session is None:
        return []
    unknown = {code for code in set(chosen.values()) if regions.find(context.session, code) is None}
    return [Problem(path, "field.choice") for path, code in chosen.items() if code in unknown]


def _once_each(problems: Sequence[Problem]) -> list[Problem]:
    """A form and its check may find the same: the first is enough."""
    return list({(each.path, each.code): each for each in reversed(problems)}.values())[::-1]


def _judged(answers: dict[str, Any], problems: list[Problem], explanations: Any, found: Found) -> Read:
    """Which problems stop the form, and the explanations kept with the answers."""
    kept, faults = explained(problems, explanations)
    if kept:
        answers = {**answers, EXPLANATIONS: kept}
    stops = [_stops(each, kept) for each in problems]
    errors = [each for each, stop in zip(problems, stops, strict=True) if stop] + faults
    warnings = [each for each, stop in zip(problems, stops, strict=True) if not stop]
    return Read(answers, errors, warnings, found.totals, found.hidden)


def _stops(problem: Problem, kept: Kept) -> bool:
    if problem.severity == "warn":
        return problem.path not in kept.get(problem.code, {})
    return problem.severity == "error"


def _draft(form: Form, raw: Mapping[str, Any]) -> Read:
    """What was typed, as it was typed; names that the form does not have, and what is no text, are left out by name."""
    named = {name for name, each in form.fields.items() if each.has_answer} | {EXPLANATIONS}
    known = {name: value for name, value in raw.items() if name in named}
    errors = [
        Problem(str(name)[:80], "field.unknown") for name in raw if name not in form.fields and name != EXPLANATIONS
    ]
    long = [name for name, value in known.items() if not all(map(_fits, _leaves(value)))]
    errors += [Problem(name, "field.too_long", {"max": DRAFT_TEXT}) for name in long]
    return Read({name: value for name, value in known.items() if name not in long}, errors)


def _leaves(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else None
    return [value] if inner is None else [leaf for each in inner for leaf in _leaves(each)]


def _fits(leaf: Any) -> bool:
    return leaf is None or isinstance(leaf, bool | int | float) or (isinstance(leaf, str) and len(leaf) <= DRAFT_TEXT)
