"""Patterns of state, triggers and cancellation: WCP 16 to 20, 23 to 25 and 40."""

from tests.engine.diagrams import (
    boundary,
    catch,
    condition,
    element,
    end,
    event,
    message,
    parallel,
    path,
    process,
    signal as declared,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.spiff.script import Sample, assign, do, ended, fire, send, signal, waits

A, B, C = user("a"), user("b"), user("c")
RACE = element("eventBasedGateway", "g")
M = message("m")


def _next(gateway: str, *choices: str) -> str:
    """A deferred choice of which task comes next; `b.ab` is the task b of the way that did a before."""
    catches = "".join(catch(f"take.{choice}", event("message", "m")) for choice in choices)
    tasks = "".join(user(choice) for choice in choices)
    flows = "".join(path(gateway, f"take.{choice}", choice) for choice in choices)
    return element("eventBasedGateway", gateway) + catches + tasks + flows


PATTERNS = (
    Sample(
        "Deferred Choice",
        process(start("s"), RACE, catch("r", event("message", "m")), catch("t", timer("P1D")), A, B,
                path("s", "g", "r", "a"), path("g", "t", "b"), before=M),
        (waits("r", "message"), fire("t"), waits("b"), waits("", "message")),
        number=16,
    ),
    Sample(
        "Interleaved Parallel Routing",  # a before b, c at any time, never two at once
        process(start("s"), _next("g", "a", "c"), _next("ga", "b", "c.a"), user("c.ab"), user("b.ac"), user("a.c"),
                user("b.ca"), end("e"), path("s", "g"), path("a", "ga"), path("b", "c.ab", "e"),
                path("c.a", "b.ac", "e"), path("c", "a.c", "b.ca", "e"), before=M),
        (send("take.a"), waits("a"), do("a"), send("take.c.a"), waits("c.a"), do("c.a"), waits("b.ac"), do("b.ac"),
         ended("e")),
        number=17,
    ),
    Sample(
        "Milestone",  # asked for only while `open` lasts
        process(start("s"), user("open"), boundary("ask", "open", event("message", "m"), interrupting=False), A, B,
                path("s", "open", "b"), path("ask", "a"), before=M),
        (send("ask"), waits("a open"), do("open"), waits("a b"), waits("", "message")),
        number=18,
    ),
    Sample(
        "Cancel Task",
        process(start("s"), A, boundary("stop", "a", event("message", "m")), B, C, path("s", "a", "b"),
                path("stop", "c"), before=M),
        (send("stop"), waits("c")),
        number=19,
    ),
    Sample(
        "Cancel Case",
        process(start("s"), parallel("f"), A, B, path("s", "f", "a"), path("f", "b"),
                subprocess("es", start("stop", event("message", "m")), end("stopped"), path("stop", "stopped"),
                           by_event=True),
                before=M),
        (waits("a b"), send("stop"), ended("stopped")),
        number=20,
    ),
    Sample(
        "Transient Trigger",  # lost when nobody waits
        process(start("s"), A, catch("x", event("signal", "x")), B, path("s", "a", "x", "b"), before=declared("x")),
        (signal("x"), do("a"), waits("x", "signal"), signal("x"), waits("b")),
        number=23,
    ),
    Sample(
        "Persistent Trigger",  # kept as data until somebody waits for it
        process(start("s"), A, catch("x", condition("given")), B, path("s", "a", "x", "b")),
        (assign(given=True), waits("a"), do("a"), waits("b")),
        number=24,
    ),
    Sample(
        "Cancel Region",
        process(start("s"), parallel("f"), subprocess("region", user("a"), user("b")), C,
                boundary("stop", "region", event("message", "m")), user("x"), path("s", "f", "region"), path("f", "c"),
                path("stop", "x"), before=M),
        (waits("a b c"), send("stop"), waits("c x")),
        number=25,
    ),
    Sample(
        "Interleaved Routing",  # both, in any order, never at once
        process(start("s"), _next("g", "a", "b"), user("b.a"), user("a.b"), end("e"), path("s", "g"),
                path("a", "b.a", "e"), path("b", "a.b", "e"), before=M),
        (send("take.b"), waits("b"), do("b"), waits("a.b"), do("a.b"), ended("e")),
        number=40,
    ),
)  # fmt: skip
