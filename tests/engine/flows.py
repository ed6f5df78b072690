"""Small process folders for tests and benches: flow A (five tasks in a row) and what else a test wants to draw."""

import itertools
from collections.abc import Mapping

import orjson

FORM = {
    "title": "意见",
    "scalars": ["outcome"],
    "sections": [
        {
            "title": "意见",
            "fields": [
                {
                    "name": "outcome",
                    "type": "choice",
                    "label": "结论",
                    "required": True,
                    "options": [{"code": "forward", "label": "同意"}, {"code": "return", "label": "退回"}],
                },
                {"name": "opinion", "type": "prose", "label": "意见", "max": 20000},
            ],
        }
    ],
}
FORWARD = 'outcome == "forward"'
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:jidi="urn:jidi:bpmn:1" '
    'id="definitions" targetNamespace="urn:jidi:test">'
)


def user(name: str, *, scope: str = "province", role: str = "prov_officer", more: str = "", inner: str = "") -> str:
    """A user task with the form of this module."""
    return (
        f'<bpmn:userTask id="{name}" name="{name}" jidi:role="{role}" jidi:scope="{scope}" jidi:form="opinion" {more}>'
        f"{inner}</bpmn:userTask>"
    )


def flow(source: str, target: str, condition: str = "", *, name: str = "") -> str:
    """A sequence flow, with its condition if there is one."""
    inner = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    return (
        f'<bpmn:sequenceFlow id="{name or f"{source}_{target}"}" sourceRef="{source}" targetRef="{target}">'
        f"{inner if condition else ''}</bpmn:sequenceFlow>"
    )


def folder(
    key: str, body: str, *, messages: str = "", more: Mapping[str, bytes] | None = None, number: str = ""
) -> dict[str, bytes]:
    """The parts of a process folder whose process has this body."""
    facts = {
        "key": key,
        "name": key,
        "number": number or key,
        "diagram": f"{key}.bpmn",
        "subject": "base",
        "clauses": [],
    }
    diagram = f'{HEAD}{messages}<bpmn:process id="{key}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    return {
        "process.json": orjson.dumps(facts),
        f"{key}.bpmn": diagram.encode(),
        "forms/opinion.json": orjson.dumps(FORM),
        **(more or {}),
    }


def row(*elements: str, end: str = "done") -> str:
    """A start, these elements one after the other, an end."""
    ids = ["begin", *(each.split('id="', 1)[1].split('"', 1)[0] for each in elements), end]
    arrows = "".join(flow(a, b) for a, b in itertools.pairwise(ids))
    return f'<bpmn:startEvent id="begin"/>{"".join(elements)}<bpmn:endEvent id="{end}"/>{arrows}'


def in_a_row(key: str, tasks: int) -> dict[str, bytes]:
    """A start, so many user tasks one after the other, an end."""
    return folder(key, row(*(user(f"task_{number}") for number in range(1, tasks + 1)), end="finish"))


def stopping(key: str) -> dict[str, bytes]:
    """A task with one way on, for `forward`: with any other answer the case stops at the gateway behind it."""
    ways = flow("begin", "ask") + flow("ask", "which") + flow("which", "done", FORWARD)
    gateway = '<bpmn:exclusiveGateway id="which"/><bpmn:endEvent id="done"/>'
    return folder(key, f'<bpmn:startEvent id="begin"/>{user("ask")}{gateway}{ways}')


def urged(key: str, *, more: str = "") -> dict[str, bytes]:
    """A task, and another one in its place as soon as its time has passed."""
    late = (
        '<bpmn:boundaryEvent id="late" attachedToRef="ask" cancelActivity="true"><bpmn:timerEventDefinition>'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("intake")</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    ways = flow("begin", "ask") + flow("ask", "done") + flow("late", "urge") + flow("urge", "done")
    elements = user("ask", more=more) + late + user("urge") + '<bpmn:endEvent id="done"/>'
    return folder(key, f'<bpmn:startEvent id="begin"/>{elements}{ways}')


def visiting(key: str, experts: int = 5) -> dict[str, bytes]:
    """Flow B: seven tasks with a gateway behind each of six that can send back, experts side by side, a visit.

    Each of the twelve tasks has a timer at its edge that reminds and lets the task go on.
    """
    row = ["intake", "county", "city", "visit", "meeting", "leader"]
    asked = [f"expert_{number}" for number in range(1, experts + 1)]
    parts = ['<bpmn:startEvent id="begin"/>', flow("begin", "intake"), flow("leader_which", "notice", FORWARD)]
    parts += [reminded(task) for task in [*row, *asked, "notice"]]
    parts += [f'<bpmn:exclusiveGateway id="{task}_which" default="{task}_which_back"/>' for task in row]
    for before, task, after in zip(["intake", *row], row, [*row[1:], ""], strict=False):
        parts += [flow(task, f"{task}_which"), flow(f"{task}_which", before, name=f"{task}_which_back")]
        if after and task != "city":
            parts.append(flow(f"{task}_which", after, FORWARD))
    parts += ['<bpmn:parallelGateway id="ask"/><bpmn:parallelGateway id="heard"/>', flow("city_which", "ask", FORWARD)]
    parts += [flow("ask", one) + flow(one, "heard") for one in asked]
    parts += [flow("heard", "visit"), '<bpmn:endEvent id="finish"/>', flow("notice", "finish")]
    return folder(key, "".join(parts), number="考察")


def reminded(task: str) -> str:
    """A user task with a timer at its edge that ends nothing."""
    return (
        user(task) + f'<bpmn:boundaryEvent id="{task}_late" attachedToRef="{task}" cancelActivity="false">'
        '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("intake")'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        f'<bpmn:endEvent id="{task}_told"/>' + flow(f"{task}_late", f"{task}_told")
    )


def waiting(key: str) -> dict[str, bytes]:
    """A start, a term that has to pass, a task."""
    term = (
        '<bpmn:intermediateCatchEvent id="term"><bpmn:timerEventDefinition>'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("intake")</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    return folder(key, row(term, user("urge")), number="期限")
