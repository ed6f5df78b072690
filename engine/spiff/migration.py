"""An instance taken over to another diagram of its process: every token keeps its number, and all that hangs on it.

What is past is pruned first and needs no place in the target. Everything that stands does: the same id or a mapping,
the same kind, the same scope, and beside the same branches. Events at edges that are new are opened, those that are
gone are closed, and both are told. Whatever cannot keep its place refuses the whole, and nothing has changed.
"""
# ruff: noqa: SLF001  the library's tree is taken over from the inside

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.spiff.diagrams import Diagram
from engine.spiff.pruning import prune
from engine.spiff.regions import Inside, node_of, regions
from engine.spiff.repairs.events import Boundary, Catch, Finish, Listening
from engine.spiff.repairs.gateways import EventGateway, Inclusive, Parallel
from engine.spiff.repairs.nesting import Many, SubProcess
from engine.spiff.repairs.tree import STARTED, WAITING, Run, TreeTask, open_tasks, put
from ground.errors import Refused


class NeedsMapping(Refused):
    """The target has no element of these ids, and something stands there: say where it is to stand."""

    code = "migrate.needs_mapping"


class MustStay(Refused):
    """What stands at `element` has no like place in the target; `why` says in what it differs."""

    code = "migrate.must_stay"


@dataclass(frozen=True)
class Changes:
    """What the target's events made necessary: opened and closed by element, and who was renamed from what to what."""

    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


