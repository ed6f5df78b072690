"""Every element of BPMN with the diagram that shows it: it runs as played here, or is refused by name.

The page docs/bpmn-support.md is made from this table, so nothing can be promised there that is not played here.
"""

from collections.abc import Iterable
from dataclasses import replace

from tests.engine.diagrams import (
    boundary,
    catch,
    condition,
    each,
    element,
    end,
    error,
    escalation,
    event,
    exclusive,
    flow,
    inclusive,
    line,
    link,
    loop,
    message,
    parallel,
    path,
    process,
    rule,
    service,
    signal as declared,
    start,
    subprocess,
    throw,
    timer,
    times,
    transaction,
    user,
)
from tests.engine.spiff.script import Act, Sample, assign, do, ended, fire, send, signal, waits

ANY = timer("P1D") + event("message", "m") + event("signal", "x") + condition("n > 1")
M, X, BAD, UP = message("m"), declared("x"), error("late"), escalation("up")


def edge(definition: str, *, interrupting: bool = True, before: str = "") -> bytes:
    """A task with this event at its edge; `x` is where the event leads."""
    return process(
        start("s"), user("a"), boundary("b", "a", definition, interrupting=interrupting), user("after"), user("x"),
        end("e"), path("s", "a", "after", "e"), path("b", "x"), before=before,
    )  # fmt: skip


def aside(definition: str, *, interrupting: bool = True, before: str = "") -> bytes:
    """A task and an event subprocess that this event starts; `x` is the task in it."""
    begin = start("es", definition, isInterrupting=str(interrupting).lower())
    inside = subprocess("sub", begin, user("x"), end("xe"), path("es", "x", "xe"), by_event=True)
    return process(start("s"), user("a"), end("e"), inside, path("s", "a", "e"), before=before)


def within(inner: str, *rest: str, before: str = "") -> bytes:
    """A subprocess that throws from its end, and what stands around it."""
    scope = subprocess("sub", start("is"), parallel("f"), user("a"), user("other"), inner, path("is", "f", "a", "t"),
                       path("f", "other"))  # fmt: skip
    return process(
        start("s"), scope, user("after"), user("x"), end("e"), path("s", "sub", "after", "e"), *rest, before=before
    )


MAPPED = '<extensionElements><jidi:in name="x" value="n + 1"/><jidi:out name="n" value="y"/></extensionElements>'


def calling(body: bytes, *called: str) -> bytes:
    """A file with a second process in it, `called`: these elements one after the other."""
    second = line(*called).split(b"\n", 3)[3].replace(b'id="p" isExecutable="true"', b'id="called"')
    return body.replace(b"</definitions>", second)


def telling(sender: str) -> bytes:
    """One branch tells something behind a task, another waits for it."""
    return process(start("s"), parallel("f"), user("a"), sender, catch("c", event("message", "m")), user("b"),
                   path("s", "f", "a", "t"), path("f", "c", "b"), before=M)  # fmt: skip


def begins(definition: str, before: str = "") -> bytes:
    """A process with two starts."""
    return process(
        start("s"), start("by", definition), user("a"), user("b"), path("s", "a"), path("by", "b"), before=before
    )


CHOICE = (user("a"), user("b"))
AGAIN = (do("a"), waits("after"))
OUT = (waits("x"), do("x"))


def _group(name: str, samples: Iterable[Sample]) -> tuple[Sample, ...]:
    return tuple(replace(sample, group=name) for sample in samples)


def _runs(name: str, body: bytes, *script: Act, at: str | None = None, **data: object) -> Sample:
    return Sample(name, body, script, data=data, at=at)


def _refused(name: str, body: bytes, code: str) -> Sample:
    return Sample(name, body, refused=code)


TASKS = _group("Tasks", [
    _runs("task", line(element("task", "a")), waits("a"), do("a"), ended("end")),
    _runs("userTask", line(user("a")), waits("a"), do("a"), ended("end")),
    _runs("manualTask", line(element("manualTask", "a")), waits("a"), do("a"), ended("end")),
    _runs("serviceTask with a step of ours", line(service("a"), user("b")), waits("b")),
    _runs("serviceTask of another engine", line(service("a", None)), waits("a", "work"), do("a"), ended("end")),
    _runs("businessRuleTask with a table of ours", line(rule("a"), user("b")), waits("b")),
    _runs("businessRuleTask of another engine", line(rule("a", None)), waits("a", "work"), do("a"), ended("end")),
    _runs("receiveTask", line(element("receiveTask", "a", messageRef="m"), before=M), waits("a", "message"), send("a"),
          ended("end")),
    _runs("sendTask", telling(element("sendTask", "t", messageRef="m")), do("a"), waits("b")),
    _refused("scriptTask", line(element("scriptTask", "a")), "bpmn.script_forbidden"),
])  # fmt: skip

