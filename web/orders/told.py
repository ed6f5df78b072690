"""How the history of a case tells of orders of supervision."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, act

TOLD: Mapping[str, Told] = {
    "supervision.entered": act(N_("登记督办事项：%(matter)s")),
    "supervision.served": act(N_("印发%(number)s，请于%(due_on)s前反馈")),
    "supervision.not_issued": act(N_("文书未印发")),
    "supervision.answered": act(N_("承办单位已反馈")),
    "supervision.unanswered": act(N_("期满未反馈，转签发人员核查")),
    "supervision.refused": act(N_("提级督办未获批准")),
    "supervision.dropped": act(N_("督办单未印发，转签发人员处理")),
    "supervision.raised": act(N_("改变督办级别：%(reason)s")),
    "supervision.returned": act(N_("退回继续办理：%(reason)s")),
    "supervision.written_off": act(N_("核销%(number)s")),
}
