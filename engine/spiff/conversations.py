"""What a drawing says of messages and calls: what they are about, to whom they go, what is given and given back.

Standard BPMN is read first (correlation properties, keys and subscriptions, BPMN 2.0.2 §8.4.2); `jidi:correlation`,
`jidi:to`, `jidi:keep`, `jidi:in` and `jidi:out` say shortly what the standard leaves to each engine.
"""

from collections.abc import Iterator
from types import MappingProxyType

from lxml import etree

from engine.spiff import timers
from engine.spiff.drawings import BPMN, JIDI, Drawing, Node, local
from engine.spiff.elements import EVERYTHING, Key, Passage
from engine.spiff.expressions import Expression, compile_expression, unwrap

SENDS = frozenset({"throw", "end"})


def definition(node: Node) -> etree._Element | None:
    """The element that refers to the message: a task does so itself, an event by its definition."""
    return node.xml if node.kind in {"receive", "send"} else node.child("messageEventDefinition")


def message(drawing: Drawing, node: Node) -> str | None:
    """The name of the message that it waits for or sends."""
    found = definition(node)
    if found is None:
        return None
    return drawing.messages.get(reference(found)) or node.name or node.id


def reference(found: etree._Element) -> str:
    """The id of the message that it refers to; empty if it refers to none."""
    return found.get("messageRef", "").rpartition(":")[2]


def sends(node: Node) -> bool:
    """Whether it tells something, rather than waiting for it."""
    return node.kind == "send" or (node.kind in SENDS and node.event == "message")


def keys(drawing: Drawing, node: Node) -> tuple[Key, ...]:
    """The correlation properties of its message: all of them must agree, not any."""
    found = definition(node)
    if found is None or not reference(found):
        return ()
    wanted = dict(_wanted(drawing))
    return tuple(
        Key(name, _compiled(said), _compiled(wanted[name]) if name in wanted else None)
        for name, said in _said(drawing, reference(found))
    )


def keep(drawing: Drawing, node: Node) -> timers.Span | None:
    """How long what it sends is kept while nobody waits: said at the event, else at the message."""
    found = definition(node)
    text = node.ours("keep")
    if text is None and found is not None:
        every = drawing.root.iter(f"{{{BPMN}}}message")
        text = next((each.get(f"{{{JIDI}}}keep") for each in every if each.get("id") == reference(found)), None)
    return _span(text) if text else None


def called(node: Node) -> str | None:
    """The process that a call activity names, without the prefix of its namespace."""
    if node.kind != "call":
        return None
    return node.xml.get("calledElement", "").strip().rpartition(":")[2] or None


def passage(node: Node, way: str) -> Passage:
    """What goes `in` or comes `out`; a call with any mapping passes only what its mappings say, in both directions."""
    if not any(True for _ in mappings(node, "in")) and not any(True for _ in mappings(node, "out")):
        return EVERYTHING
    values = {name: _compiled(text) for name, text in mappings(node, way) if name}
    everything = any(not name for name, _ in mappings(node, way))
    return Passage(everything, MappingProxyType(values))


def mappings(node: Node, way: str) -> Iterator[tuple[str, str]]:
    """The mappings of one direction as texts; an empty name stands for `all="true"`."""
    extensions = node.child("extensionElements")
    for each in [] if extensions is None else extensions.findall(f"{{{JIDI}}}{way}"):
        yield ("", "") if each.get("all") == "true" else (each.get("name", ""), each.get("value", ""))


def texts(drawing: Drawing, node: Node) -> Iterator[tuple[str, str]]:
    """Every expression that a message or a call of this node has, with what it is for; for the linter."""
    for name in ("to", "correlation"):
        text = node.ours(name)
        if text:
            yield name, unwrap(text)
    for way in ("in", "out"):
        for name, text in mappings(node, way):
            if name:
                yield f"{way} {name}", unwrap(text)
    found = definition(node)
    if found is not None and reference(found):
        wanted = dict(_wanted(drawing))
        for name, said in _said(drawing, reference(found)):
            yield f"messagePath {name}", unwrap(said)
            if name in wanted:
                yield f"dataPath {name}", unwrap(wanted[name])


def expression(node: Node, name: str) -> Expression | None:
    """One of our own attributes that holds an expression."""
    text = node.ours(name)
    return _compiled(text) if text else None


def _span(text: str) -> timers.Span:
    literal = timers.read("timeDuration", text).literal
    if not isinstance(literal, timers.Span):
        raise timers.TimerRefused(text=text[:80], why="duration")
    return literal


def _said(drawing: Drawing, message_id: str) -> Iterator[tuple[str, str]]:
    """The properties that can be read from this message: the id of each, and how."""
    for each in drawing.root.iter(f"{{{BPMN}}}correlationProperty"):
        for retrieval in each.findall(f"{{{BPMN}}}correlationPropertyRetrievalExpression"):
            path = retrieval.find(f"{{{BPMN}}}messagePath")
            if path is not None and reference(retrieval) == message_id:
                yield each.get("id", ""), (path.text or "").strip()


def _wanted(drawing: Drawing) -> Iterator[tuple[str, str]]:
    """What the process's own data say a property must be (a correlation subscription)."""
    for each in drawing.process.iter(f"{{{BPMN}}}correlationPropertyBinding"):
        path = next((found for found in each if local(found) == "dataPath"), None)
        if path is not None:
            yield each.get("correlationPropertyRef", "").rpartition(":")[2], (path.text or "").strip()


def _compiled(text: str) -> Expression:
    return compile_expression(unwrap(text))
