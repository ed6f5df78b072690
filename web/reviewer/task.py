"""One task: its form, its history, its diagram and its files; claiming it and giving it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.filing import incoming_letter
from engine import cases, forms
from engine.forms import Remark
from engine.holding import Taken
from ground import clock, ids, people
from ground.database import Session, reading, transaction
from tasks import elapsed, followups, going_back as sending, open_task, queue
from tasks.open_task import Work
from web.door import errors, said, session
from web.door.language import pick
from web.fields.sheet import Sheet
from web.reviewer import acting, answers, assessed, drawn, going_back, listing, naming, opinions, papers, story
from web.reviewer.blueprint import desk
from web.reviewer.papers import Paper, Typed
from web.words import dates

TABS = ("form", "history", "diagram", "files")
NO_CONTENT = 204
LETTER = "incoming_letter"


@desk.get("/tasks/<ref>")
def task(ref: str) -> str:
    """One task, on the tab that the address names."""
    with reading() as store:
        work = open_task.look(store, ref, session.actor())
        return page(store, work, _with_the_letter(store, work, first(store, work)))


@desk.post("/tasks/<ref>/claim")
def claim(ref: str) -> Answer:
    """Take the task and open it; whoever was slower learns who has it, and is back in the list."""
    back = listing.back_to(request.form.get("back"))
    try:
        with transaction() as store:
            queue.claim(store, ref, session.actor(), clock.now())
    except Taken as taken:
        if errors.wants_json():
            raise
        return _taken(taken, back)
    return redirect(url_for("reviewer.task", ref=ref, back=back), 303)


@desk.delete("/tasks/<ref>/claim")
def let_go(ref: str) -> tuple[str, int]:
    """Give the task back, for programs."""
    _release(ref)
    return "", NO_CONTENT


@desk.post("/tasks/<ref>/release")
def release(ref: str) -> Answer:
    """Give the task back to its queue; what was typed stays as this person's draft."""
    _release(ref)
    answer: Answer = redirect(listing.back_to(request.form.get("back")), 303)
    said.tell(answer, "task.released")
    return answer


def page(store: Session, work: Work, typed: Typed) -> str:
    """The page of a task, with this in its form."""
    known, tab = _known(store, work), request.args.get("tab", TABS[0])
    return render_template(
        "reviewer/pages/task.html",
        work=work,
        item=work.item,
        case=known.case,
        tab=tab if tab in TABS else TABS[0],
        offices=known.offices,
        key=ids.ref(),
        back=listing.back_to(request.args.get("back") or request.form.get("_back")),
        **_head(store, work, known),
        **_form(store, work, known, typed),
        **_record(store, work, known),
    )


def first(store: Session, work: Work) -> Typed:
    """What stands in a form that is opened: the draft, else what was sent of it last, else first values."""
    if work.draft:
        return Typed(work.draft.answers, work.draft.rev, work.draft.saved_at)
    before = [row for row in work.before if papers.series(row) == papers.series(work.item)]
    own = before and before[-1].by == session.actor().person and not forms.begins_anew(work.form.prefill)
    if own or (before and going_back.asked(store, work)):
        return Typed(before[-1].answers)
    facts = cases.find(store, work.item.case_ref, session.actor())
    return Typed(forms.prefilled(work.form.prefill, store, facts, work.item.item))


@dataclass(frozen=True)
class _Known:
    """What several parts of the page show: the case, what was sent of it, why it came back, who acted, its story."""

    case: Any
    sent: list[Paper]
    asked: Any
    remarked: list[Remark]
    offices: Mapping[str, str]
    told: list[story.Line]


def _known(store: Session, work: Work) -> _Known:
    case = cases.find(store, work.item.case_ref, session.actor())
    sent = papers.sent(store, work.folder, case, work.before)
    asked = going_back.asked(store, work)
    # Before anything was sent there is nothing to send back.
    remarked = forms.remarked(work.form.remarks, store, case) if work.may_act and work.before else []
    remarked = [*remarked, *(sending.remarks_of(asked) if asked else ())]
    acted = [paper.acting for paper in sent] + [one.by for one in remarked]
    offices = naming.offices(store, [*work.capacities, *([asked.acting] if asked else ()), *acted])
    told = story.lines(store, case, work.folder, session.actor(), sent, offices)
    return _Known(case, sent, asked, remarked, offices, told)


def _head(store: Session, work: Work, known: _Known) -> dict[str, Any]:
    """What the task is, who has it and since when, and what may be done with it beside filling in its form."""
    item = work.item
    since = elapsed.of_task(reversed(known.told), item.opened_at, clock.now(), session.visit().calendar)
    return {
        "step": naming.step(work.folder, item.element),
        "element": work.folder.element(item.element),
        "names": naming.of_rows(store, [item]),
        "holder": _name(store, item.held_by),
        "used": dates.used(since),
        "may_return": sending.may_send_back(work),
        "acts": acting.state(store, work, known.case, known.told),
        "follow_on": followups.of(store, session.actor(), [item.ref]).get(item.ref),
    }


