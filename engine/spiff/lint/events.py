"""Events: which kinds may stand where, what they are attached to, what starts a process and an event subprocess."""

import re
from collections.abc import Mapping

from engine.spiff import compiling, timers
from engine.spiff.drawings import Drawing, Node, local
from engine.spiff.lint.findings import Look
from engine.spiff.lint.nodes import ACTIVITIES, LONGEST
from ground.errors import Refused

CATCHES = frozenset({"timer", "message", "error", "escalation", "signal", "conditional"})
BEGINS = frozenset({None, "timer", "message", "signal", "conditional"})
WHERE: Mapping[str, frozenset[str | None]] = {
    "end": frozenset({None, "message", "error", "escalation", "signal", "terminate", "cancel"}),
    "catch": frozenset({"timer", "message", "signal", "link", "conditional"}),
    "throw": frozenset({None, "message", "escalation", "signal", "link"}),
    "boundary": CATCHES | {"cancel"},
}
# Refused by name in allowed.py already.
NAMED = frozenset({"compensation"})
UNSHARED = frozenset({"link", "compensation"})
NEVER_WAITS = frozenset({"service", "rule", "send"})
MOMENTS = frozenset({"timeDate", "timeDuration", "timeCycle"})
DEADLINE = re.compile(r"""\bdeadline\(\s*(["'])([^"']*)\1""")


def check(look: Look) -> None:
    """Every event, and the starts of every scope."""
    for node in look.drawing.nodes.values():
        if len(node.events) > 1 and (UNSHARED & set(node.events) or _awkward(node)):
            look.refuse("bpmn.multiple_events", node, way_out="event_gateway")
        for each in node.alternatives():
            _event(look, each)
    for scope in look.drawing.scopes:
        _starts(look, scope)
    _signals(look)
    _links(look)


def _event(look: Look, node: Node) -> None:
    if node.kind in WHERE and node.event not in WHERE[node.kind] and node.event not in NAMED:
        _misplaced(look, node)
    if node.kind == "boundary":
        _boundary(look, node)
    if node.event == "timer":
        _timer(look, node)
    if node.event == "conditional" and not node.text("conditionalEventDefinition", "condition"):
        look.refuse("condition.empty", node)
    if node.event == "cancel":
        _cancel(look, node)


def _awkward(node: Node) -> bool:
    """All of several events are waited for only in the flow: at an edge nobody could say when it interrupts."""
    return node.xml.get("parallelMultiple") == "true" and node.kind != "catch"


def _misplaced(look: Look, node: Node) -> None:
    if node.event is None:
        look.refuse("boundary.no_event" if node.kind == "boundary" else "bpmn.event_missing", node)
    else:
        look.refuse("bpmn.event_not_here", node, event=node.event, kind=node.kind)


def _boundary(look: Look, node: Node) -> None:
    host = look.drawing.nodes.get(node.xml.get("attachedToRef", ""))
    if host is None or host.within != node.within:
        look.refuse("boundary.unknown_host", node, host=node.xml.get("attachedToRef"))
    elif host.kind not in ACTIVITIES or _by_event(look.drawing, host):
        look.refuse("boundary.not_activity", node, host=host.id)
    elif host.kind in NEVER_WAITS and node.event in {"timer", "message"}:
        look.warn("boundary.never_fires", node, host=host.id)
    _always_interrupts(look, node)


def _always_interrupts(look: Look, node: Node) -> None:
    """Errors and cancellations end what they are caught at, whatever the drawing says (BPMN 2.0.2 §10.5.4)."""
    attribute = "cancelActivity" if node.kind == "boundary" else "isInterrupting"
    if node.event in compiling.ENDING and node.xml.get(attribute) in {"false", "0"}:
        look.warn("boundary.error_must_interrupt", node)


def _cancel(look: Look, node: Node) -> None:
    """A transaction is cancelled from within, and heard of at its edge."""
    if node.kind == "boundary":
        host = look.drawing.nodes.get(node.xml.get("attachedToRef", ""))
        if host is not None and local(host.xml) != "transaction":
            look.refuse("cancel.not_here", node, host=host.id, way_out="transaction")
    elif node.kind == "end" and not _transaction(look.drawing, node):
        look.refuse("cancel.not_here", node, way_out="transaction")


