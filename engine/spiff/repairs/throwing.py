"""Errors, escalations and signals inside an instance: who hears them, from the thrower outwards.

The library compares codes only, knows no attachment, and frees whatever matches first.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections.abc import Iterator
from typing import Any

from engine.spiff.repairs.tree import WAITING, runs


def throw(task: Any, kind: str, code: str | None) -> bool:
    """Hand an error or escalation to the nearest that catches it: at the activity itself, in its scope, further out."""
    host = task
    while host is not None:
        heard = [other for other in _waiting(host.workflow) if _hears(other, host, kind, code)]
        if heard:
            # A handler for this very code goes before one for all.
            best = max(heard, key=lambda other: other.task_spec.element.code is not None)
            best.task_spec.fire(best)
            return True
        host = _host(host.workflow)
    return False


def broadcast(task: Any, code: str | None) -> None:
    """Hand a signal to everybody in the instance who waits for it now."""
    top = task.workflow.top_workflow
    heard = [other for run in list(runs(top)) for other in _waiting(run) if other.task_spec.catches("signal", code)]
    for other in heard:
        if other._state == WAITING:
            other.task_spec.fire(other)


def _waiting(run: Any) -> Iterator[Any]:
    return (task for task in list(run.tasks.values()) if task._state == WAITING)


def _hears(other: Any, host: Any, kind: str, code: str | None) -> bool:
    if not other.task_spec.catches(kind, code):
        return False
    at = other.internal_data.get("on")
    return at is None or at in {host.id, host._parent}


def _host(run: Any) -> Any:
    """The activity, one scope further out, that this scope is the inside of."""
    if run.parent_task_id is None:
        return None
    return run.top_workflow.find(run.parent_task_id)
