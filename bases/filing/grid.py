"""The 信息表 as a table of eight columns, for paper: which text stands in which cell, and over how many columns.

Eight, because the sub-table of item 5 has eight; an item's label and its three years take two of them each.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bases.documents.tables import COLUMNS, HEAD, LABEL, PROSE, TEXT, VALUE, Slot, Table
from bases.filing import printed
from bases.filing.printed import Edition, Line
from engine.forms import Field

WIDTHS = (30, 15, 22, 20, 20, 20, 22, 21)  # millimetres, 170 in all
LEAST_ROWS = 5
ROOM, LITTLE_ROOM = 50, 15
LONG = 1_000  # characters; what may be longer gets more room on the blank form


def tables(edition: Edition) -> list[Table]:
    """Every part, with its rows from the top."""
    found = []
    for part in printed.parts(edition.form):
        rows: list[tuple[Slot, ...]] = []
        if any(line.kind == "years" for line in part.lines):
            heads = [Slot(text, 2, HEAD) for text in edition.heads()]
            rows.append((Slot("统计数据及发展情况", 2, HEAD), *heads))
        for line in part.lines:
            rows += _row(line, edition)
        found.append(Table(part.title, tuple(rows)))
    return found


def _row(line: Line, edition: Edition) -> Iterator[tuple[Slot, ...]]:
    if line.kind == "rows":
        yield from _rows(line, edition)
    elif line.kind == "years":
        known = line.fields[0]
        values = [_with_unit(known, value, edition) for value in edition.years(known)]
        kind = TEXT if known.of and known.of.type in {"list", "flag"} else VALUE
        yield (Slot(line.label, 2, LABEL), *(Slot(text, 2, kind) for text in values))
    else:
        prose = line.fields[0].type == "prose"
        room = _room(line.fields[0]) if prose else 0
        said = _together(line, edition)
        yield (Slot(line.label, 2, LABEL), Slot(said, COLUMNS - 2, PROSE if prose else TEXT, room))


def _room(prose: Field) -> int:
    """Millimetres for a text that is yet to be written."""
    return ROOM if prose.required and not prose.show_when and prose.max > LONG else LITTLE_ROOM


def _together(line: Line, edition: Edition) -> str:
    """One value, or several one below the other, each under its own name."""
    said = [printed.said(known, edition.value(known.name), edition) for known in line.fields]
    if len(said) == 1:
        return said[0]
    named = zip(line.fields, said, strict=True)
    return "\n".join(f"{printed.inner(known)}：{text}" for known, text in named)


def _rows(line: Line, edition: Edition) -> Iterator[tuple[Slot, ...]]:
    columns = line.fields[0].columns
    yield (Slot(line.label, COLUMNS, LABEL),)
    yield _filled([Slot(printed.labelled(column), 1, HEAD) for column in columns])
    given: list[Mapping[str, Any]] = edition.rows(line.fields[0])
    for row in [*given, *({} for _ in range(len(given), LEAST_ROWS))]:
        yield _filled(
            [Slot(printed.said(column, row.get(column.name), edition), 1, _kind(column)) for column in columns]
        )
    yield (Slot(printed.ADD_ROWS, COLUMNS, TEXT),)


def _filled(slots: list[Slot]) -> tuple[Slot, ...]:
    """A sub-table of fewer columns leaves the rest of the row to its last."""
    last = slots[COLUMNS - 1] if len(slots) >= COLUMNS else slots[-1]
    kept = slots[: COLUMNS - 1] if len(slots) >= COLUMNS else slots[:-1]
    return (*kept, Slot(last.text, COLUMNS - len(kept), last.kind))


def _kind(column: Field) -> str:
    return VALUE if column.type in printed.NUMBERS else TEXT


def _with_unit(known: Field, value: Any, edition: Edition) -> str:
    """1234.5 亿元; an empty cell shows the unit that is wanted."""
    of, text = known.of or known, printed.said(known, value, edition)
    if text == printed.ASIDE or (of.type == "list" and text):
        return text
    unit = known.unit or of.unit
    return f"{text} {unit}".strip() if unit else text
