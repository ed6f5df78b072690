"""Called processes: data of their own, errors and escalations that are heard outside, and nothing left behind."""

import pytest

from engine.spiff import diagrams, drawings, lint
from engine.spiff.diagrams import NoDiagram, Recursive, UnknownCall
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
    line,
    loop,
    message,
    parallel,
    path,
    process,
    rule,
    service,
    signal,
    start,
    subprocess,
    throw,
    timer,
    times,
    user,
)
from tests.engine.spiff.play import Play

VISIT = process(start("s"), user("ask"), end("e"), path("s", "ask", "e"), id="visit")


def call(id: str, called: str, inner: str = "", mappings: str = "") -> str:  # noqa: A002  the attribute's name
    extensions = f"<extensionElements>{mappings}</extensionElements>" if mappings else ""
    return element("callActivity", id, extensions + inner, calledElement=called)


def into(name: str, value: str) -> str:
    return f'<jidi:in name="{name}" value="{value}"/>'


def out(name: str, value: str) -> str:
    return f'<jidi:out name="{name}" value="{value}"/>'


def file(*processes: bytes) -> bytes:
    """Several processes in one file."""
    first = processes[0].decode().removesuffix("</definitions>")
    others = [body.decode().split("\n", 3)[3].removesuffix("</definitions>") for body in processes[1:]]
    return "".join([first, *others, "</definitions>"]).encode()


def test_a_called_process_runs_inside_and_the_caller_goes_on_when_it_is_over():
    play = Play(line(user("a"), call("c", "visit"), user("b")), VISIT)
    assert play.do("a").waiting() == ["ask"]
    assert play.token("ask").process == "visit"
    assert play.do("ask").waiting() == ["b"]
    assert play.token("b").process == "p"
    assert play.do("b").outcome == "end"


def test_a_process_of_the_same_file_can_be_called():
    body = file(line(call("c", "visit"), user("b")), VISIT.replace(b'isExecutable="true"', b'isExecutable="false"'))
    play = Play(body)
    assert play.waiting() == ["ask"]
    assert play.do("ask").waiting() == ["b"]


def test_the_process_that_no_other_calls_is_the_main_one_wherever_it_stands():
    main = line(call("c", "visit"))
    assert Play(file(VISIT, main)).diagram.id == "p"
    assert Play(VISIT, main).diagram.id == "p"
    assert diagrams.together([VISIT, main], process="visit").id == "visit"
    with pytest.raises(NoDiagram):
        diagrams.together([VISIT, main], process="nobody")


def test_ids_of_a_called_process_may_be_those_of_its_caller():
    inner = process(start("start"), user("ask"), end("end"), path("start", "ask", "end"), id="visit")
    play = Play(line(parallel("f"), user("ask")).replace(b"</process>", call_beside().encode() + b"</process>"), inner)
    assert play.waiting() == ["ask", "ask"]
    places = [play.diagram.place(token.element) for token in play.instance.tokens()]
    assert sorted(places) == ["ask", "visit:ask"]
    assert [play.diagram.find(place).process for place in sorted(places)] == ["p", "visit"]
    assert play.diagram.find("visit:nobody") is None


def call_beside() -> str:
    return call("c", "visit") + flow("f", "c")


def test_the_callers_data_are_seen_as_a_copy_and_what_the_called_process_sets_comes_back():
    visit = process(start("s"), user("ask"), service("w", given="n"), path("s", "ask", "w"), id="visit")
    play = Play(line(call("c", "visit"), user("b")), visit, n=1, kept=[1, 2])
    play.do("ask", n=5)
    assert play.host.calls == [("w", {"given": 5})]
    assert play.instance.data == {"n": 5, "kept": [1, 2]}


def test_a_called_process_does_not_undo_what_another_branch_did_meanwhile():
    body = process(
        start("s"), parallel("f"), call("c", "visit"), user("other"), parallel("j"), user("z"),
        path("s", "f", "c", "j", "z"), path("f", "other", "j"),
    )  # fmt: skip
    play = Play(body, VISIT, n=1).do("other", n=2).do("ask", answer=True)
    assert play.instance.data == {"n": 2, "answer": True}


