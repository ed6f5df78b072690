"""What reasons, addressees and faults of a rule are called on pages, in words of the reader's language."""

from collections.abc import Mapping
from typing import Any

from engine import definitions
from ground.database import Session
from tasks import alert_rules as rules
from web.door.language import _, ngettext, pick
from web.reviewer import naming
from web.words.catalogue import N_
from web.words.roles import ROLES

REASONS: Mapping[str, str] = {
    rules.STUCK: N_("停滞"),
    rules.OVERDUE: N_("超过时限"),
    rules.UNCLAIMED: N_("无人领取"),
    rules.INCIDENT: N_("运行异常"),
    rules.WAITS: N_("等待办理过久"),
    rules.SOON: N_("即将到期"),
}
TO: Mapping[str, str] = {
    rules.ONESELF: N_("本人"),
    rules.SUPERVISORS: N_("督办人员"),
    rules.HEAD: N_("承办单位负责人"),
    rules.OWNERS: N_("流程管理员"),
    rules.ROLE: N_("指定身份"),
    rules.PERSON: N_("指定人员"),
}
FAULTS: Mapping[str, str] = {
    rules.PROCESS_GONE: N_("流程已不存在，规则不再执行。请修改或者删除。"),
    rules.STEP_GONE: N_("流程的现行版本没有这个环节，只对旧版本上的办件执行。"),
    rules.KEEPER_GONE: N_("设置人不再担任督办人员或者流程管理员，规则不再执行。"),
    rules.NOBODY: N_("没有可以提醒的人员，规则不再执行。"),
}
FIELDS: Mapping[str, str] = {
    "name": N_("请填写规则名称，不超过60个字。"),
    "process": N_("请选择流程或者环节。"),
    "reason": N_("请选择情形。"),
    "days": N_("工作日数填0至60的整数；等待办理过久和即将到期至少填1。"),
    "to": N_("请选择提醒谁；指定身份、指定人员的，还要选择身份或者人员。"),
}


class Places:
    """The processes and their steps by name, read once a page."""

    def __init__(self, store: Session) -> None:
        rows = definitions.processes(store)
        self._folders = {row.key: definitions.pinned(store, row.release_id) for row in rows}
        self._steps = rules.places(store)

    def choices(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """Each process with its steps, as the form offers them: value and name."""
        return [
            (key, self.process(key), [(f"{key}/{at}", naming.step(folder, at)) for at in self._steps[key]])
            for key, folder in self._folders.items()
            if self._steps[key]
        ]

    def process(self, key: str) -> str:
        """What a process is called; one that is no longer there by its key."""
        folder = self._folders.get(key)
        return naming.text(folder, str(folder.facts["name"])) if folder else key

    def scope(self, rule: Any) -> str:
        """What a rule looks at."""
        if not rule.process:
            return _("全部流程")
        folder = self._folders.get(rule.process)
        step = naming.step(folder, rule.element) if folder and rule.element else rule.element
        return f"{self.process(rule.process)} · {step}" if step else self.process(rule.process)


def when(rule: Any) -> str:
    """The reason of a rule with its number of days."""
    if rule.reason == rules.WAITS:
        return ngettext("等待办理满%(n)s个工作日", "等待办理满%(n)s个工作日", rule.days)
    if rule.reason == rules.SOON:
        return ngettext("到期前%(n)s个工作日内", "到期前%(n)s个工作日内", rule.days)
    if not rule.days:
        return _(REASONS[rule.reason])
    return _("%(what)s后再过%(n)s个工作日", what=_(REASONS[rule.reason]), n=rule.days)


def whom(rule: Any) -> str:
    """Who is told."""
    if rule.to_kind == rules.ROLE:
        return _(ROLES[rule.to_role])
    if rule.to_kind == rules.PERSON:
        return pick(rule.to_name, rule.to_name_en)
    return _(TO[rule.to_kind])
