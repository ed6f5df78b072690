"""Errors, escalations, terminations and cancellations: who hears them first, and what is over afterwards."""

import pytest

from engine.spiff.stuck import ErrorThrown
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
    parallel,
    path,
    process,
    service,
    signal,
    start,
    subprocess,
    throw,
    timer,
    times,
    transaction,
    user,
)
from tests.engine.spiff.play import Play

LATE, UP = event("error", "late"), event("escalation", "up")
BOTH = error("late") + escalation("up")


def throws(id: str, definition: str, *parts: str) -> str:  # noqa: A002
    """A subprocess with a task that ends by throwing."""
    names = start(f"{id}-s"), user(f"{id}-u"), end(f"{id}-e", definition)
    return subprocess(id, *names, path(f"{id}-s", f"{id}-u", f"{id}-e"), *parts)


def handler(id: str, definition: str, task: str, *, interrupting: bool = True) -> str:  # noqa: A002
    """An event subprocess with one task."""
    begin = start(f"{id}-s", definition, isInterrupting=str(interrupting).lower())
    return subprocess(id, begin, user(task), path(f"{id}-s", task), by_event=True)


def test_an_error_climbs_to_the_first_edge_that_catches_it():
    outer = subprocess("outer", throws("inner", LATE), user("beside"))
    body = process(
        start("s"), outer, boundary("b", "outer", LATE), user("mend"), user("after"), path("s", "outer", "after"),
        path("b", "mend"), before=BOTH,
    )  # fmt: skip
    assert Play(body).do("inner-u").waiting() == ["mend"]


def test_the_inner_of_two_edges_catches_it():
    outer = subprocess("outer", throws("inner", LATE), boundary("near", "inner", LATE), user("here"),
                       path("near", "here"))  # fmt: skip
    body = process(start("s"), outer, boundary("far", "outer", LATE), user("there"), path("s", "outer"),
                   path("far", "there"), before=BOTH)  # fmt: skip
    assert Play(body).do("inner-u").waiting() == ["here"]


def test_an_event_subprocess_inside_is_preferred_to_the_edge():
    body = process(
        start("s"), throws("sub", LATE, handler("es", LATE, "inside")), boundary("b", "sub", LATE), user("edge"),
        user("after"), path("s", "sub", "after"), path("b", "edge"), before=BOTH,
    )  # fmt: skip
    assert Play(body).do("sub-u").waiting() == ["inside"]
    assert Play(body).do("sub-u").do("inside").waiting() == ["after"]


def test_the_edge_of_the_task_that_fails_is_preferred_to_an_event_subprocess_around_it():
    def fail(_data: object) -> None:
        raise ErrorThrown("late")

    body = process(
        start("s"), service("w"), boundary("b", "w", event("error")), user("edge"), handler("es", LATE, "around"),
        path("s", "w"), path("b", "edge"), before=BOTH,
    )  # fmt: skip
    assert Play(body, steps={"note": fail}).waiting() == ["edge"]


@pytest.mark.parametrize("order", ["exact first", "exact last"])
def test_a_handler_for_this_very_error_is_preferred_to_one_for_all(order: str):
    edges = [boundary("all", "sub", event("error")), boundary("exact", "sub", LATE)]
    body = process(
        start("s"), throws("sub", LATE), *(edges[::-1] if order == "exact first" else edges), user("x"), user("y"),
        path("s", "sub"), path("all", "x"), path("exact", "y"), before=BOTH,
    )  # fmt: skip
    assert Play(body).do("sub-u").waiting() == ["y"]


@pytest.mark.parametrize(
    ("thrown", "caught", "heard"),
    [
        ("late", "late", True),
        ("late", "broken", False),
        ("late", None, True),
        (None, None, True),
        (None, "late", False),
        ("late", "undeclared", True),
        ("undeclared", "undeclared", True),
        ("undeclared", "late", False),
        ("late", "codeless", True),
        ("codeless", "codeless", True),
    ],
)
def test_an_error_without_a_code_is_caught_by_one_for_all_and_one_for_all_catches_everything(
    thrown: str | None, caught: str | None, *, heard: bool
):
    body = process(
        start("s"), throws("sub", event("error", thrown)), boundary("b", "sub", event("error", caught)), user("x"),
        user("y"), path("s", "sub", "y"), path("b", "x"),
        before=BOTH + error("broken") + '<error id="codeless"/>',
    )  # fmt: skip
    play = Play(body).do("sub-u")
    if heard:
        assert play.waiting() == ["x"]
    else:
        assert play.outcome == "sub-e"


