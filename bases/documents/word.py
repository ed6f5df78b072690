"""Writes a document as .docx in the layout of GB/T 9704-2012, for offices that go on working on it.

It names the faces that the standard wants, 仿宋_GB2312 and 方正小标宋简体, which offices have, and embeds none. All
words go in as runs of text, so nothing in them can become a field, a link or a macro.
"""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor

from bases.documents import content
from bases.documents.content import Attachment, Content, Table

FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
FACES = {0: FANGSONG, 1: HEITI, 2: KAITI}
RED, GREY = RGBColor(0xE6, 0x00, 0x12), RGBColor(0x88, 0x88, 0x88)
PITCH = Pt(28.99)  # 225 mm / 22 lines
TWO, THREE, FOUR = Pt(22), Pt(16), Pt(14)
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY
MOMENT = datetime(2020, 6, 9, tzinfo=UTC)  # the same content gives the same bytes, so no file tells when it was made
ZIP_MOMENT = (2020, 6, 9, 0, 0, 0)
WATERMARK = """<w:pict {ns} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/>
</v:shapetype><v:shape id="draft" type="#_x0000_t136" stroked="f" fillcolor="#d9d9d9" style="position:absolute;
margin-left:0;margin-top:0;width:400pt;height:130pt;rotation:315;z-index:-1;mso-position-horizontal:center;
mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin">
<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="未用印"/></v:shape></w:pict>"""


def docx(whole: Content, *, draft: bool) -> bytes:
    """The file; the same content gives the same bytes. A draft bears «未用印» behind each page."""
    content.check(whole)
    file = Document()
    _page(file, draft=draft and whole.layout != content.FORM)
    if whole.layout == content.LETTER:
        _letter_head(file, whole, draft=draft)
    elif whole.layout == content.DOCUMENT:
        _head(file, whole)
    _text(file, whole)
    if whole.layout != content.FORM:
        _signature(file, whole)
    for place, each in enumerate(whole.attachments, start=1):
        _attachment(file, each, str(place) if len(whole.attachments) > 1 else "")
    if whole.layout == content.LETTER:
        _letter_foot(file, whole)
    elif whole.layout == content.DOCUMENT:
        _foot(file, whole)
    _says_nothing_of_its_maker(file, whole)
    return steady(file)


def _page(file: Any, *, draft: bool) -> None:
    """A4, 37 mm above, 28 mm to the binding, a type area of 156 × 225 mm, 22 lines; page numbers outside."""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin, section.right_margin, section.bottom_margin = map(Mm, (37, 28, 26, 35))
    section.footer_distance, section.header_distance = Mm(25), Mm(15)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001  python-docx has no word for the grid
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "580")
    normal = file.styles["Normal"]
    normal.font.size, normal.font.name = THREE, FANGSONG
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FANGSONG)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = PITCH
    file.settings.odd_and_even_pages_header_footer = True
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        _page_number(footer.paragraphs[0], align)
    if draft:
        for header in (section.header, section.even_page_header):
            header.paragraphs[0].paragraph_format.line_spacing = Pt(1)  # or it would push the text down
            _watermark(header.paragraphs[0])


def _watermark(paragraph: Any) -> None:
    paragraph.add_run()._r.append(parse_xml(WATERMARK.format(ns=nsdecls("w"))))  # noqa: SLF001


def _page_number(paragraph: Any, align: Any) -> None:
    """`— 1 —`, 14 pt, one character in from the outer edge."""
    paragraph.alignment = align
    if align == RIGHT:
        paragraph.paragraph_format.right_indent = FOUR
    else:
        paragraph.paragraph_format.left_indent = FOUR
    _run(paragraph, "— ", SONGTI, FOUR)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = _run(paragraph, "", SONGTI, FOUR)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)  # noqa: SLF001
    _run(paragraph, " —", SONGTI, FOUR)


