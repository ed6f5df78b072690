"""Activities done many times, and ways round: what the plain library gets wrong in loops, each with its diagram."""

import random

import pytest

from engine.spiff.instance import StuckAt
from tests.engine.diagrams import (
    boundary,
    each,
    end,
    exclusive,
    flow,
    inclusive,
    line,
    loop,
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
from tests.engine.spiff.play import Play

EXPERTS = [11, 12, 13]


def test_a_task_for_each_item_opens_them_all_and_each_knows_its_own():
    play = Play(line(user("score", each("experts", "expert")), user("after")), experts=EXPERTS)
    assert [token.item for token in play.instance.tokens()] == EXPERTS
    assert [token.data["expert"] for token in play.instance.tokens()] == EXPERTS
    play.do("score", nth=1).do("score", nth=0)
    assert [token.item for token in play.instance.tokens()] == [13]
    assert play.do("score").waiting() == ["after"]
    assert play.instance.data == {"experts": EXPERTS}


def test_items_may_be_records_and_texts():
    play = Play(line(user("look", each("bases", "base"))), bases=[{"id": 3, "name": "甲"}, "乙"])
    assert [token.item for token in play.instance.tokens()] == [{"id": 3, "name": "甲"}, "乙"]


def test_what_stands_in_a_repeated_subprocess_is_about_its_item():
    inside = subprocess("sub", user("x")).replace("</subProcess>", each("experts", "expert") + "</subProcess>")
    play = Play(line(inside, user("after")), experts=EXPERTS)
    assert [token.item for token in play.instance.tokens()] == EXPERTS
    assert play.do("x").do("x").do("x").token("after").item is None


def test_a_task_for_each_item_one_after_the_other():
    play = Play(line(user("score", each("experts", "expert", sequential=True)), user("after")), experts=EXPERTS)
    for expert in EXPERTS:
        assert [token.item for token in play.instance.tokens()] == [expert]
        play.do("score")
    assert play.waiting() == ["after"]


def test_an_empty_list_is_done_at_once():
    assert Play(line(user("score", each("experts", "expert")), user("after")), experts=[]).waiting() == ["after"]


def test_a_list_that_is_none_stops_the_case():
    for data in ({}, {"experts": "abc"}):
        with pytest.raises(StuckAt) as stuck:
            Play(line(user("score", each("experts", "expert"))), **data)
        assert stuck.value.code == "mi.not_a_list"


def test_a_list_longer_than_a_hundred_stops_the_case_attack_021():
    with pytest.raises(StuckAt) as stuck:
        Play(line(user("score", each("experts", "expert"))), experts=list(range(101)))
    assert (stuck.value.code, stuck.value.detail["most"]) == ("mi.limit", 100)


def test_lists_of_lists_may_not_flood_an_instance():
    inside = subprocess("sub", user("x", each("m", "j"))).replace("</subProcess>", each("n", "i") + "</subProcess>")
    hundred = list(range(100))
    with pytest.raises(StuckAt) as stuck:
        Play(line(inside), n=hundred, m=hundred)
    assert stuck.value.code in {"engine.too_many_tokens", "engine.too_many_steps", "state.too_large"}


def test_the_completion_condition_knows_how_many_are_done():
    body = line(
        user("score", each("experts", "expert", until="nrOfCompletedInstances / nrOfInstances >= 0.5")), user("after")
    )
    play = Play(body, experts=[1, 2, 3, 4])
    assert play.do("score").waiting() == ["score"] * 3
    assert play.do("score").waiting() == ["after"]


def test_inside_an_instance_it_may_be_asked_how_many_are_done_by_now():
    inside = subprocess(
        "sub", start("is"), user("say"), exclusive("g", default="g-no"), user("last"), user("no"),
        path("is", "say", "g"),
        flow("g", "last", "nrOfCompletedInstances == nrOfInstances - 1 and nrOfActiveInstances == 1"), flow("g", "no"),
    )  # fmt: skip
    inside = inside.replace("</subProcess>", each("experts", "expert") + "</subProcess>")
    play = Play(line(inside), experts=[1, 2])
    assert play.do("say").waiting() == ["no", "say"]
    assert play.do("no").do("say").waiting() == ["last"]


def test_the_completion_condition_may_read_what_an_instance_answered():
    play = Play(line(user("score", each("experts", "expert", until="veto")), user("after")), experts=EXPERTS)
    assert play.do("score", veto=False).do("score", veto=True).waiting() == ["after"]


def test_instances_keep_their_answers_apart_until_they_are_done():
    inside = subprocess(
        "sub", start("is"), user("say"), exclusive("g", default="g-no"), user("yes"), user("no"),
        path("is", "say", "g"),
        flow("g", "yes", 'outcome == "yes"'), flow("g", "no"),
    )  # fmt: skip
    inside = inside.replace("</subProcess>", each("experts", "expert") + "</subProcess>")
    play = Play(line(inside), experts=[1, 2])
    play.do("say", nth=0, outcome="yes").do("say", outcome="no")
    assert play.waiting() == ["no", "yes"]
    assert {token.element.id: token.data["outcome"] for token in play.instance.tokens()} == {"yes": "yes", "no": "no"}
    assert play.do("yes").do("no").outcome == "end"


def test_a_number_of_instances_and_their_results_in_order():
    play = Play(line(user("vote", times("n * 2", output=("votes", "vote"))), user("after")), n=2)
    for place, vote in ((3, "d"), (0, "a"), (0, "b"), (0, "c")):
        play.do("vote", nth=place, vote=vote)
    assert play.instance.data["votes"] == ["a", "b", "c", "d"]


def test_a_loop_enters_its_many_tasks_again_with_another_list():
    body = process(
        start("s"), user("draw"), user("score", each("experts", "expert")), exclusive("g", default="g-e"), end("e"),
        path("s", "draw", "score", "g"), flow("g", "draw", "again"), flow("g", "e"),
    )  # fmt: skip
    play = Play(body, again=True)
    for experts in ([1], [2, 3], [4, 5, 6]):
        play.do("draw", experts=experts)
        assert [token.item for token in play.instance.tokens()] == experts
        for expert in experts:
            play.do("score", again=expert < 4)
    assert play.outcome == "e"


def test_a_timer_cuts_off_what_is_left_and_keeps_what_was_said():
    body = process(
        start("s"), user("score", each("experts", "expert")), boundary("late", "score", timer("P5D")), user("after"),
        user("mend"), path("s", "score", "after"), path("late", "mend"),
    )  # fmt: skip
    play = Play(body, experts=EXPERTS).do("score", said=1).fire("late")
    assert play.waiting() == ["mend"]
    assert play.instance.data["said"] == 1


def test_a_standard_loop_goes_on_while_its_condition_holds():
    play = Play(line(user("try", loop("again")), user("after")))
    assert play.do("try", again=True).do("try", again=True).waiting() == ["try"]
    assert play.do("try", again=False).waiting() == ["after"]


def test_a_standard_loop_ends_at_its_maximum_and_may_be_tested_first():
    play = Play(line(service("w", "note", loop("", maximum="4")), user("after")))
    assert play.called == ["w"] * 4
    assert Play(line(user("try", loop("n > 1", before=True)), user("after")), n=1).waiting() == ["after"]
    assert Play(line(user("try", loop("loopCounter < 2", before=True)), user("a"))).do("try").do("try").do(
        "try"
    ).waiting() == ["a"]


def test_a_return_for_correction_may_happen_a_thousand_times_and_costs_the_same():
    body = process(
        start("s"), user("fill"), boundary("late", "fill", timer("P1D"), interrupting=False), service("remind"),
        user("review"), exclusive("g", default="g-e"), end("e"), path("s", "fill", "review", "g"),
        path("late", "remind"),
        flow("g", "fill", 'outcome == "return"'), flow("g", "e"),
    )  # fmt: skip
    play = Play(body)
    sizes = []
    for _ in range(1_000):
        play.fire("late").do("fill").do("review", outcome="return")
        sizes.append(play.bytes)
    assert len(play.called) == 1_000
    assert max(sizes) <= min(sizes[5:]) + 24  # the numbers of tasks grow by a digit now and then
    assert play.do("fill").do("review", outcome="forward").outcome == "e"


def test_a_loop_inside_a_subprocess_stays_flat_too():
    inside = subprocess(
        "sub", start("is"), user("a"), exclusive("g", default="g-ie"), end("ie"), path("is", "a", "g"),
        flow("g", "a", "again"), flow("g", "ie"),
    )  # fmt: skip
    body = process(
        start("s"), inside, boundary("late", "sub", timer("P1D")), user("b"), parallel("f"), user("beside"),
        path("s", "f", "sub", "b"), path("f", "beside"), path("late", "b"),
    )  # fmt: skip
    play = Play(body)
    first = play.do("a", again=True).bytes
    for _ in range(600):
        play.do("a", again=True)
    assert play.bytes <= first + 24
    assert play.do("a", again=False).waiting() == ["b", "beside"]


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
@pytest.mark.parametrize("branches", [2, 3, 5])
@pytest.mark.parametrize("seed", range(12))
def test_a_join_in_a_loop_waits_for_every_branch_in_every_round_attack_018(kind: str, branches: int, seed: int):
    gateway = {"parallel": parallel, "inclusive": inclusive}[kind]
    names = [f"t{number}" for number in range(branches)]
    body = process(
        start("s"), exclusive("m"), gateway("f"), gateway("j"), user("look"), exclusive("g", default="g-e"), end("e"),
        *(user(name) for name in names), path("s", "m", "f"),
        *(flow("f", name, None if kind == "parallel" else "True") for name in names),
        *(flow(name, "j") for name in names), path("j", "look", "g"), flow("g", "m", "again"), flow("g", "e"),
    )  # fmt: skip
    play, chance = Play(body), random.Random(seed)  # noqa: S311  orders, not secrets
    for round_ in range(5):
        order = chance.sample(names, branches)
        for done, name in enumerate(order):
            assert play.waiting() == sorted(order[done:]), f"seed {seed}, round {round_}"
            play.do(name)
        assert play.waiting() == ["look"]
        play.do("look", again=round_ < 4)
    assert play.outcome == "e"


def test_a_branch_that_returns_on_its_own_does_not_fire_the_join_early():
    body = process(
        start("s"), parallel("f"), user("a"), user("check"), exclusive("g", default="g-j"), user("b"), parallel("j"),
        user("z"),
        path("s", "f", "a", "check", "g"), flow("g", "a", "again"), flow("g", "j"), path("f", "b", "j", "z"),
    )  # fmt: skip
    play = Play(body)
    for _ in range(3):
        play.do("a").do("check", again=True)
    play.do("b")
    assert play.waiting() == ["a"]
    assert play.do("a").do("check", again=False).waiting() == ["z"]


def test_an_inclusive_join_waits_for_a_token_that_is_still_far_away():
    body = process(
        start("s"), inclusive("f"), user("a"), user("b1"), user("b2"), user("b3"), inclusive("j"), user("z"),
        path("s", "f"),
        flow("f", "a", "True"), flow("f", "b1", "True"), path("a", "j", "z"), path("b1", "b2", "b3", "j"),
    )  # fmt: skip
    play = Play(body).do("a")
    for name in ("b1", "b2", "b3"):
        assert play.waiting() == [name]
        play.do(name)
    assert play.waiting() == ["z"]


def test_what_was_finished_is_kept_when_a_timer_cuts_off_the_rest():
    body = process(
        start("s"), user("a", times("3", output=("scores", "score"))), boundary("late", "a", timer("P1D")), user("x"),
        path("s", "a"), path("late", "x"),
    )  # fmt: skip
    play = Play(body).do("a", nth=1, score=7).fire("late")
    assert (play.waiting(), play.instance.data) == (["x"], {"scores": [7]})


def test_what_was_finished_deep_inside_is_kept_when_the_whole_is_cut_off():
    inside = subprocess("sub", start("is"), user("a", times("2", output=("scores", "score"))), path("is", "a"))
    body = process(start("s"), inside, boundary("late", "sub", timer("P1D")), user("x"), path("s", "sub"),
                   path("late", "x"))  # fmt: skip
    assert Play(body).do("a", score=7).fire("late").instance.data == {"scores": [7]}


def test_the_items_may_be_the_values_of_a_record_or_stand_in_one():
    assert Play(line(user("a", each("l", "i"))), l={"x": 1, "y": 2}).waiting() == ["a", "a"]
    play = Play(line(user("a", each("order.lines", "i", sequential=True))), order={"lines": ["p", "q"]})
    assert play.token("a").item == "p"
    assert play.do("a").token("a").item == "q"


def test_a_list_that_is_shortened_meanwhile_still_has_as_many_instances_as_it_began_with():
    play = Play(line(user("a", each("l", "i", sequential=True)), user("after")), l=[1, 2, 3]).assign(l=[1])
    assert play.do("a").token("a").item is None
    assert play.do("a").do("a").waiting() == ["after"]


@pytest.mark.parametrize("count", [2, 2.0])
def test_a_whole_number_is_a_number_of_instances(count: float):
    assert Play(line(user("a", times("n"))), n=count).waiting() == ["a", "a"]


@pytest.mark.parametrize("count", [2.5, -1, "2", True, None])
def test_anything_else_stops_the_instance(count: object):
    with pytest.raises(StuckAt) as stuck:
        Play(line(user("a", times("n"))), n=count)
    assert stuck.value.code == "mi.not_a_number"


def test_the_conditions_of_one_and_all_do_not_change_what_no_event_is_named_for():
    for behavior in ("None", "One", "All", "Complex"):
        many = times("2").replace("<multi", f'<multi behavior="{behavior}"').replace(
            f'<multi behavior="{behavior}"InstanceLoopCharacteristics',
            f'<multiInstanceLoopCharacteristics behavior="{behavior}"',
        )  # fmt: skip
        assert Play(line(user("a", many), user("b"))).do("a").do("a").waiting() == ["b"]


def test_active_and_completed_instances_are_counted_one_in_the_other():
    inner = subprocess("in", user("u"), times("2", "nrOfCompletedInstances == 1"))
    outer = subprocess("out", inner, times("3", "nrOfActiveInstances <= 1"))
    play = Play(line(outer, user("after")))
    assert play.waiting() == ["u"] * 6
    assert play.do("u").waiting() == ["u"] * 4
    assert play.do("u").waiting() == ["after"]


def counted(data: dict[str, int]) -> dict[str, int]:
    return {"n": data.get("n", 0) + 1}


def test_a_thousand_rounds_of_automatic_steps_run_in_one_go():
    inside = subprocess("sub", service("w", "count"), loop("n < 1000"))
    play = Play(line(inside, user("after")), steps={"count": counted})
    assert (len(play.called), play.waiting()) == (1000, ["after"])


def test_a_thousand_rounds_of_a_circle_that_a_step_can_leave_run_and_one_without_end_is_stopped():
    body = process(
        start("s"), exclusive("m"), service("w", "count"), exclusive("g", default="g-m"), user("after"),
        path("s", "m", "w", "g"), flow("g", "m"), flow("g", "after", "n == 1000"),
    ).replace(b"jidi:step", b'jidi:returns="n" jidi:step')  # fmt: skip
    play = Play(body, steps={"count": counted})
    assert (len(play.called), play.waiting()) == (1000, ["after"])
    with pytest.raises(StuckAt) as stuck:
        Play(body, n=1000, steps={"count": counted})
    assert stuck.value.code == "engine.too_many_steps"


def test_a_loop_that_a_condition_never_ends_is_stopped_at_its_limit():
    with pytest.raises(StuckAt) as stuck:
        Play(line(service("w", "count", loop("n > 0"))), steps={"count": counted})
    assert stuck.value.code == "loop.limit"
