"""The allow-list of elements and attributes: what runs, what is documentation, and what is refused by name."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from engine.spiff.drawings import JIDI, KINDS, local
from engine.spiff.lint.findings import Look, words

RUNS = frozenset(KINDS) | words(
    "sequenceFlow incoming outgoing conditionExpression laneSet lane childLaneSet flowNodeRef partitionElement "
    "extensionElements documentation eventDefinitionRef "
    "timerEventDefinition messageEventDefinition errorEventDefinition escalationEventDefinition signalEventDefinition "
    "terminateEventDefinition linkEventDefinition timeDate timeDuration timeCycle "
    "conditionalEventDefinition compensateEventDefinition cancelEventDefinition condition "
    "multiInstanceLoopCharacteristics loopCardinality loopDataInputRef inputDataItem loopDataOutputRef outputDataItem "
    "completionCondition standardLoopCharacteristics loopCondition "
    "correlationSubscription correlationPropertyBinding dataPath"
)
DOCUMENTS = words(
    "textAnnotation text group association category categoryValue dataObject dataObjectReference dataStoreReference "
    "dataState dataInputAssociation dataOutputAssociation sourceRef targetRef property ioSpecification dataInput "
    "dataOutput inputSet outputSet dataInputRefs dataOutputRefs optionalInputRefs whileExecutingInputRefs inputSetRefs "
    "optionalOutputRefs whileExecutingOutputRefs outputSetRefs auditing monitoring script source target rendering "
    "supportedInterfaceRef categoryValueRef transformation assignment formalExpression expression "
    "correlationSubscription ioBinding import extension relationship supports interface "
    "operation participant participantMultiplicity messageFlow conversation conversationNode choreographyTask"
)
# Who does it and how it is shown is said by our own attributes; these are read by nobody here.
UNREAD = words("potentialOwner humanPerformer performer resourceRole resourceRef resourceAssignmentExpression")
REFUSED: Mapping[str, tuple[str, str]] = {
    "scriptTask": ("bpmn.script_forbidden", "service_step"),
    "complexGateway": ("bpmn.complex_gateway", "inclusive_gateway"),
    "adHocSubProcess": ("bpmn.ad_hoc", "embedded_subprocess"),
    "compensateEventDefinition": ("bpmn.compensation", "error_boundary"),
    "eventDefinitionRef": ("bpmn.event_definition_ref", "inline_event"),
}
OURS = words("role scope form deadline due clause step table separate back returns signed to correlation keep")
OUR_ELEMENTS = frozenset({f"{{{JIDI}}}{name}" for name in ("parameter", "in", "out")})
OTHERS = ("camunda", "zeebe", "operaton", "activiti", "flowable", "drools", "bonitasoft", "spiffworkflow")


def check(look: Look) -> None:
    """Walk everything inside the process."""
    for xml in _inside(look.drawing.process):
        tag = local(xml)
        if tag in REFUSED:
            code, way_out = REFUSED[tag]
            look.refuse(code, _carrier(xml), way_out=way_out)
        elif tag in UNREAD:
            look.warn("bpmn.not_read", _carrier(xml), tag=tag, way_out="jidi_role")
        elif tag and tag not in RUNS and tag not in DOCUMENTS:
            look.refuse("bpmn.not_supported", _carrier(xml), tag=tag, way_out="leave_out")
        _attributes(look, xml)


def _inside(process: etree._Element) -> Iterator[etree._Element]:
    """Every element that may mean something: what is below documentation is documentation.

    Of extension elements only ours and those of other engines are looked at, and nothing below them: modelers keep
    their own things there in all namespaces, even in that of BPMN.
    """
    left = list(process)
    while left:
        xml = left.pop(0)
        tag: Any = xml.tag  # a comment's is a function
        if not isinstance(tag, str):
            continue
        yield xml
        if local(xml) == "extensionElements":
            yield from (each for each in xml if str(each.tag).startswith(f"{{{JIDI}}}") or _other(_space(each)))
        elif local(xml) not in DOCUMENTS:
            left.extend(xml)


def _space(xml: etree._Element) -> str:
    tag: Any = xml.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def _carrier(xml: etree._Element) -> etree._Element:
    """The element that people see: an event definition belongs to its event."""
    parent = xml.getparent()
    return parent if local(xml) not in KINDS and parent is not None and local(parent) in KINDS else xml


def _attributes(look: Look, xml: etree._Element) -> None:
    if isinstance(xml.tag, str) and xml.tag.startswith(f"{{{JIDI}}}"):
        if xml.tag not in OUR_ELEMENTS:
            look.refuse("jidi.unknown_element", xml.getparent(), tag=xml.tag.split("}")[1])
        return
    if _other(_space(xml)):
        look.warn("bpmn.other_engine", xml.getparent(), name=xml.tag.split("}")[-1], way_out="jidi_attributes")
    for key in map(str, xml.attrib):
        space, _, name = key.rpartition("}")
        if space == f"{{{JIDI}" and name not in OURS:
            look.refuse("jidi.unknown_attribute", xml, name=name, known=sorted(OURS))
        elif _other(space):
            look.warn("bpmn.other_engine", xml, name=name, way_out="jidi_attributes")
    _quantities(look, xml)


def _quantities(look: Look, xml: etree._Element) -> None:
    for name in ("startQuantity", "completionQuantity"):
        if xml.get(name, "1") != "1":
            look.refuse("bpmn.quantity", xml, name=name, way_out="multi_instance")
    if xml.get("isForCompensation") == "true":
        look.refuse("bpmn.compensation", xml, way_out="error_boundary")


@lru_cache(maxsize=256)
def _other(namespace: str) -> bool:
    return any(name in namespace.lower() for name in OTHERS)
