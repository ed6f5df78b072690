"""Errors, escalations, signals and cancellations inside an instance: who hears them, from the thrower outwards.

The library compares codes only, knows no attachment, and frees whatever matches first.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections.abc import Iterator, Mapping
from typing import Any

from engine.spiff.repairs.tree import WAITING, cancel, open_tasks, put, runs

NOTHING: Mapping[str, Any] = {}


def throw(task: Any, kind: str, code: str | None) -> bool:
    """Hand an error or escalation to the nearest that catches it: at the activity itself, in its scope, further out.

    At one level an event subprocess goes before the edge of what it stands in, since it is met first on the way out;
    and a handler for this very code goes before one for all. No event subprocess hears what it throws itself.
    """
    host = task
    while host is not None:
        heard = [other for other in _waiting(host.workflow) if _hears(other, host, kind, code)]
        heard = [other for other in heard if not _began(other, host)]
        if heard:
            best = min(heard, key=lambda other: ("on" not in other.internal_data, other.task_spec.element.code != code))
            best.task_spec.fire(best)
            return True
        host = _host(host.workflow)
    return False


def broadcast(top: Any, name: str | None, data: Mapping[str, Any] = NOTHING) -> int:
    """Hand a signal to everybody in the instance who waits for it now; how many heard it."""
    heard = [other for run in list(runs(top)) for other in _waiting(run) if other.task_spec.catches("signal", name)]
    count = 0
    for other in heard:
        # What one of them interrupted waits no more.
        if other._state == WAITING:
            other.data.update(data)
            other.task_spec.fire(other)
            count += 1
    return count


def call_off(task: Any) -> None:
    """A cancel end event: everything in the transaction around it is over, and its cancel boundary event goes on.

    Without such an event the token is used up there (BPMN 2.0.2 §10.5.5 leaves it open).
    """
    host = _host(task.workflow)
    while host is not None and not host.task_spec.element.transaction:
        host = _host(host.workflow)
    if host is None:
        return
    heard = [other for other in _waiting(host.workflow) if _hears(other, host, "cancel", None)]
    if heard:
        heard[0].task_spec.fire(heard[0])
    else:
        whole = host.parent if host.parent.task_spec.element is host.task_spec.element else host
        cancel(whole)
        use_up(whole.workflow)


def give_up(task: Any) -> None:
    """An error that nobody catches ends the whole instance, as §10.5.5 of BPMN 2.0.2 names the common way."""
    top = task.workflow.top_workflow
    for other in open_tasks(top):
        cancel(other)
    top.completed = True


def use_up(run: Any) -> None:
    """A token is gone without having reached an end event; its scope may still have to end."""
    put(run, run.spec.end)


def _waiting(run: Any) -> Iterator[Any]:
    return (task for task in list(run.tasks.values()) if task._state == WAITING)


def _hears(other: Any, host: Any, kind: str, code: str | None) -> bool:
    if not other.task_spec.catches(kind, code):
        return False
    at = other.internal_data.get("on")
    return at is None or at in {host.id, host._parent}


def _began(other: Any, host: Any) -> bool:
    """Whether this is the start of the event subprocess that the event comes out of."""
    return "on" not in other.internal_data and bool(other.task_spec.element.within == host.task_spec.element.id)


def _host(run: Any) -> Any:
    """The activity, one scope further out, that this scope is the inside of."""
    if run.parent_task_id is None:
        return None
    return run.top_workflow.find(run.parent_task_id)