def _head(file: Any, whole: Content) -> None:
    """版头: secrecy, urgency, the red mark of the organ 35 mm below the type area's edge, the number, the red line."""
    for text in (whole.secrecy, whole.urgency):
        _line(file, text, HEITI, align=LEFT)
    mark = _line(
        file, f"{whole.organ}文件", XIAOBIAOSONG, Pt(min(50, 440 / (len(whole.organ) + 2))), CENTRE, colour=RED
    )
    mark.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    mark.paragraph_format.space_before = Mm(5)
    _line(file, "")
    number = _line(file, whole.number or "（编号后填写发文字号）", align=CENTRE, colour=None if whole.number else GREY)
    number.paragraph_format.space_before = PITCH
    _edge(number, "bottom", "single", 8, "E60012", Mm(4).pt)
    _line(file, "")
    _line(file, "")


def _letter_head(file: Any, whole: Content, *, draft: bool) -> None:
    """信函格式 (§8.1): the mark 30 mm below the page's edge, a red double line 4 mm under it and one at its foot.

    Both lie in the first page's own header and footer, which bears no page number; the number stands at the right.
    """
    section = file.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance = Mm(30)
    mark = section.first_page_header.paragraphs[0]
    size = Pt(min(46, 440 / len(whole.organ)))
    _run(mark, whole.organ, XIAOBIAOSONG, size).font.color.rgb = RED
    mark.alignment, mark.paragraph_format.line_spacing = CENTRE, size
    mark.paragraph_format.left_indent, mark.paragraph_format.right_indent = Mm(-8), Mm(-6)
    mark.paragraph_format.space_after = Pt(14)
    _edge(mark, "bottom", "thickThinSmallGap", 24, "E60012", Mm(4).pt)
    if draft:
        _watermark(mark)
    foot = section.first_page_footer.paragraphs[0]
    foot.paragraph_format.line_spacing = Pt(1)
    _edge(foot, "top", "thinThickSmallGap", 24, "E60012", 0)
    _framed(foot, width=Mm(170), top=Mm(297 - 20) - Pt(4))
    levels = "　".join(text for text in (whole.secrecy, whole.urgency) if text)
    line = _line(file, levels, HEITI, align=LEFT)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), alignment=WD_TAB_ALIGNMENT.RIGHT)
    number = _run(line, f"\t{whole.number or '（编号后填写发文字号）'}", FANGSONG, THREE)
    number.font.color.rgb = None if whole.number else GREY
    _line(file, "")
    _line(file, "")


