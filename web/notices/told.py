"""How the history of a case tells of notices and objections."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, auto

TOLD: Mapping[str, Told] = {
    "notice.opened": auto(N_("公示：%(opens_on)s至%(closes_on)s")),
    "notice.closed": auto(N_("公示期满"), N_("公示期满：异议%(objections)s件，线索%(clues)s件")),
    "notice.withdrawn": auto(N_("公示撤下")),
    "objection.received": auto(N_("登记异议，答复期限%(reply_due_on)s")),
    "objection.clue": auto(N_("作为线索登记")),
    "objection.assigned": auto(N_("交异议经办人")),
    "objection.reassigned": auto(N_("改派异议经办人，理由：%(reason)s")),
    "objection.extended": auto(N_("答复期限延长至%(due_on)s")),
    "objection.settled": auto(N_("登记处理结果")),
    "objection.answered": auto(N_("已答复异议人")),
}
