"""What a diagram drawn elsewhere becomes: mended where it is only unusual, and each mend is said."""

from pathlib import Path

import pytest

from engine.spiff import lint
from engine.spiff.documents import parse
from engine.spiff.normalise import Mend, normalise
from engine.spiff.outside import canonical, judge
from tests.engine.diagrams import (
    boundary,
    catch,
    element,
    end,
    event,
    exclusive,
    flow,
    inclusive,
    line,
    message,
    path,
    process,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.spiff.play import Play

FOLDER = Path(__file__).parent / "elsewhere"
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
FEEL = 'language="https://www.omg.org/spec/DMN/20191111/FEEL/"'
ASSIGNED = (
    '<zeebe:assignmentDefinition assignee="= order.owner" candidateGroups="clerks"/>'
    '<zeebe:formDefinition formId="review"/>'
)
LISTED = (
    '<extensionElements><zeebe:loopCharacteristics inputCollection="= people" inputElement="who"/></extensionElements>'
)
XPATH = 'language="http://www.w3.org/1999/XPath"'


def mended(body: bytes) -> dict[str, Mend]:
    return {mend.code: mend for mend in normalise(body).mended}


def task(inner: str = "", written: str = "", tag: str = "userTask") -> bytes:
    """A process of one activity, with attributes as another modeler writes them."""
    return process(
        start("start"), f'<{tag} id="t" name="Do it" {written}>{inner}</{tag}>', end("end"), path("start", "t", "end")
    )


def ours(body: bytes, name: str, id_: str = "t") -> str | None:
    found = next(each for each in parse(normalise(body).body).iter() if each.get("id") == id_)
    return found.get(f"{{urn:jidi:bpmn:1}}{name}")


def deciding(*conditions: str | None, gateway: str = "", labels: bool = True) -> bytes:
    """A gateway with one way for each condition; None leaves it out."""
    ways = [
        f'<sequenceFlow id="f{n}" {f"""name="way {n}" """ if labels else ""}sourceRef="g" targetRef="u{n}">{text or ""}'
        "</sequenceFlow>"
        for n, text in enumerate(conditions)
    ]
    users = [user(f"u{n}") for n in range(len(conditions))]
    return process(start("s"), gateway or exclusive("g"), *users, flow("s", "g"), *ways)


def said(text: str, written: str = "") -> str:
    return f"<conditionExpression {written}>{text}</conditionExpression>"


def test_what_needs_no_mending_comes_back_byte_for_byte():
    body = b"\xef\xbb\xbf" + line(user("u")).replace(b"UTF-8", b"utf-8")
    assert normalise(body).body == body
    assert normalise(body).mended == ()


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.bpmn")), ids=lambda file: file.stem)
def test_mending_twice_changes_nothing_more(file):
    once = normalise(file.read_bytes())
    assert normalise(once.body).body == once.body
    assert normalise(once.body).mended == ()


def test_everything_but_the_mended_part_stays_with_its_comments_prefixes_and_layout():
    body = (
        b'<?xml version="1.0" encoding="ISO-8859-1"?>\n<!-- drawn elsewhere -->\n'
        b'<semantic:definitions xmlns:semantic="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:vendor" xmlns:di="urn:di">'
        b'<semantic:process id="p"><semantic:extensionElements><grid a="\xe4"/>'
        b"<semantic:grid/></semantic:extensionElements>"
        b'<semantic:startEvent id="s" name="a&#10;b"/>'
        b'<semantic:task id="t" startQuantity="0"><semantic:documentation><![CDATA[<b>x</b>]]></semantic:documentation>'
        b'</semantic:task><semantic:sequenceFlow id="f" sourceRef="s" targetRef="t">'
        b'<semantic:conditionExpression xsi:type="semantic:tFormalExpression"/></semantic:sequenceFlow>'
        b'</semantic:process><di:BPMNDiagram><!-- layout --><di:Bounds x="1.50"/></di:BPMNDiagram>'
        b"</semantic:definitions>"
    )
    changed = body.replace(b' startQuantity="0"', b"").replace(
        b'<semantic:conditionExpression xsi:type="semantic:tFormalExpression"/>', b""
    )
    after = normalise(body)
    assert {mend.code for mend in after.mended} == {"quantity.dropped", "condition.empty_dropped"}
    kept, _ = canonical(after.body)
    assert kept == canonical(changed)[0]
    assert b'xmlns:xsi="http' in after.body  # a prefix that only stands in a text stays declared


def test_an_exclusive_choice_without_conditions_is_asked_for_by_the_names_of_its_ways():
    body = deciding(None, None)
    assert mended(body)["choice.asked"].params == {"name": "choice_g", "ways": ["way 0", "way 1"]}
    assert Play(normalise(body).body, choice_g="way 1").waiting() == ["u1"]


def test_a_default_way_stays_what_is_left():
    body = deciding(None, None, None, gateway=exclusive("g", default="f2"))
    assert mended(body)["choice.asked"].params["ways"] == ["way 0", "way 1"]
    assert Play(normalise(body).body, choice_g="something else").waiting() == ["u2"]


def test_one_way_without_a_condition_is_left_as_it_is():
    body = deciding(said("x"), None)
    assert normalise(body).mended == ()
    assert Play(body, x=False).waiting() == ["u1"]


def test_ways_without_conditions_behind_an_inclusive_gateway_are_always_taken():
    body = deciding(None, None, None, gateway=inclusive("g"))
    assert normalise(body).mended == ()
    assert Play(body).waiting() == ["u0", "u1", "u2"]
    assert Play(deciding(said("x"), None, gateway=inclusive("g")), x=True).waiting() == ["u0", "u1"]


def test_ways_without_names_or_with_one_and_the_same_go_by_their_ids():
    body = deciding(None, None, labels=False)
    assert mended(body)["choice.asked"].params["ways"] == ["f0", "f1"]
    same = deciding(None, None).replace(b"way 1", b"way 0")
    assert mended(same)["choice.asked"].params["ways"] == ["f0", "f1"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (said("${!approved}"), {"approved": False}),
        (said("#{status eq 'new' &amp;&amp; total gt 5}"), {"status": "new", "total": 6}),
        (said('= status = "new"'), {"status": "new"}),
        (said('Order Status = "new"', FEEL), {"Order_Status": "new"}),
        (said("bpmn:getDataObject('done') = 'yes'", XPATH), {"done": "yes"}),
        (said("${done == 'yes'}", XPATH), {"done": "yes"}),
    ],
)
def test_a_foreign_condition_is_translated_and_decides(condition, names):
    body = deciding(condition, None)
    assert "expression.translated" in mended(body)
    assert Play(normalise(body).body, **names).waiting() == ["u0"]


