"""退回修改, 撤回 and 催办 at this desk: what a task and a case offer of them, their pages, and the doing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import cases
from engine.cases import CaseView
from engine.cases.sending_back import Target, UnknownField, Unreasoned
from engine.cases.taking_back import Opened, Sending
from engine.forms import Form
from ground import clock, ids, people
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused
from tasks import going_back, open_task, queue, urging
from tasks.open_task import Work
from web.door import said, session
from web.door.language import _, pick
from web.door.rights import SIGNED_IN, Route
from web.fields import typed as sent_by
from web.reviewer import listing, naming
from web.reviewer.blueprint import desk
from web.words import codes, dates
from web.words.catalogue import N_

REMARK = "remark."
LONGEST = 2_000
PLACE_LENGTH = 120
KEY_LENGTH = 80


@dataclass(frozen=True)
class OnCase:
    """What the page of a case offers: something to take back (or why not), somebody to urge, and when it was urged."""

    sending: Sending | None = None
    step: str = ""
    why_not: str = ""
    urge: urging.Standing | None = None


@dataclass(frozen=True)
class Choice:
    """A step to send back to: its name, who did it and when, the open tasks that end with it."""

    target: Target
    step: str
    by: str
    lost: Sequence[str]


def on_case(store: Session, view: CaseView) -> OnCase:
    """For whoever sent its last paper, and for the waiting side; for all others it asks the database nothing."""
    me, case = session.actor(), view.case
    if not urging.may(case, me, view.submissions):
        return OnCase()
    urge = urging.look(store, case, view.folder, me, session.visit().calendar)
    if not (view.submissions and view.submissions[-1].by == me.person):
        return OnCase(urge=urge)
    found = going_back.to_take_back(store, case, me)
    if isinstance(found, Sending):
        return OnCase(found, naming.step(view.folder, found.element), urge=urge)
    return OnCase(why_not=_opened(store, found), urge=urge)


def taken_back(lines: Sequence[Any], papers: Sequence[Any]) -> frozenset[int]:
    """The papers that their senders have taken back, by number: each the last of its step before that line."""
    found = set()
    for line in lines:
        if line.kind == "task.taken_back":
            earlier = [paper.seq for paper in papers if paper.element == line.element and paper.seq < line.seq]
            found.update(earlier[-1:])
    return frozenset(found)


def asked(store: Session, work: Work) -> Any:
    """What this task was sent back for, for whoever holds it; asked only where it was sent before."""
    sent_before = any(row.element == work.item.element for row in work.before)
    return going_back.asked_at(store, work.item.case_id, work.item.element) if work.may_act and sent_before else None


@desk.get("/tasks/<ref>/return")
def returning(ref: str) -> str:
    """Where to send it back to; with a step chosen, what that ends and which fields to remark."""
    with reading() as store:
        return _page(store, ref, request.args.get("target", "")[:PLACE_LENGTH], {})


@desk.post("/tasks/<ref>/return")
def return_(ref: str) -> Answer:
    """退回修改."""
    received, given = clock.now(), request.form
    target = given.get("target", "")[:PLACE_LENGTH]
    remarks = {name.removeprefix(REMARK): text[:LONGEST] for name, text in given.items() if name.startswith(REMARK)}
    try:
        moved = going_back.send_back(
            ref,
            target,
            reason=given.get("reason", "")[:LONGEST],
            asked=[{"field": name, "remark": text} for name, text in remarks.items() if text.strip()],
            by=session.actor(),
            key=_key(),
            received_at=received,
            acting=given.get("_as", "")[:KEY_LENGTH] or None,
        )
    except (Unreasoned, UnknownField, cases.NoCapacity) as no:
        with reading() as store:
            return make_response(_page(store, ref, target, dict(given), codes.sentence(no.code, no.detail)), 422)
    answer: Answer = redirect(listing.back_to(given.get("_back")), 303)
    said.tell(answer, "task.returned", number=moved.number, step=given.get("_step", "")[:PLACE_LENGTH])
    return answer


@desk.post("/cases/<ref>/taking-back")
def take_back(ref: str) -> Answer:
    """撤回: the task stands open again, with what was sent as its draft."""
    me = session.actor()
    try:
        moved = going_back.take_back(ref, by=me, key=_key(), received_at=clock.now())
    except Opened as no:
        answer: Answer = redirect(url_for("reviewer.case", ref=ref), 303)
        with reading() as store:
            said.tell(answer, "back.opened.by", **_who(store, no))
        return answer
    with reading() as store:
        mine = queue.page(store, me, queue.Filters(held="mine", q=moved.number), limit=1).items
    there = url_for("reviewer.task", ref=mine[0].ref) if mine else url_for("reviewer.case", ref=ref)
    answer = redirect(there, 303)
    said.tell(answer, "task.taken_back", number=moved.number)
    return answer


@desk.post("/cases/<ref>/urging")
def urge(ref: str) -> Answer:
    """催办 by the waiting side."""
    with transaction() as store:
        number = urging.urge(store, ref, session.actor(), clock.now())
    answer: Answer = redirect(url_for("reviewer.case", ref=ref), 303)
    said.tell(answer, "case.urged", n=number)
    return answer


def _key() -> str:
    """The key of this rendering of a page: the same one twice is one act."""
    return request.form.get(sent_by.KEY, "")[:KEY_LENGTH]


def _page(store: Session, ref: str, wanted: str, typed: Mapping[str, str], wrong: str = "") -> str:
    work = open_task.look(store, ref, session.actor())
    found = going_back.targets(store, work)
    names = people.name_of(store, {each.by for each in found if each.by is not None})
    choices = [_choice(work, each, names) for each in found]
    chosen = next((one for one in choices if one.target.element == wanted), None)
    if wanted and chosen is None:
        raise Missing(task=ref, target=wanted)
    return render_template(
        "reviewer/pages/return.html",
        item=work.item,
        about=naming.of_rows(store, [work.item]).title(work.item),
        step=naming.step(work.folder, work.item.element),
        choices=choices,
        chosen=chosen,
        sections=_sections(work, chosen) if chosen else [],
        typed=typed,
        wrong=wrong,
        capacities=work.capacities,
        offices=naming.offices(store, work.capacities),
        acting=typed.get("_as", ""),
        key=ids.ref(),
        back=listing.back_to(request.args.get("back") or request.form.get("_back")),
    )


def _choice(work: Work, target: Target, names: Mapping[int, Any]) -> Choice:
    who = names.get(target.by) if target.by is not None else None
    return Choice(
        target,
        naming.step(work.folder, target.element),
        pick(who.name, who.name_en) if who else "",
        [naming.step(work.folder, place) for place in target.lost],
    )


def _sections(work: Work, chosen: Choice) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields of the form of that step by section: name and label."""
    home, element = work.folder.home(chosen.target.element), work.folder.element(chosen.target.element)
    form: Form | None = home.forms.get(element.form or "") if element else None
    return [
        (
            naming.text(home, section.title or ""),
            [
                (each.name, naming.text(home, each.label))
                for each in section.fields
                if each.label and each.type != "note"
            ],
        )
        for section in (form.sections if form else ())
    ]


