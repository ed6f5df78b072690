"""What the facts of a report are called on pages: standings with their tone, kinds of duties."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bases.filing import duty, series, template
from bases.verdicts import matrix
from web.door.language import _, pick
from web.words.catalogue import N_

STANDINGS: Mapping[str, tuple[str, str]] = {
    duty.REPORTED: (N_("已报送"), "green"),
    duty.REPORTED_LATE: (N_("逾期报送"), "amber"),
    duty.RUNNING: (N_("待报送"), ""),
    duty.UNDER_REVIEW: (N_("审核签批中"), "blue"),
    duty.RETURNED: (N_("退回修改"), "amber"),
    duty.MISSED: (N_("逾期未报送"), "red"),
    duty.PAST: (N_("超出系统默认时限"), ""),
}
KINDS: Mapping[str, str] = {
    duty.ANNUAL: N_("年度总结和安排"),
    duty.CITY: N_("市（州）汇总上报"),
    duty.MINISTRY: N_("国家级基地总结报商务部"),
    matrix.ASSESSMENT: N_("年度考核材料"),
    matrix.RECTIFICATION: N_("整改后重新考核申请"),
}


STAGES: Mapping[str, str] = {
    series.FIRST: N_("待市（州）审核"),
    series.RECEIVED: N_("初报"),
    series.APPROVED: N_("审定"),
}
PERIODS: Mapping[str, str] = {template.MONTH: N_("月报"), template.QUARTER: N_("季报")}


@dataclass(frozen=True)
class Say:
    """The words of one page; `templates` are the names of the periodic reports, in Chinese and English."""

    templates: Mapping[str, tuple[str, str]]
    STANDINGS: ClassVar[Mapping[str, tuple[str, str]]] = STANDINGS

    def light(self, standing: str) -> str:
        """Green, yellow or red."""
        return matrix.LIGHTS[standing]

    def kind(self, code: str) -> str:
        """What a duty is called."""
        return _(KINDS[code]) if code in KINDS else pick(*self.templates.get(code, (code, code)))
