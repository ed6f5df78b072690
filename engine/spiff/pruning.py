"""What is over leaves the tree, so an instance costs on its thousandth round what it cost on its first.

Nothing of ours reads the past: joins count tokens, data belong to the scope. So every open task hangs directly below
the root, or below the multi-instance that it is an instance of; everything else goes.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from typing import Any

from engine.spiff.repairs.tree import Run, open_tasks


def prune(top: Run) -> None:
    """Drop what is finished, in the process and in every open subprocess."""
    kept = [top, *_below(top, top)]
    top.subprocesses = {run.parent_task_id: run for run in kept[1:]}
    for run in kept:
        _flatten(run)


def _below(top: Run, run: Any) -> list[Any]:
    found: list[Any] = []
    left = [run]
    while left:
        for task in open_tasks(left.pop()):
            inside = top.subprocesses.get(task.id)
            if inside is not None:
                found.append(inside)
                left.append(inside)
    return found


def _flatten(run: Any) -> None:
    root = run.task_tree
    tasks = [task for task in open_tasks(run) if task is not root]
    stay = {task.id for task in tasks}
    run.tasks = {root.id: root, **{task.id: task for task in tasks}}
    root._children = []
    for task in tasks:
        task._children = []
        if task._parent not in stay:
            task._parent = root.id
    for task in tasks:
        run.tasks[task._parent]._children.append(task.id)
    run.last_task = None
