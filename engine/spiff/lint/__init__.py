"""What a diagram may hold: an allow-list. Whatever we would not run right is refused, with element, line and way out.

`check` looks at drawings, never at running cases, and says everything at once rather than the first thing only.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from engine.spiff import diagrams, drawings
from engine.spiff.drawings import Drawing
from engine.spiff.lint import allowed, calls, events, flows, messages, nodes, paths, texts
from engine.spiff.lint.findings import Facts, Finding, Look, StepFacts
from engine.spiff.lint.nodes import LONGEST
from engine.spiff.specs import NotRunnable
from ground.errors import Refused

NOTHING_KNOWN = Facts(None, None, None, None, None, None)

__all__ = ["LONGEST", "Finding", "StepFacts", "check"]

RULES: tuple[Callable[[Look], None], ...] = (
    allowed.check,
    nodes.check,
    events.check,
    flows.check,
    texts.check,
    messages.check,
    calls.check,
    paths.check,
)
# These look at nothing but the drawing, and no other rule waits for what they say.
BY_ITSELF = frozenset({allowed.check, messages.check})


def check(
    parts: Mapping[str, bytes],
    *,
    steps: Mapping[str, StepFacts] | None = None,
    forms: Collection[str] | None = None,
    tables: Mapping[str, Collection[str]] | Collection[str] | None = None,
    deadlines: Collection[str] | None = None,
    roles: Collection[str] | None = None,
    names: Collection[str] | None = None,
    processes: Mapping[str, Collection[str]] | None = None,
    key: str | None = None,
    whole: bool = False,
    beside: bool = False,
) -> list[Finding]:
    """Everything that is to say about the diagrams in these parts, errors first.

    What is None is not known and not checked. `names` are the scalars that expressions may read; tables and steps
    add what they return. `processes` are those that a call may name beside those of its own file, with what each calls;
    `key` is the name under which this one is called.
    Of a file with several processes only its own and those that this calls are looked at, unless the `whole` is asked.
    Where all that the drawing says by itself was asked before, `beside` leaves that out and asks for the rest alone.
    """
    facts = Facts(steps, forms, tables, deadlines, roles, names, processes, key)
    found: list[Finding] = []
    for part, body in sorted(parts.items()):
        if part.endswith(".bpmn"):
            found += _findings(part, body, facts, whole=whole, beside=beside)
    return sorted(found, key=lambda finding: (finding.severity != "error", finding.part, finding.line))


def _findings(part: str, body: bytes, facts: Facts, *, whole: bool, beside: bool) -> list[Finding]:
    try:
        drawing = drawings.read(body)
    except Refused as refused:
        return [Finding(refused.code, "error", part, None, _line(refused), dict(refused.detail))]
    every = {drawing.id: drawing, **drawings.beside(drawing)}
    found: list[Finding] = []
    looked_at = [each for each in every.values() if each.nodes] if whole else calls.reached(drawing, every)
    for each in looked_at or [drawing]:
        found += looked(each, every, part, facts, beside=beside)
    return found


def looked(
    drawing: Drawing,
    every: Mapping[str, Drawing],
    part: str = "",
    facts: Facts = NOTHING_KNOWN,
    *,
    beside: bool = False,
) -> list[Finding]:
    """Everything that is to say about one process, in the order in which it was found; `every` are those beside it."""
    look = Look(part, drawing, facts, every)
    for rule in RULES:
        if not (beside and rule in BY_ITSELF):
            rule(look)
    if not look.errors and not beside:
        _compile(look, drawing)
    return look.found


def _compile(look: Look, drawing: Drawing) -> None:
    """The last word: nothing is published that cannot be made ready to run."""
    try:
        diagrams.compiled(drawing, "", {}, "")
    except Refused as refused:
        look.refuse(refused.code, None, **refused.detail)
    except (NotRunnable, LookupError, ValueError) as error:
        look.refuse("bpmn.not_compiled", None, reason=str(error)[:120])


def _line(refused: Refused) -> int:
    line: Any = refused.detail.get("line", 0)
    return line if isinstance(line, int) else 0