class Migration:
    """One instance on its way to another diagram; `mapping` leads from places in its own to places in that."""

    def __init__(self, old: Run, source: Diagram, target: Diagram, mapping: Mapping[str, str]) -> None:
        prune(old)
        self._old = old
        self._source = source
        self._target = target
        self._mapping = mapping
        self._unknown: set[str] = set()
        self.run = Run(target.plan, old.host)
        self.changes = Changes()

    def carry(self) -> Run:
        """The run on the target; NeedsMapping or MustStay if it cannot be."""
        new = self.run
        new.number, new.outcome, new.completed = self._old.number, self._old.outcome, self._old.completed
        pairs = [(self._old, new)]
        self._take(self._old, new)
        for host_id, inside in self._old.subprocesses.items():
            host = new.find(host_id)
            if host is not None:  # else what it stands in has no place, and that is known already
                pairs.append((inside, self._reopened(inside, host)))
        if self._unknown:
            raise NeedsMapping(elements=sorted(self._unknown))
        for before, after in pairs:
            self._check_branches(before, after)
            self._open_new(before, after)
        return new

    def _reopened(self, inside: Any, host: Any) -> Any:
        spec = host.task_spec
        if not isinstance(spec, SubProcess):
            raise MustStay(element=self._source.place(spec.element), why="other_kind")
        made = spec.open(host)
        if host._state == STARTED:
            spec.watch(host, made)
        self._take(inside, made)
        return made

    def _take(self, old: Any, new: Any) -> None:
        """Every task of a scope, with its number, its state and what it knows."""
        for task in old.tasks.values():
            spec = self._spec(task, old, new)
            if spec is None:
                continue
            parent = None if task is old.task_tree else new.tasks.get(task._parent, new.task_tree)
            made = TreeTask(new, spec, parent, task._state, task.id)
            made.data, made.internal_data = task.data, dict(task.internal_data)
            if task is old.task_tree:
                new.task_tree = made
            self._check_way(task, made)

    def _spec(self, task: Any, old: Any, new: Any) -> Any:
        """The node that a task stands at in the target; None if it is an event that is no more or is not known."""
        spec, element = task.task_spec, task.task_spec.element
        if task is old.task_tree:
            return new.spec.start
        if isinstance(spec, Finish):
            return new.spec.end
        place = self._source.place(element)
        goal = self._target.find(self._mapping.get(place, place))
        if goal is None and isinstance(spec, Boundary | Listening):
            self.changes.closed.append(place)
            return None
        if goal is None:
            self._unknown.add(place)
            return None
        name = goal.id + spec.name.removeprefix(element.id)
        found = new.spec.task_specs.get(name)
        if found is None or found.element.process != goal.process:
            raise MustStay(element=place, why="other_scope")
        if isinstance(spec, Boundary) and not self._at_edge(task, found, new):
            self.changes.closed.append(place)
            return None
        self._check_kind(place, spec, found)
        if place != self._target.place(goal):
            self.changes.renamed[place] = self._target.place(goal)
        return found

    def _at_edge(self, task: Any, found: Any, new: Any) -> bool:
        """Whether an event still stands at the edge of what it watched."""
        host = new.tasks.get(task.internal_data.get("on"))
        return host is None or found in host.task_spec.boundaries

    def _check_kind(self, place: str, spec: Any, found: Any) -> None:
        one, other = spec.element, found.element
        if type(spec) is not type(found) or (one.kind, one.event) != (other.kind, other.event):
            raise MustStay(element=place, why="other_kind")
        if isinstance(spec, SubProcess) and one.called != other.called:
            raise MustStay(element=place, why="other_called")
        how, now = one.repeat, other.repeat
        if how and now and (how.kind, how.items, how.item, how.output) != (now.kind, now.items, now.item, now.output):
            raise MustStay(element=place, why="other_repeat")

    def _check_way(self, old: Any, new: Any) -> None:
        """A token before a join came by a flow, and one behind an event gateway has rivals: both must still be so."""
        internal = new.internal_data
        if "via" in internal:
            internal["via"] = self._name(old, internal["via"])
            if internal["via"] not in new.task_spec._inputs:
                raise MustStay(element=self._source.place(old.task_spec.element), why="other_way")
        if "race" in internal and not any(isinstance(each, EventGateway) for each in new.task_spec.inputs):
            raise MustStay(element=self._source.place(old.task_spec.element), why="other_race")

    def _name(self, task: Any, name: str) -> str:
        """What a node of the old scope is called in the target."""
        place = self._source.place(task.workflow.spec.task_specs[name].element)
        return self._mapping.get(place, place).rpartition(":")[2]

    def _check_branches(self, old: Any, new: Any) -> None:
        """Tokens that are to be joined must be so in the target: as many splits around each, in like branches."""
        before, after = regions(old.spec), regions(new.spec)
        branches: dict[tuple[str, str], dict[Any, Any]] = {}
        for task in new.tasks.values():
            if task is new.task_tree or not _flows(task) or isinstance(task.parent.task_spec, Many):
                continue
            mine, now = before[node_of(old.tasks[task.id])], after[node_of(task)]
            element = self._source.place(old.tasks[task.id].task_spec.element)
            if len(mine) != len(now):
                raise MustStay(element=element, why="other_branches")
            for one, other in zip(mine, now, strict=True):
                known = branches.setdefault((one.region.split, other.region.split), {})
                if not _alike(one, other, known) or not self._same_join(old, new, one, other):
                    raise MustStay(element=element, why="other_branches")
                known[one.branches] = other.branches

    @staticmethod
    def _same_join(old: Any, new: Any, one: Inside, other: Inside) -> bool:
        """Whether as many branches come together as before, and in the same way."""
        first, second = (run.spec.task_specs[each.region.join] for run, each in ((old, one), (new, other)))
        joins = isinstance(first, Parallel | Inclusive) or isinstance(second, Parallel | Inclusive)
        return not joins or (type(first) is type(second) and len(first._inputs) == len(second._inputs))

    def _open_new(self, old: Any, new: Any) -> None:
        """Open the events that the source did not have; one that it has and that waits no more has fired."""
        back = {now: was for was, now in self._mapping.items()}
        waiting = {(task.internal_data.get("on"), task.task_spec) for task in new.tasks.values()}
        known = {id(task.task_spec) for task in new.tasks.values()}
        for task in [task for task in open_tasks(new) if task is not new.task_tree]:
            for boundary in task.task_spec.boundaries:
                if (task.id, boundary) not in waiting and self._is_new(old, boundary, back):
                    boundary.open(task)
                    self.changes.opened.append(self._target.place(boundary.element))
        for _, listening in new.spec.start.ways:
            if isinstance(listening, Listening) and id(listening) not in known and self._is_new(old, listening, back):
                self._begin(new, listening)
        for race, gateway in _races(new):
            for _, rival in gateway.ways:
                if id(rival) not in known:
                    self._begin(new, rival).internal_data["race"] = race

    def _is_new(self, old: Any, spec: Any, back: Mapping[str, str]) -> bool:
        place = self._target.place(spec.element)
        was = self._source.find(back.get(place, place))
        return was is None or was.id not in old.spec.task_specs

    def _begin(self, run: Any, spec: Any) -> Any:
        made = put(run, spec)
        self.changes.opened.append(self._target.place(spec.element))
        return made


def _flows(task: Any) -> bool:
    """Whether a task is a token of the flow, and no event that only watches."""
    return not isinstance(task.task_spec, Boundary | Listening | Finish)


def _alike(one: Inside, other: Inside, known: Mapping[Any, Any]) -> bool:
    """Whether what stood in one branch stands in one again, and what stood in two stands in two."""
    if one.branches in known:
        return bool(known[one.branches] == other.branches)
    return other.branches not in known.values() and len(one.branches) == len(other.branches)


def _races(run: Any) -> Iterator[tuple[int, Any]]:
    """The event gateways behind which something waits, each with the number of its race."""
    found: dict[int, Any] = {}
    for task in run.tasks.values():
        race = task.internal_data.get("race")
        if race is not None and task._state == WAITING and isinstance(task.task_spec, Catch):
            found[race] = next(each for each in task.task_spec.inputs if isinstance(each, EventGateway))
    yield from found.items()
