"""What the facts of a campaign are called on pages: codes of ours in words of the reader's language."""

from collections.abc import Mapping

from bases.verdicts import assessed, assessment, campaign
from web.words import stages
from web.words.catalogue import N_

STATES: Mapping[str, tuple[str, str]] = {
    campaign.DRAFT: (N_("拟定中"), ""),
    campaign.OPEN: (N_("正在考核"), "blue"),
    campaign.CLOSED: (N_("办结"), "green"),
}
STAGES: Mapping[str, str] = {
    assessed.NOT_BEGUN: N_("尚未发起"),
    **stages.ASSESSMENT,
    assessed.OTHER: N_("其他环节"),
    assessed.DECIDED: N_("已有结果"),
    assessed.ENDED: N_("已终止"),
}
OUTCOMES: Mapping[str, tuple[str, str]] = {
    assessment.PASS: (N_("通过考核"), "green"),
    assessment.RECTIFY: (N_("限期整改"), "amber"),
    assessment.REVOKE: (N_("拟取消命名"), "red"),
}