@pytest.mark.parametrize("text", ["${approved}", "= approved", "approved and total &gt; 5"])
def test_a_condition_that_reads_the_same_here_is_not_touched(text):
    assert normalise(deciding(said(text), None)).mended == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("approved == true", "http://groovy.codehaus.org/"),
        ("approved == true", "http://www.java.com/java"),
        ('return approved == "yes";', "http://www.java.com/java"),  # the same object, in Java
        ("return total / 2 == 5;", "http://www.java.com/java"),
        ("return approved; return total;", "http://www.mvel.org/2.0"),
        ("approved", "javascript"),
        ("order/total", "http://www.w3.org/1999/XPath"),
        ("items[price > 5]", "http://www.omg.org/spec/FEEL/20140401"),
    ],
)
def test_a_language_that_is_not_read_is_named_and_refused_even_if_it_looks_like_ours(text, language):
    body = deciding(said(text.replace(">", "&gt;"), f'language="{language}"'), None)
    assert mended(body)["expression.foreign"].element == "f0"
    refused = {(each.code, each.element) for each in lint.check({"a.bpmn": normalise(body).body})}
    assert ("expr.foreign", "f0") in refused


@pytest.mark.parametrize(
    ("written", "extension", "expected"),
    [
        (f'{CAMUNDA} camunda:assignee="demo"', "", {"scope": 'person("demo")'}),
        (f'{CAMUNDA} camunda:assignee="${{approver}}" camunda:candidateGroups="accounting"', "",
         {"scope": "person(approver)", "role": "accounting"}),
        (f'{CAMUNDA} camunda:candidateGroups="a,b" camunda:formKey="embedded:app:forms/invoice.html"', "",
         {"role": None, "form": "invoice"}),
        ('xmlns:flowable="http://flowable.org/bpmn" flowable:formKey="leave"', "", {"form": "leave"}),
        ('xmlns:activiti="http://activiti.org/bpmn" activiti:candidateGroups="${group}"', "", {"role": None}),
        (ZEEBE, ASSIGNED,
         {"scope": "person(order.owner)", "role": "clerks", "form": "review"}),
        (f'{CAMUNDA} camunda:assignee="${{bean.find(x)}}"', "", {"scope": None}),
    ],
)  # fmt: skip
def test_people_and_forms_are_read_from_other_engines(written, extension, expected):
    body = task(f"<extensionElements>{extension}</extensionElements>" if extension else "", written)
    assert {name: ours(body, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("tag", "written", "extension", "name", "value"),
    [
        ("serviceTask", f'{CAMUNDA} camunda:type="external" camunda:topic="mail"', "", "step", "mail"),
        ("serviceTask", f'{CAMUNDA} camunda:class="org.acme.SendMail"', "", "step", "SendMail"),
        ("serviceTask", f'{CAMUNDA} camunda:delegateExpression="#{{mailer}}"', "", "step", "mailer"),
        ("serviceTask", f'{CAMUNDA} camunda:expression="${{mailer.send(order)}}"', "", "step", None),
        ("serviceTask", ZEEBE, '<zeebe:taskDefinition type="mail"/>', "step", "mail"),
        ("serviceTask", ZEEBE, '<zeebe:taskDefinition type="= kind"/>', "step", None),
        ("serviceTask", 'operationRef="o"', "", "step", None),
        ("businessRuleTask", f'{CAMUNDA} camunda:decisionRef="risk"', "", "table", "risk"),
        ("businessRuleTask", ZEEBE, '<zeebe:calledDecision decisionId="risk"/>', "table", "risk"),
        ("businessRuleTask", "", "", "table", None),
    ],
)
def test_work_is_read_from_other_engines_where_they_name_it(tag, written, extension, name, value):
    body = task(f"<extensionElements>{extension}</extensionElements>" if extension else "", written, tag)
    assert ours(body, name) == value
    assert judge(body).runs


def test_our_own_words_go_before_those_of_others():
    body = task("", f'{CAMUNDA} camunda:assignee="demo" jidi:scope="province"')
    assert ours(body, "scope") == "province"
    assert normalise(body).mended == ()


@pytest.mark.parametrize(
    "characteristics",
    [
        f'<multiInstanceLoopCharacteristics {CAMUNDA} camunda:collection="${{people}}" camunda:elementVariable="who"/>',
        f"<multiInstanceLoopCharacteristics {ZEEBE}>{LISTED}</multiInstanceLoopCharacteristics>",
    ],
)
def test_the_list_of_a_multi_instance_is_read_from_other_engines(characteristics):
    play = Play(normalise(task(characteristics)).body, people=["a", "b"])
    assert [token.data["who"] for token in play.instance.tokens()] == ["a", "b"]


def test_a_list_that_is_named_by_its_place_is_found_by_its_name():
    body = task(
        "<ioSpecification><dataInput id='in'/></ioSpecification><dataInputAssociation><sourceRef>list</sourceRef>"
        "<targetRef>in</targetRef></dataInputAssociation><multiInstanceLoopCharacteristics>"
        "<loopDataInputRef>in</loopDataInputRef></multiInstanceLoopCharacteristics>"
    ).replace(b"<startEvent", b'<property id="list" name="people"/><startEvent', 1)
    assert mended(body)["repeat.list_named"].params == {"found": "in", "name": "people"}
    assert Play(normalise(body).body, people=["a", "b"]).waiting() == ["t", "t"]


def test_how_often_is_asked_for_where_nothing_says_it():
    body = task('<multiInstanceLoopCharacteristics behavior="None"><inputDataItem/></multiInstanceLoopCharacteristics>')
    assert mended(body).keys() == {"repeat.times_asked", "repeat.item_dropped"}
    assert Play(normalise(body).body, times_t=3).waiting() == ["t", "t", "t"]


def test_whether_to_go_round_again_is_asked_for_where_nothing_says_it():
    body = task('<standardLoopCharacteristics loopMaximum="0"><loopCondition/></standardLoopCharacteristics>')
    assert "repeat.again_asked" in mended(body)
    play = Play(normalise(body).body).do("t", again_t=True)
    assert play.waiting() == ["t"]
    assert play.do("t", again_t=False).instance.is_completed


def test_a_subprocess_that_nobody_drew_out_is_one_task():
    body = line(subprocess("inside"))
    assert mended(body)["subprocess.given_task"].element == "inside"
    play = Play(normalise(body).body)
    assert play.waiting() == ["inside_work"]
    assert play.do("inside_work").instance.is_completed


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", "due_wait"),
        ("<timeDuration/>", "due_wait"),
        ('<timeDuration>= duration("PT1H")</timeDuration>', "PT1H"),
        ("<timeDuration>${wait}</timeDuration>", "${wait}"),
        ('<timeDate>date and time("2026-01-01T08:00:00")</timeDate>', "2026-01-01T08:00:00"),
        ("<timeCycle>R3/PT10M</timeCycle>", "PT10M"),
    ],
)
def test_a_moment_is_read_or_asked_for(written, expected):
    body = line(catch("wait", f"<timerEventDefinition>{written}</timerEventDefinition>"))
    definition = next(parse(normalise(body).body).iter("{*}timerEventDefinition"))
    assert [each.text for each in definition] == [expected]
    assert judge(body).runs


