"""What is drawn becomes what runs: one node an element with its texts compiled, one process or subprocess a scope.

The linter reads the same facts with the same functions, so what it has passed is what runs.
"""

import re
from collections.abc import Iterator
from types import MappingProxyType

from engine.spiff import conversations, drawings, timers
from engine.spiff.drawings import JIDI, Drawing, Line, Node
from engine.spiff.elements import Element, Flow, Repeat, Scope
from engine.spiff.expressions import Expression, ExpressionRefused, compile_expression, unwrap

ADDRESS = re.compile(r"(organ|person)\((.+)\)")
# Whatever catches these is over, even where the drawing says otherwise (BPMN 2.0.2 §10.5.4).
ENDING = frozenset({"error", "cancel"})


def element(drawing: Drawing, node: Node, process: str = "") -> Element:
    """One node with its texts compiled."""
    several = len(node.events) > 1
    scope, argument = _address(node.ours("scope"))
    return Element(
        id=node.id,
        kind=node.kind,
        name=node.name,
        line=node.line,
        process=process or drawing.id,
        within=node.within,
        lane=drawing.lanes.get(node.id, ""),
        event=node.event,
        role=node.ours("role"),
        scope=scope,
        argument=argument,
        form=node.ours("form"),
        deadline=node.ours("deadline"),
        due=timers.read("timeDate", text) if (text := node.ours("due")) else None,
        clause=node.ours("clause"),
        step=node.ours("step"),
        parameters=MappingProxyType({name: compile_expression(unwrap(text)) for name, text in parameters(node)}),
        returns=tuple((node.ours("returns") or "").split()),
        table=node.ours("table"),
        separate=tuple((node.ours("separate") or "").split()),
        back=tuple((node.ours("back") or "").split()),
        signed=node.ours("signed") == "true",
        timer=timer(node),
        message=conversations.message(drawing, node),
        keys=conversations.keys(drawing, node),
        correlation=conversations.expression(node, "correlation"),
        to=conversations.expression(node, "to"),
        keep=conversations.keep(drawing, node),
        called=conversations.called(node),
        passed=conversations.passage(node, "in"),
        given_back=conversations.passage(node, "out"),
        code=event_code(drawing, node),
        open=_catches_all(drawing, node),
        condition=_condition(node),
        alternatives=tuple(element(drawing, each, process) for each in node.alternatives()) if several else (),
        together=several and node.xml.get("parallelMultiple") == "true",
        interrupting=_interrupting(node),
        attached=node.xml.get("attachedToRef") or None,
        repeat=repeat(node),
        transaction=drawings.local(node.xml) == "transaction",
        documentation=node.text("documentation") or "",
    )


def scope(drawing: Drawing, id_: str) -> Scope:
    """A process or subprocess with what stands directly in it."""
    xml = drawing.scopes[id_]
    inside = tuple(node.id for node in drawing.nodes.values() if node.within == id_)
    flows = tuple(_flow(drawing, flow) for flow in drawing.flows if flow.within == id_)
    return Scope(id_, xml.get("name", ""), inside, flows, xml.get("triggeredByEvent") == "true")


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


def _address(text: str | None) -> tuple[str | None, Expression | None]:
    """`organ(case.organ)` is the scope organ with an argument; the other scopes have none."""
    found = ADDRESS.fullmatch(text or "")
    return (found.group(1), compile_expression(found.group(2))) if found else (text, None)


def _catches_all(drawing: Drawing, node: Node) -> bool:
    """Whether a catching event says no code, so that it catches every error or escalation (BPMN 2.0.2 §10.5.5)."""
    for kind in ("error", "escalation"):
        definition = node.child(f"{kind}EventDefinition")
        if definition is not None:
            reference = definition.get(f"{kind}Ref")
            return reference not in drawing.codes or reference in drawing.codeless
    return False


def _condition(node: Node) -> Expression | None:
    """What a conditional event waits for."""
    text = node.text("conditionalEventDefinition", "condition")
    return compile_expression(unwrap(text)) if text else None


def _interrupting(node: Node) -> bool:
    """Whether the event ends what it is attached to."""
    attribute = "cancelActivity" if node.kind == "boundary" else "isInterrupting"
    return node.event in ENDING or node.xml.get(attribute, "true").strip() not in {"false", "0"}


def _multi(node: Node, sequential: bool) -> Repeat:  # noqa: FBT001  a fact of the XML
    where = "multiInstanceLoopCharacteristics"
    count, until = node.text(where, "loopCardinality"), node.text(where, "completionCondition")
    item, output = node.child(where, "inputDataItem"), node.child(where, "outputDataItem")
    return Repeat(
        "sequential" if sequential else "parallel",
        items=node.text(where, "loopDataInputRef") or None,
        listed=_listed(node.text(where, "loopDataInputRef") or ""),
        item=None if item is None else item.get("name") or item.get("id"),
        count=compile_expression(unwrap(count)) if count else None,
        until=compile_expression(unwrap(until)) if until else None,
        output=node.text(where, "loopDataOutputRef") or None,
        output_item=None if output is None else output.get("name") or output.get("id"),
    )


def _listed(text: str) -> Expression | None:
    """`order.items` is read as an expression; what is none may still be a name with blanks or dashes."""
    try:
        return None if text.isidentifier() else compile_expression(unwrap(text))
    except ExpressionRefused:
        return None


def _flow(drawing: Drawing, flow: Line) -> Flow:
    condition = compile_expression(unwrap(flow.condition)) if flow.condition is not None else None
    return Flow(flow.id, flow.source, flow.target, condition, _is_default(drawing, flow), flow.xml.get("name", ""))


def _is_default(drawing: Drawing, flow: Line) -> bool:
    """The default flow: named by its source, or the only one without a condition where one way is to be taken."""
    source = drawing.nodes[flow.source]
    named = source.xml.get("default")
    if named:
        return named == flow.id
    return source.kind == "exclusive" and flow.condition is None
