"""Scopes, subprocesses, and activities done many times.

The library connects a multi-instance to its instances at run time, in the shared spec, and forgets it after a restart;
it has no nrOf… names, cannot be entered twice, and a subprocess that was cancelled may still wake what it stood in.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections import ChainMap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask

from engine.spiff.elements import Element, Repeat
from engine.spiff.expressions import ExpressionFailed
from engine.spiff.repairs.events import Finish
from engine.spiff.repairs.step import Start, Step
from engine.spiff.repairs.tree import FUTURE, READY, STARTED, begin, cancel, names_at, open_tasks
from engine.spiff.stuck import StuckAt

LIMIT = 100
LOOPS = 10_000


class ScopeSpec(BpmnProcessSpec):
    """The spec of a process or subprocess. A colon stands in no id, so no element can be taken for one of ours."""

    start: Any
    end: Any

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.task_specs.clear()
        self.start = Start(self, ":start")
        self.end = Finish(self, ":finish")


class SubProcess(SubWorkflowTask, Step):
    """An embedded subprocess, or an event subprocess once it was started."""

    def __init__(self, scope: Any, name: str, element: Element, spec: str) -> None:
        super().__init__(scope, name, spec, element=element)

    def start_workflow(self, my_task: Any) -> None:
        """Open the scope inside; it shares our data."""
        inside = self.open(my_task)
        self.watch(my_task, inside)
        begin(inside, my_task.data)

    def open(self, my_task: Any) -> Any:
        """The scope inside, still empty."""
        return my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)

    def watch(self, my_task: Any, inside: Any) -> None:
        """Hear when the scope inside is over; also after it was thawed."""
        inside.completed_event.connect(self._on_subworkflow_completed, my_task)

    def _on_subworkflow_completed(self, _subworkflow: Any, my_task: Any) -> None:
        if my_task._state == STARTED:
            my_task.workflow.top_workflow.subprocesses.pop(my_task.id, None)
            ready(my_task)


class Many(Step):
    """An activity done for each item of a list, a number of times, or while a condition holds."""

    repeats = True

    def __init__(self, scope: Any, name: str, element: Element, inner: Step) -> None:
        super().__init__(scope, name, element)
        self.inner = inner
        inner.completed_event.connect(self._merge)

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        items, total = self._items(my_task)
        my_task.internal_data.update(total=total, begun=0, done=0)
        if total == 0 or (self._how.test_before and not self._again(my_task)):
            self._collect(my_task, None)
            return True
        my_task._set_state(STARTED)
        for _ in range(total if self._how.kind == "parallel" else 1):
            self._begin(my_task, items)
        return False

    @property
    def _how(self) -> Repeat:
        assert self.element.repeat is not None  # noqa: S101  only repeated elements become Many
        return self.element.repeat

    def _items(self, task: Any) -> tuple[Sequence[Any] | None, int]:
        how = self._how
        if how.kind == "loop":
            return None, min(how.maximum or LOOPS, LOOPS)
        if how.items is not None:
            items = self._list(task)
            return items, self._within(len(items))
        count = self._evaluate(task, how.count, {})
        if isinstance(count, bool) or not isinstance(count, int | float | Decimal) or count < 0 or count % 1:
            raise StuckAt(self.element.id, "mi.not_a_number")
        return None, self._within(int(count))

    def _list(self, task: Any) -> Sequence[Any]:
        """The items as they are now; of a record, its values."""
        how = self._how
        items = task.data.get(how.items)
        if items is None and how.listed is not None:
            items = self._evaluate(task, how.listed, {})
        if isinstance(items, Mapping):
            items = list(items.values())
        if not isinstance(items, list):
            raise StuckAt(self.element.id, "mi.not_a_list", {"name": how.items})
        return items

    def _within(self, number: int) -> int:
        if number > LIMIT:
            raise StuckAt(self.element.id, "mi.limit", {"most": LIMIT, "found": number})
        return number

    def _begin(self, task: Any, items: Sequence[Any] | None) -> None:
        internal = task.internal_data
        index = internal["begun"]
        internal["begun"] += 1
        child = task._add_child(self.inner, FUTURE)
        child.triggered = True
        own: dict[str, Any] = {"loopCounter": index}
        # The number of instances is fixed when they begin, even if somebody shortens the list meanwhile.
        item = index if items is None else items[index] if index < len(items) else None
        if self._how.item:
            own[self._how.item] = item
        if self._how.item or items is not None:
            child.internal_data["item"] = item
        child.internal_data["index"] = index
        child.data = ChainMap(own, task.data)
        child.task_spec._update(child)

    def _merge(self, _workflow: Any, child: Any) -> None:
        """One instance is done: its layer of data goes into ours, and the next begins or we are done."""
        task = child.parent
        if task._state != STARTED:
            return
        task.internal_data["done"] += 1
        over = self._over(task, child)
        self._take(task, child)
        if not over and self._how.kind != "parallel":
            self._begin(task, self._list(task) if self._how.items else None)
        elif over:
            for other in open_tasks(task.workflow):
                if other._parent == task.id:
                    cancel(other)
            self._collect(task, task.internal_data.get("results", {}))
            ready(task)

    def _over(self, task: Any, child: Any) -> bool:
        internal = task.internal_data
        full = internal["done"] >= internal["total"]
        if self._how.kind == "loop":
            if not self._again(child):
                return True
            if full and self._how.maximum is None:
                raise StuckAt(self.element.id, "loop.limit", {"most": LOOPS})
        if full or self._how.kind == "loop" or self._how.until is None:
            return bool(full)
        return bool(self._evaluate(child, self._how.until, self._so_far(task, child)))

    def _so_far(self, task: Any, child: Any) -> dict[str, Any]:
        """The outputs of those that are done, this one too: by them a majority is known before all have spoken."""
        output, item = self._how.output, self._how.output_item
        if not output or not item:
            return {}
        given = {str(child.internal_data["index"]): child.data.maps[0].get(item)}
        done = {**task.internal_data.get("results", {}), **given}
        return {output: [value for _, value in sorted(done.items(), key=_by_index)]}

    def _again(self, task: Any) -> bool:
        counter = {"loopCounter": task.data.get("loopCounter", 0)}
        return self._how.until is None or bool(self._evaluate(task, self._how.until, counter))

    def _evaluate(self, task: Any, expression: Any, more: dict[str, Any]) -> Any:
        try:
            return expression.evaluate({**names_at(task), **more})
        except ExpressionFailed as failed:
            raise StuckAt(self.element.id, failed.code, dict(failed.detail)) from failed

    def _take(self, task: Any, child: Any) -> None:
        own = dict(child.data.maps[0])
        output = self._how.output_item
        if self._how.output and output:
            task.internal_data.setdefault("results", {})[str(child.internal_data["index"])] = own.pop(output, None)
        for name in {"loopCounter", self._how.item}:
            own.pop(name, None)
        task.data.update(own)

    def cut(self, task: Any) -> None:
        """Taken back before all were done: what is finished is kept."""
        self._collect(task, task.internal_data.get("results", {}))

    def _collect(self, task: Any, results: dict[str, Any] | None) -> None:
        if self._how.output:
            task.data[self._how.output] = [value for _, value in sorted((results or {}).items(), key=_by_index)]


def ready(task: Any) -> None:
    """What waited for its inside is done with it; the tasks that leave it come next."""
    task._set_state(READY)
    task.workflow.top_workflow.agenda.append(task)


def _by_index(pair: tuple[str, Any]) -> int:
    return int(pair[0])
