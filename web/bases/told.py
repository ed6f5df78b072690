"""How the history of a case tells of rectifications, revocations and names given or withdrawn."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, act, auto

TOLD: Mapping[str, Told] = {
    "base.designated": act(N_("认定为省级外贸转型升级基地，编号%(code)s")),
    "rectification.opened": auto(N_("登记限期整改")),
    "rectification.noticed": auto(N_("限期整改通知书印发（%(document)s）")),
    "rectification.served": auto(
        N_("整改期满%(ends_on)s，材料报送截至%(material_due)s，重新考核申请截至%(window_to)s")
    ),
    "rectification.applied": auto(N_("登记重新考核申请")),
    "rectification.forwarded": auto(N_("登记市（州）转报")),
    "rectification.not_applied": auto(N_("申请期满（%(window_to)s），没有重新考核申请")),
    "rectification.examined": auto(N_("登记整改核查结果")),
    "rectification.cut_short": auto(N_("基地另行取消命名，整改终止")),
    "rectification.measured": auto(N_("核算评审结果"), N_("评审平均%(average)s分，合格分%(mark)s分")),
    "rectification.proposed": auto(N_("登记结论建议")),
    "rectification.decided": auto(N_("登记整改考核决定")),
    "revocation.opened": auto(N_("登记取消命名事由")),
    "revocation.confirmed": auto(N_("经办人确认事由")),
    "revocation.noticed": auto(N_("拟取消命名告知书印发（%(document)s）")),
    "revocation.served": auto(N_("陈述申辩截至%(statement_due)s")),
    "revocation.no_statement": auto(N_("期满未提出陈述申辩")),
    "revocation.decided": auto(N_("登记决定")),
    "revocation.supports": auto(N_("有关扶持政策%(count)s项，分送执行部门")),
    "revocation.plaque": auto(N_("登记牌匾")),
    "base.revoked": auto(N_("取消省级外贸转型升级基地命名（%(document)s）")),
}
