"""The list of panels and the page of one: how it was drawn, who sits, what came out; sheets and report to print."""

import hashlib
from io import BytesIO

from flask import Blueprint, Response, render_template

from bases.review import desk as record, panel, sheets
from bases.review.desk import View
from ground.database import reading
from ground.errors import Missing
from web.door import outgoing, session
from web.door.rights import SIGNED_IN, Desk, Place, Route
from web.panels.told import TOLD
from web.words.catalogue import N_

PDF = "application/pdf"
# Officers come to a panel from its case; a place in their bar would break its line.
LOOKING_ON = frozenset({"prov_checker", "supervisor", "auditor"})
REASONS = {
    "same_organ": N_("同单位"),
    "same_city": N_("同市（州）"),
    "kin": N_("亲属任职"),
    "past_employer": N_("曾经任职"),
    "adviser": N_("基地顾问"),
    "interest": N_("经济利益"),
    "other": N_("其他回避情形"),
    "declined": N_("本件已拒绝"),
    "silent": N_("本件未答复"),
    "busy": N_("时间冲突"),
}
ANSWERS = {
    panel.INVITED: (N_("已邀请"), "amber"),
    panel.ACCEPTED: (N_("已签署承诺书"), "green"),
    panel.DECLINED: (N_("不能参加"), ""),
    panel.SILENT: (N_("未答复"), ""),
}
STANDINGS = {panel.MEMBER: N_("正选"), panel.SUBSTITUTE: N_("候补")}
SOURCES = {"expert": N_("专家回避申请"), "file": N_("档案资料"), "reported": N_("他人反映")}
DECISIONS = {"upheld": (N_("应当回避"), "amber"), "refused": (N_("不需回避"), "")}

desk = Blueprint("panels", __name__)


@desk.get("/panels")
def listed() -> str:
    """The newest panels and how far each has come."""
    with reading() as store:
        found = record.listed(store, session.actor())
    return render_template("panels/pages/listed.html", found=found)


@desk.get("/panels/<ref>")
def one(ref: str) -> str:
    """The panel of one case; the draw is repeated from its record each time that the page is read."""
    with reading() as store:
        view = record.look(store, ref, session.actor())
    return render_template(
        "panels/pages/panel.html",
        view=view,
        own=session.actor().person,
        points=sheets.points,
        reasons=REASONS,
        answers=ANSWERS,
        standings=STANDINGS,
        sources=SOURCES,
        decisions=DECISIONS,
    )


@desk.get("/panels/<ref>/sheets.pdf")
def score_sheets(ref: str) -> Response:
    """Every sheet, a page each, for whoever collects the signatures; for a member the own one."""
    view, me = _seen(ref)
    return _sent(sheets.scores_pdf(view, list(view.totals) if view.inside else [me]), f"评分表 {view.case.number}.pdf")


@desk.get("/panels/<ref>/report.pdf")
def report(ref: str) -> Response:
    """The leader's report with every dissent, to be signed."""
    view, _me = _seen(ref)
    return _sent(sheets.report_pdf(view), f"评审报告 {view.case.number}.pdf")


def _seen(ref: str) -> tuple[View, int]:
    me = session.actor()
    with reading() as store:
        view = record.look(store, ref, me)
    if me.person is None:
        raise Missing(panel=ref)
    return view, me.person


def _sent(body: bytes, name: str) -> Response:
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), PDF, kept=False)


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("panels.listed", "GET", LOOKING_ON),
        Route("panels.one", "GET", SIGNED_IN),
        Route("panels.score_sheets", "GET", SIGNED_IN),
        Route("panels.report", "GET", SIGNED_IN),
    ),
    places=(Place("panels.listed", N_("评审组"), 57),),
    told=TOLD,
)
