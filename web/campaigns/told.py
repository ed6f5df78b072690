"""How the history of a case tells of yearly assessments."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, auto

TOLD: Mapping[str, Told] = {
    "campaign.planned": auto(N_("拟定%(year)s年度考核，材料报送期限%(opens_on)s至%(closes_on)s")),
    "campaign.opened": auto(N_("启动%(year)s年度考核，发起考核%(bases)s件")),
    "campaign.listed": auto(N_("汇总考核结果%(bases)s件，拟退出%(leaving)s家，尚未决定%(undecided)s家")),
    "campaign.noticed": auto(N_("考核结果公示印发（%(document)s），公示至%(closes_on)s")),
    "campaign.announced": auto(N_("考核结果通报印发（%(document)s）")),
    "campaign.closed": auto(N_("年度考核办结")),
    "assessment.entered": auto(N_("进入%(year)s年度考核")),
    "assessment.gathered": auto(N_("形成考核档案：应报事项%(reports)s项，逾期、缺报%(missed)s项")),
    "grounds.confirmed": auto(N_("登记第十四条情形的核实结果"), N_("登记第十四条情形的核实结果：确认存在%(count)s项")),
    "assessment.proposed": auto(N_("登记考核建议")),
    "assessment.decided": auto(N_("登记考核决定")),
}
