"""What plain diagrams do: sequences, choices, parallel ways, steps, tables, subprocesses, ends."""

import pytest

from engine.spiff import diagrams
from engine.spiff.instance import ErrorThrown, Instance, NotWaiting, StuckAt
from tests.engine.diagrams import (
    boundary,
    catch,
    element,
    end,
    error,
    event,
    exclusive,
    flow,
    inclusive,
    line,
    link,
    parallel,
    path,
    process,
    rule,
    service,
    start,
    subprocess,
    throw,
    timer,
    user,
)
from tests.engine.spiff.play import Host, Play


def test_a_line_of_tasks_is_walked_from_start_to_end():
    play = Play(line(user("a"), user("b")))
    assert play.waiting() == ["a"]
    assert play.do("a").waiting() == ["b"]
    assert play.do("b").outcome == "end"


def test_a_gateway_takes_the_first_flow_whose_condition_holds_and_else_the_default():
    body = process(
        start("s"), user("a"), exclusive("g", default="g-z"), user("x"), user("y"), user("z"), path("s", "a", "g"),
        flow("g", "x", 'outcome == "return"'), flow("g", "y", 'outcome in ["return", "forward"]'), flow("g", "z"),
    )  # fmt: skip
    assert Play(body).do("a", outcome="return").waiting() == ["x"]
    assert Play(body).do("a", outcome="forward").waiting() == ["y"]
    assert Play(body).do("a", outcome="other").waiting() == ["z"]


def test_a_gateway_with_no_true_condition_and_no_default_stops_the_case_at_its_element_attack_019():
    body = process(
        start("s"), user("a"), exclusive("g"), user("x"), user("y"), path("s", "a", "g"),
        flow("g", "x", 'outcome == "x"'), flow("g", "y", 'outcome == "y"'),
    )  # fmt: skip
    play = Play(body)
    blob = play.instance.freeze()
    with pytest.raises(StuckAt) as stuck:
        play.do("a", outcome="z")
    assert (stuck.value.code, stuck.value.detail["element"]) == ("gateway.no_flow", "g")
    again = Instance.thaw(blob, play.diagram, play.host)
    assert [token.element.id for token in again.tokens()] == ["a"]


def test_a_condition_over_an_unset_name_stops_the_case_and_says_which():
    body = process(
        start("s"), exclusive("g", default="g-y"), user("x"), user("y"), path("s", "g"),
        flow("g", "x", "approved"), flow("g", "y"),
    )  # fmt: skip
    with pytest.raises(StuckAt) as stuck:
        Play(body)
    assert stuck.value.code == "expr.failed"
    assert stuck.value.detail["flow"] == "g-x"


def test_parallel_ways_run_beside_each_other_and_join_once():
    body = process(
        start("s"), parallel("f"), user("a"), user("b"), user("c"), parallel("j"), user("d"), end("e"),
        path("s", "f", "a", "j", "d", "e"), path("f", "b", "j"), path("f", "c", "j"),
    )  # fmt: skip
    play = Play(body)
    assert play.waiting() == ["a", "b", "c"]
    assert play.do("b").do("a").waiting() == ["c"]
    assert play.do("c").waiting() == ["d"]
    assert play.do("d").outcome == "e"


def test_what_one_branch_wrote_is_not_overwritten_by_the_older_copy_of_another():
    body = process(
        start("s"), parallel("f"), user("a"), user("b"), parallel("j"), exclusive("g", default="g-no"), user("yes"),
        user("no"), path("s", "f", "a", "j", "g"), path("f", "b", "j"), flow("g", "yes", "state == 2"), flow("g", "no"),
    )  # fmt: skip
    assert Play(body, state=1).do("a", state=2).do("b", other=5).waiting() == ["yes"]


def test_a_step_gets_its_parameters_evaluated_and_its_results_reach_the_gateways():
    body = process(
        start("s"), service("w", "draw", number="count(list) + 1", organ="case.organ"), exclusive("g", default="g-few"),
        user("many"), user("few"), path("s", "w", "g"), flow("g", "many", "drawn > 2"), flow("g", "few"),
    )  # fmt: skip
    play = Play(body, steps={"draw": lambda _data: {"drawn": 3}}, list=[1, 2])
    assert play.host.calls == [("w", {"number": 3, "organ": 7})]
    assert play.waiting() == ["many"]


def test_a_table_is_asked_with_the_data_and_the_case():
    play = Play(line(rule("t"), user("a")), steps={"table": lambda names: {"suggest": names["score"] > 80}}, score=90)
    assert play.host.calls[0][1]["case"]["region"] == "510100"
    assert play.instance.data == {"score": 90, "suggest": True}


def test_what_a_step_gives_back_must_be_plain_json():
    with pytest.raises(StuckAt) as stuck:
        Play(line(service("w")), steps={"note": lambda _data: {"found": object()}})
    assert stuck.value.code == "data.not_plain"


