"""A file read a second time by another way, to prove that the compiled diagram says the same.

Nothing of drawings.py is used: one walk over all elements notes what stands in the file, another what was compiled.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass, field

from lxml import etree

from engine.spiff import documents
from engine.spiff.diagrams import Diagram, Element

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ACTIVITIES = ("task", "userTask", "manualTask", "serviceTask", "businessRuleTask", "receiveTask", "sendTask")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
SCOPES = ("process", "subProcess", "transaction", "adHocSubProcess")
OTHERS = ("callActivity", "scriptTask", "complexGateway")
NODES = frozenset([*ACTIVITIES, *GATEWAYS, *EVENTS, *SCOPES[1:], *OTHERS])
KINDS: Mapping[str, frozenset[str]] = {
    "user": frozenset(["task", "userTask", "manualTask"]),
    "service": frozenset(["serviceTask"]),
    "rule": frozenset(["businessRuleTask"]),
    "receive": frozenset(["receiveTask"]),
    "send": frozenset(["sendTask"]),
    "call": frozenset(["callActivity"]),
    "subprocess": frozenset(["subProcess", "transaction"]),
    "exclusive": frozenset(["exclusiveGateway"]),
    "parallel": frozenset(["parallelGateway"]),
    "inclusive": frozenset(["inclusiveGateway"]),
    "event_gateway": frozenset(["eventBasedGateway"]),
    "start": frozenset(["startEvent"]),
    "end": frozenset(["endEvent"]),
    "catch": frozenset(["intermediateCatchEvent"]),
    "throw": frozenset(["intermediateThrowEvent"]),
    "boundary": frozenset(["boundaryEvent"]),
}


@dataclass
class Reading:
    """What a file, or a diagram, says: each fact a tuple that begins with an element's id."""

    nodes: dict[str, str] = field(default_factory=dict)  # id: the tag in a file, the kind in a diagram
    facts: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def note(self, *facts: tuple[str, ...]) -> None:
        """Count these."""
        self.facts.update(facts)


def of_file(body: bytes) -> Reading:
    """Every flow node with where it stands, its event and its host; every flow with its ends and whether it asks."""
    found = Reading()
    root = documents.parse(body)
    shared = {xml.get("id", ""): _event(xml) for xml in root if _event(xml)}
    for xml in root.iter(f"{BPMN}*"):
        tag, id_ = _tag(xml), xml.get("id", "")
        if tag in NODES:
            found.nodes[id_] = tag
            found.note(*_of_node(xml, id_, shared))
        elif tag == "sequenceFlow":
            condition = next((each.text for each in xml if _tag(each) == "conditionExpression"), None)
            found.note(*_of_flow(id_, xml.get("sourceRef", ""), xml.get("targetRef", ""), bool(condition)))
    return found


def of_diagrams(diagrams: Iterable[Diagram]) -> Reading:
    """The same of what was compiled."""
    found = Reading()
    for diagram in diagrams:
        for each in diagram.elements.values():
            found.nodes[each.id] = each.kind
            found.note(*_of_element(each))
        for scope in diagram.scopes.values():
            for number, flow in enumerate(scope.flows):
                id_ = flow.id if flow.id != f"{scope.id}.{number}" else ""  # a number for want of an id
                found.note(*_of_flow(id_, flow.source, flow.target, flow.condition is not None))
    return found


def misread(body: bytes, diagrams: Iterable[Diagram]) -> list[str]:
    """Every difference between a file and what was compiled from it; none is the only good answer."""
    written, compiled = of_file(body), of_diagrams(diagrams)
    found = [
        f"{id_}: {written.nodes.get(id_)} is {compiled.nodes.get(id_)}"
        for id_ in sorted({*written.nodes, *compiled.nodes})
        if written.nodes.get(id_) not in KINDS.get(compiled.nodes.get(id_, ""), ())
    ]
    return found + [" ".join(fact) for fact in _apart(written, compiled)]


def changed(before: bytes, after: bytes, touched: AbstractSet[str]) -> list[str]:
    """What differs between a file and what mending made of it, beside the elements that were said to be touched."""
    old, new = of_file(before), of_file(after)
    nodes = set(old.nodes.items()) ^ set(new.nodes.items())
    sources = {fact[0]: fact[2] for fact in old.facts | new.facts if fact[1] == "from"}
    return [
        " ".join(fact)
        for fact in sorted([*nodes, *_apart(old, new)])
        if not touched & {*fact, sources.get(fact[0], "")}
    ]


def _apart(one: Reading, other: Reading) -> list[tuple[str, ...]]:
    return sorted([*(one.facts - other.facts).elements(), *(other.facts - one.facts).elements()])


def _of_element(each: Element) -> Iterator[tuple[str, ...]]:
    yield (each.id, "within", each.within)
    if each.event:
        yield (each.id, "event", each.event)
    if each.repeat:
        yield (each.id, "repeated", each.repeat.kind)
    if each.attached:
        yield (each.id, "attached", each.attached)
    if not each.interrupting:
        yield (each.id, "beside")


def _of_node(xml: etree._Element, id_: str, shared: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    parent = xml.getparent()
    yield (id_, "within", "" if parent is None else parent.get("id", ""))
    for each in xml:
        event = _event(each) or (shared.get((each.text or "").strip()) if _tag(each) == "eventDefinitionRef" else "")
        if event:
            yield (id_, "event", event)
        if _tag(each) == "multiInstanceLoopCharacteristics":
            yield (id_, "repeated", "sequential" if each.get("isSequential") == "true" else "parallel")
        if _tag(each) == "standardLoopCharacteristics":
            yield (id_, "repeated", "loop")
    if xml.get("attachedToRef"):
        yield (id_, "attached", xml.get("attachedToRef", ""))
    if "false" in {xml.get("cancelActivity"), xml.get("isInterrupting")}:
        yield (id_, "beside")


def _of_flow(id_: str, source: str, target: str, asks: bool) -> Iterator[tuple[str, ...]]:  # noqa: FBT001
    name = id_ or f"{source} > {target}"
    yield (name, "from", source)
    yield (name, "to", target)
    if asks:
        yield (name, "asks")


def _event(xml: etree._Element) -> str:
    """`timer` of timerEventDefinition; empty for anything else."""
    kind, found, more = _tag(xml).partition("EventDefinition")
    return {"compensate": "compensation"}.get(kind, kind) if found and not more else ""


def _tag(xml: etree._Element) -> str:
    return str(xml.tag).rpartition("}")[2] if str(xml.tag).startswith(BPMN) else ""
