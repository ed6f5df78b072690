"""Patterns of branching and joining: WCP 1 to 11, 21, 41 and 43."""

from tests.engine.diagrams import (
    catch,
    end,
    event,
    exclusive,
    flow,
    inclusive,
    line,
    loop,
    parallel,
    path,
    process,
    signal as declared,
    start,
    subprocess,
    throw,
    user,
)
from tests.engine.spiff.script import Sample, do, ended, waits

A, B, C, D = user("a"), user("b"), user("c"), user("d")


def _split(gateway: str, *, first: str | None = None, second: str | None = None) -> str:
    return "".join([start("s"), gateway, A, B, flow("s", "f"), flow("f", "a", first), flow("f", "b", second)])


PATTERNS = (
    Sample("Sequence", line(A, B), (waits("a"), do("a"), waits("b"), do("b"), ended("end")), number=1),
    Sample("Parallel Split", process(_split(parallel("f"))), (waits("a b"), do("b"), waits("a")), number=2),
    Sample(
        "Synchronization",
        process(_split(parallel("f")), parallel("j"), C, path("a", "j", "c"), path("b", "j")),
        (do("a"), waits("b"), do("b"), waits("c")),
        number=3,
    ),
    Sample(
        "Exclusive Choice",
        process(_split(exclusive("f", default="f-b"), first="n > 1")),
        (waits("a"), do("a")),
        data={"n": 2},
        number=4,
    ),
    Sample(
        "Simple Merge",
        process(_split(exclusive("f", default="f-b"), first="n > 1"), exclusive("m"), C, path("a", "m", "c"),
                path("b", "m")),
        (do("b"), waits("c")),
        data={"n": 0},
        number=5,
    ),
    Sample(
        "Multi-Choice",
        process(_split(inclusive("f"), first="n > 1", second="n > 2")),
        (waits("a b"),),
        data={"n": 3},
        number=6,
    ),
    Sample(
        "Structured Synchronizing Merge",
        process(start("s"), inclusive("f"), A, B, C, inclusive("j"), D, flow("s", "f"), flow("f", "a", "n > 1"),
                flow("f", "b", "n > 2"), flow("f", "c", "n > 3"), path("a", "j", "d"), path("b", "j"), path("c", "j")),
        (waits("a b"), do("b"), waits("a"), do("a"), waits("d")),
        data={"n": 3},
        number=7,
    ),
    Sample(
        "Multi-Merge",
        process(_split(parallel("f")), exclusive("m"), C, path("a", "m", "c"), path("b", "m")),
        (do("a"), waits("b c"), do("b"), waits("c c")),
        number=8,
    ),
    Sample(
        "Structured Discriminator",  # the first branch that is done gives the word; later ones are heard by nobody
        process(_split(parallel("f")), throw("ta", event("signal", "x")), throw("tb", event("signal", "x")),
                catch("first", event("signal", "x")), C, path("a", "ta"), path("b", "tb"), path("f", "first", "c"),
                before=declared("x")),
        (do("b"), waits("a c"), do("a"), waits("c")),
        number=9,
    ),
    Sample(
        "Arbitrary Cycles",  # two ways in and two ways out
        process(start("s"), exclusive("f", default="f-m1"), exclusive("m1"), A, exclusive("m2"), B,
                exclusive("g1", default="g1-m2"), exclusive("g2", default="g2-m1"), end("e1"), end("e2"),
                path("s", "f", "m1", "a", "g1", "m2", "b", "g2", "m1"), flow("f", "m2", "jump"),
                flow("g1", "e1", "done"), flow("g2", "e2", "done")),
        (waits("b"), do("b", done=False), waits("a"), do("a"), waits("b"), do("b"), waits("a"), do("a", done=True),
         ended("e1")),
        data={"jump": True},
        number=10,
    ),
    Sample(
        "Implicit Termination",
        process(_split(parallel("f")), end("ea"), end("eb"), path("a", "ea"), path("b", "eb")),
        (do("b"), waits("a"), do("a"), ended("ea")),
        number=11,
    ),
    Sample(
        "Structured Loop",
        line(user("until", loop("again")), user("while", loop("again", before=True))),
        (do("until", again=True), do("until", again=True), waits("until"), do("until", again=False), ended("end")),
        number=21,
    ),
    Sample(
        "Thread Merge",  # a subprocess ends once, however many threads ran in it
        process(start("s"),
                subprocess("sub", start("is"), parallel("f"), A, B, exclusive("m"), C, path("is", "f", "a", "m", "c"),
                           path("f", "b", "m")),
                D, path("s", "sub", "d")),
        (do("a"), do("b"), waits("c c"), do("c"), waits("c"), do("c"), waits("d")),
        number=41,
    ),
    Sample(
        "Explicit Termination",
        process(_split(parallel("f")), end("stop", event("terminate")), path("a", "stop")),
        (do("a"), ended("stop")),
        number=43,
    ),
)  # fmt: skip