FLOWS = _group("Sequence flows", [
    _runs("several flows that leave a task",
          process(start("s"), user("a"), user("b"), user("c"), path("s", "a", "b"), path("a", "c")),
          do("a"), waits("b c")),
    _runs("several flows that lead to a task",
          process(start("s"), parallel("f"), user("a"), user("b"), user("c"), path("s", "f", "a", "c"),
                  path("f", "b", "c")),
          do("a"), do("b"), waits("c c")),
    _runs("conditional flow and default flow of a task",
          process(start("s"), element("userTask", "a", default="a-c"), user("b"), user("c"), path("s", "a"),
                  flow("a", "b", "n > 1"), flow("a", "c")),
          do("a", n=0), waits("c")),
    _runs("conditional flow and default flow of a subprocess",
          process(start("s"), subprocess("a", user("i")).replace("<subProcess", '<subProcess default="a-c"'),
                  user("b"), user("c"), path("s", "a"), flow("a", "b", "n > 1"), flow("a", "c")),
          do("i", n=2), waits("b")),
])  # fmt: skip

GATEWAYS = _group("Gateways", [
    _runs("exclusiveGateway",
          process(start("s"), exclusive("g", default="g-b"), *CHOICE, path("s", "g"), flow("g", "a", "n > 1"),
                  flow("g", "b")), waits("a"), n=2),
    _runs("parallelGateway",
          process(start("s"), parallel("g"), *CHOICE, parallel("j"), user("c"), path("s", "g", "a", "j", "c"),
                  path("g", "b", "j")), do("a"), waits("b"), do("b"), waits("c")),
    _runs("parallelGateway that joins and splits",
          process(start("s"), parallel("f"), *CHOICE, parallel("g"), user("c"), user("d"),
                  path("s", "f", "a", "g", "c"), path("f", "b", "g", "d")), do("a"), do("b"), waits("c d")),
    _runs("inclusiveGateway",
          process(start("s"), inclusive("g", default="g-b"), *CHOICE, inclusive("j"), user("c"), path("s", "g"),
                  flow("g", "a", "n > 1"), flow("g", "b"), path("a", "j", "c"), path("b", "j")),
          do("a"), waits("c"), n=2),
    _runs("eventBasedGateway",
          process(start("s"), element("eventBasedGateway", "g"), catch("t", timer("P1D")),
                  catch("r", event("message", "m")), catch("c", condition("n > 1")), catch("x", event("signal", "x")),
                  *CHOICE, path("s", "g", "t", "a"), path("g", "r", "b"), path("g", "c", "b"), path("g", "x", "b"),
                  before=M + X),
          send("r"), waits("b"), waits("", "timer"), waits("", "signal"), waits("", "conditional")),
    _refused("complexGateway", line(element("complexGateway", "a")), "bpmn.complex_gateway"),
])  # fmt: skip

SCOPES = _group("Subprocesses", [
    _runs("subProcess", line(subprocess("a", start("is"), user("u"), end("ie"), path("is", "u", "ie"))), do("u"),
          ended("end")),
    _runs("subProcess without start and end", line(subprocess("a", user("u"))), do("u"), ended("end")),
    _runs("process without start and end", process(user("a"), user("b"), path("a", "b")), do("a"), do("b")),
    _runs("transaction that ends", line(transaction("a", user("u"))), do("u"), ended("end")),
    _runs("transaction that is cancelled",
          process(start("s"),
                  transaction("t", start("is"), parallel("f"), user("u"), user("v"), end("off", event("cancel")),
                              path("is", "f", "u", "off"), path("f", "v")),
                  boundary("b", "t", event("cancel")), user("after"), user("x"), path("s", "t", "after"),
                  path("b", "x")),
          waits("u v"), do("u"), waits("x")),
    _runs("callActivity of the same file",
          calling(line(element("callActivity", "c", calledElement="called"), user("b")), user("u")), waits("u"),
          do("u"), waits("b")),
    _runs("callActivity with mappings",
          calling(line(element("callActivity", "c", MAPPED, calledElement="called"), user("b")), user("u"),
                  catch("w", condition("x > 1"))), do("u", y=2), waits("", "conditional"), waits("b"), n=1),
    _refused("callActivity of nobody", line(element("callActivity", "c", calledElement="nobody")), "call.unknown"),
    _refused("callActivity of itself", line(element("callActivity", "c", calledElement="p")), "bpmn.recursive_call"),
    _refused("adHocSubProcess", line(element("adHocSubProcess", "a", user("u"))), "bpmn.ad_hoc"),
])  # fmt: skip

STARTS = _group("Start events", [
    _runs("none", begins(timer("P1D")), waits("a")),
    _runs("timer", begins(timer("P1D")), waits("b"), at="by"),
    _runs("message", begins(event("message", "m"), M), waits("b"), at="by"),
    _runs("signal", begins(event("signal", "x"), X), waits("b"), at="by"),
    _runs("conditional", begins(condition("n > 1")), waits("b"), at="by"),
])  # fmt: skip

