"""Whether every way through a diagram comes to an end: what is proven, what is shown with its path, what is refused."""

from pathlib import Path

import pytest

from engine.spiff import diagrams, drawings, examination, soundness
from engine.spiff.soundness import exploration
from engine.spiff.stuck import StuckAt
from tests.engine.diagrams import (
    boundary,
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
    message,
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
from tests.workflows.folders import called, diagram, drawn, folders, read

Said = list[tuple[str, str, str | None]]


def said(body: bytes, most: int = soundness.MOST) -> Said:
    made = diagrams.build(drawings.read(body))
    return [(one.code, one.severity, one.element) for one in soundness.findings("a.bpmn", made, most)]


def is_sound(body: bytes) -> bool:
    return all(verdict.sound for verdict in soundness.judge(diagrams.build(drawings.read(body))).values())


def split(gate: str, join: str, *, fork: str = "g", meet: str = "j") -> tuple[str, ...]:
    """A gate, two tasks, a join; conditions that do not speak of one another."""
    makers = {"exclusive": exclusive, "parallel": parallel, "inclusive": inclusive}
    said_ = {"parallel": (None, None)}.get(gate, ("p", "q"))
    return (
        makers[gate](fork), user(f"{fork}a"), user(f"{fork}b"), makers[join](meet),
        flow(fork, f"{fork}a", said_[0]), flow(fork, f"{fork}b", said_[1]), path(f"{fork}a", meet),
        path(f"{fork}b", meet),
    )  # fmt: skip


@pytest.mark.parametrize("folder", folders(), ids=lambda each_: each_.name)
def test_what_is_shipped_is_proven_sound(folder: Path):
    """With the processes that it calls."""
    assert all(verdict.sound for verdict in soundness.judge(diagram(folder)).values())
    calls = {read(each_, "process.json")["key"]: [] for each_ in called(folder)}
    assert examination.examine("a.bpmn", drawn(folder), calls) == []


@pytest.mark.parametrize("gate", ["exclusive", "parallel", "inclusive"])
def test_a_split_joined_as_it_was_split_is_sound(gate: str):
    body = process(start("s"), end("e"), *split(gate, gate), path("s", "g"), path("j", "e"))
    assert is_sound(body)
    assert said(body) == []


def test_a_choice_before_a_parallel_join_is_refused_since_every_run_stops():
    body = process(start("s"), end("e"), *split("exclusive", "parallel"), path("s", "g"), path("j", "e"))
    found = examination.examine("a.bpmn", body)[0]
    assert (found.code, found.severity, found.element) == ("soundness.deadlock", "error", "j")
    assert found.params["path"] == ["s", "s-g", "g", "g-ga", "ga", "ga-j"]
    assert found.params["waits_for"] == ["gb"]
    assert found.line > 0


def test_a_choice_that_may_go_right_is_shown_with_its_path_and_not_refused():
    body = process(
        start("s"), end("e"), end("f"), parallel("pp"), exclusive("x"), user("a"), user("b"), parallel("j"),
        path("s", "pp", "a", "j", "e"), path("pp", "x"), flow("x", "b", "go"), flow("x", "f", "not go"), path("b", "j"),
    )  # fmt: skip
    assert said(body) == [("soundness.may_deadlock", "warning", "j")]


def test_two_choices_by_the_same_value_run_right_and_are_no_error():
    body = process(
        start("s"), end("e"), end("f"), parallel("pp"), exclusive("x"), exclusive("y"), user("a"), user("b"),
        parallel("j"), path("s", "pp", "x"), path("pp", "y"), flow("x", "a", "go"), flow("x", "f", "not go"),
        flow("y", "b", "go"), flow("y", "f", "not go"), path("a", "j"), path("b", "j", "e"),
    )  # fmt: skip
    assert said(body) == [("soundness.may_deadlock", "warning", "j")]
    for go in (True, False):
        play = Play(body, go=go)
        for id_ in play.waiting():
            play.do(id_)
        assert play.instance.is_completed


def test_constant_conditions_are_taken_at_their_word():
    body = process(
        start("s"), end("e"), exclusive("x"), user("a"), user("b"), path("s", "x"), flow("x", "a", "1 == 1"),
        flow("x", "b", "true"), path("a", "e"), path("b", "e"),
    )  # fmt: skip
    assert said(body) == [("soundness.dead_element", "warning", "b")]


def test_tokens_that_meet_at_one_task_are_a_warning():
    body = process(
        start("s"), end("e"), *split("parallel", "exclusive"), user("c"), path("s", "g"), path("j", "c", "e")
    )
    assert said(body) == [("soundness.twice", "warning", "c")]


def test_tokens_that_met_are_told_where_they_met_and_not_at_every_task_behind():
    body = process(
        start("s"), end("e"), exclusive("x", default="x-e"), user("report"), user("opinion"), user("consult"),
        user("intake"), user("decide"), path("s", "report", "consult", "intake", "decide", "x"),
        path("report", "opinion", "consult"), flow("x", "intake", "again"), flow("x", "e"),
    )  # fmt: skip
    assert {element for _code, _severity, element in said(body)} == {"consult"}


def test_a_reminder_that_leads_to_a_task_of_its_own_is_meant_to():
    body = process(
        start("s"), end("e"), exclusive("x"), exclusive("y", default="y-e"), user("a"), user("urge"), end("f"),
        boundary("t", "a", timer("P1D"), interrupting=False), path("s", "x", "a", "y"), flow("y", "x", "again"),
        flow("y", "e"), path("t", "urge", "f"),
    )  # fmt: skip
    assert said(body) == []
    assert is_sound(body)


def test_a_circle_without_a_way_out_is_a_warning_since_it_runs():
    body = process(start("s"), exclusive("x"), user("a"), path("s", "x", "a", "x"))
    assert said(body) == [("soundness.no_end", "warning", "s")]


def test_tokens_that_pile_up_in_a_circle_are_a_warning():
    body = process(
        start("s"), end("e"), end("f"), exclusive("x"), exclusive("y", default="y-f"), parallel("pp"), user("a"),
        user("b"), path("s", "x", "a", "pp", "y"), path("pp", "b", "e"), flow("y", "x", "more"), flow("y", "f"),
    )  # fmt: skip
    assert ("soundness.crowd", "warning", "b") in said(body)


def test_inclusive_joins_that_wait_for_each_other_are_refused_by_name():
    body = process(
        start("s"), end("e"), parallel("pp"), inclusive("j1"), inclusive("j2"), inclusive("o1"), inclusive("o2"),
        *(user(id_) for id_ in "uvwxyz"), path("s", "pp", "u", "j1", "o1"), path("pp", "v", "j2", "o2"),
        flow("o1", "x", "a"), flow("o1", "w", "b"), path("x", "j2"), path("w", "e"), flow("o2", "z", "c"),
        flow("o2", "y", "d"), path("z", "j1"), path("y", "e"),
    )  # fmt: skip
    found = examination.examine("a.bpmn", body)[0]
    assert (found.code, found.severity, found.element) == ("join.or_unstructured", "error", "j1")
    assert found.params["path"][-2:] == ["u", "u-j1"]
    assert found.params["way_out"] == "join_where_it_was_split"


def test_inclusive_blocks_one_after_the_other_in_a_circle_are_right():
    body = process(
        start("s"), end("e"), exclusive("x"), exclusive("y", default="y-e"), *split("inclusive", "inclusive"),
        *split("inclusive", "inclusive", fork="h", meet="k"), user("again"), path("s", "x", "g"), path("j", "h"),
        path("k", "again", "y"), flow("y", "x", "more"), flow("y", "e"),
    )  # fmt: skip
    assert is_sound(body)
    assert said(body) == []


def test_a_subprocess_that_always_stops_is_an_error_only_if_every_run_enters_it():
    inside = process(
        start("s"), end("e"), subprocess("sub", start("is"), end("ie"), *split("exclusive", "parallel"),
                                        path("is", "g"), path("j", "ie")), path("s", "sub", "e"),
    )  # fmt: skip
    assert said(inside) == [("soundness.deadlock", "error", "j")]
    beside = inside.replace(
        b'<sequenceFlow id="s-sub" sourceRef="s" targetRef="sub"></sequenceFlow>',
        (exclusive("x", default="x-e") + path("s", "x") + flow("x", "sub", "deep") + flow("x", "e")).encode(),
    )
    assert said(beside) == [("soundness.may_deadlock", "warning", "j")]


def test_an_event_subprocess_may_save_what_would_stop():
    listening = subprocess("ev", start("m", event("message", "w"), isInterrupting="true"), end("me"), path("m", "me"),
                           by_event=True)  # fmt: skip
    body = process(
        start("s"), end("e"), *split("exclusive", "parallel"), path("s", "g"), path("j", "e"), listening,
        before=message("w"),
    )  # fmt: skip
    assert said(body) == [("soundness.may_deadlock", "warning", "j")]


def test_ends_that_leave_a_subprocess_leave_it():
    body = process(
        start("s"), end("e"), subprocess("sub", start("is"), user("u"), end("bad", event("error", "x")),
                                        path("is", "u", "bad")), boundary("b", "sub", event("error", "x")),
        user("mend"), path("s", "sub", "e"), path("b", "mend", "e"), before=error("x"),
    )  # fmt: skip
    assert said(body) == []
    assert is_sound(body)


def test_events_repeats_and_races_are_proven():
    body = process(
        start("s"), end("e"), user("many", each("list", "it")), service("w"), subprocess("sub", user("u")),
        boundary("late", "sub", timer("P1D")), boundary("warn", "sub", event("escalation", "c"), interrupting=False),
        user("told"), exclusive("x"), end("f"), path("s", "many", "w", "sub", "x", "e"), path("late", "x"),
        path("warn", "told", "f"), before=escalation("c"),
    )  # fmt: skip
    assert is_sound(body)


def test_a_called_process_is_judged_where_it_stands_in_the_file_and_taken_as_right_where_it_does_not():
    call = element("callActivity", "c", calledElement="below")
    assert examination.examine("a.bpmn", line(call), {"below": ()}) == []
    below = process(start("s"), end("e"), *split("exclusive", "parallel"), path("s", "g"), path("j", "e"), id="below")
    inner = below[below.index(b"<process") : below.index(b"</definitions>")].replace(b' isExecutable="true"', b"")
    body = line(call).replace(b"</definitions>", inner + b"</definitions>")
    found = examination.examine("a.bpmn", body)[0]
    assert (found.code, found.severity, found.element) == ("soundness.deadlock", "error", "j")


def test_many_branches_are_proven_with_few_states():
    parts = [start("s"), end("e"), parallel("g"), parallel("j"), path("s", "g"), path("j", "e")]
    for n in range(9):
        parts += [user(f"u{n}_{m}") for m in range(5)] + [path("g", *(f"u{n}_{m}" for m in range(5)), "j")]
    verdict = soundness.judge(diagrams.build(drawings.read(process(*parts))))["p"]
    assert verdict.sound
    assert len(verdict.seen.before) < 100  # of 6 ** 9 that there are


def test_what_is_too_large_to_explore_is_not_proven_and_says_so():
    body = line(*(user(f"u{n}") for n in range(30)))
    assert said(body, most=10) == [("soundness.not_proven", "warning", "p")]


def test_what_is_too_wide_is_given_up_long_before_the_check_would_be_killed():
    parts = [start("s"), end("e"), parallel("g"), inclusive("j"), path("s", "g"), path("j", "e")]
    for n in range(120):
        parts += [user(f"u{n}"), exclusive(f"x{n}"), path("g", f"u{n}", f"x{n}")]
        parts += [flow(f"x{n}", "j", "a"), flow(f"x{n}", "e", "b")]
    verdict = soundness.judge(diagrams.build(drawings.read(process(*parts))))["p"]
    assert not verdict.seen.proven
    assert verdict.seen.work < exploration.WORK * 1.1


def test_where_the_engine_would_stop_the_path_leads():
    body = process(start("s"), end("e"), *split("exclusive", "parallel"), path("s", "g"), path("j", "e"))
    refused = examination.examine("a.bpmn", body)[0]
    with pytest.raises(StuckAt) as stuck:
        Play(body, p=True, q=False).do("ga")
    assert stuck.value.detail["element"] == refused.element
