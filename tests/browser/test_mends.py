"""What the check finds in a drawing from elsewhere is mended by the button beside it, and one undo takes that back."""

import time
from itertools import count

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

DRAWN = 20_000  # a large drawing on a busy machine
NUMBERS = count(int(time.time()) % 100_000)
FILE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:elsewhere">
<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>{}</bpmn:process>
<bpmn:message id="reply" name="reply"/></bpmn:definitions>"""
LATE = (
    '<bpmn:boundaryEvent id="late" name="过期" attachedToRef="x"><bpmn:timerEventDefinition><bpmn:timeDuration>P5D'
    '</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id="over"/>'
)
INSIDE = (
    '<bpmn:startEvent id="begin"/><bpmn:userTask id="a" name="甲"/>'
    '<bpmn:endEvent id="done" name="撤销">{}</bpmn:endEvent>'
    '<bpmn:sequenceFlow id="g1" sourceRef="begin" targetRef="a"/>'
    '<bpmn:sequenceFlow id="g2" sourceRef="a" targetRef="done"/>'
)
TWO = '<bpmn:userTask id="a" name="甲"/><bpmn:userTask id="b" name="乙"/>'


def drawn(*parts: str, flows: str) -> str:
    """A file of these nodes between a start and an end; flows are pairs `from>to`."""
    pairs = [each.split(">") for each in flows.split()]
    lines = [
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="{source}" targetRef="{target}"/>'
        for n, (source, target) in enumerate(pairs)
    ]
    return FILE.format("".join([*parts, *lines]))


CASES = {
    "an ad-hoc subprocess becomes a plain one": (
        drawn('<bpmn:adHocSubProcess id="x" name="各处意见">', TWO, "</bpmn:adHocSubProcess>", flows="start>x x>end"),
        "改为普通子流程",
        "不支持特设",
        "bpmn:subProcess",
    ),
    "an event with a timer at its edge is put into a subprocess": (
        drawn(
            '<bpmn:intermediateCatchEvent id="x" name="等待答复"><bpmn:messageEventDefinition messageRef="reply"/>',
            "</bpmn:intermediateCatchEvent>",
            LATE,
            flows="start>x x>end late>over",
        ),
        "放进子流程",
        "边界事件只能附在任务或者子流程上",
        "bpmn:subProcess",
    ),
    "a subprocess that is cancelled becomes a transaction": (
        drawn(
            '<bpmn:subProcess id="x" name="报名">',
            INSIDE.format("<bpmn:cancelEventDefinition/>"),
            "</bpmn:subProcess>",
            flows="start>x x>end",
        ),
        "改为事务子流程",
        "取消事件只能用于事务子流程",
        "bpmn:transaction",
    ),
    "a join waits as its ways were split": (
        drawn(
            '<bpmn:exclusiveGateway id="split" default="f1"/><bpmn:parallelGateway id="join" name="汇合"/>',
            TWO,
            flows="start>split split>a split>b a>join b>join join>end",
        ).replace(
            '"split" targetRef="b"/>',
            '"split" targetRef="b"><bpmn:conditionExpression>large</bpmn:conditionExpression></bpmn:sequenceFlow>',
        ),
        "改为同类网关",
        "走到这里",
        'bpmn:exclusiveGateway id="join"',
    ),
    "ways that were split in parallel are joined before the task": (
        drawn(
            '<bpmn:parallelGateway id="split"/><bpmn:userTask id="x" name="审批"/>',
            TWO,
            flows="start>split split>a split>b a>x b>x x>end",
        ),
        "插入并行网关",
        "可能同时打开两次",
        "bpmn:parallelGateway",
    ),
    "a script becomes a registered step": (
        drawn(
            '<bpmn:scriptTask id="x" name="计算"><bpmn:script>1</bpmn:script></bpmn:scriptTask>',
            flows="start>x x>end",
        ),
        "改为系统任务",
        "流程图里不能写程序",
        "bpmn:serviceTask",
    ),
    "a complex gateway becomes an inclusive one": (
        drawn('<bpmn:complexGateway id="x" name="分开"/>', TWO, flows="start>x x>a x>b a>end b>end"),
        "改用包容网关",
        "不支持复杂网关",
        "bpmn:inclusiveGateway",
    ),
    "ways that a condition chooses between are split by an exclusive gateway": (
        drawn('<bpmn:parallelGateway id="x" name="分开"/>', TWO, flows="start>x x>a x>b a>end b>end").replace(
            '"x" targetRef="b"/>',
            '"x" targetRef="b"><bpmn:conditionExpression>large</bpmn:conditionExpression></bpmn:sequenceFlow>',
        ),
        "改用排他网关",
        "这里的连线不看条件",
        'bpmn:exclusiveGateway id="x"',
    ),
    "ways that were split by choice of several are joined before the task": (
        drawn(
            '<bpmn:inclusiveGateway id="split"/><bpmn:userTask id="x" name="审批"/>',
            TWO,
            flows="start>split split>a split>b a>x b>x x>end",
        ),
        "插入包容网关",
        "可能同时打开两次",
        'bpmn:inclusiveGateway id="Gateway_',
    ),
    "an error always interrupts": (
        drawn(
            '<bpmn:subProcess id="x" name="报名">',
            INSIDE.format(""),
            '</bpmn:subProcess><bpmn:boundaryEvent id="wrong" name="出错" attachedToRef="x" cancelActivity="false">',
            '<bpmn:errorEventDefinition/></bpmn:boundaryEvent><bpmn:endEvent id="over"/>',
            flows="start>x x>end wrong>over",
        ),
        "设为中断",
        "错误事件总是中断",
        'name="出错" attachedToRef="x"',
    ),
    "a timer that begins a subprocess becomes a plain start": (
        drawn(
            '<bpmn:subProcess id="x" name="报名">',
            INSIDE.format("").replace(
                '<bpmn:startEvent id="begin"/>',
                '<bpmn:startEvent id="begin" name="五天后"><bpmn:timerEventDefinition><bpmn:timeDuration>P5D'
                "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:startEvent>",
            ),
            "</bpmn:subProcess>",
            flows="start>x x>end",
        ),
        "改为普通开始",
        "这种事件不能开始流程",
        'bpmn:startEvent id="begin" name="五天后"',
    ),
}


@pytest.mark.parametrize(("file", "button", "found", "written"), CASES.values(), ids=CASES)
def test_the_button_beside_a_finding_mends_it(desk: Desk, file: str, button: str, found: str, written: str) -> None:
    key = _imported(desk, file)
    finding = desk.page.locator(".finding", has_text=found)
    expect(finding.first).to_be_visible()
    many = finding.count()

    with desk.page.expect_response(_kept):
        finding.first.get_by_role("button", name=button).click()
    expect(finding).to_have_count(0, timeout=DRAWN)
    assert written in _file(desk, key)

    with desk.page.expect_response(_kept):
        desk.page.locator("[data-undo]").click()
    expect(finding).to_have_count(many, timeout=DRAWN)
    assert desk.faults == []


def test_an_id_too_long_is_renamed(desk: Desk) -> None:
    key = _imported(desk, drawn('<bpmn:userTask id="apply" name="申请"/>', flows="start>apply apply>end"))
    desk.rewrite(key, "apply", "apply" * 30)
    desk.go(f"/processes/{key}/draft")
    finding = desk.page.locator(".finding", has_text="编号太长")
    finding.get_by_role("button", name="改编号").click()
    expect(finding).to_have_count(0, timeout=DRAWN)
    assert 'userTask id="usertask_1"' in _file(desk, key)
    assert desk.faults == []


def test_elements_of_one_id_and_flows_without_a_picture_are_all_drawn(desk: Desk) -> None:
    twice = '<bpmn:userTask id="x" name="初审"/><bpmn:userTask id="x" name="复审"/>'
    key = _imported(desk, drawn(twice, flows="start>x x>end"))
    expect(desk.page.locator(".djs-shape .djs-label", has_text="复审")).to_be_visible()
    expect(desk.page.locator(".djs-connection")).to_have_count(2)
    expect(desk.page.locator("[data-state]")).to_have_text("已保存")
    kept = _file(desk, key)
    assert 'id="x" name="初审"' in kept
    assert 'id="x_2" name="复审"' in kept
    assert desk.faults == []


def _imported(desk: Desk, file: str) -> str:
    """A new process of this file, open in the editor; its key."""
    key = f"mend-{next(NUMBERS)}"
    desk.enter("秦岚")
    desk.import_diagram(key, "别处画的流程", file)
    desk.page.get_by_role("link", name="打开草稿").click()
    expect(desk.page.locator("[data-ready]")).to_be_visible(timeout=DRAWN)
    expect(desk.page.locator("[data-state]")).to_have_text("已保存")
    return key


def _kept(reply: object) -> bool:
    return reply.request.method == "PUT" and reply.ok  # type: ignore[attr-defined]


def _file(desk: Desk, key: str) -> str:
    return str(desk.page.evaluate(f"async () => (await fetch('/processes/{key}/draft/diagram.bpmn')).text()"))
