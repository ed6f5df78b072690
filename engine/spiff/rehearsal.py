"""A dry run: the diagram is really started, every condition holding, and a few tasks are done, to see how it swells.

No step, table or value of the house is needed. A drawing that opens more than 2,000 tasks this way is refused.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.spiff import specs
from engine.spiff.diagrams import Diagram
from engine.spiff.elements import EVERYTHING, Element, Flow, Repeat, Scope
from engine.spiff.expressions import compile_expression
from engine.spiff.hosts import Nobody
from engine.spiff.instance import Instance
from engine.spiff.stuck import StuckAt

MOST_TASKS = 2_000
MOST_ACTS = 60
FLOODED = "engine.too_many_tokens"
ACTS: Mapping[str, Callable[[Instance, str], None]] = {
    "user": lambda instance, token: instance.complete(token, {}),
    "work": lambda instance, token: instance.complete(token, {}),
    "timer": lambda instance, token: instance.fire(token),
    "message": lambda instance, token: instance.catch(token, {}),
}
YES = compile_expression("true")
TWO = compile_expression("2")


def flood(diagram: Diagram) -> str | None:
    """The element at which the tasks became too many; None if they stay few."""
    instance = Instance.start(_easy(diagram, {}), {}, Nobody(), diagram.start.id)
    seen: deque[str] = deque()
    try:
        instance.advance()
        for _ in range(MOST_ACTS):
            if instance.size > MOST_TASKS:
                return seen[-1] if seen else diagram.start.id
            waiting = [token for token in instance.tokens() if token.kind in ACTS]
            if not waiting:
                return None
            # Whoever was done longest ago, or never, comes next: so the whole diagram is seen, not one loop.
            token = min(waiting, key=lambda each: seen.index(each.element.id) if each.element.id in seen else -1)
            seen.append(token.element.id)
            ACTS[token.kind](instance, token.id)
            instance.advance()
    except StuckAt as stuck:
        return str(stuck.detail["element"]) if stuck.code == FLOODED else None
    return None


def _easy(diagram: Diagram, made: dict[str, Diagram]) -> Diagram:
    """The same diagram with conditions that hold, no values, and two items where the number is not known."""
    if diagram.process not in made:
        elements = {id_: _element(each) for id_, each in diagram.elements.items()}
        scopes = {id_: _scope(each) for id_, each in diagram.scopes.items()}
        calls = {called: _easy(each, made) for called, each in diagram.calls.items()}
        plan = specs.plan(diagram.id, elements, scopes, {called: each.plan for called, each in calls.items()})
        made[diagram.process] = replace(diagram, elements=elements, scopes=scopes, plan=plan, calls=calls)
    return made[diagram.process]


def _element(element: Element) -> Element:
    return replace(
        element,
        parameters=MappingProxyType({}),
        keys=(),
        correlation=None,
        to=None,
        passed=EVERYTHING,
        given_back=EVERYTHING,
        repeat=None if element.repeat is None else _repeat(element.repeat),
    )


def _repeat(how: Repeat) -> Repeat:
    known = how.count is not None and not how.count.names and not how.count.functions
    return replace(how, items=None, count=how.count if known else TWO, until=None, maximum=2)


def _scope(scope: Scope) -> Scope:
    return replace(scope, flows=tuple(_flow(each) for each in scope.flows))


def _flow(flow: Flow) -> Flow:
    return flow if flow.condition is None else replace(flow, condition=YES)
