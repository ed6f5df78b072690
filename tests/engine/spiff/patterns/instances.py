"""Patterns of many instances of one activity: WCP 12 to 15, 26 and 34 to 36."""

from tests.engine.diagrams import (
    boundary,
    catch,
    condition,
    each,
    end,
    event,
    exclusive,
    flow,
    line,
    message,
    parallel,
    path,
    process,
    start,
    subprocess,
    times,
    user,
)
from tests.engine.spiff.script import Sample, assign, do, ended, send, waits

AFTER = user("after")
MORE = subprocess(
    "es", start("more", event("message", "m"), isInterrupting="false"), user("a2"), path("more", "a2"), by_event=True
)
GROWING = subprocess("sub", start("is"), user("a"), end("ie"), MORE, path("is", "a", "ie"))

PATTERNS = (
    Sample(
        "Multiple Instances without Synchronization",
        process(start("s"), user("ask"), parallel("f"), user("a"), exclusive("g", default="g-e"), end("e"),
                path("s", "ask", "f", "a"), path("f", "g"), flow("g", "ask", "more"), flow("g", "e")),
        (do("ask", more=True), waits("a ask"), do("ask", more=True), do("ask", more=False), waits("a a a")),
        number=12,
    ),
    Sample(
        "Multiple Instances with a priori Design-Time Knowledge",
        line(user("a", times("3")), AFTER),
        (waits("a a a"), do("a"), do("a"), do("a"), waits("after")),
        number=13,
    ),
    Sample(
        "Multiple Instances with a priori Run-Time Knowledge",
        line(user("ask"), user("a", each("experts", "expert")), AFTER),
        (do("ask", experts=[5, 6]), waits("a a"), do("a"), do("a"), waits("after")),
        number=14,
    ),
    Sample(
        "Multiple Instances without a priori Run-Time Knowledge",
        process(start("s"), GROWING, AFTER, path("s", "sub", "after"), before=message("m")),
        (waits("a"), send("more"), send("more"), waits("a a2 a2"), do("a"), do("a2"), waits("a2"), do("a2"),
         waits("after")),
        number=15,
    ),
    Sample(
        "Cancel Multiple Instance Activity",
        process(start("s"), user("a", times("3")), boundary("stop", "a", event("message", "m")), AFTER, user("x"),
                path("s", "a", "after"), path("stop", "x"), before=message("m")),
        (do("a"), waits("a a"), send("stop"), waits("x")),
        number=26,
    ),
    Sample(
        "Static Partial Join for Multiple Instances",  # what is left over goes on beside
        process(start("s"), parallel("f"), user("a", times("3")), catch("two", condition("done >= 2")), AFTER,
                path("s", "f", "a"), path("f", "two", "after")),
        (do("a", done=1), waits("a a"), do("a", done=2), waits("a after"), do("after"), do("a")),
        number=34,
    ),
    Sample(
        "Cancelling Partial Join for Multiple Instances",
        line(user("a", times("3", "nrOfCompletedInstances == 2")), AFTER),
        (do("a"), waits("a a"), do("a"), waits("after"), do("after"), ended("end")),
        number=35,
    ),
    Sample(
        "Dynamic Partial Join for Multiple Instances",
        process(start("s"), parallel("f"), GROWING, catch("enough", condition("done >= wanted")), AFTER,
                path("s", "f", "sub"), path("f", "enough", "after"), before=message("m")),
        (send("more"), do("a", done=1), waits("a2"), assign(wanted=2), send("more"), do("a2", done=2),
         waits("a2 after")),
        number=36,
    ),
)  # fmt: skip
