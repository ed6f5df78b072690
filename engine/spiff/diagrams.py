"""A diagram made ready to run: our own elements with their expressions compiled, and the library's specs hidden inside.

Compiled once for each digest and shared by every thread; nothing changes it afterwards.
"""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from engine.spiff import conversations, drawings, specs, timers
from engine.spiff.drawings import JIDI, Drawing, Line, Node
from engine.spiff.elements import Element, Flow, Repeat, Scope
from engine.spiff.expressions import Expression, ExpressionRefused, compile_expression, unwrap
from ground.errors import Refused

__all__ = ["Diagram", "Element", "Flow", "Repeat", "Scope", "build", "load", "together"]

KEPT = 256
# Stands in no id of a process or element, so a place is never taken for another.
AT = ":"
# Between a folder's process and another one of the same file.
WITHIN = "/"
ADDRESS = re.compile(r"(organ|person)\((.+)\)")
# Whatever catches these is over, even where the drawing says otherwise (BPMN 2.0.2 §10.5.4).
ENDING = frozenset({"error", "cancel"})


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


def outside(body: bytes) -> set[str]:
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
    return found


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
    elements = {id_: element(drawing, node, process) for id_, node in drawing.nodes.items()}
    scopes = {id_: _scope(drawing, id_) for id_ in drawing.scopes}
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


def element(drawing: Drawing, node: Node, process: str = "") -> Element:
    """One node with its texts compiled."""
    several = len(node.events) > 1
    scope, argument = address(node.ours("scope"))
    return Element(
        id=node.id,
        kind=node.kind,
        name=node.name,
        line=node.line,
        process=process or drawing.id,
        within=node.within,
        lane=drawing.lanes.get(node.id, ""),
        event=node.event,
        role=node.ours("role"),
        scope=scope,
        argument=argument,
        form=node.ours("form"),
        deadline=node.ours("deadline"),
        due=timers.read("timeDate", text) if (text := node.ours("due")) else None,
        clause=node.ours("clause"),
        step=node.ours("step"),
        parameters=MappingProxyType({name: compile_expression(unwrap(text)) for name, text in parameters(node)}),
        returns=tuple((node.ours("returns") or "").split()),
        table=node.ours("table"),
        separate=tuple((node.ours("separate") or "").split()),
        signed=node.ours("signed") == "true",
        timer=timer(node),
        message=conversations.message(drawing, node),
        keys=conversations.keys(drawing, node),
        correlation=conversations.expression(node, "correlation"),
        to=conversations.expression(node, "to"),
        keep=conversations.keep(drawing, node),
        called=conversations.called(node),
        passed=conversations.passage(node, "in"),
        given_back=conversations.passage(node, "out"),
        code=event_code(drawing, node),
        open=catches_all(drawing, node),
        condition=condition(node),
        alternatives=tuple(element(drawing, each, process) for each in node.alternatives()) if several else (),
        together=several and node.xml.get("parallelMultiple") == "true",
        interrupting=interrupting(node),
        attached=node.xml.get("attachedToRef") or None,
        repeat=repeat(node),
        transaction=drawings.local(node.xml) == "transaction",
        documentation=node.text("documentation") or "",
    )


def address(text: str | None) -> tuple[str | None, Expression | None]:
    """`organ(case.organ)` is the scope organ with an argument; the other scopes have none."""
    found = ADDRESS.fullmatch(text or "")
    return (found.group(1), compile_expression(found.group(2))) if found else (text, None)


def parameters(node: Node) -> Iterator[tuple[str, str]]:
    """What a service task gives to its step, as texts."""
    extensions = node.child("extensionElements")
    for each in [] if extensions is None else extensions.findall(f"{{{JIDI}}}parameter"):
        yield each.get("name", ""), each.get("value", "")


def timer(node: Node) -> timers.Timer | None:
    """The timer of a timer event."""
    for kind in ("timeDate", "timeDuration", "timeCycle"):
        text = node.text("timerEventDefinition", kind)
        if text is not None:
            return timers.read(kind, text)
    return None


def event_code(drawing: Drawing, node: Node) -> str | None:
    """The code of an error or escalation, or the name of a signal or link; what is not declared is its own code."""
    for kind in ("error", "escalation", "signal"):
        definition = node.child(f"{kind}EventDefinition")
        if definition is not None:
            reference = definition.get(f"{kind}Ref")
            if reference is None:
                return node.name or node.id if kind == "signal" else None
            return drawing.codes.get(reference, reference)
    link = node.child("linkEventDefinition")
    return None if link is None else link.get("name") or node.name


