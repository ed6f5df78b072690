"""Fields as the file of a form describes them: what each is called, of which type, with which limits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.spiff.expressions import Expression

YEARS = ("y3", "y2", "y1")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    code: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field; the reference says what each key means. Keys that its type does not have keep their empty value."""

    name: str
    type: str
    label: str = ""
    help: str = ""
    unit: str = ""
    clause: str = ""
    indicator: str = ""
    required: bool = False
    fixed: bool = False
    not_applicable: bool = False
    show_when: Expression | None = None
    min: Any = None
    max: Any = None
    places: int = 0
    pattern: Any = None
    options: tuple[Option, ...] = ()
    choices_from: str = ""
    display: str = ""
    level: str = ""
    max_files: int = 0
    columns: tuple["Field", ...] = ()
    order: tuple[str, ...] = ()
    min_rows: int = 0
    max_rows: int = 0
    of: "Field | None" = None
    first_optional: bool = False
    formula: Expression | None = None
    count_of: str = ""
    comment_field: str = ""
    comment_high: Decimal = Decimal("0.9")
    comment_low: Decimal = Decimal("0.6")

    @property
    def has_answer(self) -> bool:
        """Whether anybody can type something here."""
        return self.type not in {"note", "computed"} and not (self.of and self.of.type == "computed")

    @property
    def fixed_columns(self) -> tuple["Field", ...]:
        """The columns that the first values fix; the first of them is what a row is known by."""
        return tuple(column for column in self.columns if column.fixed)

    @property
    def fixed_whole(self) -> bool:
        """Rows in which there is nothing for a person to write."""
        return bool(self.columns) and all(column.fixed for column in self.columns)

    @property
    def reads(self) -> frozenset[str]:
        """The names of other fields that this one depends on."""
        found = self.show_when.names if self.show_when else frozenset()
        formula = self.formula or (self.of.formula if self.of else None)
        return found | formula.names if formula else found


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    title: str
    help: str
    clause: str
    show_when: Expression | None
    fields: tuple[Field, ...]


def walk(fields: Iterable[Field]) -> Iterator[Field]:
    """Fields with all that is in them: columns, and what a row of years is of."""
    for each in fields:
        yield each
        yield from walk([each.of] if each.of else each.columns)


def columns_of(found: Field) -> tuple[Field, ...]:
    """The columns of rows, of a list, or of a list of each year."""
    return found.of.columns if found.of else found.columns


def has_parts(found: Field) -> bool:
    """Whether a path may go on below this field: into a year, a count, or rows."""
    return found.type in {"years", "rows", "list"}
