"""What the facts of a batch are called on pages: codes of ours in words of the reader's language."""

from collections.abc import Mapping

from bases.verdicts import batch, batch_entry
from web.words import stages
from web.words.catalogue import N_

STATES: Mapping[str, tuple[str, str]] = {
    batch.DRAFT: (N_("拟定中"), ""),
    batch.ANNOUNCED: (N_("受理申报"), "blue"),
    batch.RANKING: (N_("评审和排序"), "amber"),
    batch.CLOSED: (N_("办结"), "green"),
}
STAGES: Mapping[str, str] = {**stages.APPLICATION, **stages.BESIDE}
ENTRIES: Mapping[str, str] = {
    batch_entry.UNDER_WAY: N_("正在办理"),
    batch_entry.READY: N_("等待名单"),
    batch_entry.DECIDED: N_("已有结果"),
    batch_entry.OUT: N_("已撤回"),
}
LISTS: Mapping[str, tuple[str, str]] = {
    "proposed": (N_("拟认定"), "green"),
    "reserve": (N_("备选"), ""),
    "none": (N_("不列入"), ""),
}
OUTCOMES: Mapping[str, tuple[str, str]] = {"designate": (N_("予以认定"), "green"), "refuse": (N_("不予认定"), "")}
OBJECTIONS: Mapping[str, tuple[str, str]] = {
    "received": (N_("有未办结的异议"), "amber"),
    "examined": (N_("有未办结的异议"), "amber"),
    "upheld": (N_("异议成立"), "red"),
    "rejected": (N_("异议不成立"), ""),
}
LETTERS: Mapping[str, tuple[str, str]] = {
    "drafting": (N_("起草"), ""),
    "reviewing": (N_("审核和签发"), "blue"),
    "signed": (N_("待编号"), "amber"),
    "numbered": (N_("待用印"), "blue"),
    "sealed": (N_("待印发"), "blue"),
}
JUDGED: Mapping[str, str] = {"met": N_("初审：符合"), "partly": N_("初审：基本符合"), "unmet": N_("初审：不符合")}
SIGNED: Mapping[str, str] = {"here": N_("线上签署"), "paper": N_("线下签批")}
