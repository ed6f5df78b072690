"""A workbook is read back into the draft of its task: what would change and what is wrong is shown first."""

from typing import Any, NamedTuple

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.filing import editions, printed, readback
from bases.filing.readback import Found
from engine import cases, submissions
from engine.forms.differing import differences
from ground import clock, files
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused
from ground.files import StoredFile
from ground.numerals import whole
from tasks import open_task
from tasks.open_task import Work
from web.door import said, session
from web.fields import differing, problems, shown
from web.fields.sheet import Sheet
from web.reviewer import naming, papers, task
from web.reviewer.blueprint import desk
from web.words import codes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NoWorkbook(Refused):
    """The file is a good one, but no workbook."""

    code = "workbook.not_a_workbook"
    status = 422


class Fault(NamedTuple):
    """One thing wrong: 表三!F4, 1. 总产值 · 上三年, 请填数字, 亿元."""

    cell: str
    where: str
    what: str
    unit: str


@desk.get("/tasks/<ref>/workbook")
def workbook(ref: str) -> Answer:
    """Where a workbook is chosen; with `file`, what it would change."""
    with reading() as store:
        work = _mine(store, ref)
        chosen = request.args.get("file")
        if not chosen:
            return _page(store, work)
        try:
            return _page(store, work, *_read(store, work, _own(store, chosen)))
        except Refused as refused:
            return _page(store, work, refused=refused)


@desk.post("/tasks/<ref>/workbook")
def bring(ref: str) -> Answer:
    """Take a workbook in through the door of all files, and look into it; it is its sender's alone."""
    me, given = session.actor(), request.files.get("workbook")
    with reading() as store:
        work = _mine(store, ref)
    try:
        if given is None or not given.filename:
            raise NoWorkbook
        received = files.receive(given.stream, given.filename)
        with transaction() as store:
            kept = files.record(store, received, me, clock.now())
        with reading() as store:
            _read(store, work, kept)
    except Refused as refused:
        with reading() as store:
            return _page(store, work, refused=refused)
    return redirect(url_for("reviewer.workbook", ref=ref, file=kept.ref), 303)


@desk.post("/tasks/<ref>/workbook/adoption")
def adopt(ref: str) -> Answer:
    """Put what the workbook says into the draft; it is not sent, and what stands wrongly in its cell is left out."""
    rev = whole(request.form.get("_rev", "")) or 0
    try:
        with transaction() as store:
            work = _mine(store, ref)
            _stored, found = _read(store, work, _own(store, request.form.get("file", "")))
            answers = readback.merged(work.form, task.first(store, work).answers, found.answers)
            submissions.save_draft(store, work.item, session.actor().person or 0, answers, rev, clock.now())
    except Refused as refused:
        with reading() as store:
            return _page(store, _mine(store, ref), refused=refused)
    answer: Answer = redirect(url_for("reviewer.task", ref=ref), 303)
    said.tell(answer, "workbook.adopted")
    return answer


def _mine(store: Session, ref: str) -> Work:
    work = open_task.look(store, ref, session.actor())
    if not work.may_act:
        raise cases.NotYours(wait=ref, held_by=work.item.held_by, at=work.item.held_at)
    if not printed.prints(work.form):
        raise Missing(wait=ref)
    return work


def _own(store: Session, ref: str) -> StoredFile:
    stored = files.find(store, ref)
    if stored.by_person != session.actor().person:
        raise Missing(file=ref)
    return stored


def _read(store: Session, work: Work, stored: StoredFile) -> tuple[StoredFile, Found]:
    if stored.media_type != XLSX:
        raise NoWorkbook
    case = cases.find(store, work.item.case_ref, session.actor())
    where = papers.context(store, case)
    return stored, readback.read(files.path_of(stored.sha256), work.form, where.year, editions.places(store), where)


def _page(
    store: Session,
    work: Work,
    stored: StoredFile | None = None,
    found: Found | None = None,
    *,
    refused: Refused | None = None,
) -> Answer:
    case = cases.find(store, work.item.case_ref, session.actor())
    typed = task.first(store, work)
    shown_now = {"changes": [], "faults": []} if found is None else _preview(store, work, case, typed.answers, found)
    page = render_template(
        "reviewer/pages/workbook.html",
        item=work.item,
        about=naming.of_rows(store, [work.item]).title(work.item),
        step=naming.step(work.folder, work.item.element),
        stored=stored,
        found=found,
        rev=typed.rev,
        refused=codes.sentence(refused.code, refused.detail) if refused else "",
        **shown_now,
    )
    return make_response(page, refused.status if refused else 200)


def _preview(store: Session, work: Work, case: Any, before: Any, found: Found) -> dict[str, Any]:
    """What the draft would become, field by field, and what is wrong, cell by cell."""
    after = readback.merged(work.form, before, found.answers)
    around = papers.around(store, work.home, [work.form], [before])
    old, new = (Sheet(work.form, answers, cases.reporting_year(case), around=around) for answers in (before, after))
    changed = differing.changes(old, new, differences(work.form, before, after))
    return {"changes": changed, "faults": [_fault(new, found, one) for one in found.problems]}


def _fault(sheet: Sheet, found: Found, one: Any) -> Fault:
    known = sheet.form.field_at(one.path)
    whole = sheet.form.fields.get(one.path.partition(".")[0])
    facts = {name: shown.number(value) for name, value in one.params.items()}
    unit = (known.unit if known else "") or (whole.unit if whole and whole.type == "years" else "")
    numeric = known is not None and (known.of or known).type in shown.NUMBERS
    return Fault(
        found.at(one.path),
        sheet.label_at(one.path) if whole else "",
        problems.sentence(one.code, facts),
        sheet.say(unit) if numeric else "",
    )
