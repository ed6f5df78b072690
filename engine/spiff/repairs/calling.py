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
from engine.spiff.repairs.tree import STARTED, begin


class Call(SubProcess):
    """A call activity: the process that it names runs inside, and what it set comes back when it is over."""

    def __init__(self, scope: Any, name: str, element: Element) -> None:
        super().__init__(scope, name, element, element.called or "")

    def start_workflow(self, my_task: Any) -> None:
        """Open the called process on a copy of what it is given."""
        inside = self.open(my_task)
        self.watch(my_task, inside)
        begin(inside, self._given(my_task))

    def open(self, my_task: Any) -> Any:
        """The called process, still empty."""
        return my_task.workflow.top_workflow.create_call(my_task, self.spec)

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        if my_task._state == STARTED:
            my_task.data.update(self._given_back(my_task, subworkflow.task_tree.data))
        super()._on_subworkflow_completed(subworkflow, my_task)

    def _given(self, task: Any) -> MutableMapping[str, Any]:
        values = self._values(self.element.passed, task, task.data)
        return ChainMap(values, dict(task.data)) if self.element.passed.everything else values

    def _given_back(self, task: Any, data: Mapping[str, Any]) -> dict[str, Any]:
        own = data.maps[0] if isinstance(data, ChainMap) else data
        whole = dict(own) if self.element.given_back.everything else {}
        return {**whole, **self._values(self.element.given_back, task, data)}

    def _values(self, passage: Passage, task: Any, data: Mapping[str, Any]) -> dict[str, Any]:
        names = task.workflow.top_workflow.names(data)
        return clean(self.element.id, {name: value(self, each, names, name) for name, each in passage.values.items()})
