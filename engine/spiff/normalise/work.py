"""One document under repair: its tree, and everything that was done to it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.spiff.drawings import BPMN, JIDI, KINDS, SCOPES, local
from engine.spiff.lint.findings import words
from engine.spiff.normalise.tokens import Foreign

# What may stand before anything that we put into a flow node (BPMN 2.0.2, Semantic.xsd, tBaseElement and tFlowNode).
BEFORE = words("documentation extensionElements auditing monitoring categoryValueRef incoming outgoing")
FOREIGN = "expression.foreign"
HOLDERS = words("dataObject dataObjectReference dataInput dataOutput property")
UNFIT = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing that was changed, asked for, or found foreign: a code for what, and where."""

    code: str
    element: str | None
    line: int
    params: Mapping[str, Any]


@dataclass
class Work:
    """The tree and its mends."""

    root: etree._Element
    mends: list[Mend] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids = {each.get("id") for each in self.root.iter() if each.get("id")}
        data = [each for each in self.root.iter(f"{{{BPMN}}}*") if local(each) in HOLDERS]
        self.data = {each.get("id", ""): each.get("name", "") for each in data}

    def mend(self, code: str, where: etree._Element, **params: Any) -> None:
        """Say what was done to an element."""
        line: Any = where.sourceline
        self.mends.append(Mend(code, seen(where).get("id"), line or 0, params))

    def foreign(self, where: etree._Element, foreign: Foreign) -> None:
        """Name a text that cannot be read; it stays as it is."""
        self.mend(FOREIGN, where, text=foreign.source[:200], why=foreign.why)

    def ours(self, xml: etree._Element, name: str, value: str, code: str) -> None:
        """Say something by one of our attributes, unless it is said already."""
        key = f"{{{JIDI}}}{name}"
        if value and not xml.get(key):
            xml.set(key, value)
            self.mend(code, xml, name=name, value=value)

    def processes(self) -> list[etree._Element]:
        """Every process that has something to do in it."""
        return [each for each in self.root.findall(f"{{{BPMN}}}process") if any(True for _ in steps(each))]

    def nodes(self, *kinds: str) -> Iterator[etree._Element]:
        """The flow nodes of these kinds of ours, or all, in every process, those of subprocesses after theirs."""
        for process in self.root.findall(f"{{{BPMN}}}process"):
            below = [process]
            while below:
                for xml in steps(below.pop(0)):
                    if KINDS[local(xml)] in SCOPES:
                        below.append(xml)
                    if not kinds or KINDS[local(xml)] in kinds:
                        yield xml

    def flows(self) -> Iterator[etree._Element]:
        """Every sequence flow."""
        for process in self.root.findall(f"{{{BPMN}}}process"):
            yield from process.iter(f"{{{BPMN}}}sequenceFlow")

    def fresh(self, wanted: str) -> str:
        """An id that nothing has yet."""
        found, number = wanted, 1
        while found in self.ids:
            number += 1
            found = f"{wanted}_{number}"
        self.ids.add(found)
        return found


def steps(scope: etree._Element) -> Iterator[etree._Element]:
    """The flow nodes that stand directly in a process or subprocess."""
    return (xml for xml in scope if local(xml) in KINDS)


def seen(xml: etree._Element) -> etree._Element:
    """The element that people see: an expression belongs to its flow or node."""
    found: etree._Element | None = xml
    while found is not None and local(found) not in KINDS and local(found) not in {"sequenceFlow", "process"}:
        found = found.getparent()
    return xml if found is None else found


def child(xml: etree._Element, tag: str) -> etree._Element | None:
    """The first BPMN child with this tag."""
    return xml.find(f"{{{BPMN}}}{tag}")


def text(xml: etree._Element | None) -> str:
    """What an element says."""
    return "" if xml is None else (xml.text or "").strip()


def made(
    parent: etree._Element, tag: str, content: str | None = None, after: frozenset[str] = BEFORE
) -> etree._Element:
    """A new BPMN child, put where the schema wants it: behind the children named in `after`."""
    xml = etree.Element(f"{{{BPMN}}}{tag}")
    xml.text = content
    at = max((number + 1 for number, each in enumerate(parent) if local(each) in after), default=0)
    parent.insert(at, xml)
    xml.tail = parent[at - 1].tail if at else parent.text
    return xml


def plain(value: str) -> str:
    """A text as part of a name: letters, digits and `_`."""
    return UNFIT.sub("_", value).strip("_")
