"""Small diagrams for tests, written as they read: process(start("s"), user("a"), end("e"), path("s", "a", "e"))."""

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:jidi="urn:jidi:bpmn:1"'
    ' id="definitions" targetNamespace="urn:jidi:test">\n'
)


def process(*parts: str, id: str = "p", before: str = "") -> bytes:  # noqa: A002  the attribute's name
    """A file with one process; `before` holds messages, errors and the like."""
    body = "\n".join(parts)
    return f'{HEAD}{before}\n<process id="{id}" isExecutable="true">\n{body}\n</process></definitions>'.encode()


def line(*parts: str, before: str = "") -> bytes:
    """A process that runs from `start` through these elements, one after the other, to `end`."""
    ids = ["start", *(part.split('id="', 1)[1].split('"', 1)[0] for part in parts), "end"]
    return process(start("start"), *parts, end("end"), path(*ids), before=before)


def element(tag: str, id: str, inner: str = "", **attributes: str | None) -> str:  # noqa: A002
    """Any element; `jidi_role` becomes jidi:role, and None leaves an attribute out."""
    written = "".join(
        f" {name.replace('jidi_', 'jidi:')}={quoteattr(value)}"
        for name, value in attributes.items()
        if value is not None
    )
    return f'<{tag} id="{id}" name="{id}"{written}>{inner}</{tag}>'


def start(id: str, inner: str = "", **attributes: str) -> str:  # noqa: A002
    return element("startEvent", id, inner, **attributes)


def end(id: str, inner: str = "") -> str:  # noqa: A002
    return element("endEvent", id, inner)


def user(id: str, inner: str = "", **attributes: str | None) -> str:  # noqa: A002
    who = {"jidi_role": "prov_officer", "jidi_scope": "province", "jidi_form": "opinion", **attributes}
    return element("userTask", id, inner, **who)


def service(id: str, step: str | None = "note", inner: str = "", **parameters: str) -> str:  # noqa: A002
    given = "".join(f"<jidi:parameter name={quoteattr(k)} value={quoteattr(v)}/>" for k, v in parameters.items())
    extensions = f"<extensionElements>{given}</extensionElements>" if given else ""
    return element("serviceTask", id, extensions + inner, jidi_step=step)


def rule(id: str, table: str | None = "table") -> str:  # noqa: A002
    return element("businessRuleTask", id, jidi_table=table)


def exclusive(id: str, default: str | None = None) -> str:  # noqa: A002
    return element("exclusiveGateway", id, default=default)


def parallel(id: str) -> str:  # noqa: A002
    return element("parallelGateway", id)


def inclusive(id: str, default: str | None = None) -> str:  # noqa: A002
    return element("inclusiveGateway", id, default=default)


def catch(id: str, inner: str) -> str:  # noqa: A002
    return element("intermediateCatchEvent", id, inner)


def throw(id: str, inner: str = "") -> str:  # noqa: A002
    return element("intermediateThrowEvent", id, inner)


def boundary(id: str, host: str, inner: str, *, interrupting: bool = True) -> str:  # noqa: A002
    return element("boundaryEvent", id, inner, attachedToRef=host, cancelActivity=str(interrupting).lower())


def subprocess(id: str, *parts: str, by_event: bool = False) -> str:  # noqa: A002
    return element("subProcess", id, "\n".join(parts), triggeredByEvent="true" if by_event else None)


def transaction(id: str, *parts: str) -> str:  # noqa: A002
    return element("transaction", id, "\n".join(parts))


def timer(text: str, kind: str = "timeDuration") -> str:
    return f'<timerEventDefinition><{kind} xsi:type="tFormalExpression">{escape(text)}</{kind}></timerEventDefinition>'


def event(kind: str, ref: str | None = None) -> str:
    """What an event is about: `event("message", "m")`, `event("error", "e")`, `event("terminate")`."""
    reference = f' {kind}Ref="{ref}"' if ref else ""
    return f"<{kind}EventDefinition{reference}/>"


def condition(text: str) -> str:
    """What a conditional event waits for."""
    said = f'<condition xsi:type="tFormalExpression">{escape(text)}</condition>' if text else ""
    return f"<conditionalEventDefinition>{said}</conditionalEventDefinition>"


def link(name: str) -> str:
    return f'<linkEventDefinition name="{name}"/>'


def each(items: str, item: str, *, sequential: bool = False, until: str = "") -> str:
    """Multi-instance over a list."""
    condition = f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f'<loopDataInputRef>{items}</loopDataInputRef><inputDataItem id="{item}"/>{condition}'
        "</multiInstanceLoopCharacteristics>"
    )


def times(count: str, until: str = "", output: tuple[str, str] | None = None) -> str:
    """Multi-instance by a number."""
    condition = f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    kept = f'<loopDataOutputRef>{output[0]}</loopDataOutputRef><outputDataItem id="{output[1]}"/>' if output else ""
    return (
        f"<multiInstanceLoopCharacteristics><loopCardinality>{escape(count)}</loopCardinality>{kept}{condition}"
        "</multiInstanceLoopCharacteristics>"
    )


def loop(condition: str, *, maximum: str | None = None, before: bool = False) -> str:
    """A standard loop: again as long as the condition holds."""
    most = f' loopMaximum="{maximum}"' if maximum else ""
    tested = f"<loopCondition>{escape(condition)}</loopCondition>" if condition else ""
    return (
        f'<standardLoopCharacteristics testBefore="{str(before).lower()}"{most}>{tested}</standardLoopCharacteristics>'
    )


def flow(source: str, target: str, condition: str | None = None, id: str | None = None) -> str:  # noqa: A002
    said = f'<conditionExpression xsi:type="tFormalExpression">{escape(condition or "")}</conditionExpression>'
    return (
        f'<sequenceFlow id="{id or f"{source}-{target}"}" sourceRef="{source}" targetRef="{target}">'
        f"{said if condition is not None else ''}</sequenceFlow>"
    )


def path(*ids: str) -> str:
    """Flows from each to the next."""
    return "\n".join(flow(source, target) for source, target in pairwise(ids))


def message(id: str) -> str:  # noqa: A002
    return f'<message id="{id}" name="{id}"/>'


def error(id: str, code: str | None = None) -> str:  # noqa: A002
    return f'<error id="{id}" name="{id}" errorCode="{code or id}"/>'


def escalation(id: str) -> str:  # noqa: A002
    return f'<escalation id="{id}" name="{id}" escalationCode="{id}"/>'


def signal(id: str) -> str:  # noqa: A002
    return f'<signal id="{id}" name="{id}"/>'