def test_what_the_caller_changes_meanwhile_is_not_seen_inside():
    visit = process(start("s"), user("ask"), service("w", given="n"), path("s", "ask", "w"), id="visit")
    body = process(
        start("s"), parallel("f"), call("c", "visit"), user("other"), path("s", "f", "c"), path("f", "other")
    )
    play = Play(body, visit, n=1).do("other", n=2).do("ask")
    assert play.host.calls == [("w", {"given": 1})]


def test_with_mappings_only_these_go_in_and_come_out():
    mapped = call("c", "visit", mappings=into("base", "n + 1") + out("answer", "found * 2"))
    visit = process(start("s"), user("ask"), service("w", base="base"), path("s", "ask", "w"), id="visit")
    play = Play(line(mapped, user("b")), visit, n=1, secret=True)
    assert play.token("ask").data == {"base": 2}
    play.do("ask", found=21, other=1)
    assert play.host.calls == [("w", {"base": 2})]
    assert play.instance.data == {"n": 1, "secret": True, "answer": 42}


def test_everything_may_be_said_in_one_direction():
    mapped = call("c", "visit", mappings='<jidi:in all="true"/>' + into("base", "7") + out("answer", "base + n"))
    play = Play(line(mapped, user("b")), VISIT, n=1)
    assert play.token("ask").data == {"n": 1, "base": 7}
    assert play.do("ask", found=2).instance.data == {"n": 1, "answer": 8}


def test_a_mapping_over_an_unset_name_stops_the_case_at_the_call():
    with pytest.raises(StuckAt) as stuck:
        Play(line(call("c", "visit", mappings=into("base", "nobody"))), VISIT)
    assert (stuck.value.code, stuck.value.detail["element"]) == ("expr.failed", "c")
    assert stuck.value.detail["parameter"] == "base"


def test_a_copy_that_calls_share_is_never_written():
    visit = process(start("s"), user("ask"), service("w", given="n"), path("s", "ask", "w"), id="visit")
    body = line(call("c", "visit", each("bases", "base")), user("b"))
    play = Play(body, visit, bases=[1, 2], n=0).do("ask", n=5).do("ask")
    assert play.host.calls == [("w", {"given": 5}), ("w", {"given": 0})]


def test_calls_within_calls():
    outer = process(start("s"), call("c", "visit"), user("then"), path("s", "c", "then"), id="outer")
    play = Play(line(call("c", "outer"), user("b")), outer, VISIT)
    assert (play.waiting(), play.token("ask").process) == (["ask"], "visit")
    assert play.do("ask", n=1).waiting() == ["then"]
    assert play.do("then").waiting() == ["b"]
    assert play.instance.data == {"n": 1}


def test_a_finished_call_leaves_nothing_in_the_state():
    body = process(
        start("s"), call("c", "visit"), user("again"), exclusive("g", default="g-e"), end("e"),
        path("s", "c", "again", "g"), flow("g", "c", "more"), flow("g", "e"),
    )  # fmt: skip
    play = Play(body, VISIT, more=True)
    open_, done = play.bytes, play.do("ask").bytes
    for _ in range(30):
        play.do("again").do("ask")
    assert play.bytes <= done + 4
    assert done < open_ < 200
    assert play.do("again", more=False).outcome == "e"


def test_many_calls_at_once_and_one_after_the_other():
    visit = process(start("s"), user("ask"), path("s", "ask"), id="visit")
    for sequential, first in ((False, ["ask"] * 3), (True, ["ask"])):
        play = Play(line(call("c", "visit", each("bases", "base", sequential=sequential)), user("b")), visit,
                    bases=[4, 5, 6])  # fmt: skip
        assert play.waiting() == first
        for base in (4, 5, 6):
            token = play.token("ask")
            assert token.data["base"] == base
            play.do("ask", seen=base)
        assert play.waiting() == ["b"]
        assert play.instance.data == {"bases": [4, 5, 6], "seen": 6}


def test_the_results_of_many_calls_are_collected_in_order():
    found = call("c", "visit", times("3", output=("results", "found")))
    play = Play(line(found, user("b")), VISIT)
    play.do("ask", nth=2, found="c").do("ask", nth=0, found="a").do("ask", found="b")
    assert play.instance.data == {"results": ["a", "b", "c"]}


