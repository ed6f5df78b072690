"""How the history of a case tells of an application on its way through the offices."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, act, auto

TOLD: Mapping[str, Told] = {
    "information.filed": auto(N_("信息表数据入库（%(year)s年度）")),
    "adverse.taken_up": auto(N_("关联登记的事件")),
    "adverse.settled": auto(N_("登记核查结论")),
    "visit.closed": auto(N_("登记考察：%(visited_from)s至%(visited_to)s，照片%(photos)s张")),
    "consultation.asked": auto(N_("第%(round)s次征求有关单位意见")),
    "consultation.changed": auto(N_("增减征求意见的单位")),
    "consultation.summed": auto(N_("第%(round)s次征求意见汇总")),
    "supplement.served": auto(N_("送达第%(round)s份补正通知书，共%(items)s项，补正截止日期%(due_on)s")),
    "supplement.extended": auto(N_("补正期限延长一次，至%(due_on)s")),
    "supplement.closed": auto(N_("补正期限（%(due_on)s）届满，不再等待补正")),
    "supplement.left": auto(N_("再次补正未经批准")),
    "letter.reported": auto(N_("凭来文%(number)s（%(dated_on)s）上报商务厅")),
    "letter.took_back": auto(N_("凭来文%(number)s（%(dated_on)s）同意撤回")),
    "withdrawal.asked": auto(N_("申请撤回申报")),
    "form.printed": auto(N_("信息表第%(version)s版，校验码%(code)s")),
    "form.stamped": auto(N_("盖章件登记到第%(version)s版，校验码%(code)s")),
    "designation.refused": act(N_("不予认定")),
    "decision.on_paper": auto(N_("线下签批，签批人%(signer)s，扫描件第%(page)s页")),
    "case.archived": act(N_("归档，共%(entries)s个文件，归档包校验码（SHA-256）%(digest)s")),
    "designation.withdrawn": act(N_("申报撤回登记")),
}
