"""Everything that can be said about a diagram by itself: the linter's findings, a dry run, and whether it is sound.

What stands around a diagram (steps, forms, tables, roles, processes of other folders) is the house's to check; nothing
here knows of it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from engine.spiff import conversations, diagrams, drawings, lint, rehearsal, soundness
from engine.spiff.diagrams import Diagram
from engine.spiff.drawings import Drawing
from engine.spiff.lint import Finding

# Stands for a process of another folder, which was examined when it was published.
ELSEWHERE = drawings.read(
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id=":elsewhere">'
    b'<startEvent id="begin"/><sequenceFlow id="on" sourceRef="begin" targetRef="finish"/><endEvent id="finish"/>'
    b"</process></definitions>"
)
NO_CALLS: Mapping[str, Sequence[str]] = MappingProxyType({})


def examine(part: str, body: bytes, calls: Mapping[str, Sequence[str]] = NO_CALLS) -> list[Finding]:
    """Errors first. What the linter refuses is neither started nor explored.

    `calls` are the processes of other folders that it may call, each with all that it calls in turn.
    """
    if not part.endswith(".bpmn"):
        return [Finding("bpmn.no_diagram", "error", part, None, 0, {"found": 0})]
    found = lint.check({part: body}, processes=calls)
    if any(finding.severity == "error" for finding in found):
        return found
    diagram = _built(drawings.read(body))
    found += soundness.findings(part, diagram)
    return [*_flooded(part, diagram), *sorted(found, key=lambda finding: finding.severity != "error")]


def _built(drawing: Drawing) -> Diagram:
    own = {drawing.id: drawing, **drawings.beside(drawing)}
    called = {conversations.called(node) for each in own.values() for node in each.nodes.values()} - {None, *own}
    elsewhere = diagrams.build(ELSEWHERE)
    return diagrams.build(drawing, "", {name: elsewhere for name in called if name is not None})


def _flooded(part: str, diagram: Diagram) -> list[Finding]:
    where = rehearsal.flood(diagram)
    if where is None:
        return []
    line = diagram.elements[where].line if where in diagram.elements else 0
    return [Finding("bpmn.too_many_tokens", "error", part, where, line, {"limit": rehearsal.MOST_TASKS})]
