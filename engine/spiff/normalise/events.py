"""Events that say too little: which message, which signal, what moment; found in the drawing, or asked for by name."""

import re
from collections.abc import Mapping

from lxml import etree

from engine.spiff.drawings import BPMN, EVENTS, KINDS, local
from engine.spiff.normalise.work import Work, child, made, plain, text
from engine.spiff.timers import CYCLE

MOMENTS = ("timeDate", "timeDuration", "timeCycle")
# Built-in functions of FEEL around an ISO text (DMN 1.3 §10.3.4.1).
LITERAL = re.compile(r'=?\s*(?:duration|date and time|date)\(\s*"([^"]*)"\s*\)\s*')


def mend(work: Work) -> None:
    """Every event definition, those of receive and send tasks too."""
    for node in work.nodes():
        _twice(work, node)
    _messages(work)
    _signals(work)
    for definition in [xml for node in work.nodes() for xml in node if local(xml) in EVENTS]:
        if local(definition) == "timerEventDefinition":
            _timer(work, definition)
        if local(definition) == "conditionalEventDefinition" and not text(child(definition, "condition")):
            _asked(work, definition, "condition", "when", "condition.asked")


def _twice(work: Work, node: etree._Element) -> None:
    """A reference to the definition that stands beside it says nothing new."""
    inside = {xml.get("id") for xml in node if local(xml) in EVENTS}
    for reference in node.findall(f"{{{BPMN}}}eventDefinitionRef"):
        if text(reference) in inside:
            node.remove(reference)
            work.mend("event.reference_dropped", node)


def _messages(work: Work) -> None:
    """A message flow joins the two ends of one message; without one, the event's own name is the message's."""
    messages = Declared(work, "message")
    flows, operated = _message_flows(work), _operated(work)
    names = {xml.get("id"): xml.get("name") for xml in work.nodes()}
    for node in work.nodes():
        holder = node if KINDS[local(node)] in {"receive", "send"} else child(node, "messageEventDefinition")
        if holder is None or holder.get("messageRef") in messages.names or ":" in holder.get("messageRef", ""):
            continue
        flow = flows.get(node.get("id"), node)
        said = (flow.get("messageRef"), operated.get(holder.get("operationRef")))
        found = next((id_ for id_ in said if id_ in messages.names), None)
        if found is None:
            wanted = flow.get("name") or names.get(flow.get("targetRef")) or flow.get("id") or ""
            found = messages.named(wanted, holder.get("messageRef"))
        holder.set("messageRef", found)
        work.mend("message.named", node, message=messages.names[found])


def _message_flows(work: Work) -> Mapping[str | None, etree._Element]:
    found: dict[str | None, etree._Element] = {}
    for flow in work.root.iter(f"{{{BPMN}}}messageFlow"):
        for end in ("sourceRef", "targetRef"):
            found.setdefault(flow.get(end), flow)
    return found


def _operated(work: Work) -> Mapping[str | None, str]:
    """The message that each operation takes, which is what is sent or received by it (BPMN 2.0.2 §8.4.3)."""
    every = work.root.iter(f"{{{BPMN}}}operation")
    return {each.get("id"): text(child(each, "inMessageRef")).rpartition(":")[2] for each in every}


def _signals(work: Work) -> None:
    signals = Declared(work, "signal")
    for node in work.nodes():
        definition = child(node, "signalEventDefinition")
        reference = definition.get("signalRef", "") if definition is not None else ""
        if definition is not None and reference not in signals.names and ":" not in reference:
            name = node.get("name") or node.get("id") or ""
            definition.set("signalRef", signals.named(name, reference))
            work.mend("signal.named", node, signal=name)


class Declared:
    """The messages or signals of a file, and those that it lacks."""

    def __init__(self, work: Work, tag: str) -> None:
        self._work = work
        self._tag = tag
        found = work.root.findall(f"{{{BPMN}}}{tag}")
        self.names = {each.get("id"): each.get("name", "") for each in found}
        self._ids = {each.get("name"): each.get("id", "") for each in reversed(found)}

    def named(self, name: str, lost: str | None) -> str:
        """The id of the one of this name, declared beside the processes if nobody has.

        `lost` is the id under which the file refers to one that is not in it.
        """
        name = " ".join(name.split())
        if not lost and self._ids.get(name):
            return self._ids[name]
        id_ = lost or self._work.fresh(f"{self._tag}_{plain(name)}"[:80])
        xml = etree.Element(f"{{{BPMN}}}{self._tag}", id=id_, name=name)
        first = next(each for each in self._work.root if local(each) == "process")
        first.addprevious(xml)
        xml.tail = first.tail
        self.names[id_] = name
        self._ids.setdefault(name, id_)
        return id_


def _timer(work: Work, definition: etree._Element) -> None:
    said = [xml for xml in definition if local(xml) in MOMENTS]
    for xml in said:
        if not text(xml):
            definition.remove(xml)
        elif found := LITERAL.fullmatch(text(xml)):
            work.mend("timer.literal", xml, found=text(xml))
            xml.text = found.group(1)
    said = [xml for xml in said if text(xml)]
    if not said:
        _asked(work, definition, "timeDate", "due", "timer.asked")
    elif len(said) == 1 and local(said[0]) == "timeCycle":
        _first(work, said[0])


def _first(work: Work, xml: etree._Element) -> None:
    """Of a cycle that ends or leaves its own event only the first round is ever seen."""
    node = xml.getparent().getparent()  # type: ignore[union-attr]
    found = CYCLE.fullmatch(text(xml))
    once = node is not None and (
        local(node) == "intermediateCatchEvent"
        or (local(node) == "boundaryEvent" and node.get("cancelActivity", "true") != "false")
    )
    if once and found and not found.group(2):
        work.mend("timer.first_of_cycle", xml, found=text(xml))
        xml.tag = f"{{{BPMN}}}timeDuration"
        xml.text = found.group(3)


def _asked(work: Work, definition: etree._Element, tag: str, word: str, code: str) -> None:
    """The drawing leaves it open: a name stands for it, and whoever starts or works on the case gives its value."""
    node = definition.getparent()
    old = child(definition, tag)
    if node is None:
        return
    if old is not None:
        definition.remove(old)
    name = f"{word}_{plain(node.get('id', ''))}"
    made(definition, tag, name)
    work.mend(code, node, name=name)
