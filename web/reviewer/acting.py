"""更多操作: the small forms with which a task is handed over, lent, countersigned, copied or remarked on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import cosigners, loans, sendings
from engine.cases import NoProxy, offices
from engine.cases.hanging import check_proxy
from ground import clock, ids, people
from ground.database import Session, reading, transaction
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor
from tasks import at_task, comments, copying, cosigning, handing, lending
from tasks.open_task import Work
from web.door import said, session
from web.door.language import pick
from web.fields import typed as sent_by
from web.reviewer import completing, naming, papers
from web.reviewer.blueprint import desk
from web.reviewer.story import Line
from web.words import codes
from web.words.catalogue import N_
from web.words.roles import ROLES

REF_LENGTH, CODE_LENGTH, MOST_WORDS = 12, 20, 1100
MODES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        cosigners.BEFORE: (N_("前加签"), N_("意见齐了才能提交")),
        cosigners.AFTER: (N_("后加签"), N_("提交后送会签，同意后办结，不同意的退回本人")),
        cosigners.PARALLEL: (N_("并加签"), N_("同时办理，提交后等意见齐了再办结")),
    }
)
RULES: Mapping[str, str] = MappingProxyType(
    {cosigners.ALL: N_("全部同意"), cosigners.ANY: N_("任一同意"), cosigners.MAJORITY: N_("过半数同意")}
)
OPINIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {cosigners.AGREE: (N_("同意"), "green"), cosigners.REFUSE: (N_("不同意"), "red")}
)


@dataclass(frozen=True)
class Small:
    """One small form: what it is called and means, whether persons and how many are chosen, what its words are."""

    title: str
    means: str
    words: str
    button: str
    done: str
    many: bool = False
    whom: Callable[[Session, str, Actor, datetime], Sequence[Any]] | None = None


FORMS: Mapping[str, Small] = MappingProxyType(
    {
        "handover": Small(
            N_("转办"),
            N_("交给同一岗位的其他人办理，不再退回；已填写的内容一并转去，时限不变。"),
            N_("转办理由"),
            N_("转办"),
            "act.handed_over",
            whom=handing.to_whom,
        ),
        "loan": Small(
            N_("委派"),
            N_("请本单位的同事代为准备，准备好后交回，由您核对并提交。需签批的环节不能委派。"),
            N_("请对方做什么"),
            N_("委派"),
            "act.lent",
            whom=lending.to_whom,
        ),
        "cosigners": Small(
            N_("加签"),
            N_("请本单位的同事会签，意见写明同意或者不同意。已答复的可以再次加签。"),
            N_("会签事由"),
            N_("加签"),
            "act.asked",
            many=True,
            whom=cosigning.whom,
        ),
        "copies": Small(
            N_("抄送"),
            N_("送给能够查看本件的人员阅知，出现在对方的待阅中。抄送不扩大对方的查看范围。"),
            N_("抄送说明"),
            N_("抄送"),
            "act.copied",
            many=True,
            whom=copying.to_whom,
        ),
        "comments": Small(
            N_("批注"),
            N_("随办件保存，本单位和商务厅的办理人员可以看到，申报单位看不到。"),
            N_("批注内容"),
            N_("添加批注"),
            "act.commented",
        ),
    }
)


@desk.get("/tasks/<ref>/acts/<act>")
def asking(ref: str, act: str) -> Answer:
    """One small form, with those who can be asked."""
    return make_response(_page(ref, act))


@desk.post("/tasks/<ref>/acts/<act>")
def asked(ref: str, act: str) -> Answer:
    """Do it; what could not be taken is shown again with what was typed."""
    form = _form(act)
    try:
        number = _DO[act](ref, session.actor(), completing.key(), clock.now())
    except (at_task.NoWords, at_task.NotAmong, cosigning.NoSuchWay) as no:
        return make_response(_page(ref, act, no), no.status)
    to = "reviewer.tasks" if act == "handover" else "reviewer.task"
    answer: Answer = redirect(url_for(to, ref=None if act == "handover" else ref), 303)
    said.tell(answer, form.done, number=number)
    return answer


@desk.post("/tasks/<ref>/loan/return")
def give_back(ref: str) -> Answer:
    """The borrower keeps what stands in the form as a draft, and hands the task back with it."""
    me = session.actor()
    raw = sent_by.answers(request.form.items(multi=True))
    with transaction() as store:
        completing.keep(store, ref, raw)
    number = lending.give_back(ref, _words("_note"), by=me, key=completing.key(), now=clock.now())
    answer: Answer = redirect(url_for("reviewer.tasks"), 303)
    said.tell(answer, "act.given_back", number=number)
    return answer


@desk.post("/tasks/<ref>/loan/recall")
def call_back(ref: str) -> Answer:
    """The lender takes the task back."""
    number = lending.call_back(ref, _words("words"), by=session.actor(), key=completing.key(), now=clock.now())
    answer: Answer = redirect(url_for("reviewer.task", ref=ref), 303)
    said.tell(answer, "act.called_back", number=number)
    return answer


@desk.post("/tasks/<ref>/sending/recall")
def recall(ref: str) -> Answer:
    """The holder takes back what waits for co-signers."""
    number = cosigning.recall(ref, by=session.actor(), key=completing.key(), now=clock.now())
    answer: Answer = redirect(url_for("reviewer.task", ref=ref), 303)
    said.tell(answer, "act.recalled", number=number)
    return answer


def state(store: Session, work: Work, case: Any, lines: Sequence[Line]) -> dict[str, Any]:
    """What the page of a task shows of all this; it asks nothing more where nothing hangs and nobody has remarked."""
    item, me = work.item, session.actor()
    loan = loans.standing(store, item)
    sending = sendings.standing(store, item)
    lent = people.name_of(store, [loan.from_person, loan.to_person]) if loan else {}
    return {
        "menu": [] if work.suspended else _menu(work, case, me, free=not (loan or sending)),
        "forms": FORMS,
        "loan": loan,
        "lender": _name(lent.get(loan.from_person)) if loan else "",
        "borrowed": loan is not None and loan.to_person == me.person,
        "cosigners": cosigning.of_task(store, item),
        "sending": sending,
        "sent": sheet(store, work, case, sending) if sending else None,
        "comments": remarks(store, item.case_id, lines),
        "modes": MODES,
        "rules": RULES,
        "opinions": OPINIONS,
    }


def sheet(store: Session, work: Any, case: Any, sending: Any) -> Any:
    """What was sent and waits, as a form to read."""
    return papers.as_typed(store, work.folder.home(work.item.element), work.item, case, sending.answers)


def remarks(store: Session, case_id: int, lines: Sequence[Line]) -> Sequence[Any]:
    """The remarks on a case that its reader may see, if its history tells them of any."""
    if not any(line.kind == "task.commented" for line in lines):
        return ()
    return comments.of_case(store, case_id, session.actor())


def _menu(work: Work, case: Any, me: Actor, *, free: bool) -> list[str]:
    """The acts that this person can do now; `free` says that the task is neither lent nor waits for co-signers."""
    try:
        check_proxy(work.folder, work.item)
    except NoProxy:
        return []
    element = work.folder.element(work.item.element)
    refused = set() if work.may_act and free else {"handover", "loan", "cosigners"}
    if element is not None and element.signed:
        refused.add("loan")
    if offices.seat(me, case.region, case.organ, comments.SILENT) is None:
        refused.add("comments")
    return [name for name in FORMS if name not in refused]


def _page(ref: str, act: str, wrong: Refused | None = None) -> str:
    form, me = _form(act), session.actor()
    with reading() as store:
        at = at_task.seen(store, ref, me, clock.now())
        check_proxy(at.folder, at.item)
        if act == "comments" and not comments.may_write(at):
            raise Forbidden(act=act)
        among = form.whom(store, ref, me, clock.now()) if form.whom else []
        return render_template(
            "reviewer/pages/asking.html",
            act=act,
            form=form,
            item=at.item,
            step=naming.step(at.folder, at.item.element),
            among=[(one.ref, _name(one), _office(one)) for one in among],
            typed=request.form,
            chosen=request.form.getlist("to"),
            wrong=codes.sentence(wrong.code, wrong.detail) if wrong else "",
            most=1000 if act == "comments" else 500,
            modes=MODES,
            rules=RULES,
            key=ids.ref(),
        )


def _form(act: str) -> Small:
    if act not in FORMS:
        raise Missing(act=act)
    return FORMS[act]


def _name(person: Any) -> str:
    return pick(person.name, person.name_en) if person else ""


def _office(person: Any) -> tuple[str, str]:
    """The role (to be put into words) by which somebody can be asked, and their organ unless all are of one."""
    organ = pick(person.organ_name, person.organ_name_en) if hasattr(person, "organ_name") else ""
    return ROLES.get(person.role, person.role), organ


def _words(name: str) -> str:
    return request.form.get(name, "")[:MOST_WORDS]


def _to() -> list[str]:
    return [ref[:REF_LENGTH] for ref in request.form.getlist("to")]


def _ask(ref: str, by: Actor, key: str, now: datetime) -> str:
    mode, rule = (request.form.get(name, "")[:CODE_LENGTH] for name in ("mode", "rule"))
    asking_ = cosigning.Asking(mode, rule, _words("words"))
    return cosigning.ask(ref, _to(), asking_, by=by, key=key, now=now)


_DO: Mapping[str, Callable[[str, Actor, str, datetime], str]] = {
    "handover": lambda ref, by, key, now: handing.hand_over(
        ref, next(iter(_to()), ""), _words("words"), by=by, key=key, now=now
    ),
    "loan": lambda ref, by, key, now: lending.lend(
        ref, next(iter(_to()), ""), _words("words"), by=by, key=key, now=now
    ),
    "cosigners": _ask,
    "copies": lambda ref, by, key, now: copying.copy(ref, _to(), _words("words"), by=by, key=key, now=now),
    "comments": lambda ref, by, key, now: comments.write(ref, _words("words"), by=by, key=key, now=now),
}