def _opened(store: Session, no: Refused) -> str:
    return codes.sentence("back.opened.by", _who(store, no)) if isinstance(no, Opened) else ""


def _who(store: Session, no: Refused) -> dict[str, str]:
    by, at = no.detail.get("by"), no.detail.get("at")
    found = people.name_of(store, [by]).get(by) if isinstance(by, int) else None
    name = pick(found.name, found.name_en) if found else _("承办人")
    return {"name": name, "at": dates.moment(at) if isinstance(at, datetime) else ""}


CODES = {
    "back.not_from_here": N_("本环节不能退回修改。"),
    "back.not_passed": N_("本件没有经过这个环节，或者流程没有规定可以退回到这个环节。"),
    "back.barred": N_("其后已有签署、评分、决定、送达或者对外告知，不能退回到这个环节。"),
    "back.unreasoned": N_("请写明退回理由；理由和每项意见不超过%(most)s字。"),
    "back.unknown_field": N_("所列的修改项不在这个环节的表里，或者重复。"),
    "back.nothing_sent": N_("本件最后一次提交不是您办理的，没有可以撤回的内容。"),
    "back.opened": N_("下一环节已经领取，不能撤回。"),
    "back.opened.by": N_("下一环节已由%(name)s于%(at)s领取，不能撤回。"),
    "back.irrevocable": N_("提交后已经签署、送达、告知或者产生其他不可撤销的效果，不能撤回。"),
    "task.returned": N_("%(number)s已退回到“%(step)s”修改。"),
    "task.taken_back": N_("%(number)s已撤回，原内容保留在草稿里，修改后可以重新提交。"),
    "urge.too_soon": N_("本件已经催办，%(every)s个工作日内不重复催办。"),
    "urge.nobody": N_("本件现在没有可以催办的承办人。"),
    "case.urged": N_("已催办%(n)s项。"),
}

ROUTES = (
    Route("reviewer.returning", "GET", SIGNED_IN),
    Route("reviewer.return_", "POST", SIGNED_IN),
    Route("reviewer.take_back", "POST", SIGNED_IN),
    Route("reviewer.urge", "POST", SIGNED_IN),
)