def test_an_error_in_one_of_many_instances_ends_them_all_at_the_edge():
    many = throws("sub", LATE).replace("</subProcess>", times("3") + "</subProcess>")
    body = process(start("s"), many, boundary("b", "sub", LATE), user("x"), user("after"), path("s", "sub", "after"),
                   path("b", "x"), before=BOTH)  # fmt: skip
    play = Play(body)
    assert play.waiting() == ["sub-u"] * 3
    assert play.do("sub-u", nth=1).waiting() == ["x"]


def test_an_error_inside_an_event_subprocess_goes_outwards_and_not_to_itself():
    inner = subprocess("es", start("es-s", LATE), user("h"), end("h-e", LATE), path("es-s", "h", "h-e"), by_event=True)
    body = process(start("s"), throws("sub", LATE, inner), boundary("b", "sub", LATE), user("x"), path("s", "sub"),
                   path("b", "x"), before=BOTH)  # fmt: skip
    assert Play(body).do("sub-u").do("h").waiting() == ["x"]


def test_an_error_and_an_escalation_of_the_same_code_are_not_mistaken_for_one_another():
    body = process(
        start("s"), throws("sub", event("escalation", "e2")), boundary("b1", "sub", event("error", "e1")),
        boundary("b2", "sub", event("escalation", "e2")), user("x"), user("y"), path("s", "sub"), path("b1", "x"),
        path("b2", "y"),
        before='<error id="e1" errorCode="same"/><escalation id="e2" escalationCode="same"/>',
    )  # fmt: skip
    assert Play(body).do("sub-u").waiting() == ["y"]


def test_an_interrupting_escalation_ends_the_subprocess_that_threw_it():
    inside = subprocess("sub", start("is"), user("u"), throw("t", UP), user("next"), path("is", "u", "t", "next"))
    body = process(start("s"), inside, boundary("b", "sub", UP), user("x"), path("s", "sub"), path("b", "x"),
                   before=BOTH)  # fmt: skip
    assert Play(body).do("u").waiting() == ["x"]


def test_an_escalation_is_heard_by_the_event_subprocess_and_then_by_nobody_further_out():
    inside = subprocess("sub", start("is"), user("u"), throw("t", UP), user("next"), path("is", "u", "t", "next"),
                        handler("es", UP, "chief", interrupting=False))  # fmt: skip
    body = process(start("s"), inside, boundary("b", "sub", UP), user("x"), path("s", "sub"), path("b", "x"),
                   before=BOTH)  # fmt: skip
    assert Play(body).do("u").waiting() == ["chief", "next"]


def test_a_non_interrupting_escalation_is_heard_as_often_as_it_is_thrown():
    inside = subprocess(
        "sub", start("is"), exclusive("m"), user("u"), throw("t", UP), exclusive("g", default="g-ie"), end("ie"),
        path("is", "m", "u", "t", "g"), flow("g", "m", "again"), flow("g", "ie"),
    )  # fmt: skip
    body = process(start("s"), inside, boundary("b", "sub", UP, interrupting=False), user("x"), path("s", "sub"),
                   path("b", "x"), before=BOTH)  # fmt: skip
    play = Play(body).do("u", again=True).do("u", again=True).do("u", again=False)
    assert play.waiting() == ["x", "x", "x"]


def test_terminate_ends_only_the_subprocess_that_it_stands_in():
    inner = subprocess("inner", start("is"), parallel("f"), user("u"), user("v"), end("stop", event("terminate")),
                       path("is", "f", "u", "stop"), path("f", "v"))  # fmt: skip
    body = process(start("s"), parallel("f0"), inner, user("beside"), user("after"), path("s", "f0", "inner", "after"),
                   path("f0", "beside"))  # fmt: skip
    assert Play(body).do("u").waiting() == ["after", "beside"]


def test_terminate_in_one_of_many_instances_ends_only_that_one():
    many = subprocess("sub", start("is"), parallel("f"), user("u"), user("v"), end("stop", event("terminate")),
                      path("is", "f", "u", "stop"), path("f", "v"), times("2"))  # fmt: skip
    play = Play(process(start("s"), many, user("after"), path("s", "sub", "after")))
    assert play.waiting() == ["u", "u", "v", "v"]
    assert play.do("u").waiting() == ["u", "v"]
    assert play.do("v").do("u").waiting() == ["after"]


