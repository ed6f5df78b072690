"""How the stages of an application and of an assessment are called wherever they stand, in the order of passing."""

from collections.abc import Mapping

from web.words.catalogue import N_

APPLICATION: Mapping[str, str] = {
    "filing": N_("填报和审核签批"),
    "city": N_("市（州）初审"),
    "intake": N_("受理和准入核查"),
    "review": N_("专家评审"),
    "visit": N_("实地考察"),
    "recheck": N_("复核"),
}
ASSESSMENT: Mapping[str, str] = {
    "material": N_("自评和审核签批"),
    "city": N_("市（州）初审"),
    "check": N_("核对考核档案"),
    "review": N_("专家评审"),
    "visit": N_("实地考察"),
    "grounds": N_("核实第十四条情形"),
    "recheck": N_("复核"),
    "decision": N_("作出决定"),
}
# Where an application stands that is in none of them.
BESIDE: Mapping[str, str] = {
    "other": N_("其他环节"),
    "waiting": N_("等待名单"),
    "decided": N_("已有结果"),
    "out": N_("已撤回"),
}
