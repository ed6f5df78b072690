"""Writes the 信息表 as .docx in the rows of the annex."""

from bases.documents import word_tables
from bases.filing import grid
from bases.filing.printed import Edition


def docx(edition: Edition) -> bytes:
    """The file; the same edition gives the same bytes."""
    return word_tables.docx(edition.form.title, edition.foot(), grid.tables(edition), grid.WIDTHS)
