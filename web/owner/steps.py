"""A diagram as a table of steps, along the arrows: who does each, by when, on which form, resting on which clause."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.folders import Folder
from engine.spiff.diagrams import Diagram, Element
from ground import deadlines
from ground.parameters import Parameter
from web.door.language import _, ngettext, within
from web.words.catalogue import N_
from web.words.roles import ROLES

KINDS = {
    "user": N_("人工办理"),
    "service": N_("系统办理"),
    "rule": N_("决策表"),
    "call": N_("调用流程"),
    "send": N_("发出通知"),
    "timer": N_("等待期限"),
    "message": N_("收到申请时"),
    "start": N_("开始"),
    "end": N_("结束"),
}
SCOPES = {
    "case-county": N_("基地所在县（市、区）"),
    "case-city": N_("基地所在市（州）"),
    "province": N_("省商务厅"),
    "organ": N_("基地"),
    "person": N_("指定人员"),
}
SHOWN = frozenset({"user", "service", "rule", "call", "send", "start", "end"})


@dataclass(frozen=True)
class Line:
    """One step, in words."""

    id: str
    kind: str
    name: str
    who: str
    where: str
    limit: str
    ground: Parameter | None
    clause: str | None
    form: str
    reminded: bool
    apart: tuple[str, ...]


def lines(folder: Folder, terms: Mapping[str, Parameter]) -> list[Line]:
    """Every step that does something; gateways and reminders are for the picture."""
    every = folder.diagram.elements
    walked = list(_in_order(folder.diagram))
    return [_line(element, kind, folder, every, terms) for element in walked if (kind := _kind(element))]


def _line(
    element: Element, kind: str, folder: Folder, every: Mapping[str, Element], terms: Mapping[str, Parameter]
) -> Line:
    words = folder.words
    term = terms.get(f"deadline.{element.deadline}") if element.deadline else None
    return Line(
        id=element.id,
        kind=_(KINDS[kind]),
        name=within(words, element.name or element.id),
        who=_(ROLES[element.role]) if element.role in ROLES else "",
        where=_(SCOPES[element.scope]) if element.scope in SCOPES else "",
        limit=limit(term),
        ground=term,
        clause=element.clause,
        form=within(words, folder.forms[element.form].title) if element.form else "",
        reminded=any(each.attached == element.id and not each.interrupting for each in every.values()),
        apart=tuple(within(words, every[other].name) for other in element.separate if other in every),
    )


def limit(term: Parameter | None) -> str:
    """How long a deadline gives, in words."""
    if term is None:
        return ""
    if term.value["unit"] == deadlines.DAY_OF_YEAR:
        month, day = map(int, term.value["on"].split("-"))
        return _("每年%(month)s月%(day)s日前", month=month, day=day)
    number, unit = term.value["n"], term.value["unit"]
    if unit == "working_days":
        return ngettext("%(n)s个工作日", "%(n)s个工作日", number)
    return ngettext("%(n)s个月", "%(n)s个月", number) if unit == "months" else ngettext("%(n)s天", "%(n)s天", number)


def _kind(element: Element) -> str | None:
    if element.kind in SHOWN:
        return element.kind
    return element.event if element.event in KINDS and not element.attached else None


def _in_order(diagram: Diagram) -> Iterator[Element]:
    """Along the arrows from the start, then from what interrupts; what only reminds changes no step."""
    onward: dict[str, list[str]] = {}
    for scope in diagram.scopes.values():
        for flow in scope.flows:
            onward.setdefault(flow.source, []).append(flow.target)
    seen: set[str] = set()
    for root in (diagram.start.id, *(each.id for each in diagram.elements.values() if _begins(each))):
        waiting = deque([root])
        while waiting:
            id_ = waiting.popleft()
            if id_ in seen:
                continue
            seen.add(id_)
            yield diagram.elements[id_]
            waiting.extend(onward.get(id_, ()))


def _begins(element: Element) -> bool:
    return element.kind == "start" or (element.attached is not None and element.interrupting)