def test_a_cycle_beside_its_task_goes_on_as_it_was():
    body = process(
        start("s"), user("u"), boundary("b", "u", timer("R3/P1D", "timeCycle"), interrupting=False), user("v"),
        path("s", "u"), flow("b", "v"),
    )  # fmt: skip
    assert normalise(body).mended == ()


def test_both_ends_of_a_message_flow_are_one_message():
    body = process(start("s"), catch("c", event("message")), end("e"), path("s", "c", "e")).replace(
        b"<process", b'<collaboration id="k"><messageFlow id="mf" name="Order" sourceRef="x" targetRef="c"/>'
        b"</collaboration><process", 1,
    )  # fmt: skip
    assert mended(body)["message.named"].params == {"message": "Order"}
    assert Play(normalise(body).body).send("c").instance.is_completed


def test_a_message_or_signal_without_a_name_has_that_of_its_event():
    body = line(catch("c", event("message")), catch("d", event("message")))
    assert [mend.params for mend in normalise(body).mended] == [{"message": "c"}, {"message": "d"}]


def test_a_definition_beside_the_process_holds_for_its_event():
    body = line(
        catch("c", "<eventDefinitionRef>shared</eventDefinitionRef>"),
        before='<timerEventDefinition id="shared"><timeDuration>P1D</timeDuration></timerEventDefinition>',
    )
    assert normalise(body).mended == ()
    assert Play(normalise(body).body).fire("c").instance.is_completed


