"""Writes a form of tables as .docx; all words go in as text, so nothing in them becomes a field."""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bases.documents import word
from bases.documents.tables import COLUMNS, HEAD, LABEL, VALUE, Slot, Table

FACE, BOLD_FACE = "宋体", "黑体"
SIZE, SMALL = Pt(10), Pt(9)
ALIGNED = {HEAD: WD_ALIGN_PARAGRAPH.CENTER, VALUE: WD_ALIGN_PARAGRAPH.RIGHT}


def docx(title: str, foot: str, tables: Sequence[Table], widths: Sequence[int]) -> bytes:
    """The file; the same tables give the same bytes. `widths` are those of the eight columns in millimetres."""
    file = Document()
    _page(file, foot)
    _line(file.add_paragraph(), "附件", BOLD_FACE, Pt(14))
    head = file.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(head, title, BOLD_FACE, Pt(18))
    for table in tables:
        _table(file, table, widths)
        file.add_paragraph()
    facts = file.core_properties
    facts.author = facts.last_modified_by = facts.comments = ""
    facts.title, facts.language = title, "zh-CN"
    facts.created = facts.modified = word.MOMENT
    return word.steady(file)


def _page(file: Any, foot: str) -> None:
    """A4 with 20 mm on all sides; the version and the check code at every foot."""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.left_margin = section.right_margin = section.bottom_margin = Mm(20)
    normal = file.styles["Normal"]
    normal.font.size, normal.font.name = SIZE, FACE
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    _line(section.footer.paragraphs[0], foot, FACE, SMALL)


def _table(file: Any, table: Table, widths: Sequence[int]) -> None:
    made = file.add_table(rows=0, cols=COLUMNS)
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    _row(made, (Slot(table.title, COLUMNS, LABEL),), widths)
    for row in table.rows:
        _row(made, row, widths)


def _row(made: Any, slots: tuple[Slot, ...], widths: Sequence[int]) -> None:
    """Cells are spanned in the row's own XML: python-docx would walk the whole table for each merge."""
    row = made.add_row()
    kept, first = [], 0
    cells = list(row._tr.tc_lst)  # noqa: SLF001  python-docx has no word for the spans of one row
    for slot in slots:
        cell, others = cells[first], cells[first + 1 : first + slot.span]
        for each in others:
            row._tr.remove(each)  # noqa: SLF001
        properties = cell.get_or_add_tcPr()
        properties.width = Mm(sum(widths[first : first + slot.span]))
        if slot.span > 1:
            span = OxmlElement("w:gridSpan")
            span.set(qn("w:val"), str(slot.span))
            properties.append(span)
        kept.append((cell, slot))
        first += slot.span
    for element, slot in kept:
        _fill(made, element, slot)
    room = max(slot.room for slot in slots)
    if room:
        row.height, row.height_rule = Mm(room), WD_ROW_HEIGHT_RULE.AT_LEAST


def _fill(made: Any, element: Any, slot: Slot) -> None:
    paragraph = made._parent.add_paragraph()  # noqa: SLF001  made by python-docx, then moved into its cell
    paragraph.alignment = ALIGNED.get(slot.kind, WD_ALIGN_PARAGRAPH.LEFT)
    _line(paragraph, slot.text, BOLD_FACE if slot.kind in {LABEL, HEAD} else FACE, SIZE)
    for empty in element.p_lst:
        element.remove(empty)
    element.append(paragraph._p)  # noqa: SLF001


def _line(paragraph: Any, text: str, face: str, size: Any) -> None:
    if not text:
        return
    run = paragraph.add_run("".join(sign for sign in text if sign >= " " or sign in "\n\t"))
    run.font.size, run.font.name = size, face
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)  # noqa: SLF001
