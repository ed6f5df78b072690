"""What other engines' own suites require of each element, as diagrams without anything of ours and scripts to try them.

Each is one behaviour: its name, the element it is about, a diagram, the steps of `jidi try`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.engine.diagrams import (
    boundary,
    catch,
    element,
    end,
    error,
    escalation,
    event,
    exclusive,
    flow,
    inclusive,
    link,
    loop,
    message,
    parallel,
    path,
    process,
    signal,
    start,
    subprocess,
    throw,
    timer,
)


@dataclass(frozen=True)
class Behaviour:
    """One behaviour; `more` are further files, as for a called process."""

    name: str
    element: str
    body: bytes
    steps: list[dict[str, Any]]
    more: Mapping[str, bytes] = field(default_factory=dict)


def task(id: str, inner: str = "") -> str:  # noqa: A002  the attribute's name
    """A user task as any modeller draws it."""
    return element("userTask", id, inner)


def each(items: str, item: str = "item", *, sequential: bool = False, until: str = "") -> str:
    """Multi-instance over a list."""
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f'<loopDataInputRef>{items}</loopDataInputRef><inputDataItem id="{item}" name="{item}"/>{condition}'
        "</multiInstanceLoopCharacteristics>"
    )


def collection(items: str, item: str) -> str:
    """Multi-instance over a list, as Camunda writes it."""
    return (
        f'<multiInstanceLoopCharacteristics camunda:collection="{items}" camunda:elementVariable="{item}"'
        ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"/>'
    )


def times(count: str, *, sequential: bool = False, until: str = "") -> str:
    """Multi-instance by a number."""
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<loopCardinality>{count}</loopCardinality>{condition}</multiInstanceLoopCharacteristics>"
    )


def event_subprocess(
    definition: str,
    *parts: str,
    interrupting: bool = True,
    id: str = "es",  # noqa: A002
    begin: str = "told",
) -> str:
    """An event subprocess that begins with this event and runs through `parts`."""
    ids = [begin, *(part.split('id="', 1)[1].split('"', 1)[0] for part in parts)]
    inner = [start(begin, definition, isInterrupting=str(interrupting).lower()), *parts, path(*ids)]
    return subprocess(id, *inner, by_event=True)


def inside(id: str, *parts: str, more: str = "") -> str:  # noqa: A002
    """A subprocess whose parts follow one another."""
    ids = [part.split('id="', 1)[1].split('"', 1)[0] for part in parts]
    return subprocess(id, *parts, path(*ids), more)


def condition(text: str) -> str:
    """A conditional event definition."""
    return (
        f'<conditionalEventDefinition><condition xsi:type="tFormalExpression">{text}</condition>'
        "</conditionalEventDefinition>"
    )


def begun(**data: Any) -> dict[str, Any]:
    """The first step."""
    return {"start": True, "data": data}


# fmt: off
GATEWAYS = [
    Behaviour(
        "the first flow whose condition holds is taken", "exclusiveGateway",
        process(start("s"), exclusive("g", default="d"), task("a"), task("b"), task("c"), path("s", "g"),
                flow("g", "a", "${x > 10}"), flow("g", "b", "${x > 5}"), flow("g", "c", id="d")),
        [begun(x=11), {"tasks": ["a"]}],
    ),
    Behaviour(
        "the default flow is taken when no condition holds", "exclusiveGateway",
        process(start("s"), exclusive("g", default="d"), task("a"), task("b"), path("s", "g"), flow("g", "a",
                "${x > 10}"),
                flow("g", "b", id="d")),
        [begun(x=1), {"tasks": ["b"]}],
    ),
    Behaviour(
        "a condition that is the one return of a Java method", "exclusiveGateway",
        process(start("s"), exclusive("g", default="d"), task("a"), task("b"), path("s", "g"), flow("g", "a",
                'return n > 3 && "yes".equals(answer);').replace("<conditionExpression",
                '<conditionExpression language="http://www.java.com/java"'), flow("g", "b", id="d")),
        [begun(n=4, answer="yes"), {"tasks": ["a"]}],
    ),
    Behaviour(
        "no condition and no default is an incident", "exclusiveGateway",
        process(start("s"), task("t"), exclusive("g"), task("a"), task("b"), path("s", "t", "g"), flow("g", "a",
                "x > 10"),
                flow("g", "b", "x < 5")),
        [begun(x=7), {"complete": "t", "expect_error": True}, {"tasks": ["t"]}, {"set": {"x": 11}},
         {"complete": "t", "tasks": ["a"]}],
    ),
    Behaviour(
        "each token passes an exclusive merge by itself", "exclusiveGateway",
        process(start("s"), parallel("f"), task("a"), task("b"), exclusive("m"), task("c"), end("e"), path("s", "f",
                "a", "m"),
                path("f", "b", "m", "c", "e")),
        [begun(), {"complete": "a", "tasks": ["b", "c"]}, {"complete": "b", "tasks": ["c", "c"]}],
    ),
    Behaviour(
        "a parallel join waits for each flow, in a loop as in the first round", "parallelGateway",
        process(start("s"), exclusive("back"), parallel("f"), task("a"), task("b"), task("c"), parallel("j"),
                task("ask"),
                exclusive("g", default="out"), end("e"), path("s", "back", "f", "a", "j", "ask", "g"), path("f", "b",
                "j"),
                path("f", "c", "j"), flow("g", "back", "again"), flow("g", "e", id="out")),
        [begun(), *[step for order in ("abc", "cba", "bca", "acb", "bac", "cab") for step in (
            *[{"complete": one} for one in order], {"tasks": ["ask"]}, {"complete": "ask", "data": {"again": True}},
            {"tasks": ["a", "b", "c"]})],
         {"complete": "b"}, {"complete": "a"}, {"tasks": ["c"]}, {"complete": "c"},
         {"complete": "ask", "data": {"again": False}, "ended": True}],
    ),
    Behaviour(
        "a parallel gateway joins and splits at once", "parallelGateway",
        process(start("s"), parallel("f"), task("a"), task("b"), parallel("j"), task("c"), task("d"), path("s", "f",
                "a", "j"),
                path("f", "b", "j", "c"), path("j", "d")),
        [begun(), {"complete": "a", "tasks": ["b"]}, {"complete": "b", "tasks": ["c", "d"]}],
    ),
    Behaviour(
        "an inclusive join waits only for what was taken", "inclusiveGateway",
        process(start("s"), inclusive("f", default="d"), task("a"), task("b"), task("c"), inclusive("j"), task("z"),
                path("s", "f"),
                flow("f", "a", "x > 1"), flow("f", "b", "x > 2"), flow("f", "c", id="d"), path("a", "j"), path("b",
                "j"),
                path("c", "j", "z")),
        [begun(x=3), {"tasks": ["a", "b"]}, {"complete": "a", "tasks": ["b"]}, {"complete": "b", "tasks": ["z"]}],
    ),
    Behaviour(
        "a flow without a condition behind an inclusive gateway is always taken", "inclusiveGateway",
        process(start("s"), inclusive("f"), task("a"), task("b"), task("c"), path("s", "f", "b"),
                flow("f", "a", "${x == 1}"), flow("f", "c", "${x == 2}")),
        [begun(x=1), {"tasks": ["a", "b"]}],
    ),
    Behaviour(
        "inclusive gateways in a circle whose joins wait for the tasks beside it", "inclusiveGateway",
        process(start("s"), inclusive("g1"), inclusive("g2"), inclusive("g3"), inclusive("g4"), inclusive("g5"),
                task("a"), task("b"), end("e"), path("s", "g1", "g2", "g3", "g4", "g5", "e"), path("g5", "g1"),
                path("g1", "a", "g4"), path("g2", "b", "g3")),
        [begun(), {"complete": "a", "tasks": ["b"]}, {"complete": "b", "tasks": ["a", "b"]}],
    ),
    Behaviour(
        "an inclusive join in a loop", "inclusiveGateway",
        process(start("s"), exclusive("back"), inclusive("f", default="d"), task("a"), task("b"), inclusive("j"),
                task("ask"),
                exclusive("g", default="out"), end("e"), path("s", "back", "f"), flow("f", "a", "x > 1"), flow("f",
                "b", id="d"),
                path("a", "j"), path("b", "j", "ask", "g"), flow("g", "back", "again"), flow("g", "e", id="out")),
        [begun(x=2), {"tasks": ["a"]}, {"complete": "a", "tasks": ["ask"]},
         {"complete": "ask", "data": {"again": True, "x": 1}, "tasks": ["b"]}, {"complete": "b", "tasks": ["ask"]},
         {"complete": "ask", "data": {"again": False}, "ended": True}],
    ),
    Behaviour(
        "the first event behind an event gateway ends the others", "eventBasedGateway",
        process(start("s"), element("eventBasedGateway", "g"), catch("t1", timer("PT1H")), catch("t2", timer("PT2H")),
                catch("m1", event("message", "m")), catch("s1", event("signal", "sig")), task("a"), task("b"),
                task("c"), task("d"),
                path("s", "g", "t1", "a"), path("g", "t2", "b"), path("g", "m1", "c"), path("g", "s1", "d"),
                before=message("m") + signal("sig")),
        [begun(), {"waiting": ["m1", "s1", "t1", "t2"]}, {"advance_seconds": 3600, "tasks": ["a"]},
         {"advance_seconds": 7200, "tasks": ["a"], "waiting": []}],
    ),
    Behaviour(
        "a message behind an event gateway ends its timers", "eventBasedGateway",
        process(start("s"), element("eventBasedGateway", "g"), catch("t1", timer("PT1H")), catch("m1",
                event("message", "m")),
                task("a"), task("c"), path("s", "g", "t1", "a"), path("g", "m1", "c"), before=message("m")),
        [begun(), {"message": "m", "tasks": ["c"]}, {"advance_seconds": 7200, "tasks": ["c"]}],
    ),
]
FLOWS = [
    Behaviour(
        "several flows out of a task are a split", "sequenceFlow",
        process(start("s"), task("a"), task("b"), task("c"), path("s", "a", "b"), path("a", "c")),
        [begun(), {"complete": "a", "tasks": ["b", "c"]}],
    ),
    Behaviour(
        "conditions on the flows of a task are asked", "sequenceFlow",
        process(start("s"), task("a").replace('id="a"', 'id="a" default="d"'), task("b"), task("c"), task("d1"),
                path("s", "a"),
                flow("a", "b", "x > 1"), flow("a", "c", "x > 2"), flow("a", "d1", id="d")),
        [begun(x=2), {"complete": "a", "tasks": ["b"]}],
    ),
    Behaviour(
        "several flows into a task each open it", "sequenceFlow",
        process(start("s"), parallel("f"), task("a"), task("b"), task("c"), path("s", "f", "a", "c"), path("f", "b",
                "c")),
        [begun(), {"complete": "a"}, {"complete": "b", "tasks": ["c", "c"]}, {"complete": "c"}, {"complete": "c",
         "ended": True}],
    ),
    Behaviour(
        "a process without start and end events", "process",
        process(task("a"), task("b"), path("a", "b")),
        [begun(), {"tasks": ["a"]}, {"complete": "a", "tasks": ["b"]}, {"complete": "b", "ended": True}],
    ),
    Behaviour(
        "ids that a library might think its own", "process",
        process(start("Start"), task("Root"), end("End"), path("Start", "Root", "End")).replace(b'id="p"',
                b'id="End.EndJoin"'),
        [begun(), {"complete": "Root", "ended": True}],
    ),
    Behaviour(
        "a link goes on at its catch", "linkEvent",
        process(start("s"), exclusive("g", default="d"), throw("l1", link("L")), throw("l2", link("L")), catch("l",
                link("L")),
                task("a"), end("e"), path("s", "g"), flow("g", "l1", "x > 1"), flow("g", "l2", id="d"), path("l", "a",
                "e")),
        [begun(x=2), {"tasks": ["a"]}, {"complete": "a", "ended": True}],
    ),
    Behaviour(
        "a terminate end ends everything", "terminateEndEvent",
        process(start("s"), parallel("f"), task("a"), task("b"), end("e", event("terminate")), path("s", "f", "a", "e"),
                path("f", "b")),
        [begun(), {"complete": "a", "ended": True, "tasks": []}],
    ),
    Behaviour(
        "a terminate end in a subprocess ends only that", "terminateEndEvent",
        process(start("s"), inside("sub", start("s1"), parallel("f"), task("a"), end("e1", event("terminate")),
                more=task("b")
                + path("f", "b")), task("after"), path("s", "sub", "after")),
        [begun(), {"tasks": ["a", "b"]}, {"complete": "a", "tasks": ["after"]}],
    ),
]
SUBPROCESSES = [
    Behaviour(
        "a subprocess is over when all in it is", "subProcess",
        process(start("s"), subprocess("sub", start("s1"), parallel("f"), task("a"), task("b"), path("s1", "f", "a"),
                path("f", "b")),
                task("after"), path("s", "sub", "after")),
        [begun(), {"complete": "a", "tasks": ["b"]}, {"complete": "b", "tasks": ["after"]}],
    ),
    Behaviour(
        "a subprocess without start event", "subProcess",
        process(start("s"), subprocess("sub", task("a")), task("after"), path("s", "sub", "after")),
        [begun(), {"tasks": ["a"]}, {"complete": "a", "tasks": ["after"]}],
    ),
    Behaviour(
        "an interrupting message event subprocess ends its scope", "eventSubProcess",
        process(start("s"), parallel("f"), task("a"), task("b"), event_subprocess(event("message", "m"),
                task("handle")),
                path("s", "f", "a"), path("f", "b"), before=message("m")),
        [begun(), {"message": "m", "tasks": ["handle"]}, {"complete": "handle", "ended": True}],
    ),
    Behaviour(
        "a non-interrupting message event subprocess may begin again and again", "eventSubProcess",
        process(start("s"), task("a"), event_subprocess(event("message", "m"), task("handle"), interrupting=False),
                path("s", "a"), before=message("m")),
        [begun(), {"message": "m"}, {"message": "m", "tasks": ["a", "handle", "handle"]}, {"complete": "handle"},
         {"complete": "a", "tasks": ["handle"]}, {"complete": "handle", "ended": True}],
    ),
    Behaviour(
        "a timer event subprocess does not keep its process open", "eventSubProcess",
        process(start("s"), task("a"), end("e"), event_subprocess(timer("P1D"), task("handle")), path("s", "a", "e")),
        [begun(), {"complete": "a", "ended": True}],
    ),
    Behaviour(
        "an interrupting timer event subprocess", "eventSubProcess",
        process(start("s"), task("a"), end("e"), event_subprocess(timer("P1D"), task("handle")), path("s", "a", "e")),
        [begun(), {"advance_seconds": 86400, "tasks": ["handle"]}, {"complete": "handle", "ended": True}],
    ),
    Behaviour(
        "an error event subprocess of a subprocess", "eventSubProcess",
        process(start("s"), subprocess("sub", start("s1"), task("a"), end("bad", event("error", "er")), path("s1",
                "a", "bad"),
                event_subprocess(event("error", "er"), task("mend"))), task("after"), path("s", "sub", "after"),
                before=error("er")),
        [begun(), {"complete": "a", "tasks": ["mend"]}, {"complete": "mend", "tasks": ["after"]}],
    ),
    Behaviour(
        "a signal event subprocess that interrupts not", "eventSubProcess",
        process(start("s"), task("a"), event_subprocess(event("signal", "sig"), task("handle"), interrupting=False),
                path("s", "a"), before=signal("sig")),
        [begun(), {"signal": "sig", "tasks": ["a", "handle"]}, {"signal": "sig", "tasks": ["a", "handle", "handle"]}],
    ),
    Behaviour(
        "an escalation event subprocess that interrupts not", "eventSubProcess",
        process(start("s"), throw("up", event("escalation", "es1")), task("a"), event_subprocess(event("escalation",
                "es1"),
                task("handle"), interrupting=False), path("s", "up", "a"), before=escalation("es1")),
        [begun(), {"tasks": ["a", "handle"]}],
    ),
    Behaviour(
        "an escalation that an event subprocess throws again is heard around its scope, not by itself",
        "eventSubProcess",
        process(start("s"), subprocess("sub", start("s1"), throw("up", event("escalation", "es1")), task("a"),
                path("s1", "up", "a"), event_subprocess(event("escalation", "es1"),
                throw("again", event("escalation", "es1")), task("handle"), interrupting=False)),
                boundary("heard", "sub", event("escalation", "es1"), interrupting=False), task("after"), task("boss"),
                path("s", "sub", "after"), path("heard", "boss"), before=escalation("es1")),
        [begun(), {"tasks": ["a", "boss", "handle"]}],
    ),
    Behaviour(
        "an event subprocess listens only while its scope is open", "eventSubProcess",
        process(start("s"), subprocess("sub", task("a"), event_subprocess(event("message", "m"), task("handle"))),
                task("after"),
                path("s", "sub", "after"), before=message("m")),
        [begun(), {"waiting": ["told"]}, {"complete": "a", "waiting": []}, {"message": "m", "tasks": ["after"]}],
    ),
    Behaviour(
        "a transaction that is cancelled", "transaction",
        process(start("s"), element("transaction", "tx", start("s1") + parallel("f") + task("a") + task("b")
                + end("stop", event("cancel")) + path("s1", "f", "a", "stop") + path("f", "b")),
                boundary("cut", "tx", event("cancel")), task("after"), task("undone"), path("s", "tx", "after"),
                path("cut", "undone")),
        [begun(), {"tasks": ["a", "b"]}, {"complete": "a", "tasks": ["undone"]}],
    ),
    Behaviour(
        "a transaction that succeeds", "transaction",
        process(start("s"), element("transaction", "tx", start("s1") + task("a") + end("e1") + path("s1", "a", "e1")),
                boundary("cut", "tx", event("cancel")), task("after"), task("undone"), path("s", "tx", "after"),
                path("cut", "undone")),
        [begun(), {"complete": "a", "tasks": ["after"]}],
    ),
    Behaviour(
        "a called process gets the caller's values and gives its own back", "callActivity",
        process(start("s"), element("callActivity", "call", calledElement="q"), exclusive("g", default="d"),
                task("good"),
                task("bad"), path("s", "call", "g"), flow("g", "good", "y > x"), flow("g", "bad", id="d")),
        [begun(x=1), {"tasks": ["inner"]}, {"complete": "inner", "data": {"y": 2}, "tasks": ["good"]}],
        {"q.bpmn": process(start("s"), task("inner"), end("e"), path("s", "inner", "e"), id="q")},
    ),
    Behaviour(
        "an error that a called process ends with is caught at the call", "callActivity",
        process(start("s"), element("callActivity", "call", calledElement="q"), boundary("failed", "call",
                event("error", "er")),
                task("good"), task("mend"), path("s", "call", "good"), path("failed", "mend"), before=error("er")),
        [begun(), {"complete": "inner", "tasks": ["mend"]}],
        {"q.bpmn": process(start("s"), task("inner"), end("e", event("error", "er")), path("s", "inner", "e"), id="q",
                           before=error("er"))},
    ),
    Behaviour(
        "a timer at a call ends what was called", "callActivity",
        process(start("s"), element("callActivity", "call", calledElement="q"), boundary("late", "call", timer("PT1H")),
                task("good"), task("mend"), path("s", "call", "good"), path("late", "mend")),
        [begun(), {"advance_seconds": 3600, "tasks": ["mend"]}],
        {"q.bpmn": process(start("s"), task("inner"), end("e"), path("s", "inner", "e"), id="q")},
    ),
    Behaviour(
        "a process that calls itself is refused", "callActivity",
        process(start("s"), task("a"), element("callActivity", "call", calledElement="p"), path("s", "a", "call")),
        [{"expect_error": True}],
    ),
]
EVENTS = [
    Behaviour(
        "an interrupting boundary timer", "boundaryEvent",
        process(start("s"), task("a"), boundary("late", "a", timer("PT1H")), task("b"), task("c"), path("s", "a", "b"),
                path("late", "c")),
        [begun(), {"advance_seconds": 3599, "tasks": ["a"]}, {"advance_seconds": 1, "tasks": ["c"]}],
    ),
    Behaviour(
        "a boundary timer is over when its task is done in time", "boundaryEvent",
        process(start("s"), task("a"), boundary("late", "a", timer("PT1H")), task("b"), task("c"), path("s", "a", "b"),
                path("late", "c")),
        [begun(), {"complete": "a", "tasks": ["b"], "waiting": []}, {"advance_seconds": 7200, "tasks": ["b"]}],
    ),
    Behaviour(
        "a non-interrupting boundary timer with a cycle, and its tasks outlive the main one", "boundaryEvent",
        process(start("s"), task("a"), boundary("again", "a", timer("R3/PT10M", "timeCycle"), interrupting=False),
                task("look"),
                end("e"), end("e2"), path("s", "a", "e"), path("again", "look", "e2")),
        [begun(), {"advance_seconds": 1200, "tasks": ["a", "look", "look"]}, {"complete": "a", "tasks": ["look",
         "look"],
         "ended": False}, {"complete": "look"}, {"complete": "look", "ended": True}],
    ),
    Behaviour(
        "a non-interrupting message at the edge comes again", "boundaryEvent",
        process(start("s"), task("a"), boundary("asked", "a", event("message", "m"), interrupting=False),
                task("answer"),
                path("s", "a"), path("asked", "answer"), before=message("m")),
        [begun(), {"message": "m"}, {"message": "m"}, {"message": "m", "tasks": ["a", "answer", "answer", "answer"]}],
    ),
    Behaviour(
        "an interrupting message on a subprocess ends what is in it", "boundaryEvent",
        process(start("s"), subprocess("sub", parallel("f"), task("a"), task("b"), path("f", "a"), path("f", "b")),
                boundary("stop", "sub", event("message", "m")), task("after"), task("c"), path("s", "sub", "after"),
                path("stop", "c"), before=message("m")),
        [begun(), {"message": "m", "tasks": ["c"], "waiting": []}],
    ),
    Behaviour(
        "an error end of a subprocess is caught at its edge", "errorEvent",
        process(start("s"), inside("sub", start("s1"), task("a"), end("bad", event("error", "er"))),
                boundary("failed", "sub", event("error", "er")), task("after"), task("mend"), path("s", "sub", "after"),
                path("failed", "mend"), before=error("er", "E1")),
        [begun(), {"complete": "a", "tasks": ["mend"]}],
    ),
    Behaviour(
        "an error of another code passes on outwards", "errorEvent",
        process(start("s"), subprocess("outer", inside("sub", start("s1"), task("a"), end("bad", event("error", "er"))),
                boundary("wrong", "sub", event("error", "other")), task("x"), path("wrong", "x")),
                boundary("right", "outer", event("error", "er")), task("after"), task("mend"), path("s", "outer",
                "after"),
                path("right", "mend"), before=error("er", "E1") + error("other", "E2")),
        [begun(), {"complete": "a", "tasks": ["mend"]}],
    ),
    Behaviour(
        "a catch without a code takes every error, declared or not", "errorEvent",
        process(start("s"), inside("sub", start("s1"), task("a"), end("bad", event("error", "nowhere"))),
                boundary("failed", "sub", event("error")), task("after"), task("mend"), path("s", "sub", "after"),
                path("failed", "mend")),
        [begun(), {"complete": "a", "tasks": ["mend"]}],
    ),
    Behaviour(
        "an escalation at the edge, interrupting", "escalationEvent",
        process(start("s"), inside("sub", start("s1"), task("a"), throw("up", event("escalation", "es1")), task("b")),
                boundary("heard", "sub", event("escalation", "es1")), task("after"), task("boss"), path("s", "sub",
                "after"),
                path("heard", "boss"), before=escalation("es1")),
        [begun(), {"complete": "a", "tasks": ["boss"]}],
    ),
    Behaviour(
        "an escalation at the edge, not interrupting, twice", "escalationEvent",
        process(start("s"), inside("sub", start("s1"), task("a"), throw("up", event("escalation", "es1")), task("b"),
                throw("up2", event("escalation", "es1")), task("c")),
                boundary("heard", "sub", event("escalation", "es1"), interrupting=False), task("after"), task("boss"),
                path("s", "sub", "after"), path("heard", "boss"), before=escalation("es1")),
        [begun(), {"complete": "a", "tasks": ["b", "boss"]}, {"complete": "b", "tasks": ["boss", "boss", "c"]}],
    ),
    Behaviour(
        "an escalation that nobody hears is no error", "escalationEvent",
        process(start("s"), throw("up", event("escalation", "es1")), task("a"), path("s", "up", "a"),
                before=escalation("es1")),
        [begun(), {"tasks": ["a"]}],
    ),
    Behaviour(
        "a signal reaches every catch in the instance", "signalEvent",
        process(start("s"), parallel("f"), catch("c1", event("signal", "sig")), catch("c2", event("signal", "sig")),
                task("t"),
                throw("go", event("signal", "sig")), task("a"), task("b"), task("d"), path("s", "f", "c1", "a"),
                path("f", "c2", "b"),
                path("f", "t", "go", "d"), before=signal("sig")),
        [begun(), {"complete": "t", "tasks": ["a", "b", "d"]}],
    ),
    Behaviour(
        "a signal that one instance throws reaches the others, and begins new ones", "signalEvent",
        process(start("s"), task("t"), throw("go", event("signal", "sig")), task("z"), path("s", "t", "go", "z"),
                before=signal("sig")),
        [{"start": "q"}, {"start": "q"}, {"start": "p"}, {"complete": "t", "tasks": ["a", "a", "b", "z"]}],
        {"q.bpmn": process(start("s"), catch("c", event("signal", "sig")), task("a"), path("s", "c", "a"), id="q",
                           before=signal("sig")),
         "r.bpmn": process(start("s", event("signal", "sig")), task("b"), path("s", "b"), id="r",
                           before=signal("sig"))},
    ),
    Behaviour(
        "one message frees one of several catches", "messageEvent",
        process(start("s"), parallel("f"), catch("c1", event("message", "m")), catch("c2", event("message", "m")),
                task("a"),
                task("b"), path("s", "f", "c1", "a"), path("f", "c2", "b"), before=message("m")),
        [begun(), {"message": "m", "tasks": ["a"]}, {"message": "m", "tasks": ["a", "b"]}],
    ),
    Behaviour(
        "a message that nobody waits for is kept", "messageEvent",
        process(start("s"), task("t"), catch("c1", event("message", "m")), task("a"), path("s", "t", "c1", "a"),
                before=message("m")),
        [begun(), {"message": "m", "tasks": ["t"]}, {"complete": "t", "tasks": ["a"]}],
    ),
    Behaviour(
        "a thrown message reaches another instance", "messageEvent",
        process(start("s"), task("t"), throw("say", event("message", "m")), task("x"), path("s", "t", "say", "x"),
                before=message("m")),
        [{"start": "q"}, {"start": "p"}, {"complete": "t", "tasks": ["a", "x"]}],
        {"q.bpmn": process(start("s"), element("receiveTask", "c1", messageRef="m"), task("a"), path("s", "c1", "a"),
                           id="q",
                           before=message("m"))},
    ),
    Behaviour(
        "a conditional event waits until its condition holds", "conditionalEvent",
        process(start("s"), catch("c1", condition("x == 3")), task("a"), path("s", "c1", "a")),
        [begun(), {"tasks": [], "ended": False}, {"set": {"x": 2}, "tasks": []}, {"set": {"x": 3}, "tasks": ["a"]}],
    ),
    Behaviour(
        "a conditional event at the edge interrupts when a step makes it true", "conditionalEvent",
        process(start("s"), parallel("f"), task("a"), boundary("now", "a", condition("x > 3")), task("b"), task("c"),
                path("s", "f", "a"), path("f", "b"), path("now", "c")),
        [begun(x=1), {"complete": "b", "data": {"x": 4}, "tasks": ["c"]}],
    ),
    Behaviour(
        "an intermediate timer by date", "timerEvent",
        process(start("s"), catch("t", timer("2026-03-03T09:00:00+08:00", "timeDate")), task("a"), path("s", "t", "a")),
        [begun(), {"advance_seconds": 86399, "tasks": []}, {"advance_seconds": 1, "tasks": ["a"]}],
    ),
    Behaviour(
        "a duration that stands in the data", "timerEvent",
        process(start("s"), catch("t", timer("${wait}")), task("a"), path("s", "t", "a")),
        [begun(wait="PT5M"), {"advance_seconds": 299, "tasks": []}, {"advance_seconds": 1, "tasks": ["a"]}],
    ),
    Behaviour(
        "six months from the last of August end on the last of February", "timerEvent",
        process(start("s"), catch("t", timer("2026-08-31T12:00:00+08:00", "timeDate")), catch("t2", timer("P6M")),
                task("a"),
                path("s", "t", "t2", "a")),
        [begun(), {"advance_seconds": 363 * 86400 + 3 * 3600 - 1, "tasks": []}, {"advance_seconds": 1, "tasks": ["a"]}],
    ),
    Behaviour(
        "a timer start event", "startEvent",
        process(start("s", timer("PT1H")), task("a"), path("s", "a")),
        [begun(), {"tasks": [], "ended": False}, {"advance_seconds": 3600, "tasks": ["a"]}],
    ),
    Behaviour(
        "a message start event", "startEvent",
        process(start("s", event("message", "m")), task("a"), path("s", "a"), before=message("m")),
        [{"message": "m", "data": {"x": 1}, "tasks": ["a"]}, {"data": {"x": 1}}, {"message": "m", "tasks": ["a", "a"]}],
    ),
    Behaviour(
        "a start event with several messages begins by any of them", "startEvent",
        process(start("s", event("message", "m1") + event("message", "m2")), task("a"), path("s", "a"),
                before=message("m1") + message("m2")),
        [{"message": "m2", "tasks": ["a"]}, {"message": "m1", "tasks": ["a", "a"]}],
    ),
    Behaviour(
        "a conditional start event is asked with the values that one begins with", "startEvent",
        process(start("s", condition("${x == 1}")), task("a"), path("s", "a")),
        [begun(x=0), {"tasks": []}, begun(x=1), {"tasks": ["a"]}],
    ),
    Behaviour(
        "a signal start event", "startEvent",
        process(start("s", event("signal", "sig")), task("a"), path("s", "a"), before=signal("sig")),
        [{"signal": "sig", "tasks": ["a"]}],
    ),
]
REPEATS = [
    Behaviour(
        "a parallel multi-instance opens one for each item", "multiInstance",
        process(start("s"), task("a", each("who")), task("b"), path("s", "a", "b")),
        [begun(who=["x", "y", "z"]), {"tasks": ["a", "a", "a"]}, {"complete": "a", "nth": 1, "tasks": ["a", "a"]},
         {"complete": "a"},
         {"complete": "a", "tasks": ["b"]}],
    ),
    Behaviour(
        "a collection that is a field of the data, or of the item around it", "multiInstance",
        process(start("s"), inside("sub", task("a", collection("${line.parts}", "part")),
                more=collection("${order.lines}", "line")), task("b"), path("s", "sub", "b")),
        [begun(order={"lines": [{"parts": [1, 2]}, {"parts": [3]}]}), {"tasks": ["a"] * 3}, {"complete": "a"},
         {"complete": "a"}, {"complete": "a", "tasks": ["b"]}],
    ),
    Behaviour(
        "a sequential multi-instance opens one after the other", "multiInstance",
        process(start("s"), task("a", times("3", sequential=True)), task("b"), path("s", "a", "b")),
        [begun(), {"tasks": ["a"]}, {"complete": "a", "tasks": ["a"]}, {"complete": "a"}, {"complete": "a",
         "tasks": ["b"]}],
    ),
    Behaviour(
        "a completion condition over nrOfCompletedInstances ends the rest", "multiInstance",
        process(start("s"), task("a", times("4", until="${nrOfCompletedInstances/nrOfInstances >= 0.5}".replace(">",
                "&gt;"))),
                task("b"), path("s", "a", "b")),
        [begun(), {"complete": "a", "tasks": ["a", "a", "a"]}, {"complete": "a", "tasks": ["b"]}],
    ),
    Behaviour(
        "a multi-instance that is entered again by a loop", "multiInstance",
        process(start("s"), exclusive("back"), task("a", each("who")), task("ask"), exclusive("g", default="out"),
                end("e"),
                path("s", "back", "a", "ask", "g"), flow("g", "back", "again"), flow("g", "e", id="out")),
        [begun(who=[1, 2]), *[{"complete": "a"}, {"complete": "a", "tasks": ["ask"]},
         {"complete": "ask", "data": {"again": True}, "tasks": ["a", "a"]}] * 2, {"complete": "a"}, {"complete": "a"},
         {"complete": "ask", "data": {"again": False}, "ended": True}],
    ),
    Behaviour(
        "a multi-instance that a timer cuts off", "multiInstance",
        process(start("s"), task("a", each("who")), boundary("late", "a", timer("PT1H")), task("b"), task("c"),
                path("s", "a", "b"),
                path("late", "c")),
        [begun(who=[1, 2, 3]), {"complete": "a"}, {"advance_seconds": 3600, "tasks": ["c"]}],
    ),
    Behaviour(
        "a multi-instance over nothing is passed", "multiInstance",
        process(start("s"), task("a", each("who")), task("b"), path("s", "a", "b")),
        [begun(who=[]), {"tasks": ["b"]}],
    ),
    Behaviour(
        "nested multi-instances", "multiInstance",
        process(start("s"), inside("sub", start("s1"), task("a", times("2")), more=times("2")), task("b"), path("s",
                "sub", "b")),
        [begun(), {"tasks": ["a"] * 4}, {"complete": "a"}, {"complete": "a"}, {"complete": "a"}, {"complete": "a",
         "tasks": ["b"]}],
    ),
    Behaviour(
        "a standard loop goes on while its condition holds", "standardLoop",
        process(start("s"), task("a", loop("x < 3")), task("b"), path("s", "a", "b")),
        [begun(x=0), {"complete": "a", "data": {"x": 1}, "tasks": ["a"]}, {"complete": "a", "data": {"x": 2},
         "tasks": ["a"]},
         {"complete": "a", "data": {"x": 3}, "tasks": ["b"]}],
    ),
    Behaviour(
        "a loop of a thousand automatic steps", "standardLoop",
        process(start("s"), subprocess("sub", start("s1"), throw("n"), end("e1"), path("s1", "n", "e1"), loop("true",
                maximum="1000")),
                task("b"), path("s", "sub", "b")),
        [begun(), {"tasks": ["b"]}],
    ),
    Behaviour(
        "a loop of user tasks of seven hundred rounds", "sequenceFlow",
        process(start("s"), exclusive("back"), task("a"), boundary("late", "a", timer("P1D")), task("x"),
                exclusive("g", default="out"), end("e"), path("s", "back", "a", "g"), path("late", "x"), flow("g",
                "back", "again"),
                flow("g", "e", id="out")),
        [begun(), *[{"complete": "a", "data": {"again": True}}] * 700, {"tasks": ["a"], "waiting": ["late"]},
         {"complete": "a", "data": {"again": False}, "ended": True}],
    ),
]
OTHERS = [
    Behaviour(
        "a receive task without a message is done like any other", "receiveTask",
        process(start("s"), element("receiveTask", "r"), task("a"), path("s", "r", "a")),
        [begun(), {"waiting": ["r"]}, {"complete": "r", "tasks": ["a"]}],
    ),
    Behaviour(
        "a send task is work that a worker may do", "sendTask",
        process(start("s"), element("sendTask", "tell", messageRef="m"), task("a"), path("s", "tell", "a"),
                before=message("m")),
        [begun(), {"tasks": ["tell"]}, {"complete": "tell", "tasks": ["a"]}],
    ),
    Behaviour(
        "a plain task waits", "task",
        process(start("s"), element("task", "a"), element("manualTask", "b"), path("s", "a", "b")),
        [begun(), {"complete": "a", "tasks": ["b"]}, {"complete": "b", "ended": True}],
    ),
    Behaviour(
        "data objects, stores, annotations and groups are documentation", "dataObject",
        process('<dataObject id="do"/><dataObjectReference id="dr" dataObjectRef="do"/><dataStoreReference id="ds"/>'
                '<textAnnotation id="ta"><text>x</text></textAnnotation>'
                '<association id="as" sourceRef="a" targetRef="ta"/>',
                start("s"), subprocess("sub", subprocess("deep", task("a",
                '<property id="pr"/><dataInputAssociation id="di">'
                "<sourceRef>dr</sourceRef><targetRef>pr</targetRef></dataInputAssociation>"))), path("s", "sub")),
        [begun(), {"tasks": ["a"]}, {"complete": "a", "ended": True}],
    ),
    Behaviour(
        "compensation is refused by name", "compensation",
        process(start("s"), task("a"), throw("back", event("compensate")), path("s", "a", "back")),
        [{"expect_error": "bpmn.compensation"}],
    ),
    Behaviour(
        "a complex gateway is refused by name", "complexGateway",
        process(start("s"), element("complexGateway", "g"), task("a"), path("s", "g", "a")),
        [{"expect_error": "bpmn.complex_gateway"}],
    ),
    Behaviour(
        "an ad-hoc subprocess is refused by name", "adHocSubProcess",
        process(start("s"), element("adHocSubProcess", "ah", task("a")), path("s", "ah")),
        [{"expect_error": "bpmn.ad_hoc"}],
    ),
    Behaviour(
        "a script is refused by name", "scriptTask",
        process(start("s"), element("scriptTask", "sc", "<script>x = 1</script>"), path("s", "sc")),
        [{"expect_error": "bpmn.script_forbidden"}],
    ),
]
# fmt: on
EVERY = (*GATEWAYS, *FLOWS, *SUBPROCESSES, *EVENTS, *REPEATS, *OTHERS)
