"""Called processes: each is known, and none of them leads back to the one that calls it."""

from collections.abc import Iterator, Mapping

from engine.spiff import conversations
from engine.spiff.drawings import Drawing, Node
from engine.spiff.lint.findings import Look


def check(look: Look) -> None:
    """Every call activity, and every mapping of data."""
    for node in look.drawing.nodes.values():
        if node.kind == "call":
            _call(look, node)
        for way in ("in", "out"):
            for name, text in conversations.mappings(node, way):
                if node.kind != "call":
                    look.refuse("call.mapping_not_here", node)
                elif bool(name) != bool(text):
                    look.refuse("call.mapping", node, way=way, name=name)


def reached(drawing: Drawing, others: Mapping[str, Drawing]) -> list[Drawing]:
    """This process and those of the same file that it calls, also through one another."""
    found, left = {drawing.id: drawing}, [drawing]
    while left:
        for called in _called(left.pop()):
            if called in others and called not in found:
                found[called] = others[called]
                left.append(others[called])
    return list(found.values())


def _call(look: Look, node: Node) -> None:
    called = conversations.called(node)
    known = look.facts.processes or {}
    if called is None:
        look.refuse("call.missing", node, way_out="called_element")
    elif _leads_back(called, look):
        look.refuse("bpmn.recursive_call", node, called=called, way_out="loop")
    elif called not in look.others and called not in known:
        look.refuse("call.unknown", node, called=called, way_out="give_called", known=sorted(known))


def _leads_back(called: str, look: Look) -> bool:
    """Whether a process that is called calls this one, directly or by others."""
    seen, left = set[str](), [called]
    while left:
        current = left.pop()
        if current in {look.drawing.id, look.facts.key}:
            return True
        if current not in seen:
            seen.add(current)
            inside = look.others.get(current)
            left.extend(_called(inside) if inside is not None else (look.facts.processes or {}).get(current, ()))
    return False


def _called(drawing: Drawing) -> Iterator[str]:
    return (called for node in drawing.nodes.values() if (called := conversations.called(node)) is not None)
