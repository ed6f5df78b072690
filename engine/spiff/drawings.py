"""A BPMN file as it was drawn: nodes and flows with their texts and lines, nothing judged and nothing compiled yet."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.spiff import documents
from ground.errors import Refused

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
JIDI = "urn:jidi:bpmn:1"

KINDS: Mapping[str, str] = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "user",
    "manualTask": "user",
    "task": "user",
    "serviceTask": "service",
    "businessRuleTask": "rule",
    "receiveTask": "receive",
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
    "eventBasedGateway": "event_gateway",
    "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw",
    "boundaryEvent": "boundary",
    "subProcess": "subprocess",
    "transaction": "subprocess",
    "sendTask": "send",
    "callActivity": "call",
    # Read so that they can be refused by name.
    "scriptTask": "script",
    "complexGateway": "complex",
    "adHocSubProcess": "ad_hoc",
}
EVENTS: Mapping[str, str] = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "signalEventDefinition": "signal",
    "terminateEventDefinition": "terminate",
    "linkEventDefinition": "link",
    "conditionalEventDefinition": "conditional",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "cancel",
}
SCOPES = frozenset({"subprocess", "ad_hoc"})


class NoProcess(Refused):
    """The file has no process in it."""

    code = "bpmn.no_process"
    status = 422


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node: its kind, where it stands and the XML it came from."""

    id: str
    kind: str
    within: str
    xml: etree._Element
    events: tuple[str, ...]

    @property
    def line(self) -> int:
        """The line in the file."""
        line: Any = self.xml.sourceline  # lxml's stubs know no type for it
        return line or 0

    @property
    def name(self) -> str:
        """What people read on the shape."""
        return self.xml.get("name", "")

    @property
    def event(self) -> str | None:
        """The one kind of event that it throws or waits for."""
        return self.events[0] if self.events else None

    def alternatives(self) -> "list[Node]":
        """The same node with each of its events alone; itself, if it has at most one."""
        if len(self.events) < 2:  # noqa: PLR2004
            return [self]
        made = []
        for number, event in enumerate(self.events):
            alone = deepcopy(self.xml)
            definitions = [xml for xml in alone if local(xml) in EVENTS]
            for other in definitions[:number] + definitions[number + 1 :]:
                alone.remove(other)
            made.append(Node(self.id, self.kind, self.within, alone, (event,)))
        return made

    def ours(self, attribute: str) -> str | None:
        """One of our own attributes; an empty one counts as none."""
        return (self.xml.get(f"{{{JIDI}}}{attribute}") or "").strip() or None

    def child(self, *path: str) -> etree._Element | None:
        """The first BPMN child along a path."""
        found: etree._Element | None = self.xml
        for tag in path:
            found = found.find(f"{{{BPMN}}}{tag}") if found is not None else None
        return found

    def text(self, *path: str) -> str | None:
        """The text of the first BPMN child along a path."""
        found = self.child(*path)
        return None if found is None else (found.text or "").strip()


@dataclass(frozen=True, slots=True)
class Line:
    """A sequence flow as drawn."""

    id: str
    source: str
    target: str
    within: str
    condition: str | None
    xml: etree._Element


@dataclass(frozen=True)
class Drawing:
    """One process of a file, with everything in it; `read` says which one."""

    root: etree._Element
    process: etree._Element
    nodes: Mapping[str, Node]
    flows: tuple[Line, ...]
    scopes: Mapping[str, etree._Element]
    lanes: Mapping[str, str]
    messages: Mapping[str, str]
    codes: Mapping[str, str]
    duplicates: tuple[etree._Element, ...] = ()
    incoming: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    outgoing: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    codeless: frozenset[str] = frozenset()  # errors and escalations that are declared without a code

    @property
    def id(self) -> str:
        """The process's id."""
        return self.process.get("id", "process")


def read(body: bytes) -> Drawing:
    """Read a file's process; of several the first executable one that no other calls. Refuses what has none."""
    root = documents.parse(body)
    processes = root.findall(f"{{{BPMN}}}process")
    if root.tag != f"{{{BPMN}}}definitions" or not processes:
        raise NoProcess
    _resolve(root)
    return _drawing(root, _main(processes))


def beside(drawing: Drawing) -> dict[str, Drawing]:
    """The other processes of the same file, by id."""
    processes = drawing.root.findall(f"{{{BPMN}}}process")
    return {each.get("id", ""): _drawing(drawing.root, each) for each in processes if each is not drawing.process}