def _form(store: Session, work: Work, known: _Known, typed: Typed) -> dict[str, Any]:
    """The form with what stands in it, and what is shown beside it: why it came back, what the tables say."""
    typed = _refreshed(store, work, known.case, typed)
    asked, inside = known.asked, story.sees_inside(session.actor())
    return {
        "sheet": _sheet(store, work, known, typed),
        "typed": typed,
        "acting": request.form.get("_as", ""),
        "letters": _letters(store, work, known.case),
        "returned": _returned(known.sent, work.item.element),
        "asked": asked,
        "asked_by": naming.step(work.folder, asked.source) if asked else "",
        "suggested": story.suggested(known.told, known.sent) if inside else [],
        "assessment": assessed.of_case(store, known.case, session.actor()),
        "assessed_words": assessed,
    }


def _record(store: Session, work: Work, known: _Known) -> dict[str, Any]:
    """What has happened and what was sent: the story, the papers and their files, the diagram, what was asked."""
    me = session.actor()
    return {
        "lines": known.told,
        "drawings": drawn.drawings(work.folder, [work.item.element], story.done(known.told)),
        "papers": known.sent,
        "opinions": frozenset() if work.form.admits else opinions.among(known.sent),
        "gone": going_back.taken_back(known.told, known.sent),
        "enclosed": papers.enclosed(known.sent),
        "documents": papers.documents(store, work.folder, known.case, me),
        "askings": answers.of_case(store, work.folder, known.case, me),
    }


def _sheet(store: Session, work: Work, known: _Known, typed: Typed) -> Sheet | None:
    """The form, for whoever may fill it in; sent back for a few fields, it may keep the others as they were sent."""
    if not work.may_act:
        return None
    form = work.form
    if known.asked:
        before = next(row.answers for row in reversed(work.before) if row.element == work.item.element)
        names = {each["field"] for each in known.asked.asked}
        form = forms.locked.shown(form, before, names)
        typed = replace(typed, answers=forms.locked.kept(work.form, typed.answers, before, names))
    return papers.to_fill(store, work.home, form, known.case, typed, remarked=known.remarked, offices=known.offices)


def _refreshed(store: Session, work: Work, facts: Any, typed: Typed) -> Typed:
    """With what is fixed as it is now, whenever the rest was typed."""
    if not (work.may_act and forms.fixed.has_any(work.form)):
        return typed
    known = forms.prefilled(work.form.prefill, store, facts, work.item.item)
    return replace(typed, answers=forms.fixed.refreshed(work.form, typed.answers, known))


def _letters(store: Session, work: Work, case: Any) -> Sequence[Any]:
    """Which letters of the city are entered already, where the form asks for one."""
    return incoming_letter.to_choose(store, case) if work.may_act and work.form.prefill == LETTER else []


def _with_the_letter(store: Session, work: Work, typed: Typed) -> Typed:
    """R-9.1: the form with a letter of this city that is entered already, as the address says; nothing is kept yet."""
    chosen = request.args.get("letter", "")
    if not chosen or not work.may_act or work.form.prefill != LETTER:
        return typed
    case = cases.find(store, work.item.case_ref, session.actor())
    known = next((row for row in _letters(store, work, case) if row.ref == chosen), None)
    return typed if known is None else replace(typed, answers={**typed.answers, **incoming_letter.answers_of(known)})


def _returned(sent: list[Paper], element: str) -> Paper | None:
    """Why this step is asked again: the paper that sent it back, if that is the newest."""
    newest = sent[-1] if sent else None
    again = any(paper.element == element for paper in sent)
    return newest if newest and newest.returned and again and newest.element != element else None


def _taken(taken: Taken, back: str) -> Answer:
    """Not an error: 「王某10秒前已领取」, and the list with the next free one."""
    with reading() as store:
        name = _name(store, taken.detail.get("held_by"))
    at: Any = taken.detail.get("at")
    seconds = int((clock.now() - at).total_seconds()) if at else 0
    answer: Answer = redirect(back, 303)
    said.tell(answer, "task.taken.by", name=name, ago=story.ago(seconds))
    return answer


def _name(store: Session, person: int | None) -> str:
    found = people.name_of(store, [person]).get(person) if person is not None else None
    return pick(found.name, found.name_en) if found else ""


def _release(ref: str) -> None:
    with transaction() as store:
        queue.release(store, ref, session.actor(), clock.now())
