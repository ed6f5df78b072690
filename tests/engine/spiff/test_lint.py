"""What the linter says: every refusal with its element and line, and silence over what is right."""

import time
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import Schema, fields

from engine.spiff import lint
from engine.spiff.lint import Finding
from tests.engine.diagrams import (
    boundary,
    catch,
    condition,
    each,
    element,
    end,
    error,
    event,
    exclusive,
    flow,
    line,
    link,
    loop,
    message,
    parallel,
    path,
    process,
    rule,
    service,
    start,
    subprocess,
    throw,
    timer,
    times,
    user,
)


class Days(Schema):
    """A step's parameters."""

    days = fields.Integer(required=True, strict=True)
    note = fields.String()


FACTS: Mapping[str, Any] = {
    "steps": {
        "note": SimpleNamespace(parameters=None, returns=()),
        "notice.open": SimpleNamespace(parameters=Days, returns=("closes",)),
    },
    "forms": {"opinion"},
    "tables": {"table": ("suggest",)},
    "deadlines": {"city_review"},
    "roles": {"prov_officer"},
}


def found(body: bytes, **facts: Any) -> list[Finding]:
    return lint.check({"a.bpmn": body}, **facts)


def errors(body: bytes, **facts: Any) -> list[tuple[str, str | None]]:
    return [(each_.code, each_.element) for each_ in found(body, **facts) if each_.severity == "error"]


def one_way(*parts: str, before: str = "") -> bytes:
    """Start, a task, these parts beside it."""
    return process(start("s"), user("a"), end("e"), path("s", "a", "e"), *parts, before=before)


CODE = "__import__('os').system('touch x')"


@pytest.mark.parametrize(
    ("body", "code", "at"),
    [
        pytest.param(line(element("scriptTask", "x", f"<script>{CODE}</script>")), "bpmn.script_forbidden", "x",
            id="attack[001]"),
        pytest.param(
            process(start("s"), exclusive("g"), user("a"), user("b"), path("s", "g"), flow("g", "a", f"{CODE}==0"),
                flow("g", "b")),
            "expr.not_allowed", "g-a", id="attack[002]",
        ),
        pytest.param(line(catch("t", timer(f'{CODE} or "PT1S"'))), "expr.not_allowed", "t", id="attack[003]"),
        pytest.param(
            process(start("s"), user("a"), user("b"), path("s", "a"),
                flow("a", "b", "().__class__.__base__.__subclasses__()")),
            "expr.name", "a-b", id="attack[005]",
        ),
        pytest.param(line(user("a", times("9**9**9"))), "expr.not_allowed", "a", id="attack[007]"),
        pytest.param(
            process(start("s"), user("a"), user("b"), path("s", "a"), flow("a", "b", "+".join(["1"] * 600))),
            "expr.too_complex", "a-b", id="attack[008]-terms",
        ),
        pytest.param(
            process(start("s"), user("a"), user("b"), path("s", "a"), flow("a", "b", "(" * 500 + "1" + ")" * 500)),
            "expr.too_complex", "a-b", id="attack[008]-brackets",
        ),
        pytest.param(line(*(user(f"t{n}") for n in range(501))), "bpmn.too_many_elements", "p", id="attack[016]"),
        pytest.param(
            process(start("s"), service("w"), exclusive("g", default="g-w"), end("e"), path("s", "w", "g"),
                flow("g", "w"),
                    flow("g", "e", "done")),
            "bpmn.automatic_cycle", "w", id="attack[017]",
        ),
        pytest.param(
            process(start("s"), subprocess("sub", service("w")), exclusive("g"), end("e"), path("s", "sub", "g"),
                    flow("g", "sub", "more"), flow("g", "e")),
            "bpmn.automatic_cycle", "sub", id="attack[017]-through-a-subprocess",
        ),
        pytest.param(line(element("callActivity", "c", calledElement="p")), "bpmn.recursive_call", "c",
            id="attack[020]"),
        pytest.param(line(user("a", times("1000000"))), "mi.limit", "a", id="attack[021]"),
        *(
            pytest.param(line(catch("t", timer(text, kind))), None, "t", id=f"attack[022]-{text}")
            for kind, text in [
                ("timeCycle", "R/PT0S"), ("timeDuration", "PT0.001S"), ("timeDuration", "P-1D"),
                ("timeDuration", "P9999Y"),
                ("timeDate", "2026-02-30"), ("timeDate", "FREQ=DAILY;COUNT=1"),
            ]
        ),
    ],
)  # fmt: skip
def test_what_an_owner_could_do_harm_with_is_refused_at_its_element(body: bytes, code: str | None, at: str):
    began = time.process_time()
    said = errors(body)
    assert time.process_time() - began < 1.0
    assert at in [element_ for _, element_ in said]
    assert code is None or (code, at) in said


