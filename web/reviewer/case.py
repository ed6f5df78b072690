"""One case: what it waits for and until when, what has happened, what was sent, what its parties may do."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases import register
from bases.cooperation import supervision
from bases.measures import policy
from bases.verdicts import rectification, revocation
from engine import cases, definitions, waits
from engine.cases import Act, CaseView, linked
from engine.folders import Folder
from engine.forms import Problem
from ground import clock, ids, organs, people
from ground.database import Session, reading
from ground.errors import Missing
from web.door import said, session
from web.door.language import _, pick
from web.fields import typed as sent_by
from web.reviewer import (
    acting,
    answers,
    archiving,
    assessed,
    awaited,
    behind,
    completing,
    drawn,
    going_back,
    naming,
    opinions,
    papers,
    signed,
    story,
    telling,
    uploads,
    walked,
)
from web.reviewer.blueprint import desk
from web.reviewer.papers import Typed

FOREVER = "private, max-age=31536000, immutable"  # a version never changes
TABS = ("story", "papers", "diagram", "files", "linked", "letters", "jobs")


@desk.get("/cases/<ref>")
def case(ref: str) -> str:
    """One case, on the tab that the address names."""
    me = session.actor()
    with reading() as store:
        view = cases.look(store, ref, me)
        tab = request.args.get("tab", TABS[0])
        sent = papers.sent(store, view.folder, view.case, view.submissions)
        head = _head(store, view)
        told = story.lines(store, view.case, view.folder, me, sent, head["queues"])
        until, days = view.case.ended_at or clock.now(), session.visit().calendar
        walk = walked.steps(store, view.case, view.folder, me, until, days) if tab == "diagram" else []
        links = linked.of(store, view.case, me) if tab == "linked" else []
        kind, words = telling.asked()
        return render_template(
            "reviewer/pages/case.html",
            **head,
            tab=tab if tab in TABS else TABS[0],
            lines=told,
            told_lines=telling.narrowed(told, kind, words),
            told_kind=kind,
            told_words=words,
            told_kinds=[(key, _(each)) for key, each in telling.KINDS.items()],
            used=story.used(told, view.folder, until, days),
            walked=walk,
            linked=links,
            written=behind.written(store, view, me) if tab == "letters" else [],
            shows_jobs=behind.may_see_jobs(me),
            owed=behind.owed(store, view) if tab == "jobs" and behind.may_see_jobs(me) else [],
            linked_names=naming.of_rows(store, [one.case for one in links]),
            badges=lambda called: walked.badges(walk, view.folder, called or ""),
            drawings=drawn.drawings(view.folder, [row.element for row in view.waits], story.done(told)),
            papers=sent,
            enclosed=papers.enclosed(sent),
            signatures=signed.of_case(store, view.case, told, me),
            orders=supervision.about_case(store, view.case.id) if me.has(supervision.SUPERVISOR) else [],
            archive=archiving.offered(view.case, me),
            comments=acting.remarks(store, view.case.id, told),
            key=ids.ref(),
            going=going_back.on_case(store, view),
            opinions=opinions.among(sent),
            gone=going_back.taken_back(told, sent),
        )


@desk.get("/cases/<ref>/messages/<name>")
def act(ref: str, name: str) -> str:
    """The form of something that a party may do at any time, such as withdrawing an application."""
    with reading() as store:
        return _act_page(store, ref, name, Typed({}))


@desk.post("/cases/<ref>/messages/<name>")
def send(ref: str, name: str) -> Answer:
    """Do it."""
    received, me = clock.now(), session.actor()
    raw = sent_by.answers(request.form.items(multi=True))
    wrong = uploads.take_along(raw, me)
    if wrong or sent_by.acted(raw, request.form.get(sent_by.ACT, "")):
        return _again(ref, name, raw, wrong)
    try:
        moved = cases.send(ref, name, raw, by=me, key=completing.key(), received_at=received)
    except cases.Invalid as invalid:
        return _again(ref, name, raw, [*invalid.detail["problems"], *invalid.detail["warnings"]])
    answer: Answer = redirect(url_for("reviewer.case", ref=ref), 303)
    said.tell(answer, "case.message_sent", number=moved.number)
    return answer


@desk.get("/cases/<ref>/diagram.bpmn")
def diagram(ref: str) -> Response:
    """The diagram that this case runs on, or that of a process which it calls."""
    folder = _folder(ref)
    answer = make_response(folder.parts[folder.facts["diagram"]])
    answer.content_type = "application/xml"
    answer.headers["Cache-Control"] = FOREVER
    return answer


@desk.get("/cases/<ref>/names.json")
def diagram_names(ref: str) -> Response:
    """The English of the diagram's names."""
    answer = jsonify(dict(_folder(ref).words))
    answer.headers["Cache-Control"] = FOREVER
    return answer


def _folder(ref: str) -> Folder:
    """The folder of the case, or that of the called process which the address names."""
    called = request.args.get("called")
    with reading() as store:
        folder = definitions.pinned(store, cases.find(store, ref, session.actor()).release_id)
    if called and called not in folder.calls:
        raise Missing(called=called)
    return folder.calls[called] if called else folder