def _transaction(drawing: Drawing, node: Node) -> bool:
    while node.within in drawing.nodes:
        node = drawing.nodes[node.within]
        if local(node.xml) == "transaction":
            return True
    return False


def _timer(look: Look, node: Node) -> None:
    definition = node.child("timerEventDefinition")
    said = 0 if definition is None else sum(local(each) in MOMENTS for each in definition)
    try:
        timer = compiling.timer(node)
    except Refused as refused:
        look.refused(refused, node)
        return
    if timer is None or said != 1:
        look.refuse("timer.empty", node, way_out="deadline")
    elif look.facts.deadlines is not None and timer.expression is not None:
        _deadline(look, node, timer)


def _deadline(look: Look, node: Node, timer: timers.Timer) -> None:
    found = DEADLINE.search(timer.source)
    if found and found.group(2) not in (look.facts.deadlines or ()):
        look.refuse("deadline.unknown", node, deadline=found.group(2))


def _starts(look: Look, scope: str) -> None:
    drawing = look.drawing
    xml = drawing.scopes[scope]
    starts = [node for node in drawing.nodes.values() if node.within == scope and node.kind == "start"]
    if xml.get("triggeredByEvent") == "true":
        _event_subprocess(look, scope, starts)
        return
    if not any(node.within == scope for node in drawing.nodes.values()):
        look.refuse("subprocess.empty" if scope != drawing.id else "bpmn.no_process", xml)
    if scope == drawing.id:
        for start in starts:
            if start.event not in BEGINS | NAMED:
                look.refuse("bpmn.start_event_kind", start, event=start.event, way_out="none_start")
        if sum(start.event is None for start in starts) > 1:
            look.warn("bpmn.several_starts", starts[1], first=_first(starts))
        return
    if len(starts) > 1:
        look.refuse("bpmn.several_starts", starts[1], way_out="exclusive_gateway")
    for start in starts:
        if start.event is not None and start.event not in NAMED:
            look.refuse("bpmn.start_event_kind", start, event=start.event, way_out="none_start")


def _first(starts: list[Node]) -> str:
    return next(start.id for start in starts if start.event is None)


def _event_subprocess(look: Look, scope: str, starts: list[Node]) -> None:
    node = look.drawing.nodes[scope]
    if len(starts) != 1 or starts[0].event not in CATCHES | NAMED:
        look.refuse("event_subprocess.start", node, known=sorted(CATCHES))
    else:
        _always_interrupts(look, starts[0])
    if look.drawing.incoming.get(scope) or look.drawing.outgoing.get(scope):
        look.refuse("event_subprocess.flow", node)
    if (
        node.child("multiInstanceLoopCharacteristics") is not None
        or node.child("standardLoopCharacteristics") is not None
    ):
        look.refuse("event_subprocess.repeated", node)


def _signals(look: Look) -> None:
    """A signal that nobody in the diagram throws has to come from outside, or is waited for in vain."""
    thrown = {
        compiling.event_code(look.drawing, node)
        for node in look.drawing.nodes.values()
        if node.kind in {"throw", "end"} and node.event == "signal"
    }
    for node in look.drawing.nodes.values():
        code = compiling.event_code(look.drawing, node)
        if len(code or "") > LONGEST:
            look.refuse("bpmn.id_too_long", node, limit=LONGEST)
        if (
            node.event == "signal"
            and code not in thrown
            and not (node.kind == "start" and node.within == look.drawing.id)
        ):
            look.warn("signal.nobody_throws", node, signal=code, way_out="message_event")


def _links(look: Look) -> None:
    caught: dict[tuple[str, str | None], Node] = {}
    links = [node for node in look.drawing.nodes.values() if node.event == "link"]
    for node in links:
        key = (node.within, compiling.event_code(look.drawing, node))
        if node.kind == "catch" and caught.setdefault(key, node) is not node:
            look.refuse("link.twice", node, link=key[1])
    for node in links:
        key = (node.within, compiling.event_code(look.drawing, node))
        if node.kind == "throw" and key not in caught:
            look.refuse("link.unmatched", node, link=key[1])


def _by_event(drawing: Drawing, node: Node) -> bool:
    return node.id in drawing.scopes and drawing.scopes[node.id].get("triggeredByEvent") == "true"
