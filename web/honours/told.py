"""How the history of a case tells of commendations, recommendations and yearly rounds."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, auto

TOLD: Mapping[str, Told] = {
    "commendation.opened": auto(N_("发起%(year)s年度表扬通报，通过考核的基地%(passed)s家")),
    "commendation.selected": auto(N_("选定%(year)s年度表扬%(bases)s家")),
    "commendation.issued": auto(N_("表扬通报印发（%(document)s），记入台账%(bases)s家")),
    "recommendation.opened": auto(N_("登记推荐国家级，截止日期%(due_on)s")),
    "recommendation.forwarded": auto(N_("市（州）推荐（%(document)s）")),
    "recommendation.ranked": auto(N_("本年度推荐顺序第%(place)s位")),
    "recommendation.declined": auto(N_("不予推荐")),
    "recommendation.sent": auto(N_("推荐函印发并报商务部（%(document)s）")),
    "recommendation.answered": auto(N_("登记商务部批复（%(document)s）")),
    "yearly_review.opened": auto(N_("登记%(year)s年度核对，期限%(due_on)s")),
    "yearly_review.kept": auto(N_("有变化的事项%(changed)s项，已记入台账")),
    "yearly_review.filed": auto(N_("年度核对归档")),
}
