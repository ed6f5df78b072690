"""How the history of a case tells of panels, scores and reviews."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, auto

TOLD: Mapping[str, Told] = {
    "panel.committed": auto(N_("登记抽取种子校验码 %(hash)s（第%(round)s次抽取）")),
    "panel.drawn": auto(
        N_("随机抽取评审专家%(size)s名"), N_("从%(pool)s名专家中随机抽取%(size)s名，抽取凭证 %(hash)s")
    ),
    "panel.witnessed": auto(N_("抽取经见证确认，发出邀请")),
    "panel.substituted": auto(N_("候补专家递补，尚余候补%(left)s名")),
    "panel.seated": auto(N_("评审组组成：%(size)s人")),
    "panel.led": auto(N_("推选组长：收到%(votes)s票")),
    "review.reported": auto(N_("评审报告登记，保留意见%(dissents)s份")),
    "scores.closed": auto(
        N_("全部评分提交，汇总完成"),
        N_("全部评分提交：平均%(average)s分，最高与最低相差%(spread)s分，有效评分表%(valid)s份"),
    ),
}
