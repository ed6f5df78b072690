"""What is legal BPMN though unusual runs as it says: documentation, pools, odd ids, references, empty places."""

import pytest

from engine.spiff import diagrams, lint
from tests.engine.diagrams import (
    HEAD,
    boundary,
    catch,
    condition,
    each,
    element,
    end,
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
    signal,
    start,
    subprocess,
    throw,
    timer,
    times,
    user,
)
from tests.engine.spiff.play import Play

DATA = """
<dataObject id="do{0}"><dataState/></dataObject><dataObjectReference id="dor{0}" dataObjectRef="do{0}"/>
<dataStoreReference id="ds{0}" dataStoreRef="store"/><property id="prop{0}"/>
<ioSpecification id="io{0}"><dataInput id="di{0}"/><dataOutput id="dout{0}"/>
<inputSet><dataInputRefs>di{0}</dataInputRefs></inputSet><outputSet/></ioSpecification>
<textAnnotation id="ta{0}"><text>看这里</text></textAnnotation><association id="as{0}" sourceRef="a" targetRef="ta{0}"/>
<group id="gr{0}"/><auditing/><monitoring/>
"""
INSIDE_A_TASK = """
<ioSpecification id="tio"><dataInput id="tdi"/><inputSet/><outputSet/></ioSpecification><property id="tp"/>
<dataInputAssociation id="dia"><sourceRef>dor1</sourceRef><targetRef>tdi</targetRef>
<transformation>x</transformation><assignment><from>1</from><to>2</to></assignment></dataInputAssociation>
<dataOutputAssociation id="doa"><targetRef>ds1</targetRef></dataOutputAssociation>
"""


def test_data_and_notes_are_documentation_at_every_depth():
    inner = subprocess("inner", DATA.format(3), start("s2"), user("b", INSIDE_A_TASK), path("s2", "b"))
    outer = subprocess("outer", DATA.format(2), inner)
    body = process(
        '<laneSet id="ls"><lane id="l1" name="处"><flowNodeRef>a</flowNodeRef><childLaneSet id="cls">'
        '<lane id="l2"><flowNodeRef>outer</flowNodeRef></lane></childLaneSet></lane></laneSet>',
        DATA.format(1), start("s"), user("a", INSIDE_A_TASK), outer, end("e"), path("s", "a", "outer", "e"),
        before='<category id="c"><categoryValue id="cv"/></category><dataStore id="store"/>',
    )  # fmt: skip
    assert Play(body).do("a").do("b").outcome == "e"


def test_of_several_pools_the_one_that_holds_something_runs():
    other = '<process id="empty" isExecutable="true"/><process id="box"><laneSet id="ls"/></process>'
    around = (
        '<collaboration id="c"><participant id="p1" processRef="p"/><participant id="p2"/>'
        '<messageFlow id="mf" sourceRef="p1" targetRef="p2"/><conversation id="cv"/></collaboration>'
    )
    body = process(start("s"), user("a"), end("e"), path("s", "a", "e"), before=around + other)
    assert Play(body.replace(b' isExecutable="true">\n', b">\n")).do("a").outcome == "e"


def test_an_event_may_refer_to_a_definition_that_stands_at_the_root():
    defined = f'{message("m")}<messageEventDefinition id="said" messageRef="m"/>' + timer("P1D").replace(
        "<timerEventDefinition", '<timerEventDefinition id="soon"'
    )
    refer = "<eventDefinitionRef>{}</eventDefinitionRef>".format
    play = Play(line(catch("c", refer("said")), catch("t", refer("soon")), before=defined))
    assert play.waiting("message") == ["c"]
    assert play.send("c").waiting("timer") == ["t"]
    assert play.fire("t").outcome == "end"


def test_a_reference_to_nothing_is_refused_by_name():
    findings = lint.check({"a.bpmn": line(catch("c", "<eventDefinitionRef>nothing</eventDefinitionRef>"))})
    assert ("bpmn.event_definition_ref", "c") in [(finding.code, finding.element) for finding in findings]


@pytest.mark.parametrize("name", ["Start", "End", "Root", "p.EndJoin", "a-b.c_d", "复核", "_1", "x[each]", "Start.1"])
def test_any_id_is_an_ordinary_id(name: str):
    body = process(start("begin"), user(name, times("2")), end("over"), path("begin", name, "over"))
    assert Play(body).do(name).do(name).outcome == "over"