def test_a_terminate_end_takes_every_other_token_with_it():
    body = process(
        start("s"), parallel("f"), user("a"), user("b"), end("stop", event("terminate")), end("e"),
        path("s", "f", "a", "stop"), path("f", "b", "e"),
    )  # fmt: skip
    play = Play(body)
    assert play.do("a").outcome == "stop"
    assert play.waiting() == []


def test_a_terminate_end_in_a_subprocess_ends_only_the_subprocess():
    inside = subprocess(
        "sub", start("is"), parallel("if"), user("ia"), user("ib"), end("it", event("terminate")), end("ie"),
        path("is", "if", "ia", "it"), path("if", "ib", "ie"),
    )  # fmt: skip
    play = Play(line(inside, user("after")))
    assert play.waiting() == ["ia", "ib"]
    assert play.do("ia").waiting() == ["after"]


def test_a_subprocess_shares_the_data_of_what_it_stands_in():
    inside = subprocess("sub", start("is"), user("ia"), end("ie"), path("is", "ia", "ie"))
    body = process(
        start("s"), inside, exclusive("g", default="g-no"), user("yes"), user("no"), path("s", "sub", "g"),
        flow("g", "yes", "found == given"), flow("g", "no"),
    )  # fmt: skip
    play = Play(body, given=4)
    assert play.token("ia").data == {"given": 4}
    assert play.do("ia", found=4).waiting() == ["yes"]


def test_nested_subprocesses_end_from_the_inside_out():
    inner = subprocess("inner", start("s2"), user("u2"), end("e2"), path("s2", "u2", "e2"))
    outer = subprocess("outer", start("s1"), inner, user("u1"), end("e1"), path("s1", "inner", "u1", "e1"))
    play = Play(line(outer, user("u0")))
    assert play.do("u2").do("u1").do("u0").outcome == "end"


def test_a_subprocess_without_start_and_end_begins_at_what_nothing_leads_to():
    play = Play(line(subprocess("sub", user("a"), user("b"), flow("a", "b")), user("c")))
    assert play.do("a").do("b").waiting() == ["c"]


def test_several_flows_that_leave_a_task_are_all_taken():
    body = process(start("s"), user("a"), user("b"), user("c"), path("s", "a", "b"), flow("a", "c"))
    assert Play(body).do("a").waiting() == ["b", "c"]


def test_a_condition_on_a_flow_that_leaves_a_task_counts():
    body = process(
        start("s"), element("userTask", "a", default="a-d"), user("b"), user("c"), user("d"), path("s", "a"),
        flow("a", "b", "n > 1"), flow("a", "c", "n > 5"), flow("a", "d"),
    )  # fmt: skip
    assert Play(body).do("a", n=9).waiting() == ["b", "c"]
    assert Play(body).do("a", n=3).waiting() == ["b"]
    assert Play(body).do("a", n=0).waiting() == ["d"]


def test_an_inclusive_gateway_opens_what_holds_and_joins_only_that():
    body = process(
        start("s"), inclusive("f", default="f-c"), user("a"), user("b"), user("c"), inclusive("j"), user("d"),
        path("s", "f"), flow("f", "a", "n > 1"), flow("f", "b", "n > 5"), flow("f", "c"),
        path("a", "j", "d"), path("b", "j"), path("c", "j"),
    )  # fmt: skip
    assert Play(body, n=3).do("a").waiting() == ["d"]
    assert Play(body, n=9).do("b").waiting() == ["a"]
    assert Play(body, n=9).do("b").do("a").waiting() == ["d"]
    assert Play(body, n=0).do("c").waiting() == ["d"]


def test_a_join_that_can_never_be_complete_stops_instead_of_waiting_for_ever():
    body = process(
        start("s"), exclusive("g", default="g-b"), user("a"), user("b"), parallel("j"), path("s", "g"),
        flow("g", "a", "left"), flow("g", "b"), path("a", "j"), path("b", "j"),
    )  # fmt: skip
    with pytest.raises(StuckAt) as stuck:
        Play(body, left=True).do("a")
    assert (stuck.value.code, stuck.value.detail["element"]) == ("join.starved", "j")


def test_a_link_leads_from_its_throw_to_its_catch():
    body = process(
        start("s"), user("a"), throw("t", link("over")), catch("c", link("over")), user("b"), path("s", "a", "t"),
        path("c", "b"),
    )  # fmt: skip
    assert Play(body).do("a").waiting() == ["b"]


def test_an_error_end_event_is_caught_at_the_edge_of_its_subprocess():
    inside = subprocess("sub", start("is"), user("ia"), end("bad", event("error", "late")), path("is", "ia", "bad"))
    body = process(
        start("s"), inside, boundary("other", "sub", event("error", "broken")),
        boundary("b", "sub", event("error", "late")),
        user("after"), user("mend"), user("wrong"), path("s", "sub", "after"), path("b", "mend"),
        path("other", "wrong"),
        before=error("late") + error("broken"),
    )  # fmt: skip
    assert Play(body).do("ia").waiting() == ["mend"]