def _framed(paragraph: Any, width: int, top: int) -> None:
    """Put a paragraph at a place of the page, in the middle of it."""
    frame = OxmlElement("w:framePr")
    place = {"w": Length(width).twips, "y": Length(top).twips, "xAlign": "center", "hAnchor": "page", "vAnchor": "page"}
    for name, value in {**place, "wrap": "around"}.items():
        frame.set(qn(f"w:{name}"), str(value))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  python-docx has no word for frames
    properties.insert_element_before(frame, "w:widowControl", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _text(file: Any, whole: Content) -> None:
    title = _line(file, whole.title, XIAOBIAOSONG, TWO, CENTRE)
    title.paragraph_format.line_spacing = Pt(34)
    _line(file, "")
    if whole.main:
        _line(file, f"{whole.main}：", align=JUSTIFIED)
    for text in whole.paragraphs:
        _paragraph(file, text)
    titles = content.numbered([each.title for each in whole.attachments])
    if titles:
        _line(file, "")
    for place, title_ in enumerate(titles):
        listed = _line(file, f"附件：{title_}" if place == 0 else title_, align=LEFT)
        listed.paragraph_format.left_indent = THREE * 5
        listed.paragraph_format.first_line_indent = -THREE * 3 if place == 0 else None


def _signature(file: Any, whole: Content) -> None:
    """署名 centred above the date, the date four characters in from the right; nothing stands in place of a seal."""
    date = content.day(whole.dated_on) or "（成文日期）"
    name = whole.signed_by or whole.organ
    inset = THREE * 4 + int(max(0, _width(date) - _width(name)) / 2 * THREE)
    _line(file, "")
    _line(file, "")
    for text, indent, colour in ((name, inset, None), (date, THREE * 4, None if whole.dated_on else GREY)):
        line = _line(file, text, align=RIGHT, colour=colour)
        line.paragraph_format.right_indent = indent
        line.paragraph_format.keep_with_next = text == name
    if whole.note:
        _paragraph(file, f"（{whole.note}）")


def _attachment(file: Any, each: Attachment, place: str) -> None:
    first = _line(file, f"附件{place}", HEITI, align=LEFT)
    first.paragraph_format.page_break_before = True
    _line(file, "")
    title = _line(file, each.title, XIAOBIAOSONG, TWO, CENTRE)
    title.paragraph_format.line_spacing = Pt(34)
    _line(file, "")
    for text in each.paragraphs:
        _paragraph(file, text)
    if each.table:
        _table(file, each.table)


def _table(file: Any, table: Table) -> None:
    made = file.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    made.style, made.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for row, texts in zip(made.rows, (table.columns, *table.rows), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(20)
            _run(paragraph, text, HEITI if texts is table.columns else FANGSONG, Pt(12))
    repeated = OxmlElement("w:tblHeader")
    made.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001


def _foot(file: Any, whole: Content) -> None:
    """版记: 14 pt between lines of 0.35 mm, after the last line of the text; Word has no foot of the last page."""
    _line(file, "")
    lines = []
    if whole.copy:
        lines.append(_line(file, f"抄送：{whole.copy}。", size=FOUR, align=LEFT))
    printed = f"{content.day(whole.issued_on)}印发" if whole.issued_on else "（印发日期）"
    last = _line(file, f"{whole.printed_by or whole.organ + '办公室'}\t{printed}", size=FOUR, align=LEFT)
    last.paragraph_format.tab_stops.add_tab_stop(Mm(156) - FOUR, alignment=2)
    lines.append(last)
    for place, line in enumerate(lines):
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = FOUR
        _edge(line, "top", "single", 8 if place == 0 else 6, "000000", 1)
    _edge(last, "bottom", "single", 8, "000000", 1)


def _letter_foot(file: Any, whole: Content) -> None:
    """A letter (§8.1) names whom it was copied to, without lines, printer and day."""
    if whole.copy:
        _line(file, "")
        line = _line(file, f"抄送：{whole.copy}。", size=FOUR, align=LEFT)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = FOUR


def _paragraph(file: Any, text: str) -> None:
    line = _line(file, text, FACES[content.level(text)], align=JUSTIFIED)
    line.paragraph_format.first_line_indent = THREE * 2


def _line(
    file: Any, text: str, face: str = FANGSONG, size: Any = THREE, align: Any = JUSTIFIED, colour: Any = None
) -> Any:
    paragraph = file.add_paragraph()
    paragraph.alignment = align
    if text:
        run = _run(paragraph, text, face, size)
        if colour is not None:
            run.font.color.rgb = colour
    return paragraph


def _run(paragraph: Any, text: str, face: str, size: Any) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = size, face
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)  # noqa: SLF001
    return run


def _edge(paragraph: Any, side: str, kind: str, eighths: int, colour: str, space: float) -> None:
    """A line along one side of a paragraph; its width in eighths of a point."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", eighths), ("space", int(space)), ("color", colour)):
        edge.set(qn(f"w:{name}"), str(value))
    borders.append(edge)


def _width(text: str) -> float:
    """In characters: figures are half as wide."""
    return sum(0.5 if sign.isascii() else 1 for sign in text)


def _says_nothing_of_its_maker(file: Any, whole: Content) -> None:
    """The organ is the author; no person, no program, no time of day stands in the properties."""
    facts = file.core_properties
    facts.author = facts.last_modified_by = whole.organ
    facts.title, facts.comments, facts.language = whole.title[:255], "", "zh-CN"
    facts.created = facts.modified = MOMENT


def steady(file: Any) -> bytes:
    """The package with one moment on all its parts."""
    first, last = io.BytesIO(), io.BytesIO()
    file.save(first)
    with zipfile.ZipFile(first) as made, zipfile.ZipFile(last, "w", zipfile.ZIP_DEFLATED) as steady:
        for name in sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            steady.writestr(zipfile.ZipInfo(name, ZIP_MOMENT), made.read(name), zipfile.ZIP_DEFLATED)
    return last.getvalue()
