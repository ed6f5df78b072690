"""Notices with what was objected, the draft of one, and, for the handler of an objection alone, who objected."""

from flask import Response, render_template, request
from sqlalchemy import select

from bases import register
from bases.verdicts import notice, notice_steps, objection, objector, reassigning
from engine import cases
from engine.cases import Case
from ground import clock, files, people, security
from ground.database import reading
from web.door import outgoing, session
from web.door.rights import Desk, Place, Route
from web.notices import entering, handing
from web.notices.blueprint import desk
from web.notices.told import TOLD
from web.words.catalogue import N_

OFFICE = frozenset({"prov_officer", "prov_division_head", "prov_leader", "prov_office"})
HEADS = frozenset({reassigning.HEAD})
ENTERING = frozenset({"prov_officer", "prov_office"})
HANDLERS = frozenset({objector.HANDLES})
MOST_ENDED = 20
STATES = {
    objection.RECEIVED: (N_("待指定经办人"), "amber"),
    objection.EXAMINED: (N_("正在核查"), "blue"),
    objection.CLUE: (N_("线索"), ""),
    objection.NOT_ACCEPTED: (N_("不予受理"), ""),
    objection.UPHELD: (N_("异议成立"), "green"),
    objection.PARTLY: (N_("部分成立"), "green"),
    objection.REJECTED: (N_("异议不成立"), ""),
}


@desk.get("/office/notices")
def listed() -> str:
    """The notices with how many objected to which base, and the objections that this person handles."""
    me = session.actor()
    with reading() as store:
        found = [*notice.running(store, clock.today()), *notice.ended(store, MOST_ENDED)]
        counts = {one.id: objection.report(store, one.id) for one in found}
        mine = objection.of_handler(store, me.person or 0)
        under_way = objection.under_way(store) if any(me.has(role) for role in HEADS) else []
        bases = {one.base_id: register.by_id(store, one.base_id) for one in (*mine, *under_way)}
        handlers = people.name_of(store, {one.handler_id for one in under_way if one.handler_id})
    return render_template(
        "notices/pages/listed.html",
        notices=found,
        counts=counts,
        mine=mine,
        under_way=[(one, reassigning.may_be(one)) for one in under_way],
        heads=any(me.has(role) for role in HEADS),
        enters=any(me.has(role) for role in ENTERING),
        handlers=handlers,
        bases=bases,
        states=STATES,
    )


@desk.get("/office/objections/<ref>")
def one_objection(ref: str) -> str:
    """Who objected and in which words, for the handler alone; that it was read stands in the security log."""
    me = session.actor()
    with reading() as store:
        known = objector.read(store, ref, me)
        found = objection.by_ref(store, ref)
        base = register.by_id(store, found.base_id)
        case = store.scalar(_REF.where(Case.id == found.case_id))
    security.note("objector.read", person_id=me.person, ip=request.remote_addr or "", object=f"{request.method} {ref}")
    return render_template(
        "notices/pages/objection.html", known=known, objection=found, base=base, case=case, states=STATES
    )


@desk.get("/office/objections/of-case/<ref>")
def of_case(ref: str) -> str:
    """The same, found from the case: the way there from its tasks."""
    with reading() as store:
        facts = cases.find(store, ref, session.actor())
        found = objection.of_case(store, facts.id)
    return one_objection(found.ref)


@desk.get("/office/objections/<ref>/files/<file_ref>")
def paper(ref: str, file_ref: str) -> Response:
    """A file that came with an objection, for its handler, to keep."""
    with reading() as store:
        stored = objector.file_of(store, ref, file_ref, session.actor())
    return outgoing.file(files.open_file(stored), stored.name, stored.sha256, kept=False)


@desk.get("/office/cases/<ref>/notice-draft")
def draft(ref: str) -> str:
    """The notice of a case as it would be published today; nothing of it is kept."""
    with reading() as store:
        facts = cases.find(store, ref, session.actor())
        body = notice.drafted(store, notice_steps.proposed(store, facts), clock.now())
    return render_template("notices/pages/draft.html", body=body, case=facts)


_REF = select(Case.ref)

# Imported, each has hung its routes on the desk.
HANGING = (entering, handing)

CODES = {
    "objection.reassigned": N_("已改派给%(name)s。"),
    "objection.entered": N_("书面异议已登记，交处室负责人指定经办人。"),
    "objection.late": N_("来函在公示期满以后收到，已作为线索登记。"),
    "objection.no_scan": N_("请上传来函扫描件：PDF文件或者图片，每个不超过10MB。"),
    "objection.not_whole": N_("请填写反映的基地、收到日期、以谁的名义；署名的填写姓名或者单位名称。"),
    "objection.had_a_hand": N_("您办理过该基地的办件，不能登记对它的异议，请交办公室或者其他经办人员登记。"),
    "objection.not_that_day": N_("收到日期应在公示发布之后、今天以前。"),
    "objection.not_to_be_handed_over": N_("这件异议现在不能改派，或者已经由这位人员经办。"),
}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("notices.listed", "GET", OFFICE),
        Route("notices.one_objection", "GET", HANDLERS),
        Route("notices.of_case", "GET", HANDLERS),
        Route("notices.paper", "GET", HANDLERS),
        Route("notices.draft", "GET", OFFICE - {"prov_office"}),
        Route("notices.handler", "GET", HEADS),
        Route("notices.hand_over", "POST", HEADS),
        Route("notices.new_letter", "GET", ENTERING),
        Route("notices.enter_letter", "POST", ENTERING, entering.FORM_BYTES),
    ),
    places=(Place("notices.listed", N_("公示与异议"), 60),),
    codes=CODES,
    told=TOLD,
)
