"""The ways through diagrams whose states are kept with each release; every kind of thing that can stand half done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.engine.diagrams import (
    boundary,
    catch,
    each,
    element,
    end,
    event,
    exclusive,
    flow,
    inclusive,
    line,
    loop,
    message,
    parallel,
    path,
    process,
    service,
    start,
    subprocess,
    timer,
    times,
    user,
)
from tests.golden.trail import Act, act

WORKFLOWS = Path(__file__).parent.parent.parent / "workflows"


@dataclass(frozen=True)
class Scenario:
    """A diagram, what is done in it, and what its steps answer."""

    parts: Mapping[str, bytes]
    acts: Sequence[Act]
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


def scenarios() -> dict[str, Scenario]:
    """Every scenario by the name of its file."""
    return {**_plain(), **_gateways(), **_events(), **_nested(), **_called(), **_shipped()}


def _of(body: bytes, *acts: Act, **data: Any) -> Scenario:
    return Scenario({"a.bpmn": body}, acts, data=data)


def _plain() -> dict[str, Scenario]:
    round_about = process(
        start("s"), user("a"), exclusive("g", default="out"), exclusive("x"), end("e"),
        path("s", "x", "a", "g"), flow("g", "x", "again"), flow("g", "e", id="out"),
    )  # fmt: skip
    return {
        "straight": Scenario(
            {"a.bpmn": line(user("a"), service("w", "note"), user("b"))},
            (act("a", word="一", number=3), act("b", number=4)),
            {"w": {"made": [1, 2]}},
            {"first": True},
        ),
        "loop-by-gateway": _of(round_about, act("a", again=True), act("a", again=True), act("a", again=False)),
        "standard-loop": _of(
            line(user("a", loop("again", maximum="5"))), act("a", again=True), act("a", again=True),
            act("a", again=False),
        ),
        "instances-at-once": _of(
            line(user("a", each("people", "it")), user("b")), act("a", 1), act("a", 0), act("a", 0), act("b"),
            people=[11, 12, 13],
        ),
        "instances-in-a-row": _of(
            line(user("a", each("people", "it", sequential=True)), user("b")), act("a"), act("a"), act("b"),
            people=[11, 12],
        ),
        "instances-by-number": _of(
            line(user("a", times("3", output=("sheets", "points")))), act("a", 2, points=3), act("a", 0, points=1),
            act("a", 0, points=2),
        ),
    }  # fmt: skip


def _gateways() -> dict[str, Scenario]:
    both = process(
        start("s"), parallel("f"), user("a"), user("b"), user("c"), parallel("j"), user("d"), end("e"),
        path("s", "f", "a", "b", "j"), path("f", "c", "j"), path("j", "d", "e"),
    )  # fmt: skip
    some = process(
        start("s"), inclusive("f", default="no"), user("a"), user("b"), user("c"), inclusive("j"), user("d"), end("e"),
        path("s", "f"), flow("f", "a", "x > 1"), flow("f", "b", "x > 2"), flow("f", "c", id="no"),
        path("a", "j"), path("b", "j"), path("c", "j"), path("j", "d", "e"),
    )  # fmt: skip
    again = process(
        start("s"), exclusive("x"), parallel("f"), user("a"), user("b"), parallel("j"), user("ask"),
        exclusive("g", default="out"), end("e"), path("s", "x", "f", "a", "j", "ask", "g"), path("f", "b", "j"),
        flow("g", "x", "again"), flow("g", "e", id="out"),
    )  # fmt: skip
    race = process(
        start("s"), element("eventBasedGateway", "g"), catch("t1", timer("P1D")), catch("t2", timer("P2D")),
        catch("m1", event("message", "m")), exclusive("x"), user("a"), end("e"), path("s", "g", "t1", "x", "a", "e"),
        path("g", "t2", "x"), path("g", "m1", "x"), before=message("m"),
    )  # fmt: skip
    return {
        "parallel-half-way": _of(both, act("c"), act("a"), act("b"), act("d")),
        "inclusive-half-way": _of(some, act("b"), act("a"), act("d"), x=3),
        "parallel-in-a-loop": _of(
            again, act("b"), act("a"), act("ask", again=True), act("a"), act("b"), act("ask", again=False)
        ),
        "race-won-by-a-timer": _of(race, act("t2"), act("a")),
        "race-won-by-a-message": _of(race, act("m1", word="come"), act("a")),
    }


def _events() -> dict[str, Scenario]:
    def edge(what: str, *, interrupting: bool) -> bytes:
        return process(
            start("s"), user("a"), boundary("t", "a", what, interrupting=interrupting), user("u"), user("b"), end("e"),
            end("e2"), path("s", "a", "b", "e"), path("t", "u", "e2"),
        )  # fmt: skip

    def beside(inner: str, *, interrupting: str, before: str = "") -> bytes:
        return process(
            start("s"), user("a"), user("b"), end("e"), path("s", "a", "b", "e"),
            subprocess(
                "es", start("told", inner, isInterrupting=interrupting), user("u"), end("gone"),
                path("told", "u", "gone"), by_event=True,
            ),
            before=before,
        )  # fmt: skip

    cycle = edge(timer("R3/P1D", "timeCycle"), interrupting=False)
    word = event("message", "m")
    return {
        "edge-that-ends": _of(edge(timer("P1D"), interrupting=True), act("t"), act("u")),
        "edge-beside": _of(edge(timer("P1D"), interrupting=False), act("t"), act("a"), act("u"), act("b")),
        "edge-not-reached": _of(edge(timer("P1D"), interrupting=True), act("a"), act("b")),
        "edge-three-times": _of(
            cycle, act("t"), act("t"), act("u"), act("t"), act("a"), act("u"), act("u"), act("b")
        ),
        "event-subprocess-that-ends": _of(
            beside(word, interrupting="true", before=message("m")), act("a"), act("told", why="over"), act("u")
        ),
        "event-subprocess-beside": _of(
            beside(word, interrupting="false", before=message("m")), act("told"), act("a"), act("u"), act("b")
        ),
        "event-subprocess-by-timer": _of(beside(timer("P3D"), interrupting="true"), act("a"), act("told"), act("u")),
    }  # fmt: skip


def _nested() -> dict[str, Scenario]:
    def inside(name: str, *parts: str, more: str = "") -> str:
        return subprocess(name, start(f"{name}_s"), end(f"{name}_e"), *parts, more)

    one = process(
        start("s"), inside("sub", user("a"), user("b"), path("sub_s", "a", "b", "sub_e")), user("c"), end("e"),
        path("s", "sub", "c", "e"),
    )  # fmt: skip
    two = process(
        start("s"),
        inside(
            "outer", parallel("f"), parallel("j"), user("a"),
            inside("inner", user("b"), path("inner_s", "b", "inner_e")),
            path("outer_s", "f", "a", "j", "outer_e"), path("f", "inner", "j"),
        ),
        boundary("t", "outer", timer("P9D")), user("late"), end("e"), end("e2"), path("s", "outer", "e"),
        path("t", "late", "e2"),
    )  # fmt: skip
    many = process(
        start("s"),
        inside("sub", user("a"), user("b"), path("sub_s", "a", "b", "sub_e"), more=each("people", "it")),
        user("c"), end("e"), path("s", "sub", "c", "e"),
    )  # fmt: skip
    return {
        "subprocess": _of(one, act("a", word="in"), act("b"), act("c")),
        "nested-to-the-end": _of(two, act("b"), act("a")),
        "nested-cut-off": _of(two, act("b"), act("t"), act("late")),
        "subprocess-for-each": _of(many, act("a", 1), act("b"), act("a", 0), act("b"), act("c"), people=[5, 6]),
    }


def _called() -> dict[str, Scenario]:
    """A called process of the same file: an answer that must fit what was asked, once at a time and three at once."""
    order = (
        '<correlationProperty id="order"><correlationPropertyRetrievalExpression messageRef="m">'
        "<messagePath>number</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
    )
    hear = element("receiveTask", "told", messageRef="m", jidi_correlation="number")
    inner = process(
        start("s"), user("ask"), element("sendTask", "say", messageRef="m"), hear, user("look"),
        path("s", "ask", "say", "told", "look"), id="visit",
    ).split(b"\n", 3)[3]  # fmt: skip

    def calls(how: str) -> bytes:
        body = line(element("callActivity", "c", how, calledElement="visit"), user("a"), before=message("m") + order)
        return body.replace(b"</definitions>", inner)

    return {
        "call": _of(calls(""), act("ask", number=7), act("told", number=7), act("look", found=True), act("a"), first=1),
        "calls-at-once": _of(
            calls(each("bases", "base")),
            act("ask", 1, number=8),
            act("told", number=8),
            act("ask", number=7),
            act("look", found=1),
            act("ask", number=9),
            act("told", number=7),
            act("told", number=9),
            act("look"),
            act("look", found=2),
            act("a"),
            bases=[1, 2, 3],
        ),
    }


def _shipped() -> dict[str, Scenario]:
    """The shipped designation at every task of its way to the name, and its withdrawal."""
    folder = WORKFLOWS / "designation-case"
    parts = {"designation-case.bpmn": (folder / "designation-case.bpmn").read_bytes()}
    answers = {
        "file_information": {"first_application": True, "warnings": 0},
        "draw_panel": {"experts": [31, 32, 33]},
        "close_scores": {"average": 80.0, "spread": 2.5, "valid": 3},
        "suggest_visit": {"visit": False, "reason": "spread"},
        "open_notice": {"notice_closes": "2026-11-30"},
    }
    data = {"whole_city": False, "batch": 0}
    begun = (act("fill_overdue"), act("fill"), act("authority_review", outcome="return"), act("fill"))
    to_scores = (*begun, act("authority_review", outcome="forward"), act("city_review", outcome="forward"))
    scored = (*to_scores, act("intake", outcome="accept"), act("score", 1), act("score_overdue", 0), act("score", 0))
    to_the_end = (
        *scored, act("score", 0), act("visit_decision", outcome="visit"), act("visit"),
        act("recheck", outcome="confirm"), act("notice_period"), act("decide", outcome="designate"),
    )  # fmt: skip
    withdrawn = (*scored, act("withdrawal_received", outcome="withdraw"))
    return {
        "designation-to-the-name": Scenario(parts, to_the_end, answers, data),
        "designation-withdrawn": Scenario(parts, withdrawn, answers, data),
    }
