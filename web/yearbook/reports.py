"""The year's report as a Word document: a city its own, the province every city's and its own."""

import hashlib
from io import BytesIO

from flask import Response

from bases.documents import word
from bases.register.base import EVERYWHERE, IN_THE_CITY
from bases.verdicts import yearbook
from ground import regions
from ground.database import reading
from ground.errors import Missing
from ground.files import names
from web.door import outgoing, session
from web.yearbook import years
from web.yearbook.blueprint import desk

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@desk.get("/reports/years/<code>.docx")
def report(code: str) -> Response:
    """The report of a year, of the city with this code or of the province; of a city that is not one's own, Missing."""
    me, year = session.actor(), years.asked()
    everywhere = any(held.role in EVERYWHERE for held in me.held)
    own = {held.region for held in me.held if held.role in IN_THE_CITY}
    if not everywhere and code not in own:
        raise Missing(region=code)
    with reading() as store:
        place = regions.find(store, code)
        if place is None or (code != regions.PROVINCE and place.level != "city"):
            raise Missing(region=code)
        whole = yearbook.report(store, year, None if code == regions.PROVINCE else place)
    body = word.docx(whole, draft=False)
    name = f"{names.clean(whole.title)}.docx"
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), DOCX, kept=False)
