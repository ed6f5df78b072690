"""What happened to a case, in words: one sentence a kind of line; marks and draws only for whoever may read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine import cases, definitions
from engine.cases.offices import PROVINCE_SEES
from engine.folders import Folder
from ground import people
from ground.calendar import Calendar
from ground.database import Session
from ground.people import Actor
from tasks import elapsed
from web.door.language import _, ngettext, pick, within
from web.reviewer import naming
from web.reviewer.papers import Paper
from web.words import dates, told
from web.words.catalogue import N_

ON_PAPER = frozenset({"decision.on_paper", "signature.confirmed"})
# Lines that nobody reads.
QUIET = frozenset({"step.ran"})
# Facts that name a step.
PLACES, TOLD_BY_PLACES = frozenset({"source", "target"}), frozenset({"case.moved", "task.sent_back"})
# Facts that are days: whatever ends in `_on`, and these.
DATES = frozenset({"holds_from", "material_due", "statement_due", "visited_from", "visited_to", "window_to"})
HASH_SHOWN = 16
# Codes of an act at a task that stand in its line.
WAYS: Mapping[str, Mapping[str, str]] = {
    "mode": {"before": N_("前加签"), "after": N_("后加签"), "parallel": N_("并加签")},
    "rule": {"all": N_("全部同意"), "any": N_("任一同意"), "majority": N_("过半数同意")},
    "opinion": {"agree": N_("同意"), "refuse": N_("不同意")},
}
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Line:
    """One line as it is read: who, in which office, when, what, with which result, and the paper behind it."""

    seq: int
    at: datetime
    text: str
    by: str
    office: str
    result: str
    element: str | None
    tone: str
    kind: str
    notice: str | None
    signature: str | None


def lines(
    store: Session, case: Any, folder: Folder, by: Actor, papers: Sequence[Paper], offices: Mapping[str, str]
) -> list[Line]:
    """The story of a case that stands on `folder` now, the newest first; each line by the version of its time.

    `offices` are the names of the keys under which the papers were sent.
    """
    results = {paper.seq: (paper.result, offices.get(paper.acting, "")) for paper in papers}
    inside = sees_inside(by)
    found = [line for line in cases.story(store, case.ref, by) if line.kind not in QUIET]
    under = definitions.written_under(store, folder)
    folders = {line.version_id: under(line.version_id) for line in found}
    told_of = {each for line in found for each in line.detail.get("persons", ())}
    who = people.name_of(store, told_of) if told_of else {}
    called = {number: pick(name.name, name.name_en) for number, name in who.items()}
    return [_line(line, folders[line.version_id], results, called, inside=inside) for line in reversed(found)]


def suggested(story: Sequence[Line], papers: Sequence[Paper]) -> list[str]:
    """What decision tables have said since the last paper was sent: it is there to be weighed, and decides nothing."""
    last = max((paper.seq for paper in papers), default=0)
    return [line.text for line in reversed(story) if line.kind == "table.decided" and line.seq > last]


def done(story: Sequence[Line]) -> list[str]:
    """The places at which a task was completed."""
    return list(dict.fromkeys(line.element for line in story if line.kind == "task.completed" and line.element))


def used(story: Sequence[Line], folder: Folder, until: datetime, calendar: Calendar) -> str:
    """How many working days the case has taken until then, in words; nothing while it is being filled in."""

    def role(place: str) -> str | None:
        known = folder.element(place)
        return known.role if known else None

    taken = elapsed.of_case(reversed(story), role, until, calendar)
    return dates.used(taken) if taken else ""


def sees_inside(by: Actor) -> bool:
    """Whether this person may see marks, draws and suggestions: whoever works at the province."""
    return any(held.role in PROVINCE_SEES for held in by.held)


def ago(seconds: int) -> str:
    """10秒前, 5分钟前, 2小时前."""
    if seconds < MINUTE:
        return ngettext("%(n)s秒前", "%(n)s秒前", max(seconds, 1))
    if seconds < HOUR:
        return ngettext("%(n)s分钟前", "%(n)s分钟前", seconds // MINUTE)
    return ngettext("%(n)s小时前", "%(n)s小时前", seconds // HOUR)


def _line(
    line: cases.Line,
    folder: Folder,
    results: Mapping[int, tuple[str, str]],
    called: Mapping[int, str],
    *,
    inside: bool,
) -> Line:
    who = pick(line.by_name, line.by_name_en)
    if line.behalf:
        who = naming.on_behalf(who, pick(line.behalf.name, line.behalf.name_en))
    result, office = results.get(line.seq, ("", ""))
    return Line(
        seq=line.seq,
        at=line.at,
        text=_text(line, folder, called, inside=inside),
        by="" if told.automatic(line.kind) else _("（姓名不公开）") if line.withheld else who,
        office=office,
        result=result,
        element=line.element,
        tone=_tone(line),
        kind=line.kind,
        notice=line.detail.get("notice") if line.kind == "notice.opened" else None,
        signature=line.detail.get("signature") if line.kind in ON_PAPER else None,
    )


def _tone(line: cases.Line) -> str:
    """Red is for what went wrong and for a time limit that binds; a passed default of ours accuses nobody."""
    if line.kind == "incident.opened" or (line.kind == "deadline.passed" and line.detail.get("due_kind") != "default"):
        return "late"
    return "auto" if told.automatic(line.kind) else ""


def _text(line: cases.Line, folder: Folder, called: Mapping[int, str], *, inside: bool) -> str:
    if inside and line.kind == "table.decided" and (notes := _notes(line, folder)):
        return _("决策表“%(table)s”：%(notes)s", table=notes[0], notes=" ".join(notes[1:]))
    if line.kind == "task.sent_back" and not line.detail:
        return _("“%(step)s”退回修改", step=naming.step(folder, line.element))
    known = told.of(line.kind)
    if known is None:
        return line.kind
    return _sentence((inside and known.inside) or known.text, line, folder, called)


def _notes(line: cases.Line, folder: Folder) -> list[str]:
    """The name of the table and what its rows say that gave the result."""
    home = folder.home(line.element)
    table = home.tables.get(line.detail.get("table", ""))
    if table is None:
        return []
    given = [rule.note for rule in table.rules if rule.id in line.detail.get("rows", ())]
    return [within(home.words, words) for words in (table.name, *given) if words]


def _sentence(text: str, line: cases.Line, folder: Folder, called: Mapping[int, str]) -> str:
    facts = {name: _fact(name, value) for name, value in line.detail.items()}
    if "persons" in facts:
        facts["persons"] = _("、").join(called.get(each, "") for each in line.detail["persons"])
    for name in PLACES & set(facts) if line.kind in TOLD_BY_PLACES else ():
        facts[name] = naming.step(folder, facts[name])
    try:
        return _(text, step=naming.step(folder, line.element), **facts) if "%(" in text else _(text)
    except KeyError:
        return naming.step(folder, line.element)


def _fact(name: str, value: Any) -> str:
    if (name in DATES or name.endswith("_on")) and isinstance(value, str):
        return dates.day(date.fromisoformat(value[:10]), weekday=False)
    if name in WAYS and value in WAYS[name]:
        return _(WAYS[name][value])
    if name == "hash":
        return str(value)[:HASH_SHOWN]
    return str(value)