CAUGHT = _group("Intermediate catch events", [
    _runs("timer", line(catch("c", timer("P1D"))), waits("c", "timer"), fire("c"), ended("end")),
    _runs("timer with a cycle", line(catch("c", timer("R3/P1D", "timeCycle"))), fire("c"), ended("end")),
    _runs("message", line(catch("c", event("message", "m")), before=M), send("c"), ended("end")),
    _runs("signal", line(catch("c", event("signal", "x")), before=X), waits("c", "signal"), signal("y"),
          waits("c", "signal"), signal("x"), ended("end")),
    _runs("conditional", line(catch("c", condition("n > 1"))), waits("c", "conditional"), assign(n=2), ended("end")),
    _runs("multiple: any of several events", line(catch("c", ANY), user("a"), before=M + X), send("c"), waits("a")),
    _runs("parallel multiple: all of several events",
          line(catch("c", ANY).replace("id=", 'parallelMultiple="true" id=', 1), user("a"), before=M + X), send("c"),
          signal("x"), assign(n=2), waits(), fire("c"), waits("a")),
    _runs("link", process(start("s"), parallel("f"), throw("t", link("l")), throw("u", link("l")),
                          catch("c", link("l")), user("a"), path("s", "f", "t"), path("f", "u"), path("c", "a")),
          waits("a a")),
])  # fmt: skip

THROWN = _group("Intermediate throw events", [
    _runs("none", line(throw("t"), user("a")), waits("a")),
    _runs("message", telling(throw("t", event("message", "m"))), do("a"), waits("b")),
    _runs("signal", process(start("s"), parallel("f"), user("a"), throw("t", event("signal", "x")),
                            catch("c", event("signal", "x")), user("b"), path("s", "f", "a", "t"), path("f", "c", "b"),
                            before=X), do("a"), waits("b")),
    _runs("escalation that is caught", within(throw("t", event("escalation", "up")) + end("ie") + path("t", "ie"),
                                              boundary("b", "sub", event("escalation", "up"), interrupting=False),
                                              path("b", "x"), before=UP), do("a"), waits("other x")),
    _runs("multiple", process(start("s"), parallel("f"), user("a"),
                              throw("t", event("signal", "x") + event("signal", "y")),
                              user("b"), catch("c", event("signal", "y")), user("d"), path("s", "f", "a", "t", "b"),
                              path("f", "c", "d"), before=X + declared("y")), do("a"), waits("b d")),
    _runs("escalation that nobody catches", line(throw("t", event("escalation", "up")), user("a"), before=UP),
          waits("a")),
    _refused("compensation", line(throw("t", event("compensate"))), "bpmn.compensation"),
])  # fmt: skip

ENDS = _group("End events", [
    _runs("none", line(user("a")), do("a"), ended("end")),
    _runs("message", telling(end("t", event("message", "m"))), do("a"), waits("b")),
    _runs("terminate", within(end("t", event("terminate"))), waits("a other"), do("a"), waits("after")),
    _runs("error that is caught", within(end("t", event("error", "late")), boundary("b", "sub", event("error", "late")),
                                         path("b", "x"), before=BAD), do("a"), waits("x")),
    _runs("error that nobody catches", within(end("t", event("error", "late")), path("x", "e"), path("after", "x"),
                                              before=BAD), do("a"), ended("t")),
    _runs("escalation", within(end("t", event("escalation", "up")),
                               boundary("b", "sub", event("escalation", "up")), path("b", "x"), before=UP),
          do("a"), waits("x")),
    _runs("signal", within(end("t", event("signal", "x")), boundary("b", "sub", event("signal", "x")), path("b", "x"),
                           before=X), do("a"), waits("x")),
    _refused("compensation", line(user("a")).replace(b'<endEvent id="end" name="end">',
                                                     b'<endEvent id="end"><compensateEventDefinition/>'),
             "bpmn.compensation"),
])  # fmt: skip

