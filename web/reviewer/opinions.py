"""呈批件: the chain of opinions of a case on paper, in the order of the steps, or the one sheet (意见单) of a step.

Only what this person may read stands in it, and nothing that its sender has taken back.
"""

import hashlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Response, request

from bases.documents import press
from engine import cases
from engine.cases import CaseView
from ground import clock, organs
from ground.database import Session, reading
from ground.errors import Missing
from tasks import elapsed
from web.door import outgoing, session
from web.door.language import _, pick
from web.door.rights import SIGNED_IN, Route
from web.reviewer import going_back, naming, papers, story
from web.reviewer.blueprint import desk
from web.reviewer.papers import Paper
from web.words import dates
from web.words.catalogue import N_

LAYOUT = press.FOLDER / "opinions.typ"
PDF = "application/pdf"
DRAFTED, REVIEWED, SIGNED, JOINED = N_("拟办意见"), N_("审核意见"), N_("批示"), N_("会签意见")
# How an opinion is called by whoever gives it; a leader's is 批示, and everybody else proposes.
KINDS = {
    "base_authority": REVIEWED,
    "city_section_head": REVIEWED,
    "prov_division_head": REVIEWED,
    "prov_checker": REVIEWED,
    "prov_office": REVIEWED,
    "dept_liaison": JOINED,
}
LEADERS = frozenset({"city_leader", "prov_leader"})
# Beside what is written in prose: by which letter, signed by whom, on which day.
FACTS = ("incoming_number", "dated_on", "signer", "signed_on", "decided_on")


@desk.get("/cases/<ref>/opinions.pdf")
def opinions(ref: str) -> Response:
    """The whole chain; with `seq` the sheet of one step."""
    me, only = session.actor(), request.args.get("seq", "")
    with reading() as store:
        view = cases.look(store, ref, me)
        sent = papers.sent(store, view.folder, view.case, view.submissions)
        told = story.lines(store, view.case, view.folder, me, sent, {})
        gone = going_back.taken_back(told, sent)
        given = [paper for paper in sent if is_opinion(paper) and paper.seq not in gone]
        if only:
            given = [paper for paper in given if str(paper.seq) == only]
        if not given:
            raise Missing(case=ref, paper=only)
        title = _("意见单") if only else _("呈批件")
        paper = _paper(store, view, title, given)
    body = press.typeset(LAYOUT, paper)
    name = f"{title} {view.case.number}.pdf"
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), PDF, kept=False)


def among(sent: Sequence[Paper]) -> frozenset[int]:
    """The numbers of those of these papers that are opinions."""
    return frozenset(paper.seq for paper in sent if is_opinion(paper))


def is_opinion(paper: Paper) -> bool:
    """What somebody in an office said of the case: not what its applicant filled in, and no sealed sheet."""
    form = paper.sheet.form
    spoken = "outcome" in form.fields or any(each.type == "prose" for each in form.fields.values())
    return "@" in paper.acting and _role(paper) != elapsed.APPLICANT and not form.sealed and spoken


def _role(paper: Paper) -> str:
    return paper.acting.partition("@")[0]


def _kind(view: CaseView, paper: Paper) -> str:
    element = view.folder.element(paper.element)
    if _role(paper) in LEADERS or (element is not None and element.signed):
        return _(SIGNED)
    return _(KINDS.get(_role(paper), DRAFTED))


def _paper(store: Session, view: CaseView, title: str, given: Sequence[Paper]) -> dict[str, Any]:
    names = naming.of_rows(store, [view.case])
    body = organs.bodies(store, [view.case.organ]).get(view.case.organ)
    offices = naming.offices(store, [paper.acting for paper in given])
    issued = papers.documents(store, view.folder, view.case, session.actor())
    numbered = [f"{row.title}（{row.number}）" for row in issued if row.number]
    about = names.title(view.case)
    facts = [
        (_("事项"), f"{about} · {names.process(view.case)}", True),
        (_("编号"), view.case.number, False),
        (_("所在地"), names.place(view.case), False),
        (
            _("申报单位") if view.case.subject.startswith("base:") else _("承办单位"),
            pick(body.name, body.name_en) if body else "",
            False,
        ),
        (_("发起"), dates.day(clock.local_day(view.case.started_at), weekday=False), False),
        *([(_("公文"), _("、").join(numbered), True)] if numbered else []),
    ]
    return {
        "title": title,
        "organ": _("四川省省级外贸转型升级基地"),
        "facts": facts,
        "opinions": [_opinion(view, paper, offices.get(paper.acting, "")) for paper in given],
        "foot": _("%(number)s · %(at)s打印", number=view.case.number, at=dates.moment(clock.now())),
    }


def _opinion(view: CaseView, paper: Paper, office: str) -> dict[str, Any]:
    who = " · ".join(each for each in (office, paper.by) if each)
    return {
        "kind": _kind(view, paper),
        "step": paper.step,
        "result": paper.result,
        "lines": _lines(paper),
        "signed": f"{who}　{dates.moment(paper.at)}",
    }


def _lines(paper: Paper) -> list[str]:
    """What is written, the opinion itself without its label; then the letter and the signature."""
    sheet, found = paper.sheet, []
    for name, known in sheet.form.fields.items():
        if known.type != "prose" and name not in FACTS:
            continue
        words = sheet.words_at(name, known) if sheet.value(name) else ""
        if words:
            said = words if name == "opinion" else f"{sheet.say(known.label)}{_('：')}{words}"
            found += [line for line in said.splitlines() if line.strip()]
    return found


ROUTES = (Route("reviewer.opinions", "GET", SIGNED_IN),)
