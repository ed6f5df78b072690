"""Choices that no file can list, because only the case knows them: the members of its panel.

A form names where they come from (`choices_from`); with a case at hand it becomes a form that lists them, and is read
and shown like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.forms import registry, schema
from engine.forms.definition import Form
from engine.forms.fields import Field, Option, walk
from ground.database import Session


def offered(form: Form, session: Session | None, case: Any, *, ever: bool = False) -> Form:
    """The form with the choices that its case offers now; `ever`: whatever it once offered, to name what was sent."""
    wanted = {each.choices_from for each in walk(form.fields.values()) if each.choices_from}
    if not wanted or session is None or case is None:
        return form
    known = {name: registry.chosen_from(name, session, case, ever=ever) for name in wanted}
    fields = {name: _listed(each, known) for name, each in form.fields.items()}
    sections = [replace(each, fields=_named(each.fields, fields)) for each in form.sections]
    same = dict(zip(map(id, form.sections), sections, strict=True))
    return replace(
        form,
        sections=tuple(sections),
        fields=fields,
        sections_of={name: same[id(each)] for name, each in form.sections_of.items()},
        schema=schema.of(fields.values()),
    )


def _listed(each: Field, known: Mapping[str, tuple[Option, ...]]) -> Field:
    columns = tuple(_listed(column, known) for column in each.columns)
    return replace(each, options=known.get(each.choices_from, each.options), columns=columns)


def _named(fields: Iterable[Field], listed: Mapping[str, Field]) -> tuple[Field, ...]:
    return tuple(listed[each.name] for each in fields)
