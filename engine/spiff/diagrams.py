"""A diagram made ready to run: our own elements with their expressions compiled, and the library's specs hidden inside.

Compiled once for each digest and shared by every thread; nothing changes it afterwards.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType

from engine.spiff import compiling, conversations, drawings, specs
from engine.spiff.drawings import Drawing, Node
from engine.spiff.elements import Element, Flow, Repeat, Scope
from ground.errors import Refused

__all__ = ["Diagram", "Element", "Flow", "Repeat", "Scope", "build", "load", "together"]

KEPT = 256
# Stands in no id of a process or element, so a place is never taken for another.
AT = ":"
# Between a folder's process and another one of the same file.
WITHIN = "/"


NO_CALLS: Mapping[str, "Diagram"] = MappingProxyType({})


class NoDiagram(Refused):
    """These parts hold no diagram, or several and none of them alone."""

    code = "bpmn.no_diagram"
    status = 422


class UnknownCall(Refused):
    """A call activity names a process that is neither in this file nor among those that were given with it."""

    code = "call.unknown"
    status = 422


class Recursive(Refused):
    """A process calls itself, directly or by others, and would never end."""

    code = "bpmn.recursive_call"
    status = 422


@dataclass(frozen=True)
class Diagram:
    """A process as it runs. `elements` holds every element by id, those of subprocesses too, but none of `calls`.

    `process` is its name among those that call one another; `calls` are the processes that it calls, by the name that
    stands in its call activities.
    """

    digest: str
    id: str
    name: str
    elements: Mapping[str, Element]
    scopes: Mapping[str, Scope]
    starts: tuple[Element, ...]
    plan: specs.Plan
    process: str = ""
    calls: Mapping[str, "Diagram"] = field(default_factory=lambda: NO_CALLS)

    @cached_property
    def every(self) -> Mapping[str, "Diagram"]:
        """This process and all that it can call, also through others, by `process`."""
        found: dict[str, Diagram] = {}
        left = [self]
        while left:
            each = left.pop(0)
            if each.process not in found:
                found[each.process] = each
                left.extend(each.calls.values())
        return found

    def where(self, place: str) -> str:
        """The element of this very process that a place lies at or below: for a called one, its call activity."""
        process, _, id_ = place.rpartition(AT)
        if not process:
            return id_
        ways = (each for each in self.elements.values() if each.called and process in self.calls[each.called].every)
        return next((each.id for each in ways), id_)

    def place(self, element: Element) -> str:
        """How an element is named outside: its id, with its process before it if that is a called one."""
        return element.id if element.process == self.process else f"{element.process}{AT}{element.id}"

    def locate(self, process: str, id_: str) -> str:
        """The place of an element of which only the id is known: in this process, else wherever there is one."""
        every = [self.every[process], *self.every.values()] if process in self.every else self.every.values()
        found = next((each.elements[id_] for each in every if id_ in each.elements), None)
        return id_ if found is None else self.place(found)

    def find(self, place: str | None) -> Element | None:
        """The element at such a place; None if there is none."""
        process, _, id_ = (place or "").rpartition(AT)
        found = self.elements.get(place or "")
        diagram = self.every.get(process) if found is None else None
        return found if diagram is None else diagram.elements.get(id_)

    @property
    def start(self) -> Element:
        """Where a case begins unless another start is named."""
        return self.starts[0]


_made: OrderedDict[str, Diagram] = OrderedDict()
_guard = threading.Lock()


def load(
    digest: str, parts: Mapping[str, bytes], calls: Mapping[str, Diagram] = NO_CALLS, process: str = ""
) -> Diagram:
    """The diagram of a folder, compiled once; the folder was checked by lint before it was published.

    `calls` are the diagrams that it may call beside those of its own file, `process` the name under which it is known;
    `digest` says all of that.
    """
    with _guard:
        known = _made.get(digest)
        if known is not None:
            _made.move_to_end(digest)
            return known
    diagrams = [body for path, body in sorted(parts.items()) if path.endswith(".bpmn")]
    if len(diagrams) != 1:
        raise NoDiagram(found=len(diagrams))
    made = build(drawings.read(diagrams[0]), digest, calls, process)
    with _guard:
        _made[digest] = made
        while len(_made) > KEPT:
            _made.popitem(last=False)
    return made


def build(drawing: Drawing, digest: str = "", calls: Mapping[str, Diagram] = NO_CALLS, process: str = "") -> Diagram:
    """Compile a drawing and what it calls; refuses the first expression, timer or call that is not right."""
    linking = Linking(drawings.beside(drawing), calls, digest, f"{process}{WITHIN}" if process else "")
    return linking.diagram(drawing, process or drawing.id, ())


def together(bodies: Sequence[bytes], process: str | None = None) -> Diagram:
    """Several files that call one another as one diagram: the named process, else the first that no other calls."""
    read = [drawings.read(body) for body in bodies]
    known = {each.id: each for each in read}
    for each in read:
        known = {**drawings.beside(each), **known}
    called = {conversations.called(node) for each in known.values() for node in each.nodes.values()}
    if process is not None and process not in known:
        raise NoDiagram(process=process, known=sorted(known))
    main = known[process] if process else next((each for each in read if each.id not in called), read[0])
    digest = hashlib.sha256(b"\0".join(bodies)).hexdigest()
    return Linking(known, NO_CALLS, digest, "").diagram(main, main.id, ())


@lru_cache(maxsize=128)
def outside(body: bytes) -> frozenset[str]:
    """The processes that a file calls and does not hold itself, also from a process of its own that it calls."""
    main = drawings.read(body)
    known = {main.id: main, **drawings.beside(main)}
    found: set[str] = set()
    seen, left = {main.id}, [main]
    while left:
        called = {conversations.called(node) for node in left.pop().nodes.values()} - {None}
        found |= {each for each in called if each and each not in known}
        fresh = {each for each in called if each in known} - seen
        seen |= fresh
        left += [known[each] for each in fresh if each]
    return frozenset(found)


class Linking:
    """Processes that call one another, each compiled once."""

    def __init__(self, known: Mapping[str, Drawing], calls: Mapping[str, Diagram], digest: str, prefix: str) -> None:
        self._known = known
        self._calls = calls
        self._digest = digest
        self._prefix = prefix
        self._made: dict[str, Diagram] = {}

    def diagram(self, drawing: Drawing, process: str, above: tuple[str, ...]) -> Diagram:
        """One process, after those that it calls; `above` are those that are calling it."""
        path = (*above, drawing.id)
        calls = {
            called: self._called(node, called, path)
            for node in drawing.nodes.values()
            if (called := conversations.called(node)) is not None
        }
        return compiled(drawing, self._digest, calls, process)

    def _called(self, node: Node, called: str, path: tuple[str, ...]) -> Diagram:
        if called in path:
            raise Recursive(element=node.id, called=called, way_out="loop")
        if called not in self._known:
            if called not in self._calls:
                raise UnknownCall(element=node.id, called=called, way_out="give_called")
            return self._calls[called]
        if called not in self._made:
            self._made[called] = self.diagram(self._known[called], self._prefix + called, path)
        return self._made[called]


def compiled(drawing: Drawing, digest: str, calls: Mapping[str, Diagram], process: str) -> Diagram:
    """One drawing made ready to run, with what it calls."""
    elements = {id_: compiling.element(drawing, node, process) for id_, node in drawing.nodes.items()}
    scopes = {id_: compiling.scope(drawing, id_) for id_ in drawing.scopes}
    return Diagram(
        digest,
        drawing.id,
        drawing.process.get("name", ""),
        MappingProxyType(elements),
        MappingProxyType(scopes),
        _starts(drawing, elements, process),
        specs.plan(drawing.id, elements, scopes, {called: each.plan for called, each in calls.items()}),
        process,
        MappingProxyType(dict(calls)),
    )


def _starts(drawing: Drawing, elements: Mapping[str, Element], process: str) -> tuple[Element, ...]:
    """Where the process may begin: its start events, those without an event first; or the process itself."""
    starts = [
        elements[node.id] for node in drawing.nodes.values() if node.kind == "start" and node.within == drawing.id
    ]
    starts.sort(key=lambda start: start.event is not None)
    return tuple(starts) or (Element(id=drawing.id, kind="start", process=process, within=drawing.id),)