def catches_all(drawing: Drawing, node: Node) -> bool:
    """Whether a catching event says no code, so that it catches every error or escalation (BPMN 2.0.2 §10.5.5)."""
    for kind in ("error", "escalation"):
        definition = node.child(f"{kind}EventDefinition")
        if definition is not None:
            reference = definition.get(f"{kind}Ref")
            return reference not in drawing.codes or reference in drawing.codeless
    return False


def condition(node: Node) -> Expression | None:
    """What a conditional event waits for."""
    text = node.text("conditionalEventDefinition", "condition")
    return compile_expression(unwrap(text)) if text else None


def interrupting(node: Node) -> bool:
    """Whether the event ends what it is attached to."""
    attribute = "cancelActivity" if node.kind == "boundary" else "isInterrupting"
    return node.event in ENDING or node.xml.get(attribute, "true").strip() not in {"false", "0"}


def repeat(node: Node) -> Repeat | None:
    """Multi-instance or loop characteristics."""
    loop = node.child("standardLoopCharacteristics")
    if loop is not None:
        condition = node.text("standardLoopCharacteristics", "loopCondition")
        most = loop.get("loopMaximum", "")
        until = compile_expression(unwrap(condition)) if condition else None
        before = loop.get("testBefore") == "true"
        return Repeat("loop", until=until, maximum=int(most) if most.isdigit() else None, test_before=before)
    multi = node.child("multiInstanceLoopCharacteristics")
    return None if multi is None else _multi(node, multi.get("isSequential") == "true")


def _multi(node: Node, sequential: bool) -> Repeat:  # noqa: FBT001  a fact of the XML
    where = "multiInstanceLoopCharacteristics"
    count, until = node.text(where, "loopCardinality"), node.text(where, "completionCondition")
    item, output = node.child(where, "inputDataItem"), node.child(where, "outputDataItem")
    return Repeat(
        "sequential" if sequential else "parallel",
        items=node.text(where, "loopDataInputRef") or None,
        listed=_listed(node.text(where, "loopDataInputRef") or ""),
        item=None if item is None else item.get("name") or item.get("id"),
        count=compile_expression(unwrap(count)) if count else None,
        until=compile_expression(unwrap(until)) if until else None,
        output=node.text(where, "loopDataOutputRef") or None,
        output_item=None if output is None else output.get("name") or output.get("id"),
    )


def _listed(text: str) -> Expression | None:
    """`order.items` is read as an expression; what is none may still be a name with blanks or dashes."""
    try:
        return None if text.isidentifier() else compile_expression(unwrap(text))
    except ExpressionRefused:
        return None


def _scope(drawing: Drawing, id_: str) -> Scope:
    xml = drawing.scopes[id_]
    inside = tuple(node.id for node in drawing.nodes.values() if node.within == id_)
    flows = tuple(_flow(drawing, flow) for flow in drawing.flows if flow.within == id_)
    return Scope(id_, xml.get("name", ""), inside, flows, xml.get("triggeredByEvent") == "true")


def _flow(drawing: Drawing, flow: Line) -> Flow:
    condition = compile_expression(unwrap(flow.condition)) if flow.condition is not None else None
    return Flow(flow.id, flow.source, flow.target, condition, is_default(drawing, flow), flow.xml.get("name", ""))


def is_default(drawing: Drawing, flow: Line) -> bool:
    """The default flow: named by its source, or the only one without a condition where one way is to be taken."""
    source = drawing.nodes[flow.source]
    named = source.xml.get("default")
    if named:
        return named == flow.id
    return source.kind == "exclusive" and flow.condition is None


def _starts(drawing: Drawing, elements: Mapping[str, Element], process: str) -> tuple[Element, ...]:
    """Where the process may begin: its start events, those without an event first; or the process itself."""
    starts = [
        elements[node.id] for node in drawing.nodes.values() if node.kind == "start" and node.within == drawing.id
    ]
    starts.sort(key=lambda start: start.event is not None)
    return tuple(starts) or (Element(id=drawing.id, kind="start", process=process, within=drawing.id),)
