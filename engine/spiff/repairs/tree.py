"""The library's task tree with numbers for ids instead of chance, no clock, one record of data for a whole scope.

The library gives each task its own copy of the data, so that a late branch overwrites with stale values what another
one wrote. Here all tasks of a scope share it, as BPMN has it; instances of a multi-instance have a layer of their own.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections import deque
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.stuck import StuckAt

FUTURE = TaskState.FUTURE
WAITING = TaskState.WAITING
READY = TaskState.READY
STARTED = TaskState.STARTED
COMPLETED = TaskState.COMPLETED
CANCELLED = TaskState.CANCELLED
OPEN = FUTURE | WAITING | READY | STARTED

MOST_TASKS = 2_000


class NoScripts(PythonScriptEngine):
    """The library's door to Python, walled up: whatever still reaches it stops the instance."""

    def evaluate(self, task: Any, expression: Any, external_context: Any = None) -> Any:  # noqa: ARG002
        """Refuse."""
        raise StuckAt(task.task_spec.name, "expr.by_the_library", {"text": str(expression)[:80]})

    def execute(self, task: Any, script: Any, external_context: Any = None) -> Any:  # noqa: ARG002
        """Refuse."""
        raise StuckAt(task.task_spec.name, "bpmn.script_forbidden")

    def call_service(self, task: Any, **kwargs: Any) -> Any:
        """Refuse."""
        raise StuckAt(task.task_spec.name, "step.by_the_library", {"names": sorted(kwargs)})


class TreeTask(Task):
    """A task of the tree. It shares its parent's data, and once cancelled it stays so."""

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: Any = None,
        state: int = FUTURE,
        id: Any = None,  # noqa: A002  the library's name for it
    ) -> None:
        super().__init__(workflow, task_spec, parent, state, id or workflow.top_workflow.next_number())
        if parent is not None:
            self.data = parent.data

    def _add_child(self, task_spec: Any, state: int = FUTURE) -> "TreeTask":
        tasks = self.workflow.tasks
        if len(tasks) >= MOST_TASKS:
            raise StuckAt(task_spec.element.id, "engine.too_many_tokens", {"most": MOST_TASKS})
        return TreeTask(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        if self._state != CANCELLED:
            self._state = value


class Run(BpmnWorkflow):
    """A running process: the library's workflow with our host, an agenda of what is ready, and a count of numbers."""

    def __init__(self, plan: Any, host: Any) -> None:
        super().__init__(plan.process, plan.subprocesses, script_engine=_NO_SCRIPTS, deserializing=True)
        self.plan = plan
        self.host = host
        self.conditional: bool = plan.conditional
        self.number = 0
        self.outcome: str | None = None
        # Told which ways a token takes, where a host wants to know: a trial does, a case does not.
        self.took = getattr(host, "took", None)
        self.given: list[str] = []
        self.agenda: deque[TreeTask] = deque()

    def next_number(self) -> int:
        """The next task's id; numbers never come again within an instance."""
        self.number += 1
        return self.number

    def find(self, number: int) -> Any:
        """The task with this number, wherever it stands; None if there is none."""
        for run in runs(self):
            if number in run.tasks:
                return run.tasks[number]
        return None

    def names(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What an expression may read: the data, and above it what the host says."""
        return {**data, **self.host.names()}

    def create_subprocess(self, my_task: Any, spec_name: str) -> "SubRun":
        """Open a subprocess below one of our tasks; it is one of the process that the task stands in."""
        plan = my_task.workflow.plan
        return self.open(my_task, plan.subprocesses[spec_name], plan)

    def create_call(self, my_task: Any, called: str) -> "SubRun":
        """Open a called process below one of our tasks."""
        plan = my_task.workflow.plan.calls[called]
        return self.open(my_task, plan.process, plan)

    def open(self, my_task: Any, spec: Any, plan: Any) -> "SubRun":
        """Open a scope below one of our tasks."""
        if len(self.subprocesses) >= MOST_TASKS:
            raise StuckAt(my_task.task_spec.element.id, "engine.too_many_tokens", {"most": MOST_TASKS})
        made = SubRun(spec, my_task.id, self, plan)
        self.subprocesses[my_task.id] = made
        return made

    def _task_completed_notify(self, task: Any) -> None:
        _completed(self, task)


class SubRun(BpmnSubWorkflow):
    """A running subprocess or called process."""

    def __init__(self, spec: Any, parent_task_id: int, top: Run, plan: Any) -> None:
        super().__init__(spec, parent_task_id, top, deserializing=True)
        self.plan = plan

    def _calculate_depth(self) -> int:
        return 0  # only the library's own stepping reads it

    def _task_completed_notify(self, task: Any) -> None:
        _completed(self, task)


def names_at(task: Any) -> dict[str, Any]:
    """What an expression at this task may read; inside an instance, how many there are of them now, too."""
    return {**task.workflow.top_workflow.names(task.data), **_counts(task)}


def begin(run: Any, data: MutableMapping[str, Any], at: str | None = None) -> None:
    """Put the first token at the start of a process or subprocess, or at the start event that is named."""
    run.task_tree = TreeTask(run, run.spec.start)
    run.task_tree.data = data
    if at is not None:
        run.task_tree.internal_data["at"] = at
    run.task_tree._ready()


def put(run: Any, spec: Any) -> Any:
    """Put a token at a node of a scope that is open, without one that it would come from; the new task."""
    made = run.task_tree._add_child(spec, FUTURE)
    made.triggered = True
    spec._update(made)
    return made


def open_tasks(run: Any) -> list[Any]:
    """Everything in a scope that is not finished."""
    return [task for task in run.tasks.values() if task._state & OPEN]


def runs(top: Run) -> Iterator[Any]:
    """The process and every subprocess that is open below it."""
    yield top
    yield from [run for run in top.subprocesses.values() if not run.completed]


def cancel(task: Any) -> None:
    """Take a task back, with everything that hangs on it: instances, subprocesses, boundary events."""
    if task._state == STARTED:
        task.task_spec.cut(task)
    task._set_state(CANCELLED)
    run = task.workflow
    for other in open_tasks(run):
        if other._parent == task.id or other.internal_data.get("on") == task.id:
            cancel(other)
    below = run.top_workflow.subprocesses.pop(task.id, None)
    if below is not None:
        below.completed = True
        for inner in open_tasks(below):
            cancel(inner)


def _counts(task: Any) -> Mapping[str, int]:
    """The counts of the nearest repeated activity that it stands in, reckoned anew: a copy would soon be wrong."""
    while task is not None:
        repeated = task.workflow.tasks.get(task._parent)
        if repeated is not None and repeated.task_spec.repeats:
            return _counted(repeated.internal_data)
        task = task.workflow.top_workflow.find(getattr(task.workflow, "parent_task_id", 0))
    return {}


def _counted(repeated: Mapping[str, Any]) -> Mapping[str, int]:
    """What may be asked about the instances of an activity (BPMN 2.0.2 §13.3.7)."""
    return {
        "nrOfInstances": repeated["total"],
        "nrOfCompletedInstances": repeated["done"],
        "nrOfActiveInstances": repeated["begun"] - repeated["done"],
        "nrOfTerminatedInstances": 0,
    }


def _completed(run: Any, task: Any) -> None:
    run.last_task = task
    if task.task_spec is run.spec.end:
        run.completed = True
    if run.completed:
        run.completed_event(run)


_NO_SCRIPTS = NoScripts()
