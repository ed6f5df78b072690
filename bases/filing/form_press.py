"""Prints the 信息表 as PDF: its own layout, set by the same held child as issued documents."""

import re
from pathlib import Path

from bases.documents import press
from bases.documents.tables import HEAD, LABEL, Slot
from bases.filing import grid
from bases.filing.printed import Edition

UNIT = re.compile(r"（[^（）]{1,4}）$")
LAYOUT = Path(__file__).parent / "form.typ"


def pdf(edition: Edition, *, seconds: float = press.SECONDS) -> bytes:
    """The pages; the same edition gives the same bytes. NotPrinted if it cannot be set in time."""
    return press.typeset(
        LAYOUT,
        {
            "title": edition.form.title,
            "foot": edition.foot(),
            "widths": grid.WIDTHS,
            "parts": [
                {"title": table.title, "rows": [[vars_of(slot) for slot in row] for row in table.rows]}
                for table in grid.tables(edition)
            ],
        },
        seconds=seconds,
    )


def vars_of(slot: Slot) -> dict[str, str | int]:
    """A cell as the layout reads it; a unit is never broken over two lines."""
    text = UNIT.sub(lambda unit: "\u2060".join(unit[0]), slot.text) if slot.kind in {LABEL, HEAD} else slot.text
    return {"text": text, "span": slot.span, "kind": slot.kind, "room": slot.room}
