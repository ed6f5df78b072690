"""Messages: each names one of the file's; addresses, keys and keeping times stand where they say something."""

from engine.spiff import conversations
from engine.spiff.drawings import Node
from engine.spiff.lint.findings import Look
from ground.errors import Refused

FOR_SENDERS = ("to", "keep")


def check(look: Look) -> None:
    """Every node that sends or waits for a message, and our attributes on those that do not."""
    for node in look.drawing.nodes.values():
        found = conversations.definition(node)
        if found is not None:
            _known(look, node, conversations.reference(found))
            _kept(look, node)
        elif node.ours("correlation"):
            look.refuse("message.attribute_not_here", node, name="correlation")
        for name in FOR_SENDERS:
            if node.ours(name) and not conversations.sends(node):
                look.refuse("message.attribute_not_here", node, name=name)


def _known(look: Look, node: Node, reference: str) -> None:
    if not reference:
        look.refuse("message.missing", node)
    elif reference not in look.drawing.messages:
        look.refuse("message.unknown", node, message=reference)


def _kept(look: Look, node: Node) -> None:
    try:
        conversations.keep(look.drawing, node)
    except Refused as refused:
        look.refused(refused, node)
