"""Reads a workbook of the 信息表 back: values by field, the cell of each, and what is wrong in which cell.

A hidden column says what each row holds; where it is gone, nothing is guessed. An empty cell says nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from bases.filing import printed, sheets, workbook
from bases.filing.figures import YEARS, calendar_year
from bases.filing.sheets import Cell, Sheets
from engine import forms
from engine.forms import Field, Form, FormContext, Problem
from ground.errors import Refused

SPLIT = re.compile(r"[、，,;；\s]+")
REGION = re.compile(r"(?<!\d)\d{6}(?!\d)", re.ASCII)
# What a missing value or a doubt is, the form says when it is sent; here only what stands wrongly in a cell.
IN_A_CELL = ("field.", "V20")
NOT_OF_A_CELL = ("field.required", "field.too_few", "field.unknown")


class NotOurs(Refused):
    """It is no workbook that was exported here: another one, or one whose hidden column is gone."""

    code = "workbook.not_ours"
    status = 422


class OtherTemplate(Refused):
    """It was exported in another version of the template; `found` says in which."""

    code = "workbook.other_template"
    status = 422


class OtherYear(Refused):
    """Its years are not those of this case: every value would stand one column beside its own."""

    code = "workbook.other_year"
    status = 422


@dataclass
class Found:
    """What came of a workbook. `answers` leave out empty cells and, after `read`, what stands wrongly in its cell."""

    answers: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def at(self, path: str) -> str:
        """The cell that this path was read from, or that of the nearest row above."""
        while path and path not in self.cells:
            path = path.rpartition(".")[0]
        return self.cells.get(path, "")


def read(path: Path, form: Form, year: int, places: Mapping[str, str], context: FormContext | None = None) -> Found:
    """The values in this file for the form of `year`; what its field cannot hold is a problem and no answer."""
    found = Found()
    with sheets.opened(path) as opened:
        Reading(form, year, places).sheets(opened, found)
    judged = forms.read(form, found.answers, context).errors
    wrong = [
        one for one in judged if one.code.startswith(IN_A_CELL) and one.code not in NOT_OF_A_CELL and found.at(one.path)
    ]
    found.problems += wrong
    for one in found.problems:
        _leave_out(found.answers, one.path)
    found.problems.sort(key=lambda one: _order(found.at(one.path)))
    return found


def merged(form: Form, draft: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """The draft with what the workbook says: year by year, sub-tables whole; what it does not say stays as typed."""
    whole = dict(draft)
    for name, value in found.items():
        before = whole.get(name)
        if form.fields[name].type == "years" and isinstance(value, dict) and isinstance(before, Mapping):
            kept = {year: one for year, one in before.items() if year in YEARS}
            whole[name] = {**kept, **{year: _over(kept.get(year), one) for year, one in value.items()}}
        else:
            whole[name] = value
    return whole


class Reading:
    """One reading of all sheets; what it finds is put into a Found."""

    def __init__(self, form: Form, year: int, places: Mapping[str, str]) -> None:
        self.form, self.year = form, year
        self.codes = {name: code for code, name in places.items()}
        self.years = {str(calendar_year(year, key)): key for key in YEARS}

    def sheets(self, opened: Sheets, found: Found) -> None:
        """Every sheet of ours, row by row; others are left alone."""
        marked = [name for name in opened.names if self._is_ours(opened.first(name, workbook.KEY))]
        if not marked:
            raise NotOurs
        for name in marked:
            self._sheet(opened.rows(name, workbook.KEY), found)

    def _is_ours(self, first: Sequence[Any]) -> bool:
        """Whether its mark is ours; one of another template or of other years is refused by name."""
        mark = str(first[workbook.KEY - 1]) if len(first) >= workbook.KEY else ""
        template, _, rest = mark.partition("/")
        if template != workbook.TEMPLATE:
            return False
        version, _, year = rest.partition("/")
        if version != str(workbook.TEMPLATE_VERSION):
            raise OtherTemplate(found=version[:10], wanted=workbook.TEMPLATE_VERSION)
        if year != str(self.year):
            raise OtherYear(found=year[:10], wanted=self.year)
        return True

    def _sheet(self, rows: Iterator[list[Cell]], found: Found) -> None:
        """A key names a row; rows without one belong to the sub-table above them."""
        table: Field | None = None
        next(rows, None)
        for cells in rows:
            key = str(cells[workbook.KEY - 1].value or "")
            if key == workbook.NOTHING:
                table = None
            elif key.endswith(workbook.ROWS):
                table = self._known(key.removesuffix(workbook.ROWS))
            elif key:
                table = None
                self._row(self._known(key), cells, found)
            elif any(cell.value not in (None, "") or cell.formula for cell in cells[: workbook.COLUMNS]):
                self._more(table, cells, found)

    def _known(self, name: str) -> Field:
        known = self.form.fields.get(name)
        if known is None or known.type in printed.PAPERS:
            raise OtherTemplate(found=name[:40], wanted=workbook.TEMPLATE_VERSION)
        return known

    def _row(self, known: Field, cells: Sequence[Cell], found: Found) -> None:
        """A field in one cell, or an item in its three years."""
        if known.name in found.cells:
            raise NotOurs(twice=known.name)
        if known.type != "years":
            self._keep(found, found.answers, known.name, known.name, known, cells[workbook.VALUE_COLUMN - 1])
            found.cells[known.name] = cells[workbook.VALUE_COLUMN - 1].at
            return
        of = known.of or known
        three: dict[str, Any] = {}
        found.cells[known.name] = cells[workbook.YEAR_COLUMNS[0] - 1].at
        for year, column in zip(YEARS, workbook.YEAR_COLUMNS, strict=True):
            self._keep(found, three, year, f"{known.name}.{year}", of, cells[column - 1])
            if of.type == "list" and three.get(year, printed.NOT_APPLICABLE) != printed.NOT_APPLICABLE:
                three[year] = {"count": three[year], "rows": []}
        if known.not_applicable and [three.get(year) for year in YEARS] == [printed.NOT_APPLICABLE] * len(YEARS):
            found.answers[known.name] = printed.NOT_APPLICABLE
        elif three:
            found.answers[known.name] = three

    def _more(self, table: Field | None, cells: Sequence[Cell], found: Found) -> None:
        """A row of a sub-table; of a list of names the first cell says the year."""
        first = next(cell for cell in cells if cell.value not in (None, "") or cell.formula)
        if table is None:
            found.problems.append(_stray(first, found))
            return
        if table.type == "rows":
            rows, prefix, cells_of = found.answers.setdefault(table.name, []), table.name, cells
        else:
            key = self.years.get(_text(cells[0].value))
            whole = found.answers.setdefault(table.name, {}) if key else None
            if not isinstance(whole, dict):
                found.problems.append(_stray(cells[0], found))
                return
            beside = whole.setdefault(key, {"rows": []})
            if not isinstance(beside, dict):
                found.problems.append(_stray(cells[0], found))
                return
            rows, prefix, cells_of = beside["rows"], f"{table.name}.{key}.rows", cells[1:]
        path = f"{prefix}.{len(rows)}"
        found.cells[path] = first.at
        made: dict[str, Any] = {}
        for column, cell in zip((table.of or table).columns, cells_of, strict=False):
            self._keep(found, made, column.name, f"{path}.{column.name}", column, cell)
        rows.append(made)

    def _keep(self, found: Found, into: dict[str, Any], name: str, path: str, known: Field, cell: Cell) -> None:
        """Put the value of one cell where it belongs; an empty cell says nothing."""
        found.cells[path] = cell.at
        if cell.formula and cell.value is None:
            found.problems.append(Problem(path, "workbook.formula"))
            return
        value = self._value(known, cell.value)
        if value not in ("", []):
            into[name] = value

    def _value(self, known: Field, value: Any) -> Any:
        """What was meant, as a form would send it; what cannot be understood stays text and is refused by its field."""
        text = _text(value)
        if text == printed.ASIDE:
            return printed.NOT_APPLICABLE
        if known.type == "flag":
            return {"是": True, "否": False, "TRUE": True, "FALSE": False}.get(text, text)
        if known.type == "region":
            code = REGION.search(text)
            return code[0] if code else self.codes.get(text, text)
        codes = {option.label: option.code for option in known.options}
        if known.type in {"choices", "hs_codes"}:
            return [codes.get(one, one) for one in SPLIT.split(text) if one]
        return codes.get(text, text)


def _over(before: Any, value: Any) -> Any:
    """A number without names, or names without a number, leave the other as it was; of none there are no names."""
    if not isinstance(value, dict) or not isinstance(before, Mapping) or value.get("count") == "0":
        return value
    return {**before, **{name: one for name, one in value.items() if one not in (None, "", [])}}


def _text(value: Any) -> str:
    """A cell as it would be typed: whole numbers without a point, others with the 15 digits that a sheet keeps."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return f"{Decimal(f'{value:.15g}'):f}" if value == value and abs(value) < 10**15 else str(value)  # noqa: PLR0124
    return value.isoformat() if isinstance(value, date | time) else str(value).strip()


def _stray(cell: Cell, found: Found) -> Problem:
    """A row that belongs to nothing: it was added below a sub-table's last line, or its year is none of the three."""
    path = f"stray{len(found.problems)}"
    found.cells[path] = cell.at
    return Problem(path, "workbook.stray")


def _leave_out(answers: dict[str, Any], path: str) -> None:
    *steps, last = path.split(".")
    node: Any = answers
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node.get(step) if isinstance(node, dict) else None
    if isinstance(node, dict):
        node.pop(last, None)


def _order(at: str) -> tuple[str, int, str]:
    sheet, _, cell = at.rpartition("!")
    return sheet, int("".join(filter(str.isdigit, cell)) or 0), cell
