"""What standings of recommendations and yearly rounds are called on pages: codes in the words of the reader."""

from collections.abc import Mapping

from bases.filing import yearly_review
from bases.verdicts import recommendation
from web.words.catalogue import N_

STATES: Mapping[str, tuple[str, str]] = {
    recommendation.PREPARING: (N_("准备和审核"), "blue"),
    recommendation.RANKED: (N_("已排序"), "blue"),
    recommendation.SENT: (N_("已报商务部"), "amber"),
    recommendation.DECLINED: (N_("不予推荐"), ""),
    recommendation.APPROVED: (N_("已获批准"), "green"),
    recommendation.NOT_APPROVED: (N_("未获批准"), ""),
}
ROUNDS: Mapping[str, tuple[str, str]] = {
    yearly_review.OPEN: (N_("待更新"), "blue"),
    yearly_review.SENT: (N_("待核对"), "amber"),
    yearly_review.FILED: (N_("已归档"), "green"),
}
PROGRESS: Mapping[str, str] = {"planned": N_("未启动"), "running": N_("推进中"), "done": N_("已完成")}
