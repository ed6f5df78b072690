"""The marshmallow schema of a form: names that it does not know are refused, every value is read by its type.

Whether a field must be filled depends on what is shown, and that on other answers: reading.py sees to it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from engine.forms import typed
from engine.forms.fields import YEARS, Field
from engine.forms.typed import NOT_APPLICABLE, Fault, is_blank

NOT_HERE = "na"
PLACE = "#"


class Strict(Schema):
    """A record in which every name is known."""

    error_messages = {"unknown": "field.unknown", "type": "field.shape"}  # noqa: RUF012  marshmallow merges it

    class Meta:
        unknown = RAISE
        register = False


class Cell(fields.Field[Any]):
    """One answer of one field; blank is None."""

    def __init__(self, field: Field, *, not_applicable: bool = False) -> None:
        super().__init__(allow_none=True)
        self.field = field
        self.not_applicable = not_applicable or field.not_applicable

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **_more: Any) -> Any:  # noqa: ARG002
        """The value, None, or «不适用» where that may be."""
        if value is missing:
            return missing
        if self.not_applicable and _says_not_applicable(value):
            return NOT_APPLICABLE
        bare = _without_mark(value) if self.not_applicable and isinstance(value, Mapping) else value
        return None if is_blank(bare) else self.read(bare)

    def read(self, value: Any) -> Any:
        """What its type makes of it."""
        return typed.read(self.field, value)


class Ignored(Cell):
    """A value that the form works out itself: what was sent for it is not looked at."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **_more: Any) -> Any:  # noqa: ARG002
        """Nothing."""
        return missing


class Rows(Cell):
    """Rows of columns; empty ones are left out, and each problem stands at the row as it came."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.row = of(field.columns)

    def read(self, value: Any) -> list[dict[str, Any]]:
        """The rows, each with the number that it came under, so that later problems find their place."""
        if not isinstance(value, list):
            raise Fault("field.shape")
        read, faults = [], {}
        for place, row in enumerate(value):
            if is_blank(row):
                continue
            try:
                read.append({**self.row.load(row), PLACE: place})
            except ValidationError as wrong:
                faults[place] = wrong.messages
                read.append({**_valid(wrong), PLACE: place})
        if len(read) > self.field.max_rows:
            raise Fault("field.too_many", max=self.field.max_rows)
        if faults:
            raise ValidationError(faults, valid_data=read)
        return read


class Parts(Cell):
    """A record of other answers: the years of a row, the count and the rows of a list."""

    def __init__(self, field: Field, parts: Mapping[str, Cell], *, not_applicable: bool = False) -> None:
        super().__init__(field, not_applicable=not_applicable)
        self.parts: Schema = Strict.from_dict(dict(parts))()

    def read(self, value: Any) -> Any:
        """The record, with None for what is missing."""
        return self.parts.load(value)


def of(described: Iterable[Field]) -> Schema:
    """The schema of fields that stand side by side."""
    return Strict.from_dict({each.name: cell(each) for each in described if each.type != "note"})()


def cell(field: Field) -> Cell:
    """What reads the answer of one field."""
    if not field.has_answer:
        return Ignored(field)
    if field.type == "years" and field.of:
        return Parts(field, {year: _of_year(field, field.of) for year in YEARS})
    if field.type == "list":
        return Parts(field, _list(field))
    return Rows(field) if field.type == "rows" else Cell(field)


def _of_year(field: Field, inner: Field) -> Cell:
    if inner.type == "list":
        return Parts(inner, _list(inner), not_applicable=field.not_applicable)
    return Cell(inner, not_applicable=field.not_applicable)


def _list(field: Field) -> dict[str, Cell]:
    return {"count": Cell(Field("count", "integer", min=0, max=field.max_rows)), "rows": Rows(field)}


def _says_not_applicable(value: Any) -> bool:
    if isinstance(value, Mapping):
        return value.get(NOT_HERE) == NOT_APPLICABLE
    if isinstance(value, list):
        return NOT_APPLICABLE in value
    return bool(value == NOT_APPLICABLE)


def _without_mark(value: Mapping[str, Any]) -> Any:
    """What stands beside an unticked «不适用»; rows are rows again."""
    rest = {key: each for key, each in value.items() if key != NOT_HERE}
    return [rest[key] for key in sorted(rest, key=int)] if rest and all(key.isdigit() for key in rest) else rest


def _valid(wrong: ValidationError) -> dict[str, Any]:
    return wrong.valid_data if isinstance(wrong.valid_data, dict) else {}
