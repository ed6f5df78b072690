"""Events: they wait for the engine to fire them and never look at a clock; what they interrupt is really over.

In the library an interrupting event subprocess does not interrupt, one with a message changes the shared spec, one with
a timer keeps its process from ending, and a non-interrupting message boundary event fires only once.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from dataclasses import replace
from typing import Any

from engine.spiff import timers
from engine.spiff.elements import Element
from engine.spiff.expressions import ExpressionFailed
from engine.spiff.repairs.gateways import EventGateway
from engine.spiff.repairs.step import Step
from engine.spiff.repairs.telling import subscribe, tell
from engine.spiff.repairs.throwing import broadcast, call_off, give_up, throw
from engine.spiff.repairs.tree import FUTURE, WAITING, TreeTask, cancel, names_at, open_tasks
from engine.spiff.stuck import StuckAt

AGAIN = frozenset({"message", "escalation", "signal", "conditional"})
# What an event that waits again still knows.
KEPT = frozenset({"on", "left", "held", "key", "cycle", "fired"})


class Catch(Step):
    """An intermediate event or a receive task: a token waits here until it is fired."""

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        if isinstance(my_task.parent.task_spec, EventGateway):
            my_task.internal_data["race"] = my_task.parent.id
        subscribe(my_task)
        my_task._set_state(WAITING)
        return False

    def fire(self, task: Any) -> None:
        """It has happened; the others behind the same event gateway are over."""
        race = task.internal_data.get("race")
        for other in open_tasks(task.workflow) if race is not None else []:
            if other is not task and other.internal_data.get("race") == race:
                cancel(other)
        task._ready()


class Boundary(Step):
    """An event at the edge of an activity, open as long as the activity is."""

    def open(self, host: Any) -> None:
        """Wait beside the activity that has just begun."""
        _wait_again(host.parent, self, {"on": host.id, **_times(self, host)})

    def fire(self, task: Any) -> None:
        """Interrupting: the activity is over. Otherwise it goes on, and the event may come again."""
        if not self.element.interrupting:
            repeat(self, task)
        on = task.internal_data.pop("on")
        if self.element.interrupting:
            cancel(task.workflow.tasks[on])
        task._ready()


class Listening(Step):
    """The start of an event subprocess: it listens as long as its scope is open, and keeps nobody from ending."""

    def _update_hook(self, my_task: Any) -> bool:
        my_task.internal_data.update(_times(self, my_task))
        subscribe(my_task)
        my_task._set_state(WAITING)
        return False

    def fire(self, task: Any) -> None:
        """Interrupting: everything else in the scope is over."""
        if self.element.interrupting:
            for other in open_tasks(task.workflow):
                if other is not task:
                    cancel(other)
        else:
            repeat(self, task)
        task._ready()


class Throw(Step):
    """An intermediate event that throws, or one that says nothing and is passed."""

    def _run_hook(self, my_task: Any) -> bool:
        event, code = self.element.event, self.element.code
        if event == "signal":
            my_task.workflow.top_workflow.given.append(code)
            broadcast(my_task.workflow.top_workflow, code)
        elif event == "cancel":
            call_off(my_task)
        elif event == "message":
            tell(my_task)
        elif event in {"error", "escalation"} and not throw(my_task, event, code) and event == "error":
            my_task.workflow.top_workflow.outcome = self.element.id
            give_up(my_task)
        return True


class End(Throw):
    """An end event: the token is used up; a terminate end takes every other one in its scope with it."""

    def _on_complete_hook(self, my_task: Any) -> None:
        top = my_task.workflow.top_workflow
        if my_task.workflow.plan is top.plan:  # the end of a called process is not the end of the case
            top.outcome = self.element.id
        if self.element.event == "terminate":
            for other in open_tasks(my_task.workflow):
                cancel(other)
            my_task.workflow.completed = True
        super()._on_complete_hook(my_task)


class Send(Step):
    """A send task: it tells, and goes on."""

    def _run_hook(self, my_task: Any) -> bool:
        tell(my_task)
        return True


def notice(task: Any) -> bool:
    """A conditional event fires when its condition becomes true, and again only once it was not (§10.5.5).

    A name that nothing has set yet makes no condition true.
    """
    expression = task.task_spec.element.condition
    try:
        holds = expression is not None and expression.holds(names_at(task))
    except ExpressionFailed:
        holds = False
    rising = holds and "held" not in task.internal_data
    if rising:
        task.internal_data["held"] = True
        task.task_spec.fire(task)
    elif not holds:
        task.internal_data.pop("held", None)
    return rising


class Finish(Step):
    """The end of a scope: one token waits here until no other is left."""

    def _update_hook(self, my_task: Any) -> bool:
        for other in open_tasks(my_task.workflow):
            if other.task_spec is self and other is not my_task:
                cancel(other)
        my_task._set_state(WAITING)
        return False


def repeat(spec: Step, task: Any) -> None:
    """A non-interrupting event waits again: always for messages, as often as it says for a cycle."""
    left = task.internal_data.get("left")
    if spec.element.event in AGAIN or (left is not None and left != 1):
        internal = {key: value for key, value in task.internal_data.items() if key in KEPT}
        if left is not None:
            internal["left"] = left - 1 if left > 0 else left
            internal["fired"] = internal.get("fired", 0) + 1
        _wait_again(task.parent, spec, internal)


def as_it_is(task: Any) -> Element:
    """The element that a task stands at, its timer as far as it has come."""
    element: Element = task.task_spec.element
    fired, text = task.internal_data.get("fired", 0), task.internal_data.get("cycle")
    if element.timer is None or not (fired or text):
        return element
    timer = timers.read("timeCycle", text) if text else element.timer
    return replace(element, timer=timer.later(fired))


def _wait_again(parent: Any, spec: Step, internal: dict[str, Any]) -> TreeTask:
    task: TreeTask = parent._add_child(spec, FUTURE)
    task.triggered = True
    task.internal_data.update(internal)
    if "key" not in internal:
        subscribe(task)
    task._set_state(WAITING)
    return task


def _times(spec: Step, task: Any) -> dict[str, Any]:
    """How often a cycle is still to fire; where its text stands in the data, the text as it is now."""
    timer = spec.element.timer
    if timer is None or not timer.cycle:
        return {}
    try:
        settled = timer.settle(names_at(task))
    except ExpressionFailed as failed:
        raise StuckAt(spec.element.id, failed.code, dict(failed.detail)) from failed
    said = {} if settled is timer else {"cycle": settled.source}
    return {"left": settled.repeats, **said}
