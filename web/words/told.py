"""How each line of a case's history reads: what the engine and the tasks write is here, the rest each desk brings."""

from collections.abc import Mapping
from dataclasses import dataclass

from web.words.catalogue import N_


@dataclass(frozen=True)
class Told:
    """The sentence of one kind of line, a fuller one for the province if there is one, and whether a person did it."""

    text: str
    inside: str = ""
    automatic: bool = False


def act(text: str, inside: str = "") -> Told:
    """What a person does; the line names them."""
    return Told(text, inside)


def auto(text: str, inside: str = "") -> Told:
    """What the system does of itself after a person's act; the person stands at the act."""
    return Told(text, inside, automatic=True)


OWN: Mapping[str, Told] = {
    "case.started": act(N_("发起办件")),
    "task.opened": auto(N_("“%(step)s”等待办理")),
    "task.claimed": act(N_("领取“%(step)s”")),
    "task.released": act(N_("放回“%(step)s”")),
    "task.distributed": act(N_("将“%(step)s”分派给%(persons)s：%(reason)s")),
    "task.lapsed": auto(N_("委托代理已结束，“%(step)s”放回待办")),
    "task.readdressed": auto(N_("“%(step)s”按新版流程改由他人办理")),
    "task.rekeyed": auto(N_("“%(step)s”由承接的单位办理")),
    "deadline.recounted": auto(N_("“%(step)s”的期限按国务院放假通知由%(before_on)s改为%(after_on)s")),
    "task.completed": act(N_("办结“%(step)s”")),
    "task.sent_back": act(N_("“%(step)s”退回到“%(target)s”修改：%(reason)s")),
    "task.taken_back": act(N_("撤回“%(step)s”")),
    "task.closed": auto(N_("“%(step)s”随之终止")),
    "task.urged": act(N_("催办“%(step)s”，已等待%(days)s个工作日")),
    "message.sent": act(N_("%(step)s")),
    "message.arrived": auto(N_("收到其他办件的通知")),
    "message.told": auto(N_("发出通知“%(name)s”")),
    "signal.heard": auto(N_("收到信号“%(name)s”")),
    "timer.fired": auto(N_("“%(step)s”到时")),
    "table.decided": auto(N_("按决策表判定“%(step)s”")),
    "deadline.passed": act(N_("“%(step)s”超过时限（最迟%(due_on)s），已提醒")),
    "letter.written": auto(N_("发出“%(step)s”")),
    "incident.opened": act(N_("运行异常，已报督办人员处理")),
    "incident.closed": act(N_("运行异常已排除")),
    "case.suspended": act(N_("中止办理：%(reason)s")),
    "case.resumed": act(N_("恢复办理，时限顺延%(days)s天：%(reason)s")),
    "case.cancelled": act(N_("终止办件：%(reason)s")),
    "case.corrected": act(
        N_("流程处置：更正流程数据"), N_("流程处置：将“%(name)s”由“%(old)s”更正为“%(new)s”。理由：%(reason)s")
    ),
    "case.moved": act(N_("流程处置：调整办理环节"), N_("流程处置：由“%(source)s”移至“%(step)s”。理由：%(reason)s")),
    "case.migrated": act(N_("办件转到流程第%(version)s版"), N_("办件转到流程第%(version)s版。理由：%(reason)s")),
    "case.completed": act(N_("办件结束：%(step)s")),
}

_all: dict[str, Told] = {}


def use(*tables: Mapping[str, Told]) -> None:
    """Know the lines of the house and those that each desk brings."""
    _all.clear()
    for table in (OWN, *tables):
        _all.update(table)


def of(kind: str) -> Told | None:
    """How a line of this kind reads; None where nobody has put it into words."""
    return _all.get(kind)


def automatic(kind: str) -> bool:
    """Whether the system wrote it of itself."""
    known = of(kind)
    return known is not None and known.automatic
