"""What the life of a base is called on pages: codes of ours in words of the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bases.verdicts.lifeline import Happened
from web.door.language import _
from web.words import dates
from web.words.catalogue import N_

STATUSES: Mapping[str, tuple[str, str]] = {
    "draft": (N_("未命名"), ""),
    "designated": (N_("有效"), "green"),
    "rectifying": (N_("限期整改"), "amber"),
    "revoked": (N_("已取消命名"), ""),
}
TITLES: Mapping[str, str] = {"provincial": N_("省级外贸基地"), "national": N_("国家外贸转型升级基地")}
GROUNDS: Mapping[str, str] = {
    "13.2a": N_("未提出重新考核申请"),
    "13.2b": N_("未完成整改"),
    "13.2c": N_("不能通过整改考核"),
    "14a": N_("无外贸基地组织协调机构和服务机构，或者有机构但无有效作为"),
    "14b": N_("未按要求报送统计数据、工作总结材料，或者严重瞒报、虚报相关情况"),
    "14c": N_("有严重产品质量问题、环保和安全生产事故、侵犯知识产权、不正当竞争、违法违规行为"),
}
DECIDED: Mapping[tuple[str, str], str] = {
    ("designation", "designate"): N_("认定决定：予以认定"),
    ("designation", "refuse"): N_("认定决定：不予认定"),
    ("assessment", "pass"): N_("考核决定：通过"),
    ("assessment", "rectify"): N_("考核决定：限期整改"),
    ("assessment", "revoke"): N_("考核决定：拟取消命名"),
    ("rectification", "keep"): N_("整改考核决定：保留命名"),
    ("rectification", "revoke"): N_("整改考核决定：应予取消命名"),
    ("revocation", "keep"): N_("决定：保留命名"),
    ("revocation", "revoke"): N_("决定：取消命名"),
}
LIVES: Mapping[str, str] = {
    "title.given": N_("命名为%(kind)s"),
    "title.ended": N_("%(kind)s命名终止"),
    "rectification.served": N_("限期整改通知书送达。%(ends)s"),
    "rectification.applied": N_("提出重新考核申请"),
    "revocation.opened": N_("拟取消命名，事由：%(ground)s"),
    "revocation.outside": N_("在考核之外提出取消命名（文件未规定，系统默认），事由：%(ground)s"),
    "commended": N_("%(year)s年度受到通报表扬（%(document)s）"),
    "recommended": N_("推荐申报国家外贸转型升级基地（%(document)s）"),
    "not_approved": N_("申报国家外贸转型升级基地未获批准（%(document)s）"),
    "plaque.handed": N_("授牌，牌匾编号%(number)s"),
    "plaque.returned": N_("牌匾收回"),
    "plaque.lost": N_("牌匾登记遗失"),
}


def said(line: Happened) -> str:
    """One row of a life in words; a code that nobody has named stands as it is."""
    facts = {name: _fact(name, value) for name, value in line.facts.items()}
    if line.what == "decided":
        words = DECIDED.get((line.facts["kind"], line.facts["outcome"]))
        return _(words) if words else f"{line.facts['kind']}: {line.facts['outcome']}"
    if line.what == "rectification.served":
        facts["ends"] = dates.both_ends(line.facts["ends_on"], line.facts["material_due"])
    words = LIVES.get(line.what)
    return _(words, **facts) if words else line.what


def _fact(name: str, value: Any) -> str:
    if name == "kind":
        return _(TITLES[value]) if value in TITLES else str(value)
    if name == "ground":
        return _(GROUNDS[value])
    return dates.day(value, weekday=False) if isinstance(value, date) else str(value)
