"""A form that was sent back for some of its fields: where the form says so, all others stay as they were sent.

What a diagram reads is never locked, nor what was left empty, nor rows and files: these are looked at as a whole.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from engine.forms.definition import Form
from engine.forms.typed import is_blank

TYPES = frozenset({"text", "prose", "integer", "decimal", "half", "date", "flag", "choice", "region", "phone", "email"})

Values = Mapping[str, Any]


def names(form: Form, before: Values, asked: Collection[str]) -> frozenset[str]:
    """The fields that stay as they were sent `before`; none where the form does not lock, or no field was named."""
    if not (form.locks and asked):
        return frozenset()
    return frozenset(
        name
        for name, each in form.fields.items()
        if name not in asked and name not in form.scalars and each.type in TYPES and not is_blank(before.get(name))
    )


def kept(form: Form, answers: Values, before: Values, asked: Collection[str]) -> dict[str, Any]:
    """What was typed, with what is locked as it was sent, whatever was typed there."""
    return {**answers, **{name: before[name] for name in names(form, before, asked)}}


def shown(form: Form, before: Values, asked: Collection[str]) -> Form:
    """The form with what is locked shown as text."""
    locked = names(form, before, asked)
    if not locked:
        return form
    fields = {name: replace(each, fixed=True) if name in locked else each for name, each in form.fields.items()}
    sections = [replace(each, fields=tuple(fields[one.name] for one in each.fields)) for each in form.sections]
    same = dict(zip(map(id, form.sections), sections, strict=True))
    return replace(
        form,
        sections=tuple(sections),
        fields=fields,
        sections_of={name: same[id(each)] for name, each in form.sections_of.items()},
    )