def test_a_cancelled_transaction_ends_everything_in_it_even_two_scopes_deep():
    inner = subprocess("inner", start("s2"), user("u"), end("off", event("cancel")), path("s2", "u", "off"))
    whole = transaction(
        "t", start("s1"), parallel("f"), inner, user("v"), catch("w", timer("P1D")), path("s1", "f", "inner"),
        path("f", "v"), path("f", "w"),
    )  # fmt: skip
    body = process(start("s"), whole, boundary("b", "t", event("cancel")), user("x"), user("after"),
                   path("s", "t", "after"), path("b", "x"))  # fmt: skip
    play = Play(body).do("u")
    assert (play.waiting(), play.waiting("timer")) == (["x"], [])


def test_a_cancelled_transaction_without_an_edge_that_hears_it_uses_its_token_up():
    whole = transaction("t", start("s1"), user("u"), end("off", event("cancel")), path("s1", "u", "off"))
    body = process(start("s"), parallel("f"), whole, user("after"), user("beside"), path("s", "f", "t", "after"),
                   path("f", "beside"))  # fmt: skip
    play = Play(body).do("u")
    assert play.waiting() == ["beside"]
    assert play.do("beside").instance.is_completed


def test_one_cancelled_instance_of_a_transaction_ends_them_all_at_the_edge():
    whole = transaction("t", start("s1"), user("u"), end("off", event("cancel")), path("s1", "u", "off"), times("2"))
    body = process(start("s"), whole, boundary("b", "t", event("cancel")), user("x"), path("s", "t"), path("b", "x"))
    assert Play(body).do("u").waiting() == ["x"]


def test_an_error_in_a_transaction_goes_to_its_error_edge_and_not_to_the_cancel_edge():
    whole = transaction("t", start("s1"), user("u"), end("bad", LATE), path("s1", "u", "bad"))
    body = process(
        start("s"), whole, boundary("c", "t", event("cancel")), boundary("b", "t", LATE), user("x"), user("y"),
        path("s", "t"), path("c", "x"), path("b", "y"), before=BOTH,
    )  # fmt: skip
    assert Play(body).do("u").waiting() == ["y"]


def test_a_signal_at_the_edge_interrupts_before_what_is_inside_hears_it():
    inside = subprocess("sub", start("is"), catch("c", event("signal", "x")), user("u"), path("is", "c", "u"))
    body = process(start("s"), inside, boundary("b", "sub", event("signal", "x")), user("y"), path("s", "sub"),
                   path("b", "y"), before=signal("x"))  # fmt: skip
    assert Play(body).signal("x").waiting() == ["y"]


def test_several_event_subprocesses_listen_at_once_and_an_interrupting_one_ends_the_others():
    body = process(
        start("s"), user("a"), handler("h1", event("signal", "x"), "one", interrupting=False),
        handler("h2", timer("R/P1D", "timeCycle"), "two", interrupting=False), handler("h3", timer("P9D"), "three"),
        path("s", "a"), before=signal("x"),
    )  # fmt: skip
    play = Play(body).signal("x").fire("h2-s").signal("x").fire("h2-s")
    assert play.waiting() == ["a", "one", "one", "two", "two"]
    play.fire("h3-s")
    assert (play.waiting(), play.waiting("timer"), play.waiting("signal")) == (["three"], [], [])
    assert play.do("three").instance.is_completed


def test_an_event_subprocess_may_hold_boundary_events_and_many_instances():
    inside = subprocess(
        "es", start("told", event("signal", "x"), isInterrupting="false"), user("look", times("2")),
        boundary("late", "look", timer("P1D")), user("slow"), path("told", "look"), path("late", "slow"), by_event=True,
    )  # fmt: skip
    play = Play(process(start("s"), user("a"), inside, path("s", "a"), before=signal("x"))).signal("x")
    assert play.waiting() == ["a", "look", "look"]
    assert play.fire("late").waiting() == ["a", "slow"]


def test_an_element_of_another_engine_may_be_cut_off_while_its_work_is_done_outside():
    body = process(start("s"), element("serviceTask", "w"), boundary("late", "w", timer("P1D")), user("x"),
                   path("s", "w"), path("late", "x"))  # fmt: skip
    assert Play(body).fire("late").waiting() == ["x"]