EDGES = _group("Boundary events", [
    _runs("timer, interrupting", edge(timer("P1D")), fire("b"), *OUT),
    _runs("multiple, interrupting", edge(ANY, before=M + X), signal("x"), *OUT),
    _runs("timer, interrupting, with a cycle", edge(timer("R3/P1D", "timeCycle")), fire("b"), *OUT),
    _runs("timer, non-interrupting", edge(timer("P1D"), interrupting=False), fire("b"), waits("a x"), do("a")),
    _runs("timer, non-interrupting, with a cycle", edge(timer("R2/P1D", "timeCycle"), interrupting=False), fire("b"),
          fire("b"), waits("a x x"), waits("", "timer"), do("a"), waits("after x x")),
    _runs("message, interrupting", edge(event("message", "m"), before=M), send("b"), *OUT),
    _runs("message, non-interrupting", edge(event("message", "m"), interrupting=False, before=M), send("b"), send("b"),
          waits("a x x")),
    _runs("signal, interrupting", edge(event("signal", "x"), before=X), signal("x"), *OUT),
    _runs("signal, non-interrupting", edge(event("signal", "x"), interrupting=False, before=X), signal("x"),
          signal("x"), waits("a x x")),
    _runs("conditional, interrupting", edge(condition("n > 1")), assign(n=2), *OUT),
    _runs("conditional, non-interrupting", edge(condition("n > 1"), interrupting=False), assign(n=2), assign(n=0),
          assign(n=3), waits("a x x")),
    _runs("error", within(end("t", event("error")), boundary("b", "sub", event("error")), path("b", "x")), do("a"),
          *OUT),
    _runs("escalation, non-interrupting", within(end("t", event("escalation", "up")),
                                                 boundary("b", "sub", event("escalation"), interrupting=False),
                                                 path("b", "x"), before=UP), do("a"), waits("other x")),
    _refused("compensation", edge(event("compensate")), "bpmn.compensation"),
])  # fmt: skip

ASIDES = _group("Event subprocesses", [
    _runs("timer, interrupting", aside(timer("P1D")), fire("es"), *OUT, ended("xe")),
    _runs("multiple, interrupting", aside(ANY, before=M + X), send("es"), *OUT, ended("xe")),
    _runs("timer, non-interrupting, with a cycle", aside(timer("R2/P1D", "timeCycle"), interrupting=False), fire("es"),
          fire("es"), waits("a x x"), waits("", "timer")),
    _runs("message, interrupting", aside(event("message", "m"), before=M), send("es"), *OUT, ended("xe")),
    _runs("message, non-interrupting", aside(event("message", "m"), interrupting=False, before=M), send("es"),
          send("es"), waits("a x x"), do("a"), waits("x x")),
    _runs("signal, interrupting", aside(event("signal", "x"), before=X), signal("x"), *OUT, ended("xe")),
    _runs("signal, non-interrupting", aside(event("signal", "x"), interrupting=False, before=X), signal("x"),
          signal("x"), waits("a x x")),
    _runs("conditional, interrupting", aside(condition("n > 1")), assign(n=2), *OUT, ended("xe")),
    _runs("conditional, non-interrupting", aside(condition("n > 1"), interrupting=False), assign(n=2), waits("a x")),
    _runs("error", process(
        start("s"), user("a"), end("bad", event("error", "late")),
        subprocess("sub", start("es", event("error", "late")), user("x"), path("es", "x"), by_event=True),
        path("s", "a", "bad"), before=BAD), do("a"), *OUT),
    _runs("escalation, interrupting", process(
        start("s"), user("a"), throw("t", event("escalation", "up")), user("b"),
        subprocess("sub", start("es", event("escalation", "up")), user("x"), path("es", "x"), by_event=True),
        path("s", "a", "t", "b"), before=UP), do("a"), *OUT),
    _runs("escalation, non-interrupting", process(
        start("s"), user("a"), throw("t", event("escalation", "up")), user("b"),
        subprocess("sub", start("es", event("escalation", "up"), isInterrupting="false"), user("x"), path("es", "x"),
                   by_event=True),
        path("s", "a", "t", "b"), before=UP), do("a"), waits("b x")),
])  # fmt: skip

REPEATS = _group("Repetition", [
    _runs("multi-instance, parallel, by a number", line(user("a", times("3")), user("after")), waits("a a a"), do("a"),
          do("a"), *AGAIN),
    _runs("multi-instance, sequential, over a list", line(user("a", each("l", "i", sequential=True)), user("after")),
          waits("a"), do("a"), *AGAIN, l=[1, 2]),
    _runs("multi-instance with a completion condition",
          line(user("a", times("3", "nrOfCompletedInstances >= 2")), user("after")), do("a"), *AGAIN),
    _runs("multi-instance of a subprocess",
          line(subprocess("sub", user("u")).replace("</subProcess>", times("2") + "</subProcess>"), user("after")),
          waits("u u"), do("u"), do("u"), waits("after")),
    _runs("standard loop", line(user("a", loop("again")), user("after")), do("a", again=True), waits("a"),
          do("a", again=False), waits("after")),
    _runs("standard loop that is tested first", line(user("a", loop("again", before=True)), user("after")),
          waits("after"), again=False),
])  # fmt: skip

ELEMENTS: tuple[Sample, ...] = (
    *TASKS, *FLOWS, *GATEWAYS, *SCOPES, *STARTS, *CAUGHT, *THROWN, *ENDS, *EDGES, *ASIDES, *REPEATS,
)  # fmt: skip
