"""Everything that can be said about a diagram by itself: the linter's findings, a dry run, and whether it is sound.

What stands around a diagram (steps, forms, tables, roles) is the house's to check; nothing here knows of it.
"""

from engine.spiff import diagrams, drawings, lint, rehearsal, soundness
from engine.spiff.diagrams import Diagram
from engine.spiff.lint import Finding


def examine(part: str, body: bytes) -> list[Finding]:
    """Errors first. What the linter refuses is neither started nor explored."""
    found = lint.check({part: body})
    if any(finding.severity == "error" for finding in found):
        return found
    drawing = drawings.read(body)
    diagram = diagrams.build(drawing)
    found += soundness.findings(part, diagram)
    return [*_flooded(part, diagram), *sorted(found, key=lambda finding: finding.severity != "error")]


def _flooded(part: str, diagram: Diagram) -> list[Finding]:
    where = rehearsal.flood(diagram)
    if where is None:
        return []
    line = diagram.elements[where].line if where in diagram.elements else 0
    return [Finding("bpmn.too_many_tokens", "error", part, where, line, {"limit": rehearsal.MOST_TASKS})]
