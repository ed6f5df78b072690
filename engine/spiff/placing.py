"""A token taken from one place of an instance and put at another, by hand; nothing of what is past is needed for it.

It is taken with all that hangs on it: instances, the inside of a subprocess, the events at its edge, its rivals behind
an event gateway. It is put into a scope that is open. What lies in a scope that is not, in a multi-instance or between
a split and its join, is begun as a whole: one instance or one branch alone would wait for the others for ever.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.spiff.diagrams import Diagram
from engine.spiff.elements import Element
from engine.spiff.regions import Inside, Region, node_of, past, regions
from engine.spiff.repairs.events import Boundary, Finish, Listening
from engine.spiff.repairs.gateways import EventGateway, Inclusive, Parallel
from engine.spiff.repairs.nesting import Many, SubProcess
from engine.spiff.repairs.tree import Run, cancel, open_tasks, put, runs
from ground.errors import Refused


class NoSuchToken(Refused):
    """No token stands at this element, or several do and none was named: `tokens` are theirs."""

    code = "move.no_such_token"


class TargetUnknown(Refused):
    """The diagram has no such element."""

    code = "move.target_unknown"
    status = 422


class TargetNotReachable(Refused):
    """No token can be put there by hand: it is an event at an edge, a join, or begins by its own event."""

    code = "move.target_not_reachable"


class Signed(Refused):
    """A signed step guards this: what it asks for, decides or has decided is not changed by hand."""

    code = "move.signed"


@dataclass(frozen=True)
class Target:
    """Where a token is to be put: a node of an open scope."""

    run: Any
    spec: Any


def move(top: Run, diagram: Diagram, source: str, target: str, token: str | None = None, *, back: bool = False) -> str:
    """Take the token at `source` off and put one at `target`; where it was put, which may be what the target is in.

    `back`: the history says that it has stood at the target and that nothing was signed since. Then nothing is evaded,
    whatever ways the diagram draws, and a signed step that was only just asked may be taken off again.
    """
    task = _standing(top, diagram, source, token)
    element = diagram.find(target)
    if element is None:
        raise TargetUnknown(element=target)
    wanted = _reachable(diagram, _found(top, diagram, element, {id(each) for each in _chain(task)}))
    off, at = _whole(task, wanted)
    at = _reachable(diagram, at)
    if not back:
        _check_signed(diagram, off, task, at)
    for each in off:
        cancel(each)
    put(at.run, at.spec)
    return diagram.place(at.spec.element)


def _standing(top: Run, diagram: Diagram, source: str, token: str | None) -> Any:
    """The task to take; of the instances of one activity, the activity itself, unless one of them is named."""
    tokens = [task for run in runs(top) for task in open_tasks(run) if _moves(task)]
    here = [task for task in tokens if diagram.place(task.task_spec.element) == source]
    if token is not None:
        here = [task for task in here if f"{task.id:x}" == token]
    whole = [task for task in here if not isinstance(task.parent.task_spec, Many)]
    if len(whole or here) != 1:
        raise NoSuchToken(element=source, tokens=[f"{task.id:x}" for task in here])
    return (whole or here)[0]


def _moves(task: Any) -> bool:
    """An event at an edge and one that listens belong to what they watch; they are no token."""
    return task is not task.workflow.task_tree and not isinstance(task.task_spec, Boundary | Listening | Finish)


def _chain(task: Any) -> Iterator[Any]:
    """The scopes that a task stands in, the innermost first."""
    run = task.workflow
    while True:
        yield run
        host = _host(run)
        if host is None:
            return
        run = host.workflow


def _host(run: Any) -> Any:
    """The activity that a scope is the inside of."""
    return None if run.parent_task_id is None else run.top_workflow.find(run.parent_task_id)


def _found(top: Run, diagram: Diagram, wanted: Element, mine: set[int]) -> Target:
    """The target in a scope that is open: one that the token stands in, or the only one; else what it is inside of."""
    open_ = [run for run in runs(top) if _has(run, wanted)]
    shared = [run for run in open_ if id(run) in mine]
    if shared or (len(open_) == 1 and _alone(open_[0], mine)):
        run = (shared or open_)[-1]
        return Target(run, run.spec.task_specs[wanted.id])
    around = diagram.every[wanted.process].elements.get(wanted.within) or _caller(diagram, wanted.process)
    if around is None:
        raise TargetNotReachable(element=diagram.place(wanted), why="not_open")
    return _found(top, diagram, around, mine)


def _has(run: Any, wanted: Element) -> bool:
    spec = run.spec.task_specs.get(wanted.id)
    return spec is not None and spec.element.process == wanted.process


def _caller(diagram: Diagram, process: str) -> Element | None:
    """What calls a process; None for the whole, and where several do."""
    calls = [
        element
        for each in diagram.every.values()
        for element in each.elements.values()
        if element.called is not None and each.calls[element.called].process == process
    ]
    return calls[0] if len(calls) == 1 else None


def _alone(run: Any, mine: set[int]) -> bool:
    """Whether no multi-instance that the token is not in lies around a scope."""
    while id(run) not in mine:
        host = _host(run)
        if host is None:
            return True
        if isinstance(host.parent.task_spec, Many):
            return False
        run = host.workflow
    return True


def _reachable(diagram: Diagram, target: Target) -> Target:
    element: Element = target.spec.element
    scopes = diagram.every[element.process].scopes if element.process else {}
    scope, around = scopes.get(element.id), scopes.get(element.within)
    by_event = (scope is not None and scope.by_event) or (
        element.kind == "start" and around is not None and around.by_event
    )
    joins = isinstance(target.spec, Parallel | Inclusive) and len(target.spec._inputs) > 1
    begins = target.spec is target.run.spec.start  # where several ways begin at once
    if isinstance(target.spec, Boundary | Listening) or by_event or joins or begins:
        raise TargetNotReachable(element=element.id, why="join" if joins else "start" if begins else "event")
    return target


def _whole(task: Any, target: Target) -> tuple[list[Any], Target]:
    """What has to be taken off, and where the token is put in truth, so that nothing waits for what cannot come."""
    common, mine, theirs = _meet(task, target.run)
    known = regions(common.spec)
    ours = known[node_of(mine)]
    there = known[node_of(theirs) if theirs is not None else target.spec.name]
    shared = _shared(ours, there)
    off = [mine, *_rivals(mine)]
    if len(ours) > shared:
        off += _in_region(common, ours[shared].region)
    if len(there) > shared:
        target = Target(common, common.spec.task_specs[there[shared].region.split])
        off += _in_region(common, there[shared].region)
    elif theirs is not None:
        target, more = _entered(target)
        off += more
    return _once_each(off + _again(target)), _before_race(target)


def _meet(task: Any, run: Any) -> tuple[Any, Any, Any]:
    """The innermost scope around both, and what stands in it for each; None for a target that lies in it itself."""
    around = {id(each): each for each in _chain(task)}
    theirs = None
    while id(run) not in around:
        theirs = _host(run)
        run = theirs.workflow
    mine = task
    while True:
        if isinstance(mine.parent.task_spec, Many):
            mine = mine.parent
        if mine.workflow is run:
            return run, mine, theirs
        mine = _host(mine.workflow)


def _shared(ours: tuple[Inside, ...], theirs: tuple[Inside, ...]) -> int:
    """In how many regions both lie in the same branch."""
    count = 0
    for one, other in zip(ours, theirs, strict=False):
        if one != other or len(one.branches) > 1:
            break
        count += 1
    return count


def _in_region(run: Any, region: Region) -> list[Any]:
    """Every token in a region, and those that wait at its join."""
    return [
        task
        for task in open_tasks(run)
        if _moves(task)
        and not isinstance(task.parent.task_spec, Many)
        and (task.task_spec.name in region.nodes or task.internal_data.get("via") in region.nodes)
    ]


def _entered(target: Target) -> tuple[Target, list[Any]]:
    """A region of a scope that the token does not stand in is begun as a whole."""
    there = regions(target.run.spec)[target.spec.name]
    if not there:
        return target, []
    region = there[0].region
    return Target(target.run, target.run.spec.task_specs[region.split]), _in_region(target.run, region)


def _again(target: Target) -> list[Any]:
    """A subprocess or multi-instance that is open already is begun anew."""
    if not isinstance(target.spec, Many | SubProcess):
        return []
    return [task for task in open_tasks(target.run) if task.task_spec is target.spec]


def _before_race(target: Target) -> Target:
    """Of several events behind a gateway none is waited for without the others."""
    for source in target.spec.inputs:
        if isinstance(source, EventGateway):
            return Target(target.run, source)
    return target


def _rivals(task: Any) -> list[Any]:
    race = task.internal_data.get("race")
    return [
        other
        for other in open_tasks(task.workflow)
        if race is not None and other is not task and other.internal_data.get("race") == race
    ]


def _once_each(tasks: list[Any]) -> list[Any]:
    known: Mapping[int, Any] = {task.id: task for task in tasks}
    return list(known.values())


def _check_signed(diagram: Diagram, off: list[Any], task: Any, target: Target) -> None:
    """Refuse if a signed step is taken, put or evaded."""
    evaded = past(diagram.plan, task.workflow.spec.task_specs[task.task_spec.element.id], target.spec)
    touched = {each.task_spec.element.id for each in (*off, task) if each.task_spec.element.signed}
    if target.spec.element.signed:
        touched.add(target.spec.element.id)
    if evaded or touched:
        raise Signed(elements=sorted({*evaded, *touched}))
