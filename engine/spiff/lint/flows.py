"""Sequence flows and gateways: ends that exist, conditions that count, one clear way out of each choice."""

from collections.abc import Sequence

from engine.spiff.drawings import Line, Node
from engine.spiff.lint.findings import Look

CHOICES = frozenset({"exclusive", "inclusive"})
RACERS = frozenset({"timer", "message", "signal", "conditional"})
UNCONDITIONAL = frozenset({"parallel", "event_gateway", "start", "boundary", "catch"})


def check(look: Look) -> None:
    """Every flow, then every node that flows leave."""
    seen: set[str] = set()
    for flow in look.drawing.flows:
        if flow.id in seen or flow.id in look.drawing.nodes:
            look.refuse("bpmn.duplicate_id", flow)
        seen.add(flow.id)
        _ends(look, flow)
    for node in look.drawing.nodes.values():
        leaving = look.drawing.outgoing.get(node.id, ())
        named = node.xml.get("default")
        if named and named not in {flow.id for flow in leaving}:
            look.refuse("flow.default_unknown", node, default=named)
        if node.kind in CHOICES:
            _choice(look, node, leaving)
        elif node.kind in UNCONDITIONAL:
            for flow in leaving:
                if flow.condition is not None:
                    look.warn("flow.condition_not_here", flow, source=node.id, way_out="exclusive_gateway")
        if node.kind == "event_gateway":
            _race(look, node, leaving)


def _ends(look: Look, flow: Line) -> None:
    source, target = look.drawing.nodes.get(flow.source), look.drawing.nodes.get(flow.target)
    if source is None or target is None:
        look.refuse("flow.broken", flow, source=flow.source, target=flow.target)
        return
    if source.within != target.within or source.within != flow.within:
        look.refuse("flow.crosses_scope", flow, source=source.id, target=target.id)
    if target.kind in {"start", "boundary"}:
        look.refuse("flow.into_start", flow, target=target.id)
    if source.kind == "end":
        look.refuse("flow.out_of_end", flow, source=source.id)
    if "link" in {source.event if source.kind == "throw" else None, target.event if target.kind == "catch" else None}:
        look.refuse("link.has_flow", flow)


def _choice(look: Look, node: Node, leaving: Sequence[Line]) -> None:
    if len(leaving) < 2:  # noqa: PLR2004  one way is no choice
        return
    named = node.xml.get("default")
    free = [flow for flow in leaving if flow.condition is None and flow.id != named]
    if free and node.kind == "inclusive":
        return  # these are always taken
    if len(free) > 1 or (free and named):
        for flow in free:
            look.refuse("gateway.condition_missing", flow, gateway=node.id, way_out="condition_or_default")
    elif free:
        look.warn("gateway.default_assumed", node, flow=free[0].id)
    elif not named and not _covered(leaving):
        look.warn("gateway.no_default", node, way_out="default_flow")
    for flow in leaving:
        if flow.id == named and flow.condition is not None:
            look.warn("flow.condition_ignored", flow, gateway=node.id)


def _covered(leaving: Sequence[Line]) -> bool:
    """`x` and `not x` leave nothing out; of anything else nobody knows."""
    texts = {(flow.condition or "").strip() for flow in leaving}
    return any(f"not {text}" in texts or f"not ({text})" in texts for text in texts)


def _race(look: Look, node: Node, leaving: Sequence[Line]) -> None:
    for flow in leaving:
        target = look.drawing.nodes.get(flow.target)
        if target is None:
            continue
        waits = target.kind == "receive" or (target.kind == "catch" and target.event in RACERS)
        if not waits:
            look.refuse("event_gateway.target", flow, target=target.id, way_out="catch_event")
    if len(leaving) < 2:  # noqa: PLR2004
        look.warn("event_gateway.one_way", node)