def test_a_hundred_calls_on_the_same_data_keep_them_once():
    many = call("c", "visit", each("bases", "base"))
    few, full = (Play(line(many, user("b")), VISIT, bases=list(range(n)), text="x" * 500) for n in (2, 100))
    assert full.bytes < few.bytes + 60 * 98
    for number in (99, 0):
        full.do("ask", nth=number, seen=number)
    assert full.instance.data == {"bases": list(range(100)), "text": "x" * 500, "seen": 0}
    assert len(full.waiting()) == 98


def test_many_calls_end_when_the_condition_says_so():
    play = Play(line(call("c", "visit", times("5", "nrOfCompletedInstances >= 2")), user("b")), VISIT)
    assert play.do("ask").do("ask", nth=2).waiting() == ["b"]


def test_a_call_may_be_repeated_while_a_condition_holds():
    play = Play(line(call("c", "visit", loop("again")), user("b")), VISIT)
    assert play.do("ask", again=True).waiting() == ["ask"]
    assert play.do("ask", again=False).waiting() == ["b"]


def test_a_timer_at_the_edge_of_a_call_ends_all_that_is_in_it():
    inner = subprocess("sub", start("is"), user("deep"), path("is", "deep"))
    visit = process(start("s"), parallel("f"), inner, user("ask"), path("s", "f", "sub"), path("f", "ask"), id="visit")
    body = process(
        start("s"), call("c", "visit"), boundary("late", "c", timer("P1D")), user("b"), user("mend"),
        path("s", "c", "b"), path("late", "mend"),
    )  # fmt: skip
    play = Play(body, visit)
    assert (play.waiting(), play.waiting("timer")) == (["ask", "deep"], ["late"])
    assert play.fire("late").waiting() == ["mend"]
    assert play.do("mend").instance.is_completed


def test_a_message_at_the_edge_of_a_call_comes_beside_it():
    body = process(
        start("s"), call("c", "visit"), boundary("told", "c", event("message", "m"), interrupting=False), user("note"),
        path("s", "c"), path("told", "note"), before=message("m"),
    )  # fmt: skip
    play = Play(body, VISIT).send("told").send("told")
    assert play.waiting() == ["ask", "note", "note"]


@pytest.mark.parametrize("code", ["x", None])
def test_an_error_thrown_inside_is_heard_at_the_call(code: str | None):
    visit = process(start("s"), user("ask"), end("bad", event("error", "x")), path("s", "ask", "bad"), id="visit",
                    before=error("x"))  # fmt: skip
    body = process(
        start("s"), call("c", "visit"), boundary("caught", "c", event("error", code)), user("b"), user("mend"),
        path("s", "c", "b"), path("caught", "mend"), before=error("x"),
    )  # fmt: skip
    assert Play(body, visit).do("ask").waiting() == ["mend"]


def test_an_error_that_nobody_hears_ends_the_caller_as_well():
    visit = process(start("s"), user("ask"), end("bad", event("error", "x")), path("s", "ask", "bad"), id="visit",
                    before=error("x"))  # fmt: skip
    body = process(start("s"), parallel("f"), call("c", "visit"), user("a"), path("s", "f", "c"), path("f", "a"))
    assert Play(body, visit).do("ask").outcome == "bad"


def test_an_error_of_one_among_many_calls_ends_all_of_them():
    visit = process(start("s"), user("ask"), end("bad", event("error", "x")), path("s", "ask", "bad"), id="visit",
                    before=error("x"))  # fmt: skip
    body = process(
        start("s"), call("c", "visit", times("3")), boundary("caught", "c", event("error", "x")), user("mend"),
        path("s", "c"), path("caught", "mend"), before=error("x"),
    )  # fmt: skip
    assert Play(body, visit).do("ask", nth=1).waiting() == ["mend"]


def test_an_escalation_thrown_inside_is_heard_at_the_call_and_the_called_process_goes_on():
    visit = process(start("s"), throw("up", event("escalation", "x")), user("ask"), path("s", "up", "ask"), id="visit",
                    before=escalation("x"))  # fmt: skip
    body = process(
        start("s"), call("c", "visit"), boundary("b", "c", event("escalation", "x"), interrupting=False),
        user("chief"), path("s", "c"), path("b", "chief"), before=escalation("x"),
    )  # fmt: skip
    assert Play(body, visit).waiting() == ["ask", "chief"]


