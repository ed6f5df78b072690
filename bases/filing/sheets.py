"""Opens a workbook that comes from outside, within limits: cells as values and never as formulas.

The door of files has let it in already. No document type, no link to another workbook, no more rows and columns than
the form can have, whatever size a sheet says it has.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl.reader.excel import load_workbook
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from ground.errors import Refused

MOST_BYTES = 5_000_000
MOST_UNPACKED = 20_000_000
MOST_ROWS = 3_000
MOST_SHEETS = 20
BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    OSError,
    InvalidFileException,
)


class LinkedElsewhere(Refused):
    """It takes values from other workbooks."""

    code = "workbook.linked"
    status = 422


class TooLong(Refused):
    """It is larger than any form of ours."""

    code = "workbook.too_large"
    status = 413


class Unreadable(Refused):
    """It cannot be read as a workbook."""

    code = "workbook.unreadable"
    status = 422


class Cell(NamedTuple):
    """A value and where it stands; `formula` without a value is one that was never worked out."""

    value: Any
    at: str
    formula: bool


@contextmanager
def opened(path: Path) -> Iterator["Sheets"]:
    """The sheets of this file; what breaks while they are read is refused as unreadable."""
    _judge(path)
    body = path.read_bytes()  # a stored file has no ending, by which openpyxl would judge it
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not know of a workbook is nothing that we read
            values, formulas = (
                load_workbook(io.BytesIO(body), read_only=True, data_only=each) for each in (True, False)
            )
        try:
            yield Sheets(values, formulas)
        finally:
            values.close()
            formulas.close()
    except BROKEN as failure:
        raise Unreadable(reason=type(failure).__name__) from failure


class Sheets:
    """The same workbook twice: what a person saw, and what stood behind it."""

    def __init__(self, values: Any, formulas: Any) -> None:
        self._values, self._formulas = values, formulas
        self.names: list[str] = values.sheetnames[:MOST_SHEETS]

    def first(self, name: str, wide: int) -> Sequence[Any]:
        """The values of a sheet's first row."""
        return next(_plain_rows(self._values[name], 1, wide), ())

    def rows(self, name: str, wide: int) -> Iterator[list[Cell]]:
        """Rows of so many cells."""
        beside = _plain_rows(self._formulas[name], MOST_ROWS, wide)
        for number, row in enumerate(_plain_rows(self._values[name], MOST_ROWS, wide), start=1):
            behind = next(beside, ())
            filled = [*row, *([None] * (wide - len(row)))]
            yield [
                Cell(value, f"{name}!{get_column_letter(place)}{number}", _is_formula(behind, place - 1, value))
                for place, value in enumerate(filled, start=1)
            ]


def _judge(path: Path) -> None:
    """Before openpyxl sees it: its size, no document type in any part, and no other workbook behind it."""
    if path.stat().st_size > MOST_BYTES:
        raise TooLong(most=MOST_BYTES)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise TooLong(most=MOST_UNPACKED)
            for part in archive.infolist():
                if part.filename.lower().startswith("xl/externallinks/"):
                    raise LinkedElsewhere
                if b"<!DOCTYPE" in archive.read(part).replace(b"\0", b"").upper():
                    raise Unreadable(reason="doctype")
    except BROKEN as failure:
        raise Unreadable(reason=type(failure).__name__) from failure


def _plain_rows(sheet: Any, most: int, wide: int) -> Iterator[tuple[Any, ...]]:
    """No further than the form can go, whatever size the sheet says it has."""
    sheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(max_row=most, max_col=wide, values_only=True)
    return rows


def _is_formula(row: Sequence[Any], place: int, value: Any) -> bool:
    """A text that only begins with an equals sign is the same in both readings."""
    behind = row[place] if place < len(row) else None
    return behind is not None and behind != value and (not isinstance(behind, str) or behind.startswith("="))