def test_references_lose_spaces_and_the_prefix_of_the_file_itself():
    body = line(
        element("receiveTask", "r", messageRef=" tns:order "), before=message("order")
    ).replace(b"<definitions ", b'<definitions xmlns:tns="urn:jidi:test" ')  # fmt: skip
    assert mended(body)["reference.cleaned"].params["value"] == "order"
    assert Play(normalise(body).body).send("r").instance.is_completed


def test_the_reference_into_another_file_stays_and_is_refused():
    body = line(element("receiveTask", "r", messageRef="other:order")).replace(
        b"<definitions ", b'<definitions xmlns:other="urn:other" '
    )
    assert [each.code for each in judge(body).refused] == ["message.unknown"]


def test_a_message_that_an_exporter_lost_is_declared_again():
    body = line(element("receiveTask", "r", messageRef="lost"))
    assert mended(body)["message.named"].params == {"message": "r"}
    assert Play(normalise(body).body).send("r").instance.is_completed


def test_flags_may_be_written_as_numbers():
    body = process(
        start("s"), user("u"), f'<boundaryEvent id="b" attachedToRef="u" cancelActivity="0">{timer("P1D")}'
        "</boundaryEvent>", user("v"), path("s", "u"), flow("b", "v"),
    )  # fmt: skip
    assert mended(body)["flag.written_out"].params == {"name": "cancelActivity", "found": "0"}
    assert Play(normalise(body).body).fire("b").waiting() == ["u", "v"]


def test_elements_without_ids_and_flows_with_the_same_get_some():
    body = process(
        '<startEvent id="s"/><task name="nameless"/>', user("u"), exclusive("g", default="f"), user("v"), user("w"),
        flow("s", "u", id="f"), flow("u", "g"), flow("g", "v", id="f"), flow("g", "w", "x"),
        flow("w", "x"), "<endEvent id='x'/>",
    )  # fmt: skip
    after = normalise(body)
    assert sorted(mend.code for mend in after.mended) == ["id.again", "id.given"]
    assert [each.code for each in lint.check({"a.bpmn": after.body})] == ["bpmn.unreachable"]  # but has an id now
    assert Play(normalise(body.replace(b'<task name="nameless"/>', b"")).body, x=False).do("u").waiting() == ["v"]


def test_a_huge_id_is_shortened_everywhere():
    long = "x" * 200
    body = process(start("s"), user(long), end("e"), path("s", long, "e"))
    after = normalise(body)
    play = Play(after.body)
    assert len(play.waiting()[0]) <= 120
    assert play.do(play.waiting()[0]).instance.is_completed