def test_terminate_inside_ends_only_the_called_process():
    visit = process(
        start("s"), parallel("f"), user("ask"), user("other"), end("stop", event("terminate")), path("s", "f", "ask"),
        path("f", "other", "stop"), id="visit",
    )  # fmt: skip
    body = process(start("s"), parallel("f"), call("c", "visit"), user("beside"), user("b"), path("s", "f", "c", "b"),
                   path("f", "beside"))  # fmt: skip
    assert Play(body, visit).do("other").waiting() == ["b", "beside"]


def test_a_signal_thrown_in_a_called_process_is_heard_by_its_caller():
    visit = process(start("s"), user("ask"), throw("up", event("signal", "x")), path("s", "ask", "up"), id="visit",
                    before=signal("x"))  # fmt: skip
    body = process(
        start("s"), call("c", "visit"), boundary("b", "c", event("signal", "x"), interrupting=False), user("hears"),
        throw("also", event("signal", "x")), path("s", "c", "also"), path("b", "hears"), before=signal("x"),
    )  # fmt: skip
    assert Play(body, visit).do("ask").waiting() == ["hears"]


def test_an_event_subprocess_of_a_called_process_ends_only_that():
    told = subprocess("es", start("told", event("message", "m")), end("x"), path("told", "x"), by_event=True)
    visit = process(start("s"), user("ask"), told, path("s", "ask"), id="visit", before=message("m"))
    play = Play(line(call("c", "visit"), user("b")), visit)
    assert play.token("told").process == "visit"
    assert play.send("told").waiting() == ["b"]


def test_the_end_of_a_called_process_is_not_the_outcome_of_the_case():
    play = Play(process(start("s"), call("c", "visit"), path("s", "c")), VISIT).do("ask")
    assert play.outcome is None


def test_a_table_and_a_step_of_a_called_process_say_whose_they_are():
    visit = process(start("s"), rule("r"), service("w"), user("ask"), path("s", "r", "w", "ask"), id="visit")
    seen = []
    play = Play(line(call("c", "visit")), visit, steps={"note": seen.append, "table": lambda _: {"n": 4}})
    assert [play.diagram.find(f"visit:{name}").id for name in play.called] == ["r", "w"]
    assert seen == [{"n": 4}]


def test_a_process_that_calls_itself_through_another_is_refused():
    one = process(start("s"), call("c", "two"), path("s", "c"), id="one")
    two = process(start("s"), call("d", "one"), path("s", "d"), id="two")
    with pytest.raises(Recursive):
        diagrams.together([one, two])
    said = [(finding.code, finding.element) for finding in lint.check({"a.bpmn": file(one, two)})]
    assert ("bpmn.recursive_call", "c") in said
    assert ("bpmn.recursive_call", "d") in said


def test_a_process_that_is_not_there_is_refused_when_it_is_built_and_when_it_is_checked():
    body = line(call("c", "nobody"))
    with pytest.raises(UnknownCall):
        diagrams.build(drawings.read(body))
    for processes in (None, {"visit": ()}):
        finding = next(each_ for each_ in lint.check({"a.bpmn": body}, processes=processes))
        assert (finding.code, finding.element, finding.params["way_out"]) == ("call.unknown", "c", "give_called")
    assert not lint.check({"a.bpmn": line(call("c", "visit"))}, processes={"visit": ()})


def test_a_called_process_of_the_same_file_is_checked_as_well():
    visit = process(start("s"), element("scriptTask", "x"), path("s", "x"), id="visit")
    said = [
        (finding.code, finding.element) for finding in lint.check({"a.bpmn": file(line(call("c", "visit")), visit)})
    ]
    assert ("bpmn.script_forbidden", "x") in said


def test_a_circle_of_calls_that_wait_for_nobody_is_refused_and_one_that_waits_is_not():
    def again(visit: bytes) -> list[str]:
        body = process(start("s"), call("c", "visit"), exclusive("g", default="g-e"), end("e"), path("s", "c", "g"),
                       flow("g", "c", "more"), flow("g", "e"))  # fmt: skip
        return [finding.code for finding in lint.check({"a.bpmn": file(body, visit)})]

    assert again(VISIT) == []
    assert again(process(start("s"), service("w"), path("s", "w"), id="visit")) == ["bpmn.automatic_cycle"]
