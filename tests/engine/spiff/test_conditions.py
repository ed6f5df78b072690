"""Conditional events: they fire when their condition becomes true, whoever made it so."""

from tests.engine.diagrams import (
    boundary,
    catch,
    condition,
    element,
    end,
    line,
    parallel,
    path,
    process,
    service,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.spiff.play import Play


def at_the_edge(*, interrupting: bool) -> bytes:
    return process(
        start("s"), user("a"), boundary("c", "a", condition("n > 5"), interrupting=interrupting), user("b"), user("x"),
        path("s", "a", "b"), path("c", "x"),
    )  # fmt: skip


def test_a_conditional_catch_waits_until_another_branch_makes_it_true():
    body = process(
        start("s"), parallel("f"), catch("c", condition("n > 5")), user("a"), user("b"), path("s", "f", "c", "b"),
        path("f", "a"),
    )  # fmt: skip
    play = Play(body)
    assert (play.waiting(), play.waiting("conditional")) == (["a"], ["c"])
    assert play.do("a", n=6).waiting() == ["b"]


def test_a_name_that_nothing_has_set_makes_no_condition_true_and_no_exception():
    play = Play(line(catch("c", condition("missing.field == 1"))))
    assert play.waiting("conditional") == ["c"]
    assert play.assign(missing=3).waiting("conditional") == ["c"]
    assert play.assign(missing={"field": 1}).outcome == "end"


def test_a_condition_that_holds_already_is_passed_at_once():
    assert Play(line(catch("c", condition("n > 5")), user("a")), n=9).waiting() == ["a"]


def test_an_interrupting_conditional_boundary_event_ends_its_task():
    play = Play(at_the_edge(interrupting=True))
    assert play.assign(n=3).waiting() == ["a"]
    assert play.assign(n=7).waiting() == ["x"]
    assert play.waiting("conditional") == []


def test_a_non_interrupting_one_fires_again_only_after_its_condition_was_false():
    play = Play(at_the_edge(interrupting=False))
    assert play.assign(n=7).waiting() == ["a", "x"]
    assert play.assign(n=8).waiting() == ["a", "x"]
    assert play.assign(n=1).waiting() == ["a", "x"]
    assert play.assign(n=9).waiting() == ["a", "x", "x"]
    assert play.do("a").waiting() == ["b", "x", "x"]


def test_an_event_subprocess_starts_on_a_condition_in_its_scope_only():
    inside = subprocess(
        "sub", start("is"), user("u"), end("ie"),
        subprocess("es", start("c", condition("alarm")), user("answer"), path("c", "answer"), by_event=True),
        path("is", "u", "ie"),
    )  # fmt: skip
    play = Play(process(start("s"), user("a"), inside, user("after"), path("s", "a", "sub", "after")))
    assert play.waiting("conditional") == []
    play.do("a").assign(alarm=True)
    assert play.waiting() == ["answer"]
    assert play.do("answer").waiting() == ["after"]


def test_a_non_interrupting_conditional_event_subprocess_runs_beside_many_times():
    aside = subprocess(
        "es", start("c", condition("n == 1"), isInterrupting="false"), user("look"), path("c", "look"), by_event=True
    )
    play = Play(process(start("s"), user("a"), end("e"), aside, path("s", "a", "e")))
    play.assign(n=1).assign(n=2).assign(n=1)
    assert play.waiting() == ["a", "look", "look"]


def test_a_condition_is_looked_at_after_every_step_and_not_only_when_all_waits():
    body = process(
        start("s"), parallel("f"), catch("c", condition("n == 1")), service("w1", "one"), service("w2", "two"),
        user("a"), path("s", "f", "c", "a"), path("f", "w1", "w2"),
    )  # fmt: skip
    play = Play(body, steps={"one": lambda _data: {"n": 1}, "two": lambda _data: {"n": 2}})
    assert (play.waiting(), play.instance.data) == (["a"], {"n": 2})


def test_the_first_of_a_condition_and_a_timer_behind_an_event_gateway_wins():
    body = process(
        start("s"), element("eventBasedGateway", "g"), catch("t", timer("P1D")), catch("c", condition("ready")),
        user("a"), user("b"), path("s", "g", "t", "a"), path("g", "c", "b"),
    )  # fmt: skip
    play = Play(body).assign(ready=True)
    assert (play.waiting(), play.waiting("timer")) == (["b"], [])