def test_a_process_without_start_and_end_begins_at_all_that_nothing_leads_to():
    body = process(user("a"), user("b"), exclusive("m"), user("c"), path("a", "m", "c"), path("b", "m"))
    play = Play(body)
    assert play.waiting() == ["a", "b"]
    assert play.do("a").do("b").do("c").do("c").instance.is_completed


def test_eight_splits_of_three_that_join_cost_no_more_than_their_tokens():
    gates = [parallel(f"f{n}") + parallel(f"j{n}") for n in range(8)]
    tasks = [service(f"t{n}-{m}") for n in range(8) for m in range(3)]
    flows = [path(f"f{n}", f"t{n}-{m}", f"j{n}") for n in range(8) for m in range(3)]
    between = [flow(f"j{n}", f"f{n + 1}" if n < 7 else "e") for n in range(8)]
    play = Play(process(start("s"), end("e"), *gates, *tasks, *flows, *between, flow("s", "f0")))
    assert (len(play.called), play.outcome) == (24, "e")


def test_two_tokens_on_one_flow_of_a_parallel_join_are_two():
    body = process(
        start("s"), parallel("f"), user("a"), user("b"), exclusive("m"), user("c"), parallel("j"), user("d"),
        path("s", "f", "a", "m", "j", "d"), path("f", "b", "m"), path("f", "c", "j"),
    )  # fmt: skip
    play = Play(body).do("a").do("b")
    assert play.waiting() == ["c"]
    play.instance.complete(play.token("c").id, {})
    play.instance.advance()
    assert [token.element.id for token in play.instance.tokens()] == ["d"]


def test_an_inclusive_join_waits_for_a_loop_that_may_still_come_out_of_itself():
    body = process(
        start("s"), inclusive("f"), exclusive("m"), user("a"), exclusive("g", default="g-j"), user("b"), inclusive("j"),
        user("c"), flow("s", "f"), flow("f", "m", "n > 0"), flow("f", "b", "n > 0"), path("m", "a", "g"),
        flow("g", "m", "again"), flow("g", "j"), path("b", "j", "c"),
    )  # fmt: skip
    play = Play(body, n=1).do("b").do("a", again=True)
    assert play.waiting() == ["a"]
    assert play.do("a", again=False).waiting() == ["c"]


def test_an_inclusive_join_in_a_loop_joins_right_in_each_round():
    body = process(
        start("s"), exclusive("m"), inclusive("f"), user("a"), user("b"), inclusive("j"), user("ask"),
        exclusive("g", default="g-e"), end("e"), path("s", "m", "f"), flow("f", "a", "n > 0"), flow("f", "b", "n > 1"),
        path("a", "j", "ask", "g"), path("b", "j"), flow("g", "m", "again"), flow("g", "e"),
    )  # fmt: skip
    play = Play(body, n=2)
    for n in (1, 2, 1):
        if "b" in play.waiting():
            play.do("b")
        assert play.do("a").waiting() == ["ask"]
        play.do("ask", again=True, n=n)
    assert play.do("a").do("ask", again=False).outcome == "e"


def test_conditions_behind_a_parallel_gateway_and_an_event_are_not_asked():
    body = process(
        start("s"), parallel("g"), user("a"), user("b"), throw("t"), user("c"), flow("s", "g", "missing"),
        flow("g", "a", "missing"), path("g", "b"), path("a", "t"), flow("t", "c", "missing"),
    )  # fmt: skip
    assert Play(body).do("a").waiting() == ["b", "c"]


def test_an_event_gateway_may_be_the_start_and_be_led_to_again():
    body = process(
        element("eventBasedGateway", "g"), catch("t", timer("P1D")), catch("r", event("message", "m")), user("a"),
        path("g", "t", "a"), path("g", "r"), flow("a", "g"), before=message("m"),
    )  # fmt: skip
    play = Play(body.replace(b'id="a-g" sourceRef="a" targetRef="g"', b'id="a-g" sourceRef="a" targetRef="t"'))
    assert (play.waiting("timer"), play.waiting("message")) == (["t"], ["r"])
    assert play.fire("t").do("a").waiting("timer") == ["t"]


