"""The letters of a case before they are issued: each filled from its template as far as is known, to read and to print.

Nothing of it is kept, it has no number and every page says «未用印»; issuing goes through document-issue.
"""

from io import BytesIO

from flask import Response, render_template

from bases.documents import content, press, sources, templates, word
from bases.documents.content import Content
from engine import cases, definitions
from engine.folders import Folder
from ground import clock
from ground.database import Session, reading
from ground.errors import Missing
from ground.files import names as file_names
from web.door import outgoing, session
from web.office.blueprint import desk
from web.office.papers import DOCX, PDF

SUBJECTS = ("base:", "batch:")


@desk.get("/office/cases/<ref>/letters")
def letters(ref: str) -> str:
    """The templates, with their clause, as they would be filled for this case."""
    with reading() as store:
        case = cases.find(store, ref, session.actor())
        kinds = templates.every(_folder(store))
    return render_template("office/pages/letters.html", case=case, kinds=kinds)


@desk.get("/office/cases/<ref>/letters/<kind>.pdf")
def letter_pdf(ref: str, kind: str) -> Response:
    """One of them as pages."""
    whole, digest = _drafted(ref, kind)
    return outgoing.file(BytesIO(press.pdf(whole, draft=True)), _name(whole, "pdf"), digest, PDF, kept=False)


@desk.get("/office/cases/<ref>/letters/<kind>.docx")
def letter_docx(ref: str, kind: str) -> Response:
    """One of them to go on writing."""
    whole, digest = _drafted(ref, kind)
    return outgoing.file(BytesIO(word.docx(whole, draft=True)), _name(whole, "docx"), digest, DOCX, kept=False)


def _drafted(ref: str, kind: str) -> tuple[Content, str]:
    with reading() as store:
        case = cases.find(store, ref, session.actor())
        if not case.subject.startswith(SUBJECTS):
            raise Missing(case=ref)
        template = templates.of(_folder(store), kind)
        whole = templates.filled(template, *sources.of(sources.Glance(store, case, clock.now()), template))
    return whole, content.digest(whole)


def _folder(store: Session) -> Folder:
    return definitions.folder(store, definitions.current(store, templates.PROCESS).version_id)


def _name(whole: Content, ending: str) -> str:
    return f"{file_names.clean(whole.title)[:100]}.{ending}"