def _head(store: Session, view: CaseView) -> Mapping[str, Any]:
    """What stands at the head of every page of a case."""
    body = organs.bodies(store, [view.case.organ]).get(view.case.organ)
    held = {person for row in view.waits for person in (row.held_by, row.held_for)}
    holders = people.name_of(store, held - {None})
    starter = people.name_of(store, {view.case.started_by}).get(view.case.started_by) if view.case.started_by else None
    return {
        "view": view,
        "documents": papers.documents(store, view.folder, view.case, session.actor()),
        "assessment": assessed.of_case(store, view.case, session.actor()),
        "assessed_words": assessed,
        "askings": answers.of_case(store, view.folder, view.case, session.actor()),
        "case": view.case,
        "names": naming.of_rows(store, [view.case]),
        "policy": policy.named(definitions.policy_of(store, view.case.release_id), session.visit().policies),
        "organ": pick(body.name, body.name_en) if body else "",
        "starter": pick(starter.name, starter.name_en) if starter else "",
        "holders": {number: pick(name.name, name.name_en) for number, name in holders.items()},
        "queues": naming.queues(store, _keys(view)),
        "steps": {row.element: naming.step(view.folder, row.element) for row in view.waits},
        "mine": {row.ref for row in view.waits if _is_mine(view, row)},
        **_waiting(store, view),
        "acts": [(one, _title(view, one)) for one in view.acts],
        **_standing(store, view),
    }


def _is_mine(view: CaseView, row: Any) -> bool:
    """Whether this person may do a task of the case, by a key of their own or one that was lent."""
    me = session.actor()
    return row.queue in me.keys or bool(cases.behalf.principals(row, view.case.region, view.folder, me))


def _standing(store: Session, view: CaseView) -> Mapping[str, Any]:
    """What a case does to the standing of its base: the half-year that runs; that the text knows no such revocation."""
    key = view.folder.facts["key"]
    if key not in {rectification.PROCESS, revocation.PROCESS}:
        return {"base_ref": None, "half_year": None, "outside": False}
    base = register.of_subject(store, view.case.subject)
    half_year = rectification.running(store, [base.id]).get(base.id) if key == rectification.PROCESS else None
    outside = key == revocation.PROCESS and revocation.of_case(store, view.case.id).outside
    return {"base_ref": base.ref, "half_year": half_year, "outside": outside}


def _keys(view: CaseView) -> list[str]:
    """Who is asked now, under which keys the papers were sent, and as whom this person may act."""
    acted = {*(row.acting for row in view.submissions), *(one.sender for one in view.acts)}
    return [*{row.queue for row in view.waits}, *(key for key in acted if "@" in key)]


def _waiting(store: Session, view: CaseView) -> Mapping[str, Any]:
    """Waiting that is right: a period that runs, with its last day (公示期内), and another case."""
    alone = [one for one in waits.standing(store, view.case.id) if _stands_alone(view.folder, one.element)]
    periods = [
        (naming.step(view.folder, one.element), clock.local_day(one.due_at - clock.DAY))
        for one in alone
        if one.kind == "timer" and one.due_at
    ]
    told = any(one.kind == "subscription" for one in alone)
    return {"periods": periods, "awaits": _awaits(store, view) if told else []}


def _awaits(store: Session, view: CaseView) -> list[tuple[str, awaited.Said]]:
    """The steps at which the case waits for another one, and which that is."""
    row = SimpleNamespace(
        case_id=view.case.id, case_ref=view.case.ref, release_id=view.case.release_id, subject=view.case.subject
    )
    found = awaited.of(store, [row], session.actor())
    return [(naming.step(view.folder, one.element), one) for one in found.get(row.case_id, ())]


def _stands_alone(folder: Folder, place: str) -> bool:
    """Whether it is waited for by itself, not at the edge of an activity and not beside the whole case."""
    element = folder.element(place)
    return element is not None and element.attached is None and element.kind != "start"


def _found(store: Session, ref: str, name: str) -> tuple[CaseView, Act]:
    view = cases.look(store, ref, session.actor())
    found = next((one for one in view.acts if one.message == name), None)
    if found is None:
        raise Missing(case=ref, message=name)
    return view, found


def _title(view: CaseView, act: Act) -> str:
    """What a person would say they do: the title of its form."""
    home = view.folder.home(act.element)
    return naming.text(home, home.forms[act.form].title)


def _act_page(store: Session, ref: str, name: str, typed: Typed) -> str:
    view, found = _found(store, ref, name)
    home = view.folder.home(found.element)
    return render_template(
        "reviewer/pages/act.html",
        **_head(store, view),
        name=name,
        title=_title(view, found),
        element=view.folder.element(found.element),
        capacities=[found.sender] if "@" in found.sender else [],
        sheet=papers.to_fill(store, home, home.forms[found.form], view.case, typed),
        key=ids.ref(),
    )


def _again(ref: str, name: str, raw: dict[str, Any], found: list[Problem]) -> Answer:
    with reading() as store:
        return make_response(_act_page(store, ref, name, Typed(raw, found=found)), 422 if found else 200)