def test_an_old_state_of_a_diagram_is_read_by_this_release():
    body = process(
        start("s"), user("a", each("l", "i")), boundary("b", "a", timer("R3/P1D", "timeCycle"), interrupting=False),
        user("x"), path("s", "a"), path("b", "x"),
    )  # fmt: skip
    play = Play(body, l=[{"name": "甲"}, {"name": "乙"}]).fire("b")
    assert play.instance.freeze()[:1] == b"\x01"
    assert (play.waiting(), play.token("a").item) == (["a", "a", "x"], {"name": "甲"})


def test_the_same_file_may_be_asked_for_a_process_whose_start_is_not_drawn():
    body = f'{HEAD}<process id="p"><userTask id="a"/></process></definitions>'.encode()
    assert diagrams.load("implicit", {"a.bpmn": body}).start.id == "p"


ANY = timer("P1D") + event("message", "m") + event("signal", "x") + condition("n > 1")


def test_a_catch_with_several_events_waits_for_the_first_of_them():
    body = line(catch("c", ANY), user("a"), before=message("m") + signal("x"))
    for act in (
        lambda play: play.fire("c"),
        lambda play: play.send("c"),
        lambda play: play.signal("x"),
        lambda play: play.assign(n=2),
    ):
        play = act(Play(body))
        assert (play.waiting(), len(play.instance.tokens())) == (["a"], 1)


def test_a_parallel_multiple_catch_waits_for_all_of_them_in_any_order():
    body = line(catch("c", ANY), user("a"), before=message("m") + signal("x"))
    play = Play(body.replace(b'id="c"', b'id="c" parallelMultiple="true"'))
    play.signal("x").fire("c").assign(n=2)
    assert (play.waiting(), play.waiting("message")) == ([], ["c"])
    assert play.send("c").waiting() == ["a"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_several_events_at_one_edge_lead_the_same_way(*, interrupting: bool):
    body = process(start("s"), user("a"), boundary("b", "a", ANY, interrupting=interrupting), user("y"), path("s", "a"),
                   path("b", "y"), before=message("m") + signal("x"))  # fmt: skip
    play = Play(body).send("b")
    assert play.waiting() == (["y"] if interrupting else ["a", "y"])
    if not interrupting:
        assert play.fire("b").signal("x").waiting() == ["a", "y", "y", "y"]


def test_an_event_subprocess_may_start_on_any_of_several_events():
    inside = subprocess("es", start("told", ANY), user("y"), path("told", "y"), by_event=True)
    body = process(start("s"), user("a"), inside, path("s", "a"), before=message("m") + signal("x"))
    play = Play(body).signal("x")
    assert (play.waiting(), len(play.instance.tokens())) == (["y"], 1)
    assert play.do("y").instance.is_completed


def test_an_end_event_throws_all_of_its_events():
    both = event("terminate") + event("signal", "x")
    body = process(
        start("s"), parallel("f"), user("a"), end("e", both), subprocess("sub", catch("c", event("signal", "x")),
                                                                         service("w"), path("c", "w")),
        user("b"), path("s", "f", "a", "e"), path("f", "sub"), path("f", "b"), before=signal("x"),
    )  # fmt: skip
    play = Play(body).do("a")
    assert play.outcome == "e"


def test_a_throw_with_several_events_throws_each_and_goes_on():
    body = process(
        start("s"), parallel("f"), catch("c1", event("signal", "x")), catch("c2", event("signal", "y")), user("u1"),
        user("u2"), user("a"), throw("t", event("signal", "x") + event("signal", "y")), user("b"), path("s", "f", "c1"),
        path("f", "c2"), path("f", "a", "t", "b"), path("c1", "u1"), path("c2", "u2"), before=signal("x") + signal("y"),
    )  # fmt: skip
    assert Play(body).do("a").waiting() == ["b", "u1", "u2"]


def test_a_catch_with_several_events_begins_once_where_no_start_is_drawn():
    play = Play(process(catch("c", ANY), user("a"), path("c", "a"), before=message("m") + signal("x")))
    assert len(play.instance.tokens()) == 4
    assert play.fire("c").do("a").instance.is_completed
