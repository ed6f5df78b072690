"""Every expression of a diagram, compiled; and the names in them that nothing sets."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from lxml import etree

from engine.spiff import compiling, conversations, languages
from engine.spiff.drawings import BPMN, KINDS, Line, Node, local
from engine.spiff.expressions import Expression, compile_expression, unwrap
from engine.spiff.lint.findings import Look, words
from ground.errors import Refused

INSIDE = (
    ("multiInstanceLoopCharacteristics", "loopCardinality"),
    ("multiInstanceLoopCharacteristics", "completionCondition"),
    ("standardLoopCharacteristics", "loopCondition"),
    ("conditionalEventDefinition", "condition"),
)
EXPRESSIONS = words("conditionExpression condition loopCardinality loopCondition completionCondition")
REPEATED = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
COUNTS = words("nrOfInstances nrOfCompletedInstances nrOfActiveInstances nrOfTerminatedInstances loopCounter")


def check(look: Look) -> None:
    """Conditions, scopes, parameters, counts and completion conditions; timers are the events' affair."""
    _languages(look)
    known = _known(look)
    for where, what, text in _texts(look):
        expression = _tried(look, where, what, text)
        if expression is not None and known is not None:
            _names(look, where, expression, known)
    for node in look.drawing.nodes.values():
        if node.event == "timer" and known is not None:
            try:
                timer = compiling.timer(node)
            except Refused:
                continue
            if timer is not None and timer.expression is not None:
                _names(look, node, timer.expression, known)


def _languages(look: Look) -> None:
    """A text that says it is in another language is never read as ours, even where it looks the same."""
    for xml in look.drawing.process.iter(f"{{{BPMN}}}*"):
        language = languages.kind(xml.get("language") or "")
        if local(xml) in EXPRESSIONS and language not in {"", languages.OURS} and (xml.text or "").strip():
            look.refuse("expr.foreign", _holder(xml), language=language, way_out="rewrite")


def _holder(xml: etree._Element) -> etree._Element:
    """The flow or node that the text belongs to: the nearest that has an id and is no part of an expression."""
    found = xml.getparent()
    while found is not None and local(found) not in {*KINDS, "sequenceFlow"}:
        found = found.getparent()
    return xml if found is None else found


def _texts(look: Look) -> Iterator[tuple[Node | Line, str, str]]:
    for flow in look.drawing.flows:
        if flow.condition is not None:
            yield flow, "condition", unwrap(flow.condition)
    for node in look.drawing.nodes.values():
        address = compiling.ADDRESS.fullmatch(node.ours("scope") or "")
        if address:
            yield node, "scope", address.group(2)
        for name, text in compiling.parameters(node):
            yield node, f"parameter {name}", unwrap(text)
        for what, text in conversations.texts(look.drawing, node):
            yield node, what, text
        for each, (where, tag) in product(node.alternatives(), INSIDE):
            found = each.text(where, tag)
            if found:
                yield node, tag, unwrap(found)


def _tried(look: Look, where: Any, what: str, text: str) -> Expression | None:
    try:
        return compile_expression(text)
    except Refused as refused:
        look.refused(refused, where, text=what)
        return None


def _known(look: Look) -> set[str] | None:
    """Every name that may be there; None where nobody has said what the forms give."""
    facts = look.facts
    if facts.names is None:
        return None
    known = {"case", *facts.names}
    for step in (facts.steps or {}).values():
        known.update(step.returns)
    if facts.tables is not None and hasattr(facts.tables, "values"):
        for outputs in facts.tables.values():
            known.update(outputs)
    for node in look.drawing.nodes.values():
        made = [compiling.repeat(node)] if not look.errors else []
        for each in made:
            known.update(name for name in (each and each.item, each and each.output, each and each.output_item) if name)
        known.update((node.ours("returns") or "").split())
        known.update(name for name, _ in conversations.mappings(node, "out") if name)
    return known


def _names(look: Look, where: Any, expression: Expression, known: set[str]) -> None:
    """Nothing sets it, so the case would stop here; a message may bring more than anybody declared."""
    say = look.warn if look.drawing.messages else look.refuse
    counted = COUNTS if _repeated(look, where) else frozenset()
    for name in sorted(expression.names - known - counted):
        say("expr.unknown_name", where, name=name, text=expression.source)


def _repeated(look: Look, where: Node | Line) -> bool:
    """Whether it is asked within an activity that is done several times; only there are its instances counted."""
    node = _around(look, where) if isinstance(where, Line) else where
    while node is not None:
        if any(node.child(tag) is not None for tag in REPEATED):
            return True
        node = _around(look, node)
    return False


def _around(look: Look, where: Node | Line) -> Node | None:
    """The subprocess around it: never an element that bears the id of its process, which is refused elsewhere."""
    return None if where.within == look.drawing.id else look.drawing.nodes.get(where.within)
