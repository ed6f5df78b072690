"""Called processes: scopes with data of their own, inside the instance that calls them.

The library hands the caller's whole data in and writes all of it back, so that what another branch did meanwhile is
overwritten with what stood there at the beginning. Here only what the called process has set comes back.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from typing import Any

from engine.spiff.elements import Element, Passage
from engine.spiff.hygiene import clean
from engine.spiff.repairs.nesting import SubProcess
from engine.spiff.repairs.step import value
from engine.spiff.repairs.tree import STARTED, begin, names_at


class Call(SubProcess):
    """A call activity: the process that it names runs inside, and what it set comes back when it is over."""

    def __init__(self, scope: Any, name: str, element: Element) -> None:
        super().__init__(scope, name, element, element.called or "")

    def start_workflow(self, my_task: Any) -> None:
        """Open the called process on a copy of what it is given."""
        given = self._given(my_task)
        inside = self.open(my_task)
        self.watch(my_task, inside)
        begin(inside, given)

    def open(self, my_task: Any) -> Any:
        """The called process, still empty."""
        return my_task.workflow.top_workflow.create_call(my_task, self.spec)

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        if my_task._state == STARTED:
            my_task.data.update(self._given_back(my_task, subworkflow.task_tree.data))
        super()._on_subworkflow_completed(subworkflow, my_task)

    def _given(self, task: Any) -> MutableMapping[str, Any]:
        values = self._values(self.element.passed, names_at(task))
        if not self.element.passed.everything:
            return values
        return ChainMap(values, _copy(task.data, _copied_last(task.workflow.top_workflow)))

    def _given_back(self, task: Any, data: Mapping[str, Any]) -> dict[str, Any]:
        own = data.maps[0] if isinstance(data, ChainMap) else data
        whole = dict(own) if self.element.given_back.everything else {}
        return {**whole, **self._values(self.element.given_back, task.workflow.top_workflow.names(data))}

    def _values(self, passage: Passage, names: Mapping[str, Any]) -> dict[str, Any]:
        return clean(self.element.id, {name: value(self, each, names, name) for name, each in passage.values.items()})


def called_with(task: Any) -> Any:
    """The data of the called process that a task stands in; None if it stands in the whole."""
    run = task.workflow
    while run.parent_task_id is not None:
        host = run.top_workflow.find(run.parent_task_id)
        if isinstance(host.task_spec, Call):
            return run.task_tree.data
        run = host.workflow
    return None


def _copy(data: MutableMapping[str, Any], known: Mapping[str, Any] | None) -> MutableMapping[str, Any]:
    """What is given, layer by layer; nobody writes into it, so a hundred calls on the same data keep one copy."""
    if isinstance(data, ChainMap):
        return ChainMap(dict(data.maps[0]), _copy(data.maps[1], known))
    return known if isinstance(known, dict) and known == data else dict(data)


def _copied_last(top: Any) -> Mapping[str, Any] | None:
    """The copy that the newest open call was given."""
    for run in reversed(top.subprocesses.values()):
        spec = top.find(run.parent_task_id).task_spec
        if isinstance(spec, Call) and spec.element.passed.everything:
            copied = run.task_tree.data.maps[1]
            while isinstance(copied, ChainMap):
                copied = copied.maps[1]
            found: Mapping[str, Any] = copied
            return found
    return None
