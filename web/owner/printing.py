"""A version on paper: its picture, as the browser has drawn it, and the table of its steps, as one PDF."""

import hashlib
from io import BytesIO

from flask import Response, request

from bases.documents import press
from engine import definitions
from engine.spiff import pictures
from ground import clock, parameters
from ground.database import reading
from ground.errors import Missing
from web.door import outgoing
from web.door.language import _, within
from web.door.rights import SIGNED_IN, Route
from web.owner import steps
from web.owner.blueprint import desk
from web.words import dates
from web.words.catalogue import N_

LAYOUT = press.FOLDER / "process.typ"
PICTURE_BYTES = 1_900_000


@desk.get("/processes/<key>/versions/<int:number>/print.pdf")
def on_paper(key: str, number: int) -> Response:
    """The table of the steps, for whoever has no script to draw with."""
    return _printed(key, number, None)


@desk.post("/processes/<key>/versions/<int:number>/print.pdf")
def with_picture(key: str, number: int) -> Response:
    """The same behind the picture that the browser sends."""
    return _printed(key, number, pictures.drawing(request.get_data()))


def _printed(key: str, number: int, picture: str | None) -> Response:
    with reading() as store:
        found = next((each for each in definitions.versions(store, key) if each.number == number), None)
        if found is None:
            raise Missing(process=key, version=number)
        folder = definitions.shown(store, found.id)
        terms = {each.key: each for each in parameters.listed(store, clock.today())}
    name = within(folder.words, str(folder.facts["name"]))
    published = dates.moment(found.published_at) if found.published_at else ""
    paper = {
        "title": name,
        "under": " · ".join(each for each in (_("第%(n)s版") % {"n": number}, published) if each),
        "foot": f"{_('摘要值')} {found.digest}",
        "picture": picture,
        "heads": [_(each) for each in (N_("步骤"), N_("方式"), N_("办理人"), N_("期限"), N_("表单"), N_("依据"))],
        "rows": [_cells(line) for line in steps.lines(folder, terms)],
    }
    body = press.typeset(LAYOUT, paper)
    return outgoing.file(BytesIO(body), f"{name}（{number}）.pdf", hashlib.sha256(body).hexdigest(), kept=False)


def _cells(line: steps.Line) -> list[str]:
    who = f"{line.who}（{line.where}）" if line.where else line.who
    ground = f"{line.limit} {dates.ground(line.ground.kind, line.ground.clause)}" if line.ground else line.limit
    return [line.name, line.kind, who, ground, line.form, dates.clause_words(line.clause) if line.clause else ""]


CODES = {"printing.no_picture": N_("送来的不是流程图图片，没有打印。")}

ROUTES = (
    Route("owner.on_paper", "GET", SIGNED_IN),
    Route("owner.with_picture", "POST", SIGNED_IN, body=PICTURE_BYTES),
)
