"""What levels, kinds and standings are called on pages: codes of ours in words of the reader's language."""

from collections.abc import Mapping

from bases.cooperation import base_change, issue, meeting
from web.words.catalogue import N_

KINDS: Mapping[str, str] = {
    "finance": N_("融资信贷"),
    "logistics": N_("物流通关"),
    "market": N_("市场开拓和订单"),
    "tax": N_("退税和税费"),
    "factors": N_("用地、用工、用能"),
    "quality": N_("检验检疫、认证和标准"),
    "property": N_("知识产权"),
    "trade_friction": N_("贸易摩擦"),
    "other": N_("其他"),
}
LEVELS: Mapping[str, str] = {
    issue.BASE: N_("基地"),
    issue.COUNTY: N_("所在地主管部门"),
    issue.CITY: N_("市（州）"),
    issue.DEPARTMENT: N_("商务厅"),
    issue.TRADE: N_("商务厅公平贸易"),
    issue.MEETING: N_("联席会议"),
}
STATES: Mapping[str, tuple[str, str]] = {
    issue.HANDLING: (N_("办理中"), "blue"),
    issue.POOLED: (N_("待联席会议"), "amber"),
    issue.ANSWERED: (N_("已答复"), "blue"),
    issue.CLOSED: (N_("办结"), "green"),
}
RESULTS: Mapping[str, str] = {issue.SOLVED: N_("已解决"), issue.EXPLAINED: N_("已说明情况")}
SATISFACTION: Mapping[str, str] = {
    "satisfied": N_("满意"),
    "basically": N_("基本满意"),
    "unsatisfied": N_("不满意"),
}
MEETINGS: Mapping[str, tuple[str, str]] = {
    meeting.CALLED: (N_("已通知"), "blue"),
    meeting.MINUTED: (N_("落实中"), "amber"),
    meeting.CLOSED: (N_("办结"), "green"),
}
CHANGED: Mapping[str, str] = {
    base_change.NAME: N_("名称"),
    base_change.AREA: N_("规划面积（亩）"),
    base_change.ORGAN: N_("管理机构"),
    base_change.CONTACT: N_("联系人和联系方式"),
}
