"""How the history of a case tells of reports and statistics."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, act, auto

TOLD: Mapping[str, Told] = {
    "report.begun": auto(N_("登记应报送%(year)s年度材料，截止日期%(due_on)s")),
    "report.filed": auto(N_("报送材料，统计数据入库（%(year)s年度）")),
    "report.consolidated": auto(N_("汇总：已报%(reported)s家，应报%(owed)s家")),
    "report.handed": auto(N_("按期报送")),
    "report.handed_late": auto(N_("逾期报送")),
    "report.returned": auto(N_("退回修改，退回期间不计入报送时限")),
    "report.accepted": auto(N_("核对通过")),
    "report.begun_period": auto(N_("登记应报送%(period)s报表，截止日期%(due_on)s")),
    "report.filed_period": auto(N_("报送%(period)s报表，数据入库")),
    "period.received": auto(N_("市（州）审核报出，登记为初报数")),
    "period.approved": auto(N_("审定，数据锁定")),
    "period.corrected": act(N_("更正审定数：由%(old)s改为%(new)s")),
    "report.missed": auto(N_("%(due_on)s届满未报送，登记逾期")),
}