def test_a_forbidden_script_is_named_with_its_line_and_a_way_out_attack_001():
    body = process(start("s"), element("scriptTask", "x", "<script>1</script>"), end("e"), path("s", "x", "e"))
    finding = next(each_ for each_ in found(body) if each_.code == "bpmn.script_forbidden")
    assert (finding.element, finding.params["way_out"], finding.part) == ("x", "service_step", "a.bpmn")
    assert body.decode().splitlines()[finding.line - 1].startswith("<scriptTask")


def test_an_automatic_circle_is_named_in_its_order_attack_017():
    body = process(
        start("s"), exclusive("m"), service("w1"), service("w2"), exclusive("g"), end("e"),
        path("s", "m", "w1", "w2", "g"),
        flow("g", "m", "more"), flow("g", "e"),
    )  # fmt: skip
    finding = next(each_ for each_ in found(body) if each_.code == "bpmn.automatic_cycle")
    assert finding.params["cycle"] == ["m", "w1", "w2", "g"]


@pytest.mark.parametrize(
    ("body", "code", "at"),
    [
        (line(element("sendTask", "x")), "message.missing", "x"),
        (line(element("sendTask", "x", messageRef="m")), "message.unknown", "x"),
        (line(element("userTask", "x", jidi_to="case.subject")), "message.attribute_not_here", "x"),
        (line(catch("x", event("message", "m")),
              before=message("m").replace("<message", '<message jidi:keep="soon"')), "timer.not_allowed", "x"),
        (line(element("receiveTask", "x", messageRef="m", jidi_correlation="a b"), before=message("m")),
            "expr.syntax", "x"),
        (line(element("callActivity", "x")), "call.missing", "x"),
        (line(element("callActivity", "x", "<extensionElements><jidi:in name='a'/></extensionElements>",
                      calledElement="other")), "call.mapping", "x"),
        (line(element("userTask", "x", "<extensionElements><jidi:out name='a' value='b'/></extensionElements>")),
            "call.mapping_not_here", "x"),
        (line(element("complexGateway", "x")), "bpmn.complex_gateway", "x"),
        (line(element("adHocSubProcess", "x", user("a"))), "bpmn.ad_hoc", "x"),
        (line(element("callActivity", "x", calledElement="other")), "call.unknown", "x"),
        (line(element("somethingNew", "x")), "bpmn.not_supported", "x"),
        (line(throw("x", event("compensate"))), "bpmn.compensation", "x"),
        (line(throw("x", event("message", "m"))), "message.unknown", "x"),
        (line(catch("x", condition(""))), "condition.empty", "x"),
        (line(catch("x", condition(f"{CODE}==0"))), "expr.not_allowed", "x"),
        (one_way(boundary("b", "a", event("cancel"))), "cancel.not_here", "b"),
        (process(start("s"), end("x", event("cancel")), path("s", "x")), "cancel.not_here", "x"),
        (line(catch("x", timer("P1D") + link("over"))), "bpmn.multiple_events", "x"),
        (line(throw("x", event("compensate") + event("signal", "m"))), "bpmn.multiple_events", "x"),
        (one_way(boundary("b", "a", timer("P1D") + event("signal", "m")).replace(
            "<boundaryEvent", '<boundaryEvent parallelMultiple="true"')),
         "bpmn.multiple_events", "b"),
        (line(catch("x", "")), "bpmn.event_missing", "x"),
        (line(catch("x", event("terminate"))), "bpmn.event_not_here", "x"),
        (line(catch("x", event("message"))), "message.missing", "x"),
        (line(catch("x", event("message", "nobody"))), "message.unknown", "x"),
        (line(element("userTask", "x", isForCompensation="true")), "bpmn.compensation", "x"),
        (line(element("userTask", "x", startQuantity="2")), "bpmn.quantity", "x"),
        (line(element("userTask", "x", jidi_rol="prov_officer")), "jidi.unknown_attribute", "x"),
        (line(element("userTask", "x", "<extensionElements><jidi:param/></extensionElements>")),
         "jidi.unknown_element", None),
        (line(user("x" * 121)), "bpmn.id_too_long", "x" * 121),
        (one_way(user("a")), "bpmn.duplicate_id", "a"),
        (one_way(flow("a", "nobody")), "flow.broken", "a-nobody"),
        (one_way(flow("a", "s")), "flow.into_start", "a-s"),
        (one_way(flow("e", "a")), "flow.out_of_end", "e-a"),
        (one_way(subprocess("sub", user("in")), flow("a", "in")), "flow.crosses_scope", "a-in"),
        (one_way(subprocess("sub", start("s1"), start("s2"))), "bpmn.several_starts", "s2"),
        (one_way(subprocess("sub", start("s1", timer("P1D")))), "bpmn.start_event_kind", "s1"),
        (process(start("s", event("error")), end("e"), path("s", "e")), "bpmn.start_event_kind", "s"),
        (process(), "bpmn.no_process", "p"),
        (line(subprocess("x")), "subprocess.empty", "x"),
        (one_way(boundary("b", "nobody", timer("P1D"))), "boundary.unknown_host", "b"),
        (one_way(boundary("b", "s", timer("P1D"))), "boundary.not_activity", "b"),
        (one_way(boundary("b", "a", "")), "boundary.no_event", "b"),
        (one_way(boundary("b", "a", "<timerEventDefinition/>")), "timer.empty", "b"),
        (one_way(subprocess("es", start("t"), by_event=True)), "event_subprocess.start", "es"),
        (one_way(subprocess("es", start("t", timer("P1D")), by_event=True), flow("a", "es")), "event_subprocess.flow",
            "es"),
        (line(throw("x", link("over"))), "link.unmatched", "x"),
        (process(start("s"), element("eventBasedGateway", "g"), user("a"), catch("t", timer("P1D")),
            path("s", "g", "a"),
                 path("g", "t")), "event_gateway.target", "g-a"),
        (process(start("s"), exclusive("g"), user("a"), user("b"), path("s", "g", "a"), path("g", "b")),
         "gateway.condition_missing", "g-a"),
        (process(start("s"), exclusive("g", default="nobody"), user("a"), path("s", "g", "a")),
            "flow.default_unknown", "g"),
        (line(user("x", "<multiInstanceLoopCharacteristics/>")), "mi.no_items", "x"),
        (line(user("x", each("l", "i").replace("<inputData", "<loopCardinality>2</loopCardinality><inputData"))),
            "mi.both", "x"),
        (line(user("x", loop(""))), "loop.endless", "x"),
        (line(user("x", loop("n", maximum="10001"))), "loop.limit", "x"),
        (line(element("exclusiveGateway", "x", each("l", "i"))), "mi.not_here", "x"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_would_not_run_as_drawn_is_refused_by_name(body: bytes, code: str, at: str | None):
    said = errors(body)
    assert (code, at) in said or (at is None and code in [each_ for each_, _ in said])


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (user("x", jidi_role=None), "task.no_role"),
        (user("x", jidi_role="king"), "role.unknown"),
        (user("x", jidi_scope=None), "task.no_scope"),
        (user("x", jidi_scope="moon"), "scope.unknown"),
        (user("x", jidi_scope="organ"), "scope.unknown"),
        (user("x", jidi_scope="organ(__import__)"), "expr.name"),
        (user("x", jidi_form=None), "task.no_form"),
        (user("x", jidi_form="unknown"), "form.unknown"),
        (user("x", jidi_deadline="unknown"), "deadline.unknown"),
        (user("x", jidi_separate="nobody"), "separate.unknown"),
        (user("x", jidi_separate="x"), "separate.unknown"),
        (user("x", jidi_back="nobody"), "back.unknown"),
        (user("x", jidi_back="x"), "back.unknown"),
        (user("x", jidi_back="none x"), "back.not_here"),
        (catch("x", timer('deadline("unknown")')), "deadline.unknown"),
        (service("x", None), "step.missing"),
        (service("x", "unknown"), "step.unknown"),
        (service("x", "notice.open"), "step.parameters"),
        (service("x", "notice.open", days="5", more="1"), "step.parameters"),
        (service("x", "notice.open", days="'five'"), "step.parameters"),
        (rule("x", None), "table.missing"),
        (rule("x", "unknown"), "table.unknown"),
        (catch("x", event("message", "m")).replace("<intermediate", '<intermediate jidi:role="king"', 1).replace(
            '<intermediate jidi:role="king"CatchEvent', '<intermediateCatchEvent jidi:role="king"'), "role.unknown"),
    ],
    ids=lambda value: value if "<" not in value else "",
)  # fmt: skip
def test_what_does_not_exist_around_the_diagram_is_refused(part: str, code: str):
    assert (code, "x") in errors(line(part, before=message("m")), **FACTS)


@pytest.mark.parametrize(
    ("body", "code", "at"),
    [
        (line(catch("x", event("signal", "nobody"))), "signal.nobody_throws", "x"),
        (one_way(user("lost")), "bpmn.unreachable", "lost"),
        (one_way(start("s2"), flow("s2", "a")), "bpmn.several_starts", "s2"),
        (one_way(boundary("b", "a", event("error"), interrupting=False)), "boundary.error_must_interrupt", "b"),
        (one_way(subprocess("es", start("t", event("error"), isInterrupting="false"), by_event=True)),
         "boundary.error_must_interrupt", "t"),
        (process(start("s"), element("eventBasedGateway", "g"), catch("t", timer("P1D")), path("s", "g", "t")),
         "event_gateway.one_way", "g"),
        (process(start("s"), parallel("g"), user("a"), path("s", "g"), flow("g", "a", "n > 1")),
            "flow.condition_not_here", "g-a"),
        (process(start("s"), service("w", "note"), exclusive("g", default="g-w"), end("e"), path("s", "w", "g"),
                 flow("g", "w"), flow("g", "e", "done")).replace(b"jidi:step", b'jidi:returns="done" jidi:step'),
         "bpmn.automatic_cycle_limited", "w"),
        (process(start("s"), exclusive("m"), service("w"), boundary("b", "w", event("error")), end("e"),
                 path("s", "m", "w", "e"), path("b", "m")), "bpmn.automatic_cycle_limited", "m"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_runs_though_perhaps_not_as_somebody_thinks_is_a_warning(body: bytes, code: str, at: str):
    said = found(body)
    assert [finding for finding in said if finding.severity == "error"] == []
    assert (code, at) in [(finding.code, finding.element) for finding in said]


def test_what_is_right_is_not_refused():
    body = process(
        start("s", jidi_role="prov_officer", jidi_scope="organ(case.organ)"),
        user("a", jidi_deadline="city_review", jidi_clause="9"),
        boundary("late", "a", timer('deadline("city_review")'), interrupting=False), service("remind"),
        service("open", "notice.open", days="n + 1"), catch("wait", timer("end_of(closes)", "timeDate")),
        rule("ask"), user("b", jidi_separate="a"), user("each", each("experts", "expert"), jidi_scope="person(expert)"),
        subprocess("es", start("told", event("message", "m"), jidi_role="prov_officer", jidi_scope="province",
                               jidi_form="opinion"), service("w"), path("told", "w"), by_event=True),
        end("e"), path("s", "a", "open", "wait", "ask", "b", "each", "e"), path("late", "remind"),
        element("textAnnotation", "note", "<text>Article 9</text>"),
        '<association id="as" sourceRef="a" targetRef="note"/>', element("dataObjectReference", "d"),
        element("group", "gr"),
        before=message("m"),
    )  # fmt: skip
    assert found(body, **FACTS) == []


def test_documentation_changes_nothing_attack_023():
    names = "<img src=x onerror=alert(1)>"
    body = line(element("userTask", "a", "<documentation>javascript:alert(1)</documentation>"))
    shown = body.replace(b'name="a"', b'name="' + names.replace("<", "&lt;").encode() + b'"')
    assert errors(shown) == []


def test_a_choice_without_default_is_a_warning_unless_nothing_is_left_out():
    def gateway(first: str, second: str) -> bytes:
        return process(
            start("s"),
            exclusive("g"),
            user("a"),
            user("b"),
            path("s", "g"),
            flow("g", "a", first),
            flow("g", "b", second),
        )

    assert [each_.code for each_ in found(gateway("n > 1", "n < 1"))] == ["gateway.no_default"]
    assert found(gateway("whole_city", "not whole_city")) == []


def test_the_only_flow_without_condition_is_taken_as_default_and_said_so():
    body = process(
        start("s"), exclusive("g"), user("a"), user("b"), path("s", "g"), flow("g", "a", "n > 1"), flow("g", "b")
    )
    assert [each_.code for each_ in found(body)] == ["gateway.default_assumed"]


def test_names_that_nothing_sets_are_a_warning_when_it_is_known_what_forms_give():
    body = process(start("s"), user("a"), user("b"), path("s", "a"), flow("a", "b", "outcom == 1"))
    assert [(each_.code, each_.params["name"]) for each_ in found(body, names={"outcome"})] == [
        ("expr.unknown_name", "outcom")
    ]
    assert found(body) == []


def test_instances_are_counted_only_within_an_activity_that_has_several():
    asked = exclusive("g", default="g-c"), user("b"), user("c"), flow("g", "b", "nrOfInstances == 2"), flow("g", "c")
    beside = process(start("s"), user("a", times("2")), path("s", "a", "g"), *asked)
    assert [each_.params["name"] for each_ in found(beside, names={"outcome"})] == ["nrOfInstances"]
    within = subprocess("sub", start("i"), user("a"), path("i", "a", "g"), *asked)
    within = within.replace("</subProcess>", times("2") + "</subProcess>")
    assert found(line(within), names={"outcome"}) == []


def test_attributes_of_other_engines_are_said_to_be_unread():
    body = line(user("a")).replace(
        b"<userTask ", b'<userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="x" '
    )
    assert [(each_.code, each_.severity) for each_ in found(body)] == [("bpmn.other_engine", "warning")]


def test_everything_wrong_is_said_at_once_errors_first():
    body = process(
        start("s"), element("scriptTask", "x"), exclusive("g"), user("a"), user("b"), path("s", "x", "g"),
        flow("g", "a", "n > 1"), flow("g", "b", "n <"), flow("b", "nobody"),
    )  # fmt: skip
    said = found(body)
    assert {"bpmn.script_forbidden", "expr.syntax", "flow.broken", "gateway.no_default"} == {
        each_.code for each_ in said
    }
    assert said[-1].severity == "warning"


def test_eight_splits_of_three_that_never_join_are_a_flood():
    gates = [parallel(f"g{n}") for n in range(8)]
    tasks = [user(f"t{n}-{m}") for n in range(8) for m in range(3)]
    flows = [flow(f"g{n}", f"t{n}-{m}") + flow(f"t{n}-{m}", f"x{n}") for n in range(8) for m in range(3)]
    between = [exclusive(f"x{n}") + flow(f"x{n}", f"g{n + 1}" if n < 7 else "e") for n in range(8)]
    body = process(start("s"), end("e"), *gates, *tasks, *flows, *between, flow("s", "g0"))
    assert "bpmn.too_many_tokens" in [code for code, _ in errors(body)]


def test_parts_that_are_no_diagrams_are_left_alone_and_no_process_is_said_so():
    assert lint.check({"forms/a.json": b"{}"}) == []
    assert errors(b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>") == [("bpmn.no_process", None)]
    assert errors(b"<html/>") == [("bpmn.no_process", None)]
    assert errors(b"") == [("xml.malformed", None)]


def test_a_diagram_of_five_hundred_tasks_is_found_right():
    assert errors(line(*(user(f"t{n}") for n in range(500))), **FACTS) == []


@pytest.mark.parametrize("bad", [error("x"), ""])
def test_an_error_event_needs_no_declared_error(bad: str):
    inside = subprocess("sub", user("u"), end("bad", event("error", "x")), path("u", "bad"))
    body = process(
        start("s"),
        inside,
        boundary("b", "sub", event("error")),
        user("m"),
        path("s", "sub"),
        path("b", "m"),
        before=bad,
    )
    assert errors(body) == []
