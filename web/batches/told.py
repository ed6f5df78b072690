"""How the history of a case tells of batches."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, act, auto

TOLD: Mapping[str, Told] = {
    "batch.planned": auto(N_("拟定%(year)s年度批次，申报期限%(opens_on)s至%(closes_on)s")),
    "batch.announced": auto(N_("申报通知印发（%(document)s），开始受理申报")),
    "batch.window_closed": auto(N_("申报期限届满，共%(entries)s件申报")),
    "batch.ranked": auto(N_("评审排序：%(entries)s件，拟认定%(proposed)s件，同分%(tied)s件")),
    "batch.signed": auto(N_("第%(number)s次名单签署，尚未决定%(undecided)s件")),
    "batch.struck": act(N_("办件%(case)s因异议成立不列入（异议回执%(objection)s）")),
    "batch.pack_frozen": auto(N_("固定上会材料第%(number)s份")),
    "batch.adjusted": auto(N_("会议调整名单%(moved)s件（纪要%(minutes)s）")),
    "batch.certified": auto(N_("认定通知印发（%(document)s）")),
    "batch.plaques": act(N_("授牌%(handed)s家，尚未交付%(left)s家")),
    "batch.closed": auto(N_("批次办结")),
    "batch.joined": auto(N_("参加批次排序")),
}
