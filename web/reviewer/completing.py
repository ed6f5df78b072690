"""Filling in a task's form: its draft is kept while one types, and sending it moves the case on, once."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import cases, forms, submissions
from engine.forms import Problem
from ground import clock
from ground.database import Session, reading, transaction
from ground.errors import Refused
from ground.numerals import whole
from tasks import open_task, queue
from tasks.open_task import Work
from tasks.queue import Filters
from web.door import said, session
from web.fields import typed as sent_by
from web.reviewer import listing, papers, task, uploads
from web.reviewer.blueprint import desk
from web.reviewer.papers import Typed

JSON = "application/json"
KEY_LENGTH = 80
STEP_LENGTH = 60
LARGEST_REV = 999_999_999
SMALL_BUTTONS = frozenset({"add", "drop", "remove"})


class NotJson(Refused):
    """The draft did not come as JSON in the shape that our pages send."""

    code = "draft.not_json"
    status = 400


class WrongKind(Refused):
    """The draft came as something else than JSON."""

    code = "draft.not_json"
    status = 415


@desk.put("/tasks/<ref>/draft")
def draft(ref: str) -> dict[str, Any]:
    """Keep what is being typed; answers with the number of this saving and what the form works out."""
    fields, rev = _json()
    raw = sent_by.answers(fields)
    with transaction() as store:
        work = _mine(store, ref)
        rev = _keep(store, work, raw, rev)
        facts = cases.find(store, work.item.case_ref, session.actor())
        totals = forms.read(work.form, raw, papers.context(store, facts)).totals
    return {"rev": rev, "saved": f"{clock.now().astimezone(clock.SHANGHAI):%H:%M}", "totals": _flat(totals)}


@desk.post("/tasks/<ref>/completion")
def complete(ref: str) -> Answer:
    """Send the form and move the case on; or do what one of its small buttons asks, and show it again."""
    received, me = clock.now(), session.actor()
    raw = sent_by.answers(request.form.items(multi=True))
    wrong = uploads.take_along(raw, me)
    act = request.form.get(sent_by.ACT, "")
    if wrong or act == "save" or sent_by.acted(raw, act):
        return _again(ref, raw, wrong, act)
    acting = request.form.get("_as", "")[:KEY_LENGTH] or None
    try:
        moved = cases.complete(ref, raw, by=me, key=key(), received_at=received, acting=acting)
    except cases.Invalid as invalid:
        return _refused(ref, raw, [*invalid.detail["problems"], *invalid.detail["warnings"]])
    except cases.NoCapacity:
        return _refused(ref, raw, [])
    return _onward(moved, request.form.get("_step", "")[:STEP_LENGTH])


def keep(store: Session, ref: str, raw: dict[str, Any]) -> None:
    """Keep what stands in the form as this person's draft, whichever saving of it the page had seen."""
    work = _mine(store, ref)
    _keep(store, work, raw, work.draft.rev if work.draft else 0)


def key() -> str:
    """The key of this rendering of a form: the same one twice is one act."""
    return request.form.get(sent_by.KEY, "")[:KEY_LENGTH]


def _mine(store: Session, ref: str) -> Work:
    work = open_task.look(store, ref, session.actor())
    if not work.may_act:
        raise cases.NotYours(wait=ref, held_by=work.item.held_by, at=work.item.held_at)
    return work


def _keep(store: Session, work: Work, raw: dict[str, Any], rev: int) -> int:
    kept = forms.read(work.form, raw, draft=True)
    return submissions.save_draft(store, work.item, session.actor().person or 0, kept.answers, rev, clock.now())


def _again(ref: str, raw: dict[str, Any], wrong: list[Problem], act: str) -> Answer:
    """Keep the draft and show the form again; where another window was quicker, with what was typed in this one."""
    try:
        with transaction() as store:
            rev = _keep(store, _mine(store, ref), raw, _rev())
    except submissions.DraftChanged:
        return _shown(ref, raw, wrong, submissions.DraftChanged.status)
    if wrong:
        return _shown(ref, raw, wrong, cases.Invalid.status, rev)
    what, _, path = act.partition(":")
    anchor = f"f-{path.partition(':')[0].partition('.')[0]}" if what in SMALL_BUTTONS else None
    answer: Answer = redirect(url_for("reviewer.task", ref=ref, back=request.form.get("_back"), _anchor=anchor), 303)
    if act == "save":
        said.tell(answer, "draft.kept")
    return answer


def _refused(ref: str, raw: dict[str, Any], found: list[Problem]) -> Answer:
    """The form with everything that was typed, each field with what is wrong; it is kept as a draft, too."""
    try:
        with transaction() as store:
            rev = _keep(store, _mine(store, ref), raw, _rev())
    except submissions.DraftChanged:
        return _shown(ref, raw, found, cases.Invalid.status)
    return _shown(ref, raw, found, cases.Invalid.status, rev)


def _shown(ref: str, raw: dict[str, Any], found: list[Problem], status: int, rev: int | None = None) -> Answer:
    """The page again. Without a number of its own it takes the newest, so that sending it once more counts."""
    with reading() as store:
        work = open_task.look(store, ref, session.actor())
        newest = work.draft.rev if work.draft else 0
        page = task.page(store, work, Typed(raw, newest if rev is None else rev, found=found))
    return make_response(page, status)


def _onward(moved: cases.Moved, step: str) -> Answer:
    """The next task opens at once, what is held first; without one, back to the list."""
    back = listing.back_to(request.form.get("_back"))
    filters = listing.behind(back)
    with reading() as store:
        following = _next(store, filters, "mine") or _next(store, filters, "free")
    answer: Answer = redirect(url_for("reviewer.task", ref=following.ref, back=back) if following else back, 303)
    if moved.waits:
        answer = redirect(back, 303)
        said.tell(answer, "task.sent_to_cosigners", number=moved.number, step=step)
    elif following:
        said.tell(answer, "task.completed.next", number=moved.number, step=step, following=following.number)
    else:
        said.tell(answer, "task.completed", number=moved.number, step=step)
    return answer


def _next(store: Session, filters: Filters, held: str) -> Any:
    wanted = Filters(**{**vars(filters), "held": held})
    items = queue.page(store, session.actor(), wanted, limit=1).items
    return items[0] if items else None


def _json() -> tuple[list[tuple[str, str]], int]:
    if request.mimetype != JSON:
        raise WrongKind
    try:
        sent = orjson.loads(request.get_data())
        return [(_text(name), _text(value)) for name, value in sent["fields"]], _whole(sent["rev"])
    except (ValueError, TypeError, KeyError) as error:
        raise NotJson from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_REV:
        raise TypeError
    return value


def _rev() -> int:
    return min(whole(request.form.get(sent_by.REV, "")) or 0, LARGEST_REV)


def _flat(totals: Mapping[str, Any], prefix: str = "") -> dict[str, str | None]:
    flat: dict[str, str | None] = {}
    for name, value in totals.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat
