"""What happened to a case, in words: one sentence a kind of line; marks and draws only for whoever may read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine import cases, definitions
from engine.cases.offices import PROVINCE_SEES
from engine.folders import Folder
from ground.calendar import Calendar
from ground.database import Session
from ground.people import Actor
from tasks import elapsed
from web.door.language import _, ngettext, pick, within
from web.reviewer import naming
from web.reviewer.papers import Paper
from web.words import dates
from web.words.catalogue import N_

WORDS: Mapping[str, str] = {
    "case.started": N_("发起办件"),
    "task.opened": N_("“%(step)s”等待办理"),
    "task.claimed": N_("领取“%(step)s”"),
    "task.released": N_("放回“%(step)s”"),
    "task.readdressed": N_("“%(step)s”按新版流程改由他人办理"),
    "task.rekeyed": N_("“%(step)s”由承接的单位办理"),
    "deadline.recounted": N_("“%(step)s”的期限按国务院放假通知由%(before_on)s改为%(after_on)s"),
    "task.completed": N_("办结“%(step)s”"),
    "message.sent": N_("%(step)s"),
    "message.arrived": N_("收到其他办件的通知"),
    "message.told": N_("发出通知“%(name)s”"),
    "signal.heard": N_("收到信号“%(name)s”"),
    "timer.fired": N_("“%(step)s”到时"),
    "table.decided": N_("按决策表判定“%(step)s”"),
    "deadline.passed": N_("“%(step)s”超过时限（最迟%(due_on)s），已提醒"),
    "letter.written": N_("发出“%(step)s”"),
    "information.filed": N_("信息表数据入库（%(year)s年度）"),
    "report.begun": N_("登记应报送%(year)s年度材料，截止日期%(due_on)s"),
    "report.filed": N_("报送材料，统计数据入库（%(year)s年度）"),
    "report.consolidated": N_("汇总：已报%(reported)s家，应报%(owed)s家"),
    "report.handed": N_("按期报送"),
    "report.handed_late": N_("逾期报送"),
    "report.returned": N_("退回修改，退回期间不计入报送时限"),
    "report.accepted": N_("核对通过"),
    "report.begun_period": N_("登记应报送%(period)s报表，截止日期%(due_on)s"),
    "report.filed_period": N_("报送%(period)s报表，数据入库"),
    "period.received": N_("市（州）审核报出，登记为初报数"),
    "period.approved": N_("审定，数据锁定"),
    "period.corrected": N_("更正审定数：由%(old)s改为%(new)s"),
    "report.missed": N_("%(due_on)s届满未报送，登记逾期"),
    "panel.committed": N_("登记抽取种子校验码 %(hash)s（第%(round)s次抽取）"),
    "panel.drawn": N_("随机抽取评审专家%(size)s名"),
    "panel.witnessed": N_("抽取经见证确认，发出邀请"),
    "panel.substituted": N_("候补专家递补，尚余候补%(left)s名"),
    "panel.seated": N_("评审组组成：%(size)s人"),
    "panel.led": N_("推选组长：收到%(votes)s票"),
    "review.reported": N_("评审报告登记，保留意见%(dissents)s份"),
    "scores.closed": N_("全部评分提交，汇总完成"),
    "notice.opened": N_("公示：%(opens_on)s至%(closes_on)s"),
    "notice.closed": N_("公示期满"),
    "notice.withdrawn": N_("公示撤下"),
    "objection.received": N_("登记异议，答复期限%(reply_due_on)s"),
    "objection.clue": N_("作为线索登记"),
    "objection.assigned": N_("交异议经办人"),
    "objection.reassigned": N_("改派异议经办人，理由：%(reason)s"),
    "objection.extended": N_("答复期限延长至%(due_on)s"),
    "objection.settled": N_("登记处理结果"),
    "objection.answered": N_("已答复异议人"),
    "adverse.taken_up": N_("关联登记的事件"),
    "adverse.settled": N_("登记核查结论"),
    "visit.closed": N_("登记考察：%(visited_from)s至%(visited_to)s，照片%(photos)s张"),
    "consultation.asked": N_("第%(round)s次征求有关单位意见"),
    "consultation.changed": N_("增减征求意见的单位"),
    "consultation.summed": N_("第%(round)s次征求意见汇总"),
    "supplement.served": N_("送达第%(round)s份补正通知书，共%(items)s项，补正截止日期%(due_on)s"),
    "supplement.extended": N_("补正期限延长一次，至%(due_on)s"),
    "supplement.closed": N_("补正期限（%(due_on)s）届满，不再等待补正"),
    "supplement.left": N_("再次补正未经批准"),
    "letter.reported": N_("凭来文%(number)s（%(dated_on)s）上报商务厅"),
    "letter.took_back": N_("凭来文%(number)s（%(dated_on)s）同意撤回"),
    "withdrawal.asked": N_("申请撤回申报"),
    "form.printed": N_("信息表第%(version)s版，校验码%(code)s"),
    "form.stamped": N_("盖章件登记到第%(version)s版，校验码%(code)s"),
    "base.designated": N_("认定为省级外贸转型升级基地，编号%(code)s"),
    "rectification.opened": N_("登记限期整改"),
    "rectification.noticed": N_("限期整改通知书印发（%(document)s）"),
    "rectification.served": N_("整改期满%(ends_on)s，材料报送截至%(material_due)s，重新考核申请截至%(window_to)s"),
    "rectification.applied": N_("登记重新考核申请"),
    "rectification.forwarded": N_("登记市（州）转报"),
    "rectification.not_applied": N_("申请期满（%(window_to)s），没有重新考核申请"),
    "rectification.examined": N_("登记整改核查结果"),
    "rectification.measured": N_("核算评审结果"),
    "rectification.proposed": N_("登记结论建议"),
    "rectification.decided": N_("登记整改考核决定"),
    "revocation.opened": N_("登记取消命名事由"),
    "revocation.confirmed": N_("经办人确认事由"),
    "revocation.noticed": N_("拟取消命名告知书印发（%(document)s）"),
    "revocation.served": N_("陈述申辩截至%(statement_due)s"),
    "revocation.no_statement": N_("期满未提出陈述申辩"),
    "revocation.decided": N_("登记决定"),
    "revocation.supports": N_("有关扶持政策%(count)s项，分送执行部门"),
    "revocation.plaque": N_("登记牌匾"),
    "base.revoked": N_("取消省级外贸转型升级基地命名（%(document)s）"),
    "designation.refused": N_("不予认定"),
    "decision.on_paper": N_("线下签批，签批人%(signer)s，扫描件第%(page)s页"),
    "designation.withdrawn": N_("申报撤回登记"),
    "document.opened": N_("生成文稿"),
    "document.drafted": N_("文稿存为第%(version)s版"),
    "document.dropped": N_("公文不再办理"),
    "document.returned": N_("公文退回拟稿人"),
    "document.cosigners_changed": N_("加签、减签，理由：%(reason)s"),
    "document.tallied": N_("会签汇总：%(asked)s家中%(agreed)s家同意"),
    "document.signed": N_("签发（%(signed_on)s）"),
    "document.numbered": N_("登记文号%(number)s，成文日期%(dated_on)s"),
    "document.number_void": N_("作废文号%(number)s"),
    "document.sealed": N_("用印（%(sealed_on)s）"),
    "document.issued": N_("印发%(number)s（%(issued_on)s），发出%(receipts)s份，等待签收"),
    "document.archived": N_("公文归档"),
    "signature.confirmed": N_("线下签批已核对：签批日期%(signed_on)s，扫描件第%(page)s页"),
    "batch.planned": N_("拟定%(year)s年度批次，申报期限%(opens_on)s至%(closes_on)s"),
    "batch.announced": N_("申报通知印发（%(document)s），开始受理申报"),
    "batch.window_closed": N_("申报期限届满，共%(entries)s件申报"),
    "batch.ranked": N_("评审排序：%(entries)s件，拟认定%(proposed)s件，同分%(tied)s件"),
    "batch.signed": N_("第%(number)s次名单签署，尚未决定%(undecided)s件"),
    "batch.struck": N_("办件%(case)s因异议成立不列入（异议回执%(objection)s）"),
    "batch.pack_frozen": N_("固定上会材料第%(number)s份"),
    "batch.adjusted": N_("会议调整名单%(moved)s件（纪要%(minutes)s）"),
    "batch.certified": N_("认定通知印发（%(document)s）"),
    "batch.plaques": N_("授牌%(handed)s家，尚未交付%(left)s家"),
    "batch.closed": N_("批次办结"),
    "batch.joined": N_("参加批次排序"),
    "campaign.planned": N_("拟定%(year)s年度考核，材料报送期限%(opens_on)s至%(closes_on)s"),
    "campaign.opened": N_("启动%(year)s年度考核，发起考核%(bases)s件"),
    "campaign.listed": N_("汇总考核结果%(bases)s件，拟退出%(leaving)s家，尚未决定%(undecided)s家"),
    "campaign.noticed": N_("考核结果公示印发（%(document)s），公示至%(closes_on)s"),
    "campaign.announced": N_("考核结果通报印发（%(document)s）"),
    "campaign.closed": N_("年度考核办结"),
    "assessment.entered": N_("进入%(year)s年度考核"),
    "assessment.gathered": N_("形成考核档案：应报事项%(reports)s项，逾期、缺报%(missed)s项"),
    "grounds.confirmed": N_("登记第十四条情形的核实结果"),
    "assessment.proposed": N_("登记考核建议"),
    "assessment.decided": N_("登记考核决定"),
    "issue.registered": N_("登记企业困难：%(title)s"),
    "issue.raised": N_("写明理由上移一级：%(reason)s"),
    "issue.lapsed": N_("期满未解决，上移一级"),
    "issue.pooled": N_("列入联席会议待议事项"),
    "issue.answered": N_("登记答复"),
    "issue.closed": N_("企业困难办结"),
    "meeting.called": N_("登记会议“%(title)s”，议题%(items)s项"),
    "meeting.minuted": N_("登记纪要%(number)s（%(dated_on)s），议定事项%(resolutions)s项"),
    "meeting.action_done": N_("第%(seq)s项议定事项已落实"),
    "meeting.closed": N_("议定事项全部落实，会议办结"),
    "change.recorded": N_("登记变更%(items)s项，自%(holds_from)s起生效"),
    "incident.opened": N_("运行异常，已报督办人员处理"),
    "incident.closed": N_("运行异常已排除"),
    "case.suspended": N_("中止办理：%(reason)s"),
    "case.resumed": N_("恢复办理，时限顺延%(days)s天：%(reason)s"),
    "case.cancelled": N_("终止办件：%(reason)s"),
    "case.corrected": N_("流程处置：更正流程数据"),
    "case.moved": N_("流程处置：调整办理环节"),
    "case.migrated": N_("办件转到流程第%(version)s版"),
    "case.completed": N_("办件结束：%(step)s"),
}
FULL: Mapping[str, str] = {
    "panel.drawn": N_("从%(pool)s名专家中随机抽取%(size)s名，抽取凭证 %(hash)s"),
    "case.corrected": N_("流程处置：将“%(name)s”由“%(old)s”更正为“%(new)s”。理由：%(reason)s"),
    "grounds.confirmed": N_("登记第十四条情形的核实结果：确认存在%(count)s项"),
    "case.moved": N_("流程处置：由“%(source)s”移至“%(step)s”。理由：%(reason)s"),
    "case.migrated": N_("办件转到流程第%(version)s版。理由：%(reason)s"),
    "notice.closed": N_("公示期满：异议%(objections)s件，线索%(clues)s件"),
    "rectification.measured": N_("评审平均%(average)s分，合格分%(mark)s分"),
    "scores.closed": N_("全部评分提交：平均%(average)s分，最高与最低相差%(spread)s分，有效评分表%(valid)s份"),
}
# What the system does of itself after a person's act; the person stands at the act.
AUTOMATIC = frozenset(
    {
        "task.opened",
        "task.readdressed",
        "task.rekeyed",
        "deadline.recounted",
        "timer.fired",
        "table.decided",
        "information.filed",
        "report.begun",
        "report.filed",
        "report.consolidated",
        "report.handed",
        "report.handed_late",
        "report.returned",
        "report.accepted",
        "report.missed",
        "report.begun_period",
        "report.filed_period",
        "period.received",
        "period.approved",
        "letter.written",
        "message.arrived",
        "message.told",
        "signal.heard",
        "panel.committed",
        "panel.drawn",
        "panel.witnessed",
        "panel.substituted",
        "panel.seated",
        "panel.led",
        "review.reported",
        "scores.closed",
        "batch.planned",
        "batch.announced",
        "batch.window_closed",
        "batch.ranked",
        "batch.signed",
        "batch.pack_frozen",
        "batch.adjusted",
        "batch.certified",
        "batch.closed",
        "batch.joined",
        "campaign.planned",
        "campaign.opened",
        "campaign.listed",
        "campaign.noticed",
        "campaign.announced",
        "campaign.closed",
        "assessment.entered",
        "assessment.gathered",
        "grounds.confirmed",
        "assessment.proposed",
        "assessment.decided",
        "notice.opened",
        "notice.closed",
        "notice.withdrawn",
        "objection.received",
        "objection.clue",
        "objection.assigned",
        "objection.reassigned",
        "objection.extended",
        "objection.settled",
        "objection.answered",
        "adverse.taken_up",
        "adverse.settled",
        "visit.closed",
        "consultation.asked",
        "consultation.changed",
        "consultation.summed",
        "rectification.opened",
        "rectification.noticed",
        "rectification.served",
        "rectification.applied",
        "rectification.forwarded",
        "rectification.not_applied",
        "rectification.examined",
        "rectification.measured",
        "rectification.proposed",
        "rectification.decided",
        "revocation.opened",
        "revocation.confirmed",
        "revocation.noticed",
        "revocation.served",
        "revocation.no_statement",
        "revocation.decided",
        "revocation.supports",
        "revocation.plaque",
        "base.revoked",
        "supplement.served",
        "supplement.left",
        "supplement.extended",
        "supplement.closed",
        "letter.reported",
        "decision.on_paper",
        "letter.took_back",
        "withdrawal.asked",
        "form.printed",
        "form.stamped",
        "document.opened",
        "document.drafted",
        "document.dropped",
        "document.returned",
        "document.cosigners_changed",
        "document.tallied",
        "document.signed",
        "document.numbered",
        "document.number_void",
        "document.sealed",
        "document.issued",
        "document.archived",
        "signature.confirmed",
    }
)
ON_PAPER = frozenset({"decision.on_paper", "signature.confirmed"})
QUIET = frozenset({"step.ran"})
DATES = frozenset(
    {
        "after_on",
        "before_on",
        "closes_on",
        "dated_on",
        "holds_from",
        "due_on",
        "ends_on",
        "material_due",
        "statement_due",
        "window_to",
        "issued_on",
        "opens_on",
        "reply_due_on",
        "sealed_on",
        "signed_on",
        "visited_from",
        "visited_to",
    }
)
HASH_SHOWN = 16
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Line:
    """One line as it is read: who, in which office, when, what, with which result, and the paper behind it."""

    seq: int
    at: datetime
    text: str
    by: str
    office: str
    result: str
    element: str | None
    tone: str
    kind: str
    notice: str | None
    signature: str | None


def lines(
    store: Session, case: Any, folder: Folder, by: Actor, papers: Sequence[Paper], offices: Mapping[str, str]
) -> list[Line]:
    """The story of a case that stands on `folder` now, the newest first; each line by the version of its time.

    `offices` are the names of the keys under which the papers were sent.
    """
    results = {paper.seq: (paper.result, offices.get(paper.acting, "")) for paper in papers}
    inside = sees_inside(by)
    told = [line for line in cases.story(store, case.ref, by) if line.kind not in QUIET]
    under = definitions.written_under(store, folder)
    folders = {line.version_id: under(line.version_id) for line in told}
    return [_line(line, folders[line.version_id], results, inside=inside) for line in reversed(told)]


def suggested(told: Sequence[Line], papers: Sequence[Paper]) -> list[str]:
    """What decision tables have said since the last paper was sent: it is there to be weighed, and decides nothing."""
    last = max((paper.seq for paper in papers), default=0)
    return [line.text for line in reversed(told) if line.kind == "table.decided" and line.seq > last]


def done(told: Sequence[Line]) -> list[str]:
    """The places at which a task was completed."""
    return list(dict.fromkeys(line.element for line in told if line.kind == "task.completed" and line.element))


def used(told: Sequence[Line], folder: Folder, until: datetime, calendar: Calendar) -> str:
    """How many working days the case has taken until then, in words; nothing while it is being filled in."""

    def role(place: str) -> str | None:
        known = folder.element(place)
        return known.role if known else None

    taken = elapsed.of_case(reversed(told), role, until, calendar)
    return dates.used(taken) if taken else ""


def sees_inside(by: Actor) -> bool:
    """Whether this person may see marks, draws and suggestions: whoever works at the province."""
    return any(held.role in PROVINCE_SEES for held in by.held)


def ago(seconds: int) -> str:
    """10秒前, 5分钟前, 2小时前."""
    if seconds < MINUTE:
        return ngettext("%(n)s秒前", "%(n)s秒前", max(seconds, 1))
    if seconds < HOUR:
        return ngettext("%(n)s分钟前", "%(n)s分钟前", seconds // MINUTE)
    return ngettext("%(n)s小时前", "%(n)s小时前", seconds // HOUR)


def _line(line: cases.Line, folder: Folder, results: Mapping[int, tuple[str, str]], *, inside: bool) -> Line:
    who = pick(line.by_name, line.by_name_en)
    result, office = results.get(line.seq, ("", ""))
    return Line(
        seq=line.seq,
        at=line.at,
        text=_text(line, folder, inside=inside),
        by="" if line.kind in AUTOMATIC else _("（姓名不公开）") if line.withheld else who,
        office=office,
        result=result,
        element=line.element,
        tone=_tone(line),
        kind=line.kind,
        notice=line.detail.get("notice") if line.kind == "notice.opened" else None,
        signature=line.detail.get("signature") if line.kind in ON_PAPER else None,
    )


def _tone(line: cases.Line) -> str:
    """Red is for what went wrong and for a time limit that binds; a passed default of ours accuses nobody."""
    if line.kind == "incident.opened" or (line.kind == "deadline.passed" and line.detail.get("due_kind") != "default"):
        return "late"
    return "auto" if line.kind in AUTOMATIC else ""


def _text(line: cases.Line, folder: Folder, *, inside: bool) -> str:
    if inside and line.kind == "table.decided" and (notes := _notes(line, folder)):
        return _("决策表“%(table)s”：%(notes)s", table=notes[0], notes=" ".join(notes[1:]))
    text = (FULL.get(line.kind) if inside else None) or WORDS.get(line.kind)
    return _sentence(text, line, folder) if text else line.kind


def _notes(line: cases.Line, folder: Folder) -> list[str]:
    """The name of the table and what its rows say that gave the result."""
    home = folder.home(line.element)
    table = home.tables.get(line.detail.get("table", ""))
    if table is None:
        return []
    given = [rule.note for rule in table.rules if rule.id in line.detail.get("rows", ())]
    return [within(home.words, words) for words in (table.name, *given) if words]


def _sentence(text: str, line: cases.Line, folder: Folder) -> str:
    facts = {name: _fact(name, value) for name, value in line.detail.items()}
    if line.kind == "case.moved" and "source" in facts:
        facts["source"] = naming.step(folder, facts["source"])
    try:
        return _(text, step=naming.step(folder, line.element), **facts) if "%(" in text else _(text)
    except KeyError:
        return naming.step(folder, line.element)


def _fact(name: str, value: Any) -> str:
    if name in DATES and isinstance(value, str):
        return dates.day(date.fromisoformat(value[:10]), weekday=False)
    if name == "hash":
        return str(value)[:HASH_SHOWN]
    return str(value)
