"""The form of the annex goes out as Excel, Word or PDF: blank, as it stands in a draft, or as it was sent."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from flask import Response, request
from sqlalchemy import Row as Record

from bases.filing import contacts, editions, form_press, form_word, printed, workbook
from bases.filing.printed import Edition
from engine import cases, definitions
from engine.folders import Folder
from engine.forms import Form
from ground.database import Session, reading
from ground.errors import Missing
from ground.files import names
from tasks import open_task
from tasks.open_task import Work
from web.door import outgoing, session
from web.reviewer import papers, task
from web.reviewer.blueprint import desk

DRAWN: Mapping[str, Callable[[Edition], bytes]] = {
    "xlsx": workbook.xlsx,
    "docx": form_word.docx,
    "pdf": form_press.pdf,
}


@desk.get("/tasks/<ref>/form.<kind>")
def drafted(ref: str, kind: str) -> Response:
    """The form of a task as it stands in the draft; with `blank=1` nothing in it."""
    with reading() as store:
        work = open_task.look(store, ref, session.actor())
        case = cases.find(store, work.item.case_ref, session.actor())
        _check(work.form, kind)
        if request.args.get("blank") == "1":
            edition = printed.blank(work.form, cases.reporting_year(case))
        else:
            edition = _draft(store, work, case)
    return send(edition, kind)


@desk.get("/cases/<ref>/papers/<int:seq>/form.<kind>")
def sent(ref: str, seq: int, kind: str) -> Response:
    """A form as it was sent, for whoever may read it; what this person may not see of it is not in the file."""
    me = session.actor()
    with reading() as store:
        view = cases.look(store, ref, me)
        every = printings(store, view.folder, view.submissions)
        number = next((place for place, (row, _form) in enumerate(every, start=1) if row.seq == seq), 0)
        if not number:
            raise Missing(case=ref, paper=seq)
        row, form = every[number - 1]
        _check(form, kind)
        year = cases.reporting_year(view.case)
        edition = editions.sent(store, form, row, number, year, contacts.disclosed(form, row.answers, me))
    return send(edition, kind)


def printings(store: Session, folder: Folder, rows: Sequence[Record[Any]]) -> list[tuple[Record[Any], Form]]:
    """Of these papers those that are the form of the annex, oldest first, each with the form it was sent under."""
    under = definitions.written_under(store, folder)
    given = [(row, under(row.version_id).form(row.element, row.form)) for row in rows]
    return [(row, form) for row, form in given if form is not None and printed.prints(form)]


def send(edition: Edition, kind: str) -> Response:
    """The file, named after the base and its version."""
    body = DRAWN[kind](edition)
    base = str(edition.value("base_name") or "")
    number = f"第{edition.version}版" if edition.version else "空表"
    name = names.clean(f"{base}信息表（{edition.year}年度，{number}）.{kind}")
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), kept=False)


def _draft(store: Session, work: Work, case: Any) -> Edition:
    if not work.may_act:
        raise cases.NotYours(wait=work.item.ref, held_by=work.item.held_by, at=work.item.held_at)
    number = len(printings(store, work.folder, work.before)) + 1
    return editions.drafted(store, work.form, task.first(store, work).answers, number, papers.context(store, case))


def _check(form: Form, kind: str) -> None:
    if kind not in DRAWN or not printed.prints(form):
        raise Missing(kind=kind)
