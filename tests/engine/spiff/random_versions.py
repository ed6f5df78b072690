"""Random versions of a random diagram: one change each, drawn in the file, in its shape, and in a run of the oracle.

A change inserts a task before another or beside it, renames any node, hangs a timer at the edge of a task, or takes a
task out. Where somebody stands at a task that is gone, the instance must stay, or goes to the task behind it if a
mapping says so; it must stay, too, where a branch would be missing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import Any

from tests.engine.diagrams import boundary, flow, parallel, timer, user
from tests.engine.spiff.oracle import Asked, Beside, Inside, Model, Oracle, Row, Shape, Signalled, Work, made

NODE = r'<userTask id="{0}".*?</userTask>'
AFTER = r'<sequenceFlow id="[^"]*" sourceRef="{0}" targetRef="([^"]*)".*?</sequenceFlow>'


@dataclass(frozen=True)
class Change:
    """What is different: its kind, the node that it is about, where that stands now; and how each is to be changed."""

    kind: str
    at: str
    body: str
    became: Mapping[str, str]
    shape: Callable[[Shape], Shape]
    run: Callable[[Model], Model]


@dataclass
class Reviser:
    """Draws one version after the other of the same diagram."""

    chance: Random
    body: str
    shape: Shape
    count: int = 0
    fixed: set[str] = field(default_factory=set)  # tasks with a timer at their edge keep it and their place

    def draw(self) -> Change:
        """A change that is possible here; it counts once `take` was told of it."""
        tasks = [id_ for id_ in _tasks(self.shape) if id_ not in self.fixed]
        kinds = [self.renamed, *([self.inserted, self.timed, *self._out(tasks)] if tasks else [])]
        return self.chance.choice(kinds)(self.chance.choice(tasks) if tasks else "")

    def take(self, change: Change) -> None:
        """This is the version now."""
        self.body, self.shape = change.body, swapped(self.shape, change.shape)
        if change.kind == "timed":
            self.fixed.add(change.at)
        self.fixed = {change.became.get(id_, id_) for id_ in self.fixed}

    def inserted(self, task: str) -> Change:
        """A task before this one."""
        new = self._new("n")
        body = self.body.replace(f'targetRef="{task}"', f'targetRef="{new}"')
        body = _before(body, task, user(new) + flow(new, task, id=self._new("fn")))
        row = Shape("row", (), (Shape("task", (new,)), Shape("task", (task,))))
        return Change("inserted", task, body, {}, _where(task, row), lambda work: _last(row, work))

    def timed(self, task: str) -> Change:
        """A timer at the edge of this one that ends nothing, and a task behind it."""
        clock, after = self._new("nt"), self._new("nu")
        more = boundary(clock, task, timer("P1D"), interrupting=False) + user(after)
        body = _before(self.body, task, more + flow(clock, after, id=self._new("fn")))
        shape = Shape("remind", (clock, after), (Shape("task", (task,)),))
        return Change("timed", task, body, {}, _where(task, shape), lambda work: _beside(shape, work))

    def renamed(self, _task: str) -> Change:
        """Any node under another name."""
        known = sorted(set(re.findall(r'(?:source|target|attachedTo)Ref="([^"]*)"', self.body)))
        was = self.chance.choice([id_ for id_ in known if not id_.startswith("again") and id_ not in {"S", "E"}])
        now = self._new("r")
        body = re.sub(rf'( id|sourceRef|targetRef|attachedToRef)="{was}"', rf'\1="{now}"', self.body)

        def again(shape: Shape) -> Shape:
            return replace(shape, ids=tuple(now if id_ == was else id_ for id_ in shape.ids))

        return Change("renamed", was, body, {was: now}, again, lambda work: work)

    def removed(self, task: str) -> Change:
        """This task is no more; whoever stood before or behind it does not care."""
        body = self._without(task)
        gone = Shape("service", (task,))
        return Change("removed", task, body, {}, _where(task, gone), lambda work: made(gone, work.items))

    def forked(self, task: str) -> Change:
        """Another task beside this one, between a split and a join."""
        fork, join, new = self._new("ng"), self._new("nj"), self._new("n")
        body = self.body.replace(f'targetRef="{task}"', f'targetRef="{fork}"')
        body = body.replace(f'sourceRef="{task}"', f'sourceRef="{join}"')
        ways = [(fork, task), (fork, new), (task, join), (new, join)]
        parts = [parallel(fork), parallel(join), user(new), *(flow(*way, id=self._new("fn")) for way in ways)]
        shape = Shape("split", (), (Shape("task", (task,)), Shape("task", (new,))))
        over = Shape("service", (task,))
        body = _before(body, task, "".join(parts))
        return Change("forked", task, body, {}, _where(task, shape), lambda work: made(over, work.items))

    def skipped(self, task: str) -> Change:
        """The same, and whoever stands at it goes to the task behind it."""
        change = self.removed(task)
        return replace(change, kind="skipped", became={task: _next(self.body, task)})

    def _out(self, tasks: list[str]) -> list[Callable[[str], Change]]:
        found: list[Callable[[str], Change]] = []
        single = [task for task in tasks if len(re.findall(AFTER.format(task), self.body)) == 1]
        followed = [task for task in single if (task, _next(self.body, task)) in set(_pairs(self.shape))]
        if single:
            found += [lambda _: self.removed(self.chance.choice(single))] * 2
            found.append(lambda _: self.forked(self.chance.choice(single)))
        if followed:
            found += [lambda _: self.skipped(self.chance.choice(followed))] * 2
        return found

    def _without(self, task: str) -> str:
        target = _next(self.body, task)
        body = re.sub(AFTER.format(task), "", self.body, count=1)
        body = re.sub(NODE.format(task), "", body, count=1, flags=re.DOTALL)
        return body.replace(f'targetRef="{task}"', f'targetRef="{target}"')

    def _new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}_{self.count}"


def swapped(shape: Shape, change: Callable[[Shape], Shape]) -> Shape:
    """The shape with every block in it changed, the inner ones first; what each instance is stays what it is."""
    if _repeats(shape):
        task = change(shape.inner[0])
        return replace(shape, inner=(task if task.kind == "task" else shape.inner[0],))
    return change(replace(shape, inner=tuple(swapped(one, change) for one in shape.inner)))


def carried(oracle: Oracle, change: Change) -> Oracle:
    """The run on the changed shape: whatever stands goes on standing."""
    new = Oracle(swapped(oracle.shape, change.shape))
    top = _carried(oracle.top, change)
    assert isinstance(top, Inside)
    new.top = top
    return new


def joined(oracle: Oracle, change: Change, before: str) -> bool:
    """Whether a token that came by the task of this change waits at a join."""
    straight = re.search(rf'<(?:parallel|inclusive)Gateway id="{_next(before, change.at)}"', before)
    return straight is not None and any(
        branch.done and _last_of(branch.shape) == change.at
        for model in models(oracle.top)
        if not model.done and isinstance(model, Asked | Beside)
        for branch in (model.all[:1] if isinstance(model, Asked) else model.all)
    )


def _carried(model: Model, change: Change) -> Model:
    if isinstance(model, Row):
        _carry_row(model, change)
    elif isinstance(model, Work) and model.shape.kind == "task" and change.at in model.shape.ids:
        return change.run(_under_new_names(model, change))
    elif isinstance(model, Beside) and _repeats(model.shape):
        for instance in model.all:
            _under_new_names(instance, change)
    else:
        for name, inner in _inside(model):
            if isinstance(inner, list):
                inner[:] = [_carried(one, change) for one in inner]
            else:
                setattr(model, name, _carried(inner, change))
    return _under_new_names(model, change)


def _carry_row(row: Row, change: Change) -> None:
    """Who stands at a task that is skipped goes to the one behind it."""
    stands = isinstance(row.now, Work) and not row.now.done and row.now.shape.ids == (change.at,)
    row.left = [swapped(shape, change.shape) for shape in row.left]
    if stands and change.kind == "skipped":
        row.now = made(row.left.pop(0), row.items)
    else:
        row.now = _carried(row.now, change)


def _under_new_names(model: Model, change: Change) -> Model:
    """A task is changed where it stands, and not here: only its name may be new."""
    if not isinstance(model, Work):
        model.shape = swapped(model.shape, change.shape)
    elif change.kind == "renamed":
        model.shape = change.shape(model.shape)
    if isinstance(model, Signalled):
        model.open = [change.became.get(id_, id_) for id_ in model.open]
    if isinstance(model, Inside) and model.timer:
        model.timer = change.became.get(model.timer, model.timer)
    return model


def _inside(model: Model) -> Iterator[tuple[str, Any]]:
    """The models that a model holds, each with the name that it holds them by."""
    return ((name, getattr(model, name)) for name in ("now", "body", "all") if hasattr(model, name))


def models(model: Model) -> Iterator[Model]:
    """A model and all that it holds."""
    yield model
    for _, inner in _inside(model):
        for one in inner if isinstance(inner, list) else [inner]:
            yield from models(one)


def _last(shape: Shape, work: Model) -> Model:
    """A row of which only the last stands."""
    row = Row(shape, work.items)
    row.now, row.left, row.done = work, [], work.done
    return row


def _beside(shape: Shape, work: Model) -> Model:
    """A timer beside this task, if the task still stands."""
    beside = Inside(shape, work.items)
    beside.all, beside.done = [work], work.done
    return beside


def _where(task: str, shape: Shape) -> Callable[[Shape], Shape]:
    return lambda one: shape if one == Shape("task", (task,)) else one


def _repeats(shape: Shape) -> bool:
    """Whether it is one task with instances, and not a block of them."""
    return shape.kind == "each" and shape.inner[0].kind == "task"


def _tasks(shape: Shape) -> list[str]:
    if _repeats(shape):
        return []
    return [*(shape.ids if shape.kind == "task" else ()), *(id_ for one in shape.inner for id_ in _tasks(one))]


def _pairs(shape: Shape) -> Iterator[tuple[str, str]]:
    """Tasks that follow each other in a row."""
    if shape.kind == "row":
        yield from ((a.ids[0], b.ids[0]) for a, b in pairwise(shape.inner) if a.kind == b.kind == "task")
    for one in shape.inner:
        yield from _pairs(one)


def _last_of(shape: Shape) -> str:
    """The node by which a block is left, if that is a task."""
    if shape.kind == "row":
        return _last_of(shape.inner[-1])
    return shape.ids[0] if shape.kind == "task" else ""


def _next(body: str, node: str) -> str:
    """The only node that flows lead to from here."""
    return re.findall(AFTER.format(node), body)[0]


def _before(body: str, node: str, more: str) -> str:
    """Something drawn in the scope of this task."""
    return body.replace(f'<userTask id="{node}"', f'{more}<userTask id="{node}"', 1)
