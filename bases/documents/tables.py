"""A form on paper as tables of eight columns: which text stands in which cell, and over how many columns."""

from dataclasses import dataclass

COLUMNS = 8
LABEL, HEAD, VALUE, TEXT, PROSE = "label", "head", "value", "text", "prose"


@dataclass(frozen=True)
class Slot:
    """One cell: its text, over how many columns, what it is, and how many millimetres are kept free to write in."""

    text: str
    span: int
    kind: str
    room: int = 0


@dataclass(frozen=True)
class Table:
    """A part of the annex: its title and its rows."""

    title: str
    rows: tuple[tuple[Slot, ...], ...]