def test_a_flow_is_kept_where_both_its_ends_stand():
    inside = subprocess("sub", start("s2"), user("u"), end("e2"), flow("s2", "u"))
    body = process(start("s"), inside, end("e"), path("s", "sub", "e"), flow("u", "e2"))
    assert mended(body)["flow.moved"].params == {"scope": "sub"}
    assert Play(normalise(body).body).do("u").instance.is_completed


def test_a_condition_that_always_holds_says_nothing_behind_an_event():
    body = process(start("s"), user("u"), flow("s", "u", "${true}"))
    assert mended(body).keys() == {"condition.always_dropped"}
    assert judge(body).runs


def test_a_file_that_is_no_diagram_is_given_back():
    assert normalise(b"<a/>").body == b"<a/>"
    assert [each.code for each in judge(b"<a/>").refused] == ["bpmn.no_process"]
    assert [each.code for each in judge(b"<a").refused] == ["xml.malformed"]


def test_prose_that_repeats_the_name_of_its_flow_is_no_condition():
    body = deciding(said("Way  0"), None).replace(b'name="way 0"', b'name="way 0!"').replace(b"Way  0", b"Way  0!")
    assert "condition.label_dropped" in mended(body)
    assert mended(deciding(said("Way  0!"), None)).keys() == {"expression.foreign"}
    assert normalise(deciding(said("x"), None).replace(b'name="way 0"', b'name="x"')).mended == ()


def test_a_flow_without_ends_is_joined_where_one_node_names_it():
    body = process(start("s", "<outgoing>f</outgoing>"), user("u", "<incoming>f</incoming>"), '<sequenceFlow id="f"/>')
    assert [mend.params["name"] for mend in normalise(body).mended] == ["sourceRef", "targetRef"]
    assert Play(normalise(body).body).waiting() == ["u"]
    lost = judge(body.replace(b"<incoming>f</incoming>", b""))
    assert [each.code for each in lost.refused] == ["flow.broken"]


def test_what_is_too_large_to_be_run_is_not_mended():
    flows = "".join(f'<sequenceFlow id="f" sourceRef="s" targetRef="u{n}"/>' for n in range(2_001))
    body = process(start("s"), flows)
    assert normalise(body).body == body


@pytest.mark.parametrize(
    "broken",
    [
        '<boundaryEvent id="b"/>',
        "<sequenceFlow/>",
        '<subProcess id="x" triggeredByEvent="true"/>',
        '<callActivity id="c" calledElement="p"/>',
        '<intermediateCatchEvent id="i"><eventDefinitionRef/></intermediateCatchEvent>',
        '<exclusiveGateway id="g" default="nothing"/>',
        '<userTask id="t"><standardLoopCharacteristics/><multiInstanceLoopCharacteristics/></userTask>',
        '<intermediateThrowEvent id="l"><linkEventDefinition/></intermediateThrowEvent>',
        '<startEvent id="s"><timerEventDefinition/><messageEventDefinition/></startEvent>',
        '<extensionElements/><documentation/><laneSet/><scriptTask id="y"><script>x</script></scriptTask>',
        f'<userTask id="t" {CAMUNDA} camunda:assignee="${{" camunda:formKey=":/" camunda:dueDate="="/>',
    ],
)
def test_broken_things_get_an_answer_and_no_exception(broken):
    judge(process(start("begin"), broken, end("e"), path("begin", "e")))
    judge(process(broken))


def test_a_list_that_another_engine_works_out_is_not_replaced_by_a_number():
    body = task(f'<multiInstanceLoopCharacteristics {CAMUNDA} camunda:collection="${{bean.find()}}"/>')
    assert mended(body).keys() == {"expression.foreign"}
    assert normalise(body).body == body
    assert "mi.no_items" in {each.code for each in judge(body).refused}


def test_the_listener_of_a_task_is_not_its_work():
    inner = '<camunda:executionListener class="org.acme.Audit" event="end"/><camunda:field name="a" expression="${b}"/>'
    body = task(f"<extensionElements>{inner}</extensionElements>", CAMUNDA, "serviceTask")
    assert ours(body, "step") is None


def test_what_was_translated_in_a_file_of_feel_is_not_translated_again():
    head = b'<definitions expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/" '
    body = deciding(said("lines[2] = 1"), None, None).replace(b"<definitions ", head)
    once = normalise(body)
    assert normalise(once.body).mended == ()
    assert Play(once.body, lines=[0, 1, 2]).waiting() == ["u0"]
    assert Play(once.body, lines=[0, 0, 2], choice_g="way 2").waiting() == ["u2"]