def _main(processes: list[etree._Element]) -> etree._Element:
    best = max(map(_runnable, processes))
    runnable = [process for process in processes if _runnable(process) == best]
    called = {
        each.get("calledElement", "").rpartition(":")[2]
        for process in processes
        for each in process.iter(f"{{{BPMN}}}callActivity")
        if process.get("id") != each.get("calledElement", "").rpartition(":")[2]
    }
    return next((process for process in runnable if process.get("id") not in called), runnable[0])


def _drawing(root: etree._Element, process: etree._Element) -> Drawing:
    scopes = {process.get("id", "process"): process}
    nodes: dict[str, Node] = {}
    duplicates: list[etree._Element] = []
    for node in _nodes(process, process.get("id", "process"), scopes):
        if not node.id or node.id in nodes or node.id == process.get("id"):
            duplicates.append(node.xml)
        nodes.setdefault(node.id, node)
    flows = tuple(_flows(scopes))
    return Drawing(
        root,
        process,
        nodes,
        flows,
        scopes,
        dict(_lanes(process)),
        {each.get("id", ""): each.get("name") or each.get("id") or "" for each in root.iter(f"{{{BPMN}}}message")},
        dict(_codes(root)),
        tuple(duplicates),
        _grouped((flow.target, flow) for flow in flows),
        _grouped((flow.source, flow) for flow in flows),
        frozenset(_codeless(root)),
    )


def _runnable(process: etree._Element) -> tuple[bool, bool]:
    """Of several processes, an executable one that holds something goes first; a pool may well be an empty box."""
    return any(local(xml) in KINDS for xml in process), process.get("isExecutable") == "true"


def _resolve(root: etree._Element) -> None:
    """Put what is defined once for all in the place of each reference to it (BPMN 2.0.2 §10.5.1)."""
    defined = {xml.get("id", ""): xml for xml in root if local(xml) in EVENTS}
    for reference in list(root.iter(f"{{{BPMN}}}eventDefinitionRef")):
        found = defined.get((reference.text or "").strip().rpartition(":")[2])
        event = reference.getparent()
        if found is not None and event is not None and local(event) in KINDS:
            event.replace(reference, deepcopy(found))


def local(xml: etree._Element) -> str:
    """The name of a BPMN element without its namespace; empty for anything else."""
    tag = xml.tag
    return tag.removeprefix(f"{{{BPMN}}}") if isinstance(tag, str) and tag.startswith(f"{{{BPMN}}}") else ""


def _nodes(scope: etree._Element, id_: str, scopes: dict[str, etree._Element]) -> Iterator[Node]:
    below: list[tuple[str, etree._Element]] = [(id_, scope)]
    while below:
        within, parent = below.pop(0)
        for xml in parent:
            kind = KINDS.get(local(xml))
            if kind is None:
                continue
            events = tuple(EVENTS[local(each)] for each in xml if local(each) in EVENTS)
            yield Node(xml.get("id", ""), kind, within, xml, events)
            if kind in SCOPES and xml.get("id"):
                scopes.setdefault(xml.get("id", ""), xml)
                below.append((xml.get("id", ""), xml))


def _flows(scopes: Mapping[str, etree._Element]) -> Iterator[Line]:
    for within, scope in scopes.items():
        for number, xml in enumerate(scope.findall(f"{{{BPMN}}}sequenceFlow")):
            condition = xml.find(f"{{{BPMN}}}conditionExpression")
            yield Line(
                xml.get("id") or f"{within}.{number}",
                xml.get("sourceRef", ""),
                xml.get("targetRef", ""),
                within,
                None if condition is None else (condition.text or "").strip(),
                xml,
            )


def _grouped(pairs: Iterable[tuple[str, Line]]) -> dict[str, tuple[Line, ...]]:
    found: dict[str, tuple[Line, ...]] = {}
    for id_, flow in pairs:
        found[id_] = (*found.get(id_, ()), flow)
    return found


def _lanes(process: etree._Element) -> Iterator[tuple[str, str]]:
    for lane in process.iter(f"{{{BPMN}}}lane"):
        for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
            yield (reference.text or "").strip(), lane.get("name", "")


def _codes(root: etree._Element) -> Iterator[tuple[str, str]]:
    for tag, attribute in (("error", "errorCode"), ("escalation", "escalationCode"), ("signal", "name")):
        for each in root.findall(f"{{{BPMN}}}{tag}"):
            yield each.get("id", ""), each.get(attribute) or each.get("name") or each.get("id") or ""


def _codeless(root: etree._Element) -> Iterator[str]:
    for tag, attribute in (("error", "errorCode"), ("escalation", "escalationCode")):
        yield from (each.get("id", "") for each in root.findall(f"{{{BPMN}}}{tag}") if not each.get(attribute))
