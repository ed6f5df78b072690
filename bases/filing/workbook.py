"""Writes the 信息表 as an Excel workbook in the rows of the annex: openpyxl draws, and every text stays a text.

A hidden last column names what each row holds, so that rows may be added by hand and the workbook still be read back.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.styles.alignment import Alignment
from openpyxl.styles.borders import Border, Side
from openpyxl.styles.fills import PatternFill
from openpyxl.styles.fonts import Font
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bases.documents.word import MOMENT, ZIP_MOMENT
from bases.filing import printed
from bases.filing.figures import YEARS, calendar_year
from bases.filing.printed import Edition, Line, Part
from engine.forms import Field

TEMPLATE = "jidi-information"
TEMPLATE_VERSION = 1
COLUMNS, KEY = 8, 10
SHEETS = ("表一", "表二", "表三")
NAMES_SHEET = "表三名单"
WIDTHS = (22, 12, 20, 12, 12, 14, 14, 14)
YEAR_COLUMNS = (6, 7, 8)
VALUE_COLUMN = 4
NOTHING, ROWS = "-", "#"
NUMERAL = re.compile(r"^.*[、：]")  # of a title: 四、, 附：
SPARE_ROWS, LEAST_ROWS = 3, 5
PROPERTIES, STAMPED = "docProps/core.xml", re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z?<")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
THIN = Side(style="thin", color="FF000000")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
GREY = PatternFill("solid", fgColor="FFF2F2F2")
PLAIN, BOLD = Font(name="宋体", size=11), Font(name="宋体", size=11, bold=True)
TITLE, QUIET = Font(name="黑体", size=16), Font(name="宋体", size=9, color="FF666666")
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)


def xlsx(edition: Edition) -> bytes:
    """The workbook; the same edition gives the same bytes."""
    book = Workbook()
    book.remove(book.active)
    for place, part in enumerate(printed.parts(edition.form)):
        name = SHEETS[place] if place < len(SHEETS) else NUMERAL.sub("", part.title)
        Drawing(book.create_sheet(name), edition).part(part, first=place == 0)
        lists = [line for line in part.lines if _is_list(line)]
        if lists:
            Drawing(book.create_sheet(NAMES_SHEET), edition).names(lists)
    facts = book.properties
    facts.creator = facts.lastModifiedBy = ""
    facts.title, facts.created, facts.modified = edition.form.title, MOMENT, MOMENT
    return _steady(book)


class Drawing:
    """One sheet, drawn from the top downwards."""

    def __init__(self, sheet: Worksheet, edition: Edition) -> None:
        self.sheet, self.edition, self.row = sheet, edition, 0
        self._choices: dict[str, DataValidation] = {}
        for column, width in enumerate(WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.column_dimensions[get_column_letter(KEY)].hidden = True
        sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = edition.foot(), "&P / &N"

    def part(self, part: Part, *, first: bool) -> None:
        """A part of the annex: its title, then row by row."""
        self._head(self.edition.form.title if first else part.title)
        if first:
            self._wide(part.title, BOLD)
        if any(line.kind == "years" for line in part.lines):
            self._years_head()
        for line in part.lines:
            {"years": self._years, "rows": self._rows, "plain": self._plain}[line.kind](line)

    def names(self, lines: Iterable[Line]) -> None:
        """The sheet with the names that items 15 to 25 ask for, year by year."""
        self._head("第三部分所列数量的名称")
        for line in lines:
            known = line.fields[0]
            columns = known.of.columns if known.of else ()
            given = zip(YEARS, self.edition.years(known), strict=True)
            rows = [
                [calendar_year(self.edition.year, year), *(row.get(column.name) for column in columns)]
                for year, value in given
                if isinstance(value, dict)
                for row in printed.rows_in(value.get("rows"))
            ]
            self._wide(line.label, BOLD)
            self._table(known.name, [None, *columns], rows, SPARE_ROWS)

    def _head(self, title: str) -> None:
        self._wide(title, TITLE, f"{TEMPLATE}/{TEMPLATE_VERSION}/{self.edition.year}")
        self._wide(self.edition.foot(), QUIET)

    def _wide(self, text: str, font: Font, key: str = NOTHING) -> None:
        self._begin(key)
        self._cell(1, COLUMNS, text, font, LEFT if font is not TITLE else MIDDLE)

    def _years_head(self) -> None:
        self._begin(NOTHING)
        self._cell(1, 5, "统计数据及发展情况", BOLD, MIDDLE, GREY)
        for column, text in zip(YEAR_COLUMNS, self.edition.heads(), strict=True):
            self._cell(column, column, text, BOLD, MIDDLE, GREY)

    def _years(self, line: Line) -> None:
        known = line.fields[0]
        self._begin(known.name)
        self._cell(1, 5, line.label, PLAIN, LEFT, GREY)
        for column, value in zip(YEAR_COLUMNS, self.edition.years(known), strict=True):
            of = known.of or known
            counted = value.get("count") if of.type == "list" and isinstance(value, dict) else value
            aside = printed.is_aside(value)
            self._value(column, column, of, printed.ASIDE if aside else counted, known.unit)

    def _plain(self, line: Line) -> None:
        """One row for each field; a label that several have in common stands beside all of them."""
        top = self.row + 1
        for known in line.fields:
            self._begin(known.name if known.type not in printed.PAPERS else NOTHING)
            if len(line.fields) == 1:
                self._cell(1, 3, line.label, PLAIN, LEFT, GREY)
            else:
                self._cell(1, 2, "", PLAIN, LEFT, GREY, merge=False)
                self._cell(3, 3, printed.inner(known), PLAIN, LEFT, GREY)
            self._value(VALUE_COLUMN, COLUMNS, known, self.edition.value(known.name), known.unit)
            if known.type == "prose":
                self.sheet.row_dimensions[self.row].height = 160
        if len(line.fields) > 1:
            self._put(self.sheet.cell(top, 1), line.label)
            self._merge(1, top, 2)

    def _rows(self, line: Line) -> None:
        known = line.fields[0]
        self._wide(line.label, PLAIN)
        rows = [[row.get(column.name) for column in known.columns] for row in self.edition.rows(known)]
        self._table(known.name, known.columns, rows, max(LEAST_ROWS - len(rows), 1))

    def _table(self, name: str, columns: Sequence[Field | None], rows: Sequence[Sequence[Any]], spare: int) -> None:
        """Heads, what is there, and empty rows; `None` is the column of the year."""
        self._begin(name + ROWS)
        for place, column in enumerate(columns, start=1):
            self._cell(place, place, printed.labelled(column) if column else "年份", BOLD, MIDDLE, GREY)
        for values in [*rows, *([None] * len(columns) for _ in range(spare))]:
            self._begin("")
            for place, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
                if column:
                    self._value(place, place, column, value, column.unit)
                else:
                    self._cell(place, place, value, PLAIN, MIDDLE)
        self._wide(printed.ADD_ROWS, QUIET)

    def _begin(self, key: str) -> None:
        self.row += 1
        if key:
            self.sheet.cell(self.row, KEY, key)

    def _value(self, first: int, last: int, known: Field, value: Any, unit: str) -> None:
        """A cell to type into: numbers as numbers with their unit, everything else as text, choices from a list."""
        number = printed.fits_a_cell(value) if known.type in {*printed.NUMBERS, "list"} else None
        shown: Any = value
        if number is None:
            shown = value if value in (None, "") else printed.said(known, value, self.edition)
        else:
            shown = int(number) if number == number.to_integral_value() else float(number)
        cell = self._cell(first, last, shown, PLAIN, MIDDLE if first == last else LEFT)
        numeric = known.type in {*printed.NUMBERS, "list"}
        cell.number_format = (f'General"{unit}"' if unit else "General") if numeric else "@"
        self._offer(cell, known, unit)

    def _offer(self, cell: Any, known: Field, unit: str) -> None:
        """What can be chosen here, or in which unit it is typed."""
        choices = ["是", "否"] if known.type == "flag" else [option.label for option in known.options]
        listed = '"' + ",".join(choices) + '"' if choices and known.type != "choices" else ""
        asked = f"单位：{unit}" if unit else ""
        if not (listed or asked):
            return
        rule = self._choices.get(listed + asked)
        if rule is None:
            rule = DataValidation(type="list" if listed else None, formula1=listed or None, allow_blank=True)
            rule.promptTitle, rule.prompt, rule.showInputMessage = "填写说明", asked or "请从列表中选择", True
            rule.showErrorMessage = bool(listed)
            self._choices[listed + asked] = rule
            self.sheet.add_data_validation(rule)
        rule.add(cell)

    def _cell(
        self, first: int, last: int, value: Any, font: Font, align: Alignment, fill: Any = None, *, merge: bool = True
    ) -> Any:
        for column in range(first, last + 1):
            self.sheet.cell(self.row, column).border = BOX
        cell = self.sheet.cell(self.row, first)
        self._put(cell, value)
        cell.font, cell.alignment = font, align
        if fill is not None:
            cell.fill = fill
        if merge and last > first:
            self._merge(first, self.row, last)
        return cell

    def _merge(self, first: int, top: int, last: int) -> None:
        """Down to this row; `merge_cells` works each inner cell out anew, two thirds of the time of a workbook."""
        self.sheet.merged_cells.add(CellRange(min_col=first, min_row=top, max_col=last, max_row=self.row))

    def _put(self, cell: Any, value: Any) -> None:
        """A text stays a text whatever it begins with, and a sign that no cell may hold goes."""
        if value is None or value == "":
            return
        if not isinstance(value, str):
            cell.value = value
            return
        cell.value = "".join(sign for sign in value if sign >= " " or sign in "\n\t")[:32_767]
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_SIGNS)


def _is_list(line: Line) -> bool:
    of = line.fields[0].of
    return of is not None and of.type == "list"


def _steady(book: Workbook) -> bytes:
    """The package with one moment on all its parts, and in its properties."""
    first, last = io.BytesIO(), io.BytesIO()
    book.save(first)
    with zipfile.ZipFile(first) as made, zipfile.ZipFile(last, "w", zipfile.ZIP_DEFLATED) as steady:
        for name in made.namelist():
            part = made.read(name)
            if name == PROPERTIES:
                part = STAMPED.sub(f"{MOMENT:%Y-%m-%dT%H:%M:%SZ}<".encode(), part)  # openpyxl puts its own clock there
            steady.writestr(zipfile.ZipInfo(name, ZIP_MOMENT), part, zipfile.ZIP_DEFLATED)
    return last.getvalue()
