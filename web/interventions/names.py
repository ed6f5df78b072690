"""What acts and their standings are called, and how what was foreseen reads: codes of ours in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.cases import interventions, sight, wishes
from engine.folders import Folder
from ground import people
from ground.database import Session
from ground.people import Actor
from web.door.language import _, pick
from web.reviewer import naming
from web.words import dates
from web.words.catalogue import N_

# What each act is called, and what it does.
ACTS: Mapping[str, tuple[str, str]] = {
    wishes.MOVE: (N_("移动环节"), N_("把办件从一个在办环节移到另一个环节。")),
    wishes.SKIP: (N_("跳过环节"), N_("不办理在办环节，直接进入它后面的环节。")),
    wishes.REPEAT: (N_("重办环节"), N_("在办环节从头再办一次，时限重新起算。")),
    wishes.RETRY: (N_("重试"), N_("让没有执行成功的自动环节、定时和消息再执行一次。")),
    wishes.CORRECT: (N_("更正流程数据"), N_("更正流程图判断时用到的一项数据；已提交的材料不变。")),
    wishes.CANCEL: (N_("终止办件"), N_("在办环节全部关闭，办件结束；已提交的材料保留。")),
}
STATES: Mapping[str, tuple[str, str]] = {
    interventions.PROPOSED: (N_("待批准"), "amber"),
    interventions.DONE: (N_("已批准并执行"), "green"),
    interventions.DECLINED: (N_("未批准"), ""),
    interventions.STALE: (N_("已失效"), ""),
}
RUNS: Mapping[str, str] = {
    "step.ran": N_("自动执行“%(step)s”"),
    "message.told": N_("通知其他办件（“%(step)s”）"),
    "letter.written": N_("发出提醒（“%(step)s”）"),
    "table.decided": N_("按决策表判定“%(step)s”"),
}


@dataclass(frozen=True)
class Task:
    """A task that would be closed or opened: its step, whom it waits for, until when, whether something is typed."""

    step: str
    office: str
    holder: str
    due_on: date | None
    due_kind: str
    clause: str | None
    typed: int


@dataclass(frozen=True)
class Preview:
    """What would change, in words."""

    rev: int
    before: Sequence[str]
    after: Sequence[str]
    closed: Sequence[Task]
    opened: Sequence[Task]
    timers_off: Sequence[str]
    timers_on: Sequence[str]
    runs: Sequence[str]
    ends: bool


def preview(store: Session, folder: Folder, seen: Mapping[str, Any], by: Actor) -> Preview:
    """What was foreseen, as this person may read it: who works under a form with named readers is not named."""
    rows = [*seen["closed"], *seen["opened"]]
    offices = naming.queues(store, [row["queue"] for row in rows])
    names = people.name_of(store, {row["held_by"] for row in rows if row["held_by"]})

    def task(row: Mapping[str, Any]) -> Task:
        hidden = sight.withheld(row["element"], row["held_by"], by, folder)
        name = names.get(row["held_by"])
        return Task(
            naming.step(folder, row["element"]),
            offices.get(row["queue"], ""),
            pick(name.name, name.name_en) if name and not hidden else "",
            date.fromisoformat(row["due_on"]) if row["due_on"] else None,
            row["due_kind"] or "default",
            row["clause"],
            row["typed"],
        )

    return Preview(
        rev=seen["rev"],
        before=_steps(folder, seen["before"]),
        after=_steps(folder, seen["after"]),
        closed=[task(row) for row in seen["closed"]],
        opened=[task(row) for row in seen["opened"]],
        timers_off=[_timer(folder, row) for row in seen["timers_off"]],
        timers_on=[_timer(folder, row) for row in seen["timers_on"]],
        runs=[_run(folder, row) for row in seen["runs"]],
        ends=seen["outcome"] is not None,
    )


def wish(folder: Folder, act: str, terms: Mapping[str, Any]) -> str:
    """What is asked for, in one sentence."""
    source, target = (naming.step(folder, terms.get(name)) for name in ("source", "target"))
    match act:
        case wishes.MOVE:
            return _("由“%(source)s”移到“%(target)s”", source=source, target=target)
        case wishes.SKIP:
            return _("跳过“%(step)s”", step=source)
        case wishes.REPEAT:
            return _("重办“%(step)s”", step=source)
        case wishes.CORRECT:
            return _("将“%(name)s”更正为“%(value)s”", name=value_label(folder, terms["name"]), value=terms.get("value"))
        case _:
            return _(ACTS[act][0])


def value_label(folder: Folder, name: str) -> str:
    """What the form that declares a value calls it."""
    for home in (folder, *folder.calls.values()):
        for form in home.forms.values():
            if name in form.scalars and form.fields[name].label:
                return naming.text(home, form.fields[name].label)
    return name


def _steps(folder: Folder, places: Sequence[str]) -> list[str]:
    """Only what people wait at by itself: an event at the edge of a step is told with the dates."""
    known = [(place, folder.element(place)) for place in places]
    kept = [place for place, element in known if element is None or element.attached is None]
    return [naming.step(folder, place) for place in dict.fromkeys(kept)]


def _run(folder: Folder, row: Mapping[str, Any]) -> str:
    words = RUNS[row["kind"]]
    return _(words, step=naming.step(folder, row["element"]))


def _timer(folder: Folder, row: Mapping[str, Any]) -> str:
    day = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    when = dates.day(day, weekday=False) if day else dates.moment(datetime.fromisoformat(row["due_at"]))
    return _("“%(step)s”（%(day)s）", step=naming.step(folder, row["element"]), day=when)
