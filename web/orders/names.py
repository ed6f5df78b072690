"""What levels and standings of an order are called on pages: codes of ours in words of the reader's language."""

from collections.abc import Mapping

from bases.cooperation import supervision
from web.words.catalogue import N_

LEVELS: Mapping[str, tuple[str, str]] = {
    supervision.URGE: (N_("黄·催办"), "amber"),
    supervision.ORDER: (N_("橙·督办"), "amber"),
    supervision.RAISED: (N_("红·提级督办"), "red"),
    supervision.REQUEST: (N_("商请函"), "blue"),
    supervision.REMIND: (N_("催办提醒"), ""),
}
STATES: Mapping[str, tuple[str, str]] = {
    supervision.ISSUING: (N_("待印发"), "blue"),
    supervision.APPROVING: (N_("待批准"), "blue"),
    supervision.WAITING: (N_("待反馈"), "blue"),
    supervision.ANSWERED: (N_("待核查"), "amber"),
    supervision.UNANSWERED: (N_("期满未反馈"), "amber"),
    supervision.REFUSED: (N_("提级未获批准"), "amber"),
    supervision.DROPPED: (N_("文书未印发"), "amber"),
    supervision.TOLD: (N_("已提醒"), "green"),
    supervision.CLOSED: (N_("已核销"), "green"),
}
KINDS: Mapping[str, str] = {
    "text": N_("文件时限"),
    "notice": N_("通知时限"),
    "default": N_("系统默认时限"),
}