def test_an_error_ends_everything_else_in_its_subprocess():
    inside = subprocess(
        "sub", start("is"), parallel("if"), user("ia"), user("ib"), end("bad", event("error", "late")),
        path("is", "if", "ia", "bad"), path("if", "ib"),
    )  # fmt: skip
    body = process(
        start("s"), inside, boundary("b", "sub", event("error")), user("after"), user("mend"),
        path("s", "sub", "after"), path("b", "mend"), before=error("late"),
    )  # fmt: skip
    play = Play(body)
    assert play.do("ia").waiting() == ["mend"]


def test_an_error_that_nobody_catches_ends_the_whole_instance():
    inside = subprocess("sub", start("is"), user("a"), end("bad", event("error", "late")), path("is", "a", "bad"))
    body = process(
        start("s"), parallel("f"), inside, user("b"), end("e"), path("s", "f", "sub", "e"), path("f", "b"),
        before=error("late"),
    )  # fmt: skip
    play = Play(body)
    assert (play.do("a").outcome, play.waiting()) == ("bad", [])


def test_an_error_of_a_step_that_nobody_catches_is_an_incident():
    def fail(_data: object) -> None:
        raise ErrorThrown("late")

    with pytest.raises(StuckAt) as stuck:
        Play(line(service("w")), steps={"note": fail})
    assert (stuck.value.code, stuck.value.detail["error"]) == ("error.not_caught", "late")


def test_a_step_may_end_its_task_with_an_error_that_the_diagram_catches():
    def fail(_data: object) -> None:
        raise ErrorThrown("late")

    body = process(
        start("s"), service("w"), boundary("b", "w", event("error", "late")), user("after"), user("mend"),
        path("s", "w", "after"), path("b", "mend"), before=error("late"),
    )  # fmt: skip
    assert Play(body, steps={"note": fail}).waiting() == ["mend"]
    assert Play(body).waiting() == ["after"]


def test_a_task_is_completed_once_and_only_while_it_waits_attack_077():
    play = Play(line(user("a"), user("b")))
    token = play.token("a").id
    play.do("a")
    for again in (token, "ffff", "", "zz", "-1"):
        with pytest.raises(NotWaiting):
            play.instance.complete(again, {})
    assert play.waiting() == ["b"]


def test_a_timer_is_not_completed_and_a_task_not_fired():
    play = Play(line(user("a"), catch("t", timer("P1D"))))
    with pytest.raises(NotWaiting):
        play.instance.fire(play.token("a").id)
    play.do("a")
    with pytest.raises(NotWaiting):
        play.instance.complete(play.token("t").id, {})
    assert play.instance.waits_at(play.token("t").id)


def test_ids_that_the_library_uses_for_itself_are_ordinary_ids():
    body = process(
        start("Start"), user("Root"), user("p.EndJoin"), end("End"), path("Start", "Root", "p.EndJoin", "End")
    )
    assert Play(body).do("Root").do("p.EndJoin").outcome == "End"


def test_five_hundred_tasks_in_a_row_run_attack_016():
    names = [f"t{number}" for number in range(500)]
    play = Play(line(*(user(name) for name in names)))
    largest = 0
    for name in names:
        play.do(name)
        largest = max(largest, play.bytes)
    assert play.outcome == "end"
    assert largest < 200


def test_five_hundred_steps_run_in_one_advance():
    play = Play(line(*(service(f"t{number}") for number in range(500))))
    assert len(play.called) == 500
    assert play.outcome == "end"


def test_a_circle_of_steps_is_stopped_by_the_limit_even_if_the_linter_had_missed_it():
    body = process(
        start("s"), service("w"), exclusive("g", default="g-w"), end("e"), path("s", "w", "g"), flow("g", "w"),
        flow("g", "e", "done"),
    )  # fmt: skip
    diagram = diagrams.load("circle", {"a.bpmn": body})
    instance = Instance.start(diagram, {"done": False}, Host())
    with pytest.raises(StuckAt) as stuck:
        instance.advance()
    assert stuck.value.code == "engine.too_many_steps"


def test_the_data_of_an_instance_stay_small_or_it_stops():
    play = Play(line(user("a"), user("b")))
    play.instance.complete(play.token("a").id, {"text": "字" * 10_000})
    play.instance.advance()
    with pytest.raises(StuckAt) as stuck:
        play.instance.freeze()
    assert stuck.value.code == "state.too_large"


def test_names_of_the_house_stand_above_answers():
    body = process(
        start("s"), user("a"), exclusive("g", default="g-y"), user("x"), user("y"), path("s", "a", "g"),
        flow("g", "x", "case.organ == 1"), flow("g", "y"),
    )  # fmt: skip
    assert Play(body).do("a", case={"organ": 1}).waiting() == ["y"]
