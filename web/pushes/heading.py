"""One case in the hands of the unit's head: each open task with whom it may be given to and by how much put off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import Row as Record
from werkzeug.wrappers import Response as Answer

from engine import cases
from engine.cases import heads, sight
from engine.folders import Folder
from ground import clock, ids, people
from ground.database import Session, reading, transaction
from ground.errors import Refused
from ground.numerals import whole
from tasks import charges, extension, pushing, reassigning
from tasks.reassigning import To
from web.door import said, session
from web.door.language import pick
from web.door.rights import Route
from web.pushes.blueprint import desk
from web.reviewer import naming
from web.words import codes

REASON, KEY, REF, DIGITS = 600, 60, 12, 4


@dataclass(frozen=True)
class Task:
    """One open task: its row, what it is called, who may take it, by how many days it may be put off, or why not."""

    row: Record[Any]
    step: str
    office: str
    holder: str
    persons: Sequence[tuple[str, str]]
    organs: Sequence[tuple[str, str]]
    longest: int
    why: str
    barred: str


@desk.get("/cases/<ref>/charge")
def of_case(ref: str) -> str:
    """What the head of the unit may do with this case."""
    me = session.actor()
    with reading() as store:
        view = cases.look(store, ref, me)
        rows = charges.of_case(store, view.case.id)
        queues = [row.queue for row in rows]
        return render_template(
            "pushes/pages/of_case.html",
            case=view.case,
            called=naming.of_rows(store, [view.case]),
            tasks=[_task(store, row, view.folder) for row in rows],
            whole=heads.answers_for_all(store, me, queues, clock.today()),
            key=ids.ref(),
        )


@desk.post("/tasks/<ref>/reassignment")
def reassign(ref: str) -> Answer:
    """Give a task to another."""
    to, now = request.form.get("to", ""), clock.now()
    kind, _colon, chosen = to.partition(":")
    whom = To(organ=chosen[:REF]) if kind == "organ" else To(person=chosen[:REF])
    with transaction() as store:
        case = _case_of(store, ref)
        reassigning.reassign(store, ref, whom, by=session.actor(), reason=_reason(), now=now)
    return _back(case, "reassign.done")


@desk.post("/tasks/<ref>/extension")
def extend(ref: str) -> Answer:
    """Put a task off."""
    with transaction() as store:
        case = _case_of(store, ref)
        extension.extend(store, ref, days(), by=session.actor(), reason=_reason(), now=clock.now())
    return _back(case, "extend.done")


@desk.post("/cases/<ref>/suspension")
def suspend(ref: str) -> Answer:
    """Let a case stand still."""
    cases.suspend(ref, by=session.actor(), reason=_reason(), key=_key(), received_at=clock.now())
    return _back(ref, "suspend.done")


@desk.post("/cases/<ref>/resumption")
def resume(ref: str) -> Answer:
    """Let it go on."""
    cases.resume(ref, by=session.actor(), reason=_reason(), key=_key(), received_at=clock.now())
    return _back(ref, "resume.done")


def _task(store: Session, row: Record[Any], folder: Folder) -> Task:
    now, me = clock.now(), session.actor()
    hidden = row.held_by != me.person and sight.withheld(row.element, row.held_by, me, folder)
    holder = people.name_of(store, {row.held_by}).get(row.held_by) if row.held_by and not hidden else None
    barred, longest, why = "", 0, ""
    try:
        charges.check(store, row, folder, me, now)
    except Refused as no:
        barred = codes.sentence(no.code, no.detail)
    else:
        try:
            longest = extension.longest(store, row, now)
        except Refused as no:
            why = codes.sentence(no.code, no.detail)
    return Task(
        row=row,
        step=naming.step(folder, row.element),
        office=naming.queues(store, [row.queue])[row.queue],
        holder=pick(holder.name, holder.name_en) if holder else "",
        persons=[] if barred else [(one.ref, pick(one.name, one.name_en)) for one in _persons(store, row, folder)],
        organs=[]
        if barred
        else [(one.ref, pick(one.name, one.name_en)) for one in reassigning.offices(store, row, folder, now)],
        longest=longest,
        why=why,
        barred=barred,
    )


def _persons(store: Session, row: Record[Any], folder: Folder) -> list[Any]:
    """Who may take it, but for those whom four eyes keep from it."""
    found, now = [], clock.now()
    for each in reassigning.candidates(store, row, now):
        try:
            reassigning.planned(store, row, folder, To(person=each.ref), now)
        except cases.Separate:
            continue
        found.append(each)
    return found


def _case_of(store: Session, wait_ref: str) -> str:
    return pushing.case_of(store, wait_ref, session.actor())


def _reason() -> str:
    return request.form.get("reason", "")[:REASON]


def _key() -> str:
    return request.form.get("_key", "")[:KEY]


def days() -> int:
    """By how many days, as typed; 0, which is refused, for whatever is no number."""
    return whole(request.form.get("days", ""), DIGITS) or 0


def _back(case_ref: str, code: str) -> Answer:
    answer: Answer = redirect(url_for("pushes.of_case", ref=case_ref), 303)
    said.tell(answer, code)
    return answer


ROUTES = (
    Route("pushes.of_case", "GET", pushing.HEADS),
    Route("pushes.reassign", "POST", pushing.HEADS),
    Route("pushes.extend", "POST", pushing.HEADS),
    Route("pushes.suspend", "POST", pushing.HEADS),
    Route("pushes.resume", "POST", pushing.HEADS),
)
