"""Why a case is stuck, in words, and what helps: one sentence a reason, from its code and its facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bases.cooperation import supervision
from tasks.reasons import Reason
from web.door.language import _, pick
from web.words import codes
from web.words.catalogue import N_

PARTS = {
    "incident": N_("运行异常"),
    "overdue": N_("超过时限"),
    "unclaimed": N_("无人领取"),
    "still": N_("没有进展"),
}
# Its name, what is said, how it is coloured, and what helps. A passed default is grey and accuses nobody.
SAID: Mapping[str, tuple[str, str, str, str]] = {
    "incident": (N_("运行异常"), N_("运行异常：%(words)s"), "red", N_("由流程管理员提出流程处置，处室负责人批准")),
    "timer_stopped": (N_("定时停止"), N_("定时没有执行"), "red", N_("排除运行异常后自动继续")),
    "no_holder": (
        N_("无在岗人员"),
        N_("%(office)s没有在岗人员"),
        "red",
        N_("请安全管理员授予身份，或者请单位负责人改派"),
    ),
    "kept_apart": (
        N_("都须回避"),
        N_("%(office)s的在岗人员都办过须与本环节分开的环节，不能领取"),
        "red",
        N_("请安全管理员授予其他人员身份，或者请单位负责人改派"),
    ),
    "unclaimed": (N_("无人领取"), N_("%(n)s个工作日无人领取（%(office)s）"), "amber", N_("催办该单位")),
    "untouched": (
        N_("领取未办"),
        N_("%(name)s领取后%(n)s个工作日没有办理"),
        "amber",
        N_("催办；必要时请单位负责人改派"),
    ),
    "silent": (N_("未答复"), N_("%(name)s%(n)s个工作日没有答复"), "amber", N_("发出催办提醒；必要时递补")),
    "overdue": (N_("超过时限"), N_("超过时限%(n)s个工作日（截止%(due)s）"), "red", N_("提出督办")),
    "returned": (
        N_("退回未送"),
        N_("退回后%(n)s个工作日没有再次报送"),
        "amber",
        N_("催办申报单位；补正期限届满按规定处理"),
    ),
    "objection": (N_("异议未结"), N_("公示期内的异议没有办结"), "amber", N_("催办异议核查；办结后自动继续")),
    "message": (
        N_("等待通知"),
        N_("等待另一个办件的结果"),
        "",
        N_("请推动所等的办件；该件办结后自动继续"),
    ),
    "job": (
        N_("后台重试"),
        N_("后台任务失败%(n)s次，正在重试"),
        "amber",
        N_("系统自动重试；多次失败的由系统管理员重新执行"),
    ),
    "provisional": (N_("日历暂定"), N_("时限按暂定的工作日历推算"), "", N_("国务院办公厅通知发布后自动重算")),
    "past": (N_("超出默认时限"), N_("超出系统默认时限%(n)s个工作日（不作为逾期）"), "", N_("可以催办")),
}


# How far an order about the case has come; the words of the levels are those of the orders' desk.
LEVELS: Mapping[str, str] = {
    supervision.URGE: N_("黄·催办"),
    supervision.ORDER: N_("橙·督办"),
    supervision.RAISED: N_("红·提级督办"),
    supervision.REQUEST: N_("商请函"),
    supervision.REMIND: N_("催办提醒"),
}


@dataclass(frozen=True)
class Told:
    """One reason as the page shows it; where it lies with another case, its number, its ref and where that stands."""

    name: str
    words: str
    tone: str
    help: str
    step: str
    number: str = ""
    ref: str = ""
    then: str = ""


def told(reason: Reason, step: str, offices: Mapping[str, str], day: Any) -> Told:
    """The sentence of a reason; `offices` names queues, `day` writes a date in the reader's way."""
    short, text, tone, help_ = SAID[reason.code]
    facts = reason.facts
    name = pick(facts.get("name") or "", facts.get("name_en") or "") or _("承办人")
    known = {
        "n": facts.get("n", 0),
        "words": codes.sentence(str(facts["code"])) if "code" in facts else "",
        "office": offices.get(str(facts.get("queue", "")), ""),
        "name": name,
        "due": day(facts["due_on"]) if facts.get("due_on") else "",
    }
    other = {key: str(facts.get(key, "")) for key in ("number", "ref", "then")}
    return Told(_(short), _(text) % known, tone, _(help_), step, **other)
