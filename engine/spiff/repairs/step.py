"""The spec that all others of ours are: it predicts nothing, opens its boundary events, and leaves by its flows."""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.spiff.elements import Element, Flow
from engine.spiff.expressions import ExpressionFailed
from engine.spiff.hygiene import clean
from engine.spiff.repairs.throwing import throw
from engine.spiff.repairs.tree import CANCELLED, FUTURE, WAITING, cancel, names_at, open_tasks
from engine.spiff.stuck import ErrorThrown, StuckAt

_CATCHING = frozenset({"boundary", "start", "catch"})
NOBODY = Element(id="", kind="")


class Step(BpmnTaskSpec):
    """One node. Conditions on the flows that leave a task hold here, which the library ignores."""

    repeats = False

    def __init__(self, scope: Any, name: str, element: Element = NOBODY, **kwargs: Any) -> None:
        super().__init__(scope, name, **kwargs)
        self.element = element
        self.ways: list[tuple[Flow | None, Step]] = []
        self.boundaries: list[Any] = []
        self.conditional = False

    def lead(self, target: "Step", flow: Flow | None = None) -> None:
        """Connect a following node."""
        self.connect(target)
        self.ways.append((flow, target))
        self.conditional = self.conditional or bool(flow and (flow.condition or flow.default))

    def catches(self, kind: str, code: str | None) -> bool:
        """Whether a token that waits here is freed by this event."""
        own = self.element
        return own.event == kind and own.kind in _CATCHING and (own.open or own.code == code)

    def cut(self, task: Any) -> None:
        """What to do when a task that is under way is taken back: nothing, for most."""

    def serialize(self, serializer: Any, **kwargs: Any) -> Any:
        """Never: our codec writes instances, and specs come from the diagram."""
        raise TypeError(self.name, serializer, kwargs)

    def test(self) -> None:
        """Nothing: the linter has looked at the diagram once, not at every task."""

    def choose(self, task: Any) -> list["Step"]:
        """Where the tokens go from here: along every flow, except those whose condition does not hold."""
        if not self.conditional:
            return [target for _, target in self.ways]
        taken = [target for flow, target in self.ways if flow is None or self._passable(flow, task)]
        return taken or self.default()

    def default(self) -> list["Step"]:
        """The default flow; without one the token could go nowhere, and that is an incident."""
        for flow, target in self.ways:
            if flow is not None and flow.default:
                return [target]
        raise StuckAt(self.element.id, "gateway.no_flow")

    def holds(self, flow: Flow, task: Any) -> bool:
        """Whether a flow's condition is true now."""
        if flow.condition is None:
            return False
        try:
            return flow.condition.holds(names_at(task))
        except ExpressionFailed as failed:
            raise StuckAt(self.element.id, failed.code, {"flow": flow.id, **failed.detail}) from failed

    def _passable(self, flow: Flow, task: Any) -> bool:
        return not flow.default and (flow.condition is None or self.holds(flow, task))

    def _predict(self, my_task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        pass

    def _update_hook(self, my_task: Any) -> bool:
        for boundary in self.boundaries:
            boundary.open(my_task)
        return True

    def _on_ready_hook(self, my_task: Any) -> None:
        if not self.manual:
            my_task.workflow.top_workflow.agenda.append(my_task)

    def _run_hook(self, my_task: Any) -> bool | None:  # noqa: ARG002
        return True

    def _on_complete(self, my_task: Any) -> None:
        if my_task._state != CANCELLED:
            super()._on_complete(my_task)

    def _on_complete_hook(self, my_task: Any) -> None:
        super()._on_complete_hook(my_task)
        if self.boundaries:
            close_boundaries(my_task)
        if self.ways and not my_task.workflow.completed:
            chosen = self.choose(my_task)
            if (took := my_task.workflow.top_workflow.took) is not None:
                took(self.element.id, [each.element.id for each in chosen])
            my_task._sync_children(chosen, FUTURE)


class Start(Step):
    """Where a scope begins; not the start event, but the root of its tree, from which one start event is reached."""

    def __init__(self, scope: Any, name: str) -> None:
        super().__init__(scope, name)
        self.entries: list[str] = []

    def choose(self, task: Any) -> list[Step]:
        """The start event that was named, or the first; and whatever listens from the beginning."""
        at = task.internal_data.get("at") or next(iter(self.entries), None)
        return [target for _, target in self.ways if target.name == at or target.name not in self.entries]


class User(Step):
    """A task for a person; it waits until somebody completes it."""

    def __init__(self, scope: Any, name: str, element: Element) -> None:
        super().__init__(scope, name, element)
        self.manual = True


class Work(User):
    """A service or business rule task that names nothing of ours; it waits until somebody outside has done it."""


class Service(Step):
    """A service task: the host runs the step that it names. Its errors go to the boundary events."""

    def _run_hook(self, my_task: Any) -> bool | None:
        top = my_task.workflow.top_workflow
        names = names_at(my_task)
        given = {name: value(self, each, names, name) for name, each in self.element.parameters.items()}
        try:
            result = top.host.step(self.element, given, dict(my_task.data))
        except ErrorThrown as thrown:
            if not throw(my_task, "error", thrown.code):
                raise StuckAt(self.element.id, "error.not_caught", {"error": thrown.code}) from thrown
            return None
        my_task.data.update(clean(self.element.id, result))
        return True


class Rule(Step):
    """A business rule task: the host asks the table that it names."""

    def _run_hook(self, my_task: Any) -> bool:
        top = my_task.workflow.top_workflow
        result = top.host.decide(self.element, names_at(my_task))
        my_task.data.update(clean(self.element.id, result))
        return True


def value(spec: Step, expression: Any, names: Mapping[str, Any], of: str) -> Any:
    """What an expression of this node gives; one that fails stops the case here and says which it was."""
    try:
        return expression.evaluate(names)
    except ExpressionFailed as failed:
        raise StuckAt(spec.element.id, failed.code, {"parameter": of, **failed.detail}) from failed


def close_boundaries(task: Any) -> None:
    """The activity is over, so what waited at its edge is, too."""
    for other in open_tasks(task.workflow):
        if other._state == WAITING and other.internal_data.get("on") == task.id:
            cancel(other)
