"""When nothing is ready any more: inclusive joins fire, scopes end, and a join that starves says so."""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from typing import Any

from engine.spiff.repairs.events import Finish, Listening
from engine.spiff.repairs.gateways import Inclusive, Parallel
from engine.spiff.repairs.tree import cancel, open_tasks
from engine.spiff.stuck import StuckAt


def settle(run: Any) -> bool:
    """Let one join of this scope fire, or end the scope; False when there is nothing to do in it but wait."""
    tasks = open_tasks(run)
    # In the order of arrival: where two of them are free to go, the same one goes first whenever it is played.
    for spec in dict.fromkeys(task.task_spec for task in tasks if isinstance(task.task_spec, Inclusive)):
        if spec.join(run):
            return True
    moving = [task for task in tasks if not isinstance(task.task_spec, Finish | Listening)]
    if not moving:
        return _finish(tasks)
    if all(isinstance(task.task_spec, Parallel | Inclusive) for task in moving):
        # A token that can never be joined would wait for ever; better to say so at once.
        raise StuckAt(moving[0].task_spec.element.id, "join.starved")
    return False


def _finish(tasks: list[Any]) -> bool:
    for task in tasks:
        if isinstance(task.task_spec, Listening):
            cancel(task)
    for task in tasks:
        if isinstance(task.task_spec, Finish):
            task._ready()
            return True
    return False
