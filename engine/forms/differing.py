"""What differs between two sendings of a form, field by field: values by their meaning, rows by their first column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from engine.forms.definition import Form
from engine.forms.fields import YEARS, Field
from engine.forms.typed import NOT_APPLICABLE, is_blank, read

CHANGED, ADDED, REMOVED = "changed", "added", "removed"


@dataclass(frozen=True)
class Difference:
    """One field, one year or one cell: what stood there and what stands there now.

    `row` names the row that a cell stands in; of a row that came or went, `before` or `after` is the whole row.
    """

    path: str
    field: Field
    before: Any
    after: Any
    row: str = ""
    kind: str = CHANGED


def differences(form: Form, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """In the order of the form; a row that only stands elsewhere is none."""
    return [
        found
        for known in form.fields.values()
        if known.has_answer
        for found in _of(known, known.name, before.get(known.name), after.get(known.name))
    ]


def rows_of(value: Any) -> list[Mapping[str, Any]]:
    """Rows as a list, also of a draft, which may keep them under their numbers; empty ones are left out."""
    if isinstance(value, Mapping):
        value = [value[key] for key in sorted((key for key in value if key.isdecimal()), key=int)]
    return [row for row in value if isinstance(row, Mapping) and not is_blank(row)] if isinstance(value, list) else []


def aside(value: Any) -> bool:
    """Whether «不适用» was answered, by itself or as a form in a browser sends it."""
    return value == NOT_APPLICABLE or (isinstance(value, Mapping) and value.get("na") == NOT_APPLICABLE)


def _of(known: Field, path: str, before: Any, after: Any) -> Iterator[Difference]:
    before, after = (NOT_APPLICABLE if aside(each) else each for each in (before, after))
    if before == after:
        return
    if NOT_APPLICABLE in (before, after) and known.type in {"years", "list", "rows"}:
        yield Difference(path, known, before, after)
    elif known.type == "years" and known.of:
        for year in YEARS:
            yield from _of(known.of, f"{path}.{year}", _part(before, year), _part(after, year))
    elif known.type == "list":
        if not _same(_COUNT, _part(before, "count"), _part(after, "count")):
            yield Difference(f"{path}.count", _COUNT, _part(before, "count"), _part(after, "count"))
        yield from _rows(known.columns, f"{path}.rows", _part(before, "rows"), _part(after, "rows"))
    elif known.type == "rows":
        yield from _rows(known.columns, path, before, after)
    elif not _same(known, before, after):
        yield Difference(path, known, before, after)


def _rows(columns: Sequence[Field], path: str, before: Any, after: Any) -> Iterator[Difference]:
    """Rows of the same name are the same row; several of one name are taken in their order."""
    key = columns[0]
    left: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for place, row in enumerate(rows_of(before)):
        left.setdefault(str(row.get(key.name) or "").strip(), []).append((place, row))
    for place, row in enumerate(rows_of(after)):
        name = str(row.get(key.name) or "").strip()
        if not left.get(name):
            yield Difference(f"{path}.{place}", key, None, row, name, ADDED)
            continue
        _place, old = left[name].pop(0)
        for column in columns:
            for found in _of(column, f"{path}.{place}.{column.name}", old.get(column.name), row.get(column.name)):
                yield Difference(found.path, found.field, found.before, found.after, name)
    for name, gone in left.items():
        for place, row in gone:
            yield Difference(f"{path}.{place}", key, row, None, name, REMOVED)


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _same(known: Field, before: Any, after: Any) -> bool:
    if is_blank(before) or is_blank(after):
        return is_blank(before) and is_blank(after)
    return bool(_meant(known, before) == _meant(known, after))


def _meant(known: Field, value: Any) -> Any:
    """12.5 and 12.5000 mean the same; what its field cannot hold means what was typed."""
    try:
        return read(known, value)
    except ValidationError:
        return str(value)


_COUNT = Field("count", "integer", max=10**12)
