"""Writes a list as a workbook or as CSV: one row an entry, and no cell that a spreadsheet would take for a formula."""

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl.styles.alignment import Alignment
from openpyxl.styles.fonts import Font
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook

from bases.filing.workbook import FORMULA_SIGNS

Cell = str | int | Decimal | None
BOLD = Font(name="宋体", size=11, bold=True)
PLAIN = Font(name="宋体", size=11)
WRAP = Alignment(vertical="top", wrap_text=True)
WIDEST, NARROWEST = 48, 10
MOST_LETTERS = 32_767
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,8})?", re.ASCII)
NAME = re.compile(r"[\\/*?:\[\]]")
SHEET_NAME = 31
BOM = "\ufeff"
WIDE_FROM = 0x2E7F


def xlsx(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """One sheet, its first row held in place; numbers are numbers, every other cell is a text."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = NAME.sub(" ", title)[:SHEET_NAME]
    for number, row in enumerate([heads, *rows], start=1):
        for place, value in enumerate(row, start=1):
            _put(sheet.cell(number, place), value, BOLD if number == 1 else PLAIN)
    for place in range(1, len(heads) + 1):
        longest = max(_width(row[place - 1]) for row in [heads, *rows])
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def comma_separated(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """CSV in UTF-8 with its mark, as Excel opens it; what might be read as a formula stands behind an apostrophe."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerows([_harmless(value) for value in row] for row in [heads, *rows])
    return (BOM + made.getvalue()).encode()


def _put(cell: Any, value: Cell, font: Font) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        cell.value = "".join(sign for sign in value if sign >= " " or sign in "\n\t")[:MOST_LETTERS]
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_SIGNS)
    else:
        cell.value = value
    cell.font, cell.alignment = font, WRAP


def _harmless(value: Cell) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(text) else text


def _width(value: Cell) -> int:
    """How many columns a text takes; Chinese letters take two."""
    lines = str("" if value is None else value).split("\n")
    return max(sum(2 if ord(sign) > WIDE_FROM else 1 for sign in line) for line in lines)
