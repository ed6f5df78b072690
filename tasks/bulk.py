"""批量办理: many tasks of one step, one form filled in once, each done by itself; a failure of one stops no other.

Only what a form names under `bulk` is given to many; the rest of each form stands as it would be opened. Nothing that
is signed or scored, and nothing that asks one person by name, is done in bulk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from engine import cases, definitions, forms, holding
from engine.folders import Folder
from engine.forms import Form
from engine.waits import Wait
from ground.database import Session, transaction
from ground.errors import Missing, Refused
from ground.people import Actor
from tasks import open_task, queue, walks

MOST = 100
NOT_IN_BULK, OTHER_STEP, GONE = "bulk.not_in_bulk", "bulk.other_step", holding.Gone.code


class NothingInBulk(Refused):
    """None of these tasks can be done together with others."""

    code = "bulk.nothing"
    status = 422


@dataclass(frozen=True)
class Chosen:
    """What was ticked: the tasks of one step that are done together, and the others, each with the code of why not."""

    folder: Folder
    element: str
    form: Form
    items: Sequence[Record[Any]]
    left_out: Sequence[tuple[Record[Any] | None, str]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Done:
    """What became of one task: its case has moved on, or waits for co-signers, or the refusal that kept it back."""

    ref: str
    number: str
    refused: Refused | None = None
    waits: bool = False


def choose(session: Session, refs: Sequence[str], by: Actor) -> Chosen:
    """Sort what was ticked, at most `MOST`; the step of the first task that allows it is the one of all."""
    refs = list(dict.fromkeys(refs))[:MOST]
    rows = {row.ref: row for row in session.execute(walks.ITEMS.where(Wait.ref.in_(refs)))}
    # A task that is gone and one that this person may not know of look alike.
    left_out: list[tuple[Record[Any] | None, str]] = [(None, GONE) for ref in refs if ref not in rows]
    first: tuple[Folder, Record[Any], Form] | None = None
    items = []
    for row in (rows[ref] for ref in refs if ref in rows):
        folder = definitions.pinned(session, row.release_id)
        form = folder.form(row.element, row.form)
        why = open_task.hindrance(session, row, by)
        if why == Missing.code:
            left_out.append((None, GONE))
        elif why is None and (form is None or not may_be_bulk(folder, row)):
            left_out.append((row, NOT_IN_BULK))
        elif why is not None or form is None:
            left_out.append((row, why or NOT_IN_BULK))
        elif first and (row.element, form.digest) != (first[1].element, first[2].digest):
            left_out.append((row, OTHER_STEP))
        else:
            first = first or (folder, row, form)
            items.append(row)
    if first is None:
        raise NothingInBulk(left_out=left_out)
    return Chosen(first[0], first[1].element, first[2], items, left_out)


def may_be_bulk(folder: Folder, item: Any) -> bool:
    """Whether the form of this task is one that is filled in for many at once."""
    element, form = folder.element(item.element), folder.form(item.element, item.form)
    if element is None or form is None:
        return False
    return bool(form.bulk) and not (form.sealed or element.signed or element.scope == "person")


def check(form: Form, answers: Mapping[str, Any]) -> None:
    """Refuse what could be sent for none of them, before the first is touched: cases.Invalid names each field."""
    result = forms.read(form.in_bulk(), answers)
    if result.errors:
        raise cases.Invalid(problems=result.errors, warnings=result.warnings, answers=dict(answers))


def send(ref: str, answers: Mapping[str, Any], *, by: Actor, key: str, now: datetime) -> Done:
    """Do one of them; claimed for it, it is given back where it could not be done. The same key does it once."""
    number, claimed = "", False
    try:
        with transaction() as session:
            number, whole = _whole(session, ref, answers, by)
            claimed = _take(session, ref, by, now)
    except (holding.Gone, Missing):
        whole = dict(answers)  # it may have been done under this key before
    except Refused as no:
        return Done(ref, number, no)
    try:
        moved = cases.complete(ref, whole, by=by, key=key, received_at=now)
    except Refused as no:
        if claimed:
            _give_back(ref, by, now)
        return Done(ref, number, no)
    return Done(ref, moved.number, waits=moved.waits)


def _whole(session: Session, ref: str, answers: Mapping[str, Any], by: Actor) -> tuple[str, dict[str, Any]]:
    """The number of its case, and its form as it would be opened, with what is given to all of them."""
    work = open_task.look(session, ref, by)
    if not may_be_bulk(work.folder, work.item):
        raise NothingInBulk(wait=ref)
    given = {name: value for name, value in answers.items() if name in work.form.bulk}
    facts = cases.find(session, work.item.case_ref, by)
    first = forms.prefilled(work.form.prefill, session, facts, work.item.item)
    return str(work.item.number), {**first, **given}


def _take(session: Session, ref: str, by: Actor, now: datetime) -> bool:
    held = open_task.look(session, ref, by).item.held_by
    queue.claim(session, ref, by, now)
    return bool(held != by.person)


def _give_back(ref: str, by: Actor, now: datetime) -> None:
    """Back to where it was; that it cannot be, because somebody was quicker, is no failure of the bulk."""
    try:
        with transaction() as session:
            queue.release(session, ref, by, now)
    except Refused:
        return


def offers(session: Session, items: Sequence[Any]) -> bool:
    """Whether any task of a list could be done in bulk, so that the list says so."""
    return any(may_be_bulk(definitions.pinned(session, item.release_id), item) for item in items)
