"""Gateways: splits that look at their flows in the order of the file, joins that count the tokens before them.

The library's joins fire early in the second round of a loop (29 to 51 % of random orders), since they look for
completed tasks anywhere in the tree; here a token that was used is gone.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections import Counter
from collections.abc import Iterable
from typing import Any

from engine.spiff.repairs.step import Step
from engine.spiff.repairs.tree import CANCELLED, WAITING, open_tasks


class Exclusive(Step):
    """One way: the first whose condition holds, else the default."""

    def choose(self, task: Any) -> list[Step]:
        """The one flow to take."""
        if not self.conditional:
            return [target for _, target in self.ways]
        for flow, target in self.ways:
            if flow is not None and not flow.default and self.holds(flow, task):
                return [target]
        return self.default()


class Parallel(Step):
    """Every way, whatever stands on its flows; and it waits until a token stands on each flow that leads here."""

    def _update_hook(self, my_task: Any) -> bool:
        if len(self._inputs) < 2:  # noqa: PLR2004  one flow joins nothing
            return super()._update_hook(my_task)
        arrive(my_task)
        wanted = Counter(self._inputs)
        used = []
        for token in [*_standing(self, my_task.workflow), my_task]:
            if wanted[token.internal_data["via"]] > 0:
                wanted[token.internal_data["via"]] -= 1
                used.append(token)
        if any(wanted.values()):
            my_task._set_state(WAITING)
            return False
        use(used, my_task)
        return super()._update_hook(my_task)


class Inclusive(Step):
    """Every way whose condition holds; and it waits for each token that can still come, as BPMN 2.0 §13.4.3 says."""

    def __init__(self, scope: Any, name: str, element: Any) -> None:
        super().__init__(scope, name, element)
        self.upstream: dict[str, frozenset[str]] = {}

    def settle_ways(self, edges: dict[str, list[str]]) -> None:
        """Learn from which nodes each incoming flow can be reached without passing here."""
        before: dict[str, list[str]] = {}
        for source, targets in edges.items():
            for target in targets:
                before.setdefault(target, []).append(source)
        for way in set(self._inputs):
            reached, left = {way}, [way]
            while left:
                for source in before.get(left.pop(), []):
                    if source != self.name and source not in reached:
                        reached.add(source)
                        left.append(source)
            self.upstream[way] = frozenset(reached)

    def _update_hook(self, my_task: Any) -> bool:
        if len(self._inputs) < 2:  # noqa: PLR2004
            return super()._update_hook(my_task)
        arrive(my_task)
        my_task._set_state(WAITING)
        return False

    def join(self, run: Any) -> bool:
        """Fire if no token that is elsewhere can still reach an empty flow; asked when nothing else can move."""
        tokens = _standing(self, run)
        full = {token.internal_data["via"] for token in tokens}
        if not tokens or any(self._awaited(place, full) for place in self._places(run)):
            return False
        first = {token.internal_data["via"]: token for token in reversed(tokens)}
        use(first.values(), tokens[0])
        tokens[0]._ready()
        return True

    def _places(self, run: Any) -> set[str]:
        """Where tokens are; a boundary event that only waits has none, events in a race have one at their gateway."""
        return {
            task.task_spec._inputs[0] if "race" in task.internal_data else task.task_spec.name
            for task in open_tasks(run)
            if task.task_spec is not self and not (task._state == WAITING and "on" in task.internal_data)
        }

    def _awaited(self, place: str, full: set[str]) -> bool:
        leads_to = {way for way, nodes in self.upstream.items() if place in nodes}
        return bool(leads_to - full) and not leads_to & full


class EventGateway(Step):
    """Opens every event behind it; the first that happens ends the others."""


def arrive(task: Any) -> None:
    """Note by which flow a token came: its parent may be pruned before the join fires."""
    task.internal_data.setdefault("via", task.parent.task_spec.name)


def use(tokens: Iterable[Any], going: Any) -> None:
    """Take the tokens that a join used off the board, except the one that goes on."""
    for token in tokens:
        if token is not going:
            token._set_state(CANCELLED)


def _standing(spec: Step, run: Any) -> list[Any]:
    return [task for task in run.tasks.values() if task.task_spec is spec and task._state == WAITING]
