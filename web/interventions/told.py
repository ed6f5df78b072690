"""How the history of a case tells of proposed acts by hand, and what they refuse with, in sentences."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, act

TOLD: Mapping[str, Told] = {
    "intervention.proposed": act(
        N_("提出流程处置"), N_("提出流程处置，报处室负责人批准。理由：%(reason)s。依据：%(basis)s")
    ),
    "intervention.declined": act(N_("流程处置未执行"), N_("流程处置未执行：%(reason)s")),
    "intervention.stale": act(N_("流程处置失效：办件已经变动")),
    "case.retried": act(N_("流程处置：重试"), N_("流程处置：重试没有执行成功的自动环节。理由：%(reason)s")),
}
CODES: Mapping[str, str] = {
    "intervention.no_basis": N_("请写明依据，不超过200字。"),
    "intervention.no_such_act": N_("请选择处置方式，并填全所需的环节或者数据。"),
    "intervention.not_skippable": N_("这个环节后面没有或者不止一个去向，不能跳过，请用“移动环节”指明去向。"),
    "intervention.under_way": N_("本件另有一项流程处置待批准，先办结那一项，才能再提。"),
    "intervention.own": N_("提出人不能批准自己提出的流程处置，由另一位处室负责人批准。"),
    "intervention.settled": N_("这项流程处置已经办结，不能再批准或者退回。"),
    "intervention.changed": N_("在您打开之后，办件已经变动，已按最新情况重新预演。请看过再办理。"),
    "intervention.unfit": N_("办件已经变动，这项流程处置不再适用，已自动失效。"),
    "intervention.made": N_("已提出，待处室负责人批准。"),
    "intervention.done": N_("已批准并执行。"),
    "intervention.declined": N_("已退回，没有执行。"),
    "intervention.foreseen": N_("已按最新情况重新预演。"),
}
