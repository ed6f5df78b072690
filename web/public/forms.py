"""The blank form of the annex for everybody, as Excel, Word and PDF, drawn once for each year."""

import hashlib
from collections.abc import Callable, Mapping
from io import BytesIO

from flask import Response

from bases.filing import editions, form_press, form_word, workbook
from bases.filing.printed import Edition
from ground import clock
from ground.database import reading
from ground.errors import Missing
from web.door import outgoing
from web.public.blueprint import desk

DRAWN: Mapping[str, Callable[[Edition], bytes]] = {
    "xlsx": workbook.xlsx,
    "docx": form_word.docx,
    "pdf": form_press.pdf,
}

_kept: dict[str, tuple[str, int, bytes]] = {}


@desk.get("/about/measures/form.<kind>")
def blank_form(kind: str) -> Response:
    """The form that whoever applies this year fills in."""
    if kind not in DRAWN:
        raise Missing(kind=kind)
    with reading() as store:
        edition = editions.in_force(store, clock.today().year - 1)
    body = _drawn(edition, kind)
    name = f"{edition.form.title}（{edition.year}年度，空表）.{kind}"
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest())


def _drawn(edition: Edition, kind: str) -> bytes:
    """A visitor who asks again costs nothing: only a new form or a new year is drawn."""
    known = _kept.get(kind)
    if known is None or known[:2] != (edition.form.digest, edition.year):
        known = (edition.form.digest, edition.year, DRAWN[kind](edition))
        _kept[kind] = known
    return known[2]
