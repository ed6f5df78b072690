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


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow, with its condition if there is one."""
    inner = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inner if condition else ''}</bpmn:sequenceFlow>"
    )


def folder(key: str, body: str, *, messages: str = "", more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The parts of a process folder whose process has this body."""
    facts = {"key": key, "name": key, "number": "测试", "diagram": f"{key}.bpmn", "subject": "base", "clauses": []}
    diagram = f'{HEAD}{messages}<bpmn:process id="{key}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    return {
        "process.json": orjson.dumps(facts),
        f"{key}.bpmn": diagram.encode(),
        "forms/opinion.json": orjson.dumps(FORM),
        **(more or {}),
    }


def in_a_row(key: str, tasks: int) -> dict[str, bytes]:
    """A start, so many user tasks one after the other, an end."""
    names = [f"task_{number}" for number in range(1, tasks + 1)]
    places = ["begin", *names, "finish"]
    elements = '<bpmn:startEvent id="begin"/>' + "".join(user(name) for name in names) + '<bpmn:endEvent id="finish"/>'
    flows = "".join(flow(a, b) for a, b in itertools.pairwise(places))
    return folder(key, elements + flows)
