"""What a form's first values fix: shown as text, never typed, and the same when it is sent as it is then.

Rows are known by their first fixed column, so what a person wrote beside one stays with it when the list has changed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError

from engine.forms import typed
from engine.forms.definition import Form
from engine.forms.fields import Field
from engine.forms.reading import Read
from engine.forms.registry import Problem
from engine.forms.typed import is_blank

STALE = "field.fixed"

Values = Mapping[str, Any]


def has_any(form: Form) -> bool:
    """Whether the first values fix anything of this form."""
    return any(_is_concerned(each) for each in form.fields.values())


def refreshed(form: Form, answers: Values, first: Values) -> dict[str, Any]:
    """What stands in the form, with everything that is fixed as it is now."""
    fresh = dict(answers)
    for name, each in form.fields.items():
        if each.fixed_columns:
            fresh[name] = _beside(each, _rows(answers.get(name)), _rows(first.get(name)))
        elif each.fixed:
            fresh[name] = first.get(name)
    return fresh


def filled(form: Form, answers: Values, first: Values) -> dict[str, Any]:
    """What was sent, with what is fixed where nothing was sent for it: a client need not say what is known."""
    whole = dict(answers)
    for name, each in form.fields.items():
        if (each.fixed_whole or (each.fixed and not each.columns)) and is_blank(answers.get(name)):
            whole[name] = first.get(name)
    return whole


def stale(form: Form, sent: Read, first: Values) -> list[Problem]:
    """Where what was sent is not what is fixed; what other answers hide is not asked."""
    concerned = [each for each in form.fields.values() if _is_concerned(each) and each.name not in sent.hidden]
    return [Problem(each.name, STALE) for each in concerned if not _agrees(each, sent.answers.get(each.name), first)]


def _is_concerned(each: Field) -> bool:
    return each.fixed or bool(each.fixed_columns)


def _agrees(each: Field, given: Any, first: Values) -> bool:
    known = first.get(each.name)
    if not each.columns:
        return bool(_plain(each, given) == _plain(each, known))
    waiting = [_figures(each, row) for row in _rows(known)]
    for row in _rows(given):
        figures = _figures(each, row)
        if figures not in waiting:
            return False
        waiting.remove(figures)
    return not (each.fixed and waiting)


def _figures(each: Field, row: Values) -> tuple[Any, ...]:
    return tuple(_plain(column, row.get(column.name)) for column in each.fixed_columns)


def _plain(each: Field, value: Any) -> Any:
    """The value as it stands in answers, whether it was typed, kept or worked out: 1 and "1" are one."""
    if is_blank(value):
        return None
    try:
        return typed.written(each, typed.read(each, value))
    except ValidationError:
        return value


def _beside(each: Field, before: Sequence[Values], known: Sequence[Values]) -> list[dict[str, Any]]:
    """The rows as they are now, each with what a person wrote beside the one of the same name."""
    (key, *_others), fixed = each.fixed_columns, {column.name for column in each.fixed_columns}
    written: dict[Any, list[Values]] = {}
    for row in before:
        written.setdefault(_plain(key, row.get(key.name)), []).append(row)
    rows = []
    for row in known:
        own = written.get(_plain(key, row.get(key.name)))
        beside = own.pop(0) if own else row
        kept = {name: value for name, value in beside.items() if name not in fixed}
        rows.append({**{name: value for name, value in row.items() if name in fixed}, **kept})
    return rows


def _rows(value: Any) -> list[Values]:
    """Rows as a list, also of a draft that keeps them under their numbers."""
    if isinstance(value, Mapping):
        value = [value[key] for key in sorted((key for key in value if key.isdecimal()), key=int)]
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
