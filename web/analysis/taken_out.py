"""A table of this desk as a workbook or as CSV: the figures that its page shows."""

import hashlib
from collections.abc import Sequence
from io import BytesIO

from flask import Response

from bases.filing import ledger_file
from bases.filing.ledger_file import Cell
from ground import clock
from ground.files import names
from web.door import outgoing

KINDS = ("xlsx", "csv")


def file(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], kind: str) -> Response:
    """The file to keep."""
    body = ledger_file.xlsx(title, heads, rows) if kind == "xlsx" else ledger_file.comma_separated(heads, rows)
    name = names.clean(f"{title}（{clock.today().isoformat()}）.{kind}")
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), kept=False)
