"""What was written about a case, and what the program still has to do about it: two tabs of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bases.documents import document
from ground import jobs
from ground.database import Session
from ground.people import Actor
from tasks import correspondence, dispatches, letters
from web.door import language
from web.door.language import _
from web.words.catalogue import N_

# Who reads what the program has to do: it is the house's own, and no part of a case.
READERS = ("supervisor", "process_owner", "sysadmin")
KINDS = {
    "message.deliver": N_("送达另一个办件的通知"),
    "signal.give": N_("向其他办件发出信号"),
    "cosigning.ask": N_("通知加签人"),
    "document.print": N_("生成公文文件"),
    "objection.begin": N_("登记异议办件"),
    dispatches.KIND: N_("发送通知"),
}
STATES = {"waiting": N_("等待执行"), "running": N_("正在执行"), "failed": N_("已停止，待系统管理员重新执行")}


@dataclass(frozen=True)
class Written:
    """One letter: its subject, to whom and when, whether it was read; its ref where it is the reader's own."""

    subject: str
    to: str
    to_en: str
    at: Any
    read_at: Any
    ref: str


@dataclass(frozen=True)
class Owed:
    """One piece of work: what, how it stands, how often it was tried, and when it is tried next."""

    name: str
    state: str
    attempts: int
    failing: bool
    at: Any


def written(store: Session, view: Any, me: Actor) -> Sequence[Written]:
    """The letters about this case that this person may know of, in words; the text of one's own alone is open."""
    found = []
    for one in correspondence.about(store, view.case.id, me, view.folder):
        row, folder = one.row, letters.folder_of(store, one.row)
        said = letters.words(folder, row.template, row.facts, language.chosen())
        ref = row.ref if one.mine else ""
        found.append(Written(said.subject, row.name, row.name_en, row.written_at, row.read_at, ref))
    return found


def owed(store: Session, view: Any) -> Sequence[Owed]:
    """What the program still has to do about this case, or has given up."""
    refs = {view.case.ref, *(row.ref for row in view.waits), *correspondence.refs(store, view.case.id)}
    refs |= {row.ref for row in document.of_case(store, view.case.id)}
    return [
        Owed(
            _(KINDS[job.kind]) if job.kind in KINDS else job.kind,
            _("失败后重试") if job.state == "waiting" and job.attempts else _(STATES[job.state]),
            job.attempts,
            job.attempts > 0,
            job.run_at,
        )
        for job in jobs.about(store, refs | {view.case.subject})
    ]


def may_see_jobs(me: Actor) -> bool:
    """Whether the tab is there for this person."""
    return any(me.has(role) for role in READERS)
