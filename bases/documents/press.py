"""Prints a document as PDF in the layout of GB/T 9704-2012, in a process of its own that is held to time and memory.

The child gets the content as data and knows no setting, no database and no network; typst sets it from official.typ.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from bases.documents import content
from bases.documents.content import Attachment, Content, Table
from ground.errors import Refused

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
LAYOUT = FOLDER / "official.typ"
SHEETS = FOLDER / "sheets.typ"
SECONDS = 30.0
INHERITED = ("PATH", "LANG", "SYSTEMROOT")
WIDEST = 24  # characters of a cell that widen its column


class NotPrinted(Refused):
    """The document could not be set in time; `why` says whether time or the setting was at fault."""

    code = "document.not_printed"
    status = 422


class FontsMissing(Refused):
    """The fonts of issued documents are not there yet: `make build` fetches them."""

    code = "document.fonts_missing"
    status = 503


def pdf(whole: Content, *, draft: bool, seconds: float = SECONDS) -> bytes:
    """The pages; the same content gives the same bytes. A draft bears «未用印» across each page."""
    content.check(whole)
    return typeset(LAYOUT, laid_out(whole), draft=draft, seconds=seconds)


def sheets(pages: Sequence[Mapping[str, Any]], title: str, *, seconds: float = SECONDS) -> bytes:
    """Pages to be signed by hand (评分表, 评审报告), each with its own check code; the same pages give the same bytes.

    A page has `title`, `facts` (label and text), `table` (columns, rows, widths) or none, `parts` (heading and
    paragraphs), `signs` (what stands before each line to sign on) and `code`.
    """
    return typeset(SHEETS, {"title": title, "organ": "四川省商务厅", "pages": list(pages)}, seconds=seconds)


def typeset(layout: Path, paper: Mapping[str, Any], *, draft: bool = False, seconds: float = SECONDS) -> bytes:
    """These data in this layout, set by a child that is given nothing else."""
    if not any(FONTS.glob("*.ttf")):
        raise FontsMissing
    known = {name: os.environ[name] for name in INHERITED if name in os.environ}
    paths = [str(FOLDER.parent.parent), *(path for path in sys.path if path)]
    try:
        done = subprocess.run(  # noqa: S603  our own program; what is printed goes in as data
            [sys.executable, "-P", "-m", "bases.documents.child", str(layout), str(FONTS)],
            input=orjson.dumps({"paper": paper, "draft": draft}),
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**known, "PYTHONPATH": os.pathsep.join(paths)},
        )
    except subprocess.TimeoutExpired:
        raise NotPrinted(why="time", seconds=seconds) from None
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise NotPrinted(why="setting")
    return done.stdout


def laid_out(whole: Content) -> dict[str, Any]:
    """The parts as the layout reads them: texts and levels, nothing that it would have to work out from words."""
    return {
        "organ": whole.organ,
        "layout": whole.layout,
        "mark": whole.organ if whole.layout == content.LETTER else f"{whole.organ}文件",
        "title": whole.title,
        "number": whole.number,
        "secrecy": whole.secrecy,
        "urgency": whole.urgency,
        "main": whole.main,
        "paragraphs": [_paragraph(line) for line in whole.paragraphs],
        "attachments": [_attachment(each) for each in whole.attachments],
        "listed": content.numbered([each.title for each in whole.attachments]),
        "signed_by": whole.signed_by or whole.organ,
        "date": content.day(whole.dated_on),
        "note": whole.note,
        "copy": whole.copy,
        "printed_by": whole.printed_by or f"{whole.organ}办公室",
        "printed": content.day(whole.issued_on),
    }


def _paragraph(line: str) -> dict[str, Any]:
    return {"text": line, "level": content.level(line)}


def _attachment(each: Attachment) -> dict[str, Any]:
    return {
        "title": each.title,
        "paragraphs": [_paragraph(line) for line in each.paragraphs],
        "table": _table(each.table) if each.table else None,
    }


def _table(table: Table) -> dict[str, Any]:
    """Columns as wide as what stands in them asks, within reason."""
    columns = list(zip(table.columns, *table.rows, strict=True))
    widths = [min(WIDEST, max(2, *(len(cell) for cell in column))) for column in columns]
    return {"columns": list(table.columns), "rows": [list(row) for row in table.rows], "widths": widths}
