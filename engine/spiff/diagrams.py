"""A diagram made ready to run: our own elements with their expressions compiled, and the library's specs hidden inside.

Compiled once for each digest and shared by every thread; nothing changes it afterwards.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.spiff import drawings, specs, timers
from engine.spiff.drawings import JIDI, Drawing, Line, Node
from engine.spiff.elements import Element, Flow, Repeat, Scope
from engine.spiff.expressions import Expression, compile_expression, unwrap
from ground.errors import Refused

__all__ = ["Diagram", "Element", "Flow", "Repeat", "Scope", "build", "load"]

KEPT = 256
ADDRESS = re.compile(r"(organ|person)\((.+)\)")
SEVERAL = frozenset({"exclusive", "inclusive"})
# Whatever catches these is over, even where the drawing says otherwise (BPMN 2.0.2 §10.5.4).
ENDING = frozenset({"error", "cancel"})


class NoDiagram(Refused):
    """These parts hold no diagram, or several and none of them alone."""

    code = "bpmn.no_diagram"
    status = 422


@dataclass(frozen=True)
class Diagram:
    """A process as it runs. `elements` holds every element by id, those of subprocesses too."""

    digest: str
    id: str
    name: str
    elements: Mapping[str, Element]
    scopes: Mapping[str, Scope]
    starts: tuple[Element, ...]
    plan: specs.Plan

    @property
    def start(self) -> Element:
        """Where a case begins unless another start is named."""
        return self.starts[0]


_made: OrderedDict[str, Diagram] = OrderedDict()
_guard = threading.Lock()


def load(digest: str, parts: Mapping[str, bytes]) -> Diagram:
    """The diagram of a folder, compiled once; the folder was checked by lint before it was published."""
    with _guard:
        known = _made.get(digest)
        if known is not None:
            _made.move_to_end(digest)
            return known
    diagrams = [body for path, body in sorted(parts.items()) if path.endswith(".bpmn")]
    if len(diagrams) != 1:
        raise NoDiagram(found=len(diagrams))
    made = build(drawings.read(diagrams[0]), digest)
    with _guard:
        _made[digest] = made
        while len(_made) > KEPT:
            _made.popitem(last=False)
    return made


def build(drawing: Drawing, digest: str = "") -> Diagram:
    """Compile a drawing; refuses the first expression or timer that is not right."""
    elements = {id_: element(drawing, node) for id_, node in drawing.nodes.items()}
    scopes = {id_: _scope(drawing, id_) for id_ in drawing.scopes}
    return Diagram(
        digest,
        drawing.id,
        drawing.process.get("name", ""),
        MappingProxyType(elements),
        MappingProxyType(scopes),
        _starts(drawing, elements),
        specs.plan(drawing.id, elements, scopes),
    )


def element(drawing: Drawing, node: Node) -> Element:
    """One node with its texts compiled."""
    scope, argument = address(node.ours("scope"))
    return Element(
        id=node.id,
        kind=node.kind,
        name=node.name,
        line=node.line,
        within=node.within,
        lane=drawing.lanes.get(node.id, ""),
        event=node.event,
        role=node.ours("role"),
        scope=scope,
        argument=argument,
        form=node.ours("form"),
        deadline=node.ours("deadline"),
        clause=node.ours("clause"),
        step=node.ours("step"),
        parameters=MappingProxyType({name: compile_expression(unwrap(text)) for name, text in parameters(node)}),
        returns=tuple((node.ours("returns") or "").split()),
        table=node.ours("table"),
        separate=tuple((node.ours("separate") or "").split()),
        timer=timer(node),
        message=message(drawing, node),
        code=event_code(drawing, node),
        open=catches_all(drawing, node),
        condition=condition(node),
        interrupting=interrupting(node),
        attached=node.xml.get("attachedToRef") or None,
        repeat=repeat(node),
        transaction=drawings.local(node.xml) == "transaction",
        documentation=node.text("documentation") or "",
    )


def address(text: str | None) -> tuple[str | None, Expression | None]:
    """`organ(case.organ)` is the scope organ with an argument; the other scopes have none."""
    found = ADDRESS.fullmatch(text or "")
    return (found.group(1), compile_expression(found.group(2))) if found else (text, None)


def parameters(node: Node) -> Iterator[tuple[str, str]]:
    """What a service task gives to its step, as texts."""
    extensions = node.child("extensionElements")
    for each in [] if extensions is None else extensions.findall(f"{{{JIDI}}}parameter"):
        yield each.get("name", ""), each.get("value", "")


def timer(node: Node) -> timers.Timer | None:
    """The timer of a timer event."""
    for kind in ("timeDate", "timeDuration", "timeCycle"):
        text = node.text("timerEventDefinition", kind)
        if text is not None:
            return timers.read(kind, text)
    return None


def message(drawing: Drawing, node: Node) -> str | None:
    """The name of the message that it waits for."""
    definition = node.xml if node.kind == "receive" else node.child("messageEventDefinition")
    if definition is None:
        return None
    return drawing.messages.get(definition.get("messageRef", "")) or node.name or node.id


def event_code(drawing: Drawing, node: Node) -> str | None:
    """The code of an error or escalation, or the name of a signal or link; what is not declared is its own code."""
    for kind in ("error", "escalation", "signal"):
        definition = node.child(f"{kind}EventDefinition")
        if definition is not None:
            reference = definition.get(f"{kind}Ref")
            if reference is None:
                return node.name or node.id if kind == "signal" else None
            return drawing.codes.get(reference, reference)
    link = node.child("linkEventDefinition")
    return None if link is None else link.get("name") or node.name


def catches_all(drawing: Drawing, node: Node) -> bool:
    """Whether a catching event says no code, so that it catches every error or escalation (BPMN 2.0.2 §10.5.5)."""
    for kind in ("error", "escalation"):
        definition = node.child(f"{kind}EventDefinition")
        if definition is not None:
            reference = definition.get(f"{kind}Ref")
            return reference not in drawing.codes or reference in drawing.codeless
    return False


def condition(node: Node) -> Expression | None:
    """What a conditional event waits for."""
    text = node.text("conditionalEventDefinition", "condition")
    return compile_expression(unwrap(text)) if text else None


def interrupting(node: Node) -> bool:
    """Whether the event ends what it is attached to."""
    attribute = "cancelActivity" if node.kind == "boundary" else "isInterrupting"
    return node.event in ENDING or node.xml.get(attribute, "true").strip() not in {"false", "0"}


def repeat(node: Node) -> Repeat | None:
    """Multi-instance or loop characteristics."""
    loop = node.child("standardLoopCharacteristics")
    if loop is not None:
        condition = node.text("standardLoopCharacteristics", "loopCondition")
        most = loop.get("loopMaximum", "")
        until = compile_expression(unwrap(condition)) if condition else None
        before = loop.get("testBefore") == "true"
        return Repeat("loop", until=until, maximum=int(most) if most.isdigit() else None, test_before=before)
    multi = node.child("multiInstanceLoopCharacteristics")
    return None if multi is None else _multi(node, multi.get("isSequential") == "true")


def _multi(node: Node, sequential: bool) -> Repeat:  # noqa: FBT001  a fact of the XML
    where = "multiInstanceLoopCharacteristics"
    count, until = node.text(where, "loopCardinality"), node.text(where, "completionCondition")
    item, output = node.child(where, "inputDataItem"), node.child(where, "outputDataItem")
    return Repeat(
        "sequential" if sequential else "parallel",
        items=node.text(where, "loopDataInputRef") or None,
        item=None if item is None else item.get("name") or item.get("id"),
        count=compile_expression(unwrap(count)) if count else None,
        until=compile_expression(unwrap(until)) if until else None,
        output=node.text(where, "loopDataOutputRef") or None,
        output_item=None if output is None else output.get("name") or output.get("id"),
    )


def _scope(drawing: Drawing, id_: str) -> Scope:
    xml = drawing.scopes[id_]
    inside = tuple(node.id for node in drawing.nodes.values() if node.within == id_)
    flows = tuple(_flow(drawing, flow) for flow in drawing.flows if flow.within == id_)
    return Scope(id_, xml.get("name", ""), inside, flows, xml.get("triggeredByEvent") == "true")


def _flow(drawing: Drawing, flow: Line) -> Flow:
    condition = compile_expression(unwrap(flow.condition)) if flow.condition is not None else None
    return Flow(flow.id, flow.source, flow.target, condition, is_default(drawing, flow), flow.xml.get("name", ""))


def is_default(drawing: Drawing, flow: Line) -> bool:
    """The default flow: named by its source, or the only one without a condition behind a choice."""
    source = drawing.nodes[flow.source]
    named = source.xml.get("default")
    if named:
        return named == flow.id
    return source.kind in SEVERAL and flow.condition is None


def _starts(drawing: Drawing, elements: Mapping[str, Element]) -> tuple[Element, ...]:
    """Where the process may begin: its start events, those without an event first; or the process itself."""
    starts = [
        elements[node.id] for node in drawing.nodes.values() if node.kind == "start" and node.within == drawing.id
    ]
    starts.sort(key=lambda start: start.event is not None)
    return tuple(starts) or (Element(id=drawing.id, kind="start", within=drawing.id),)
