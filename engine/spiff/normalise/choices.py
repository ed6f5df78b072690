"""Gateways that say which ways there are but not when: the way is asked for by name.

Behind an exclusive gateway `choice_<gateway>` holds the name of the flow to take: what people read on it, or its id
where it has none of its own. Behind an inclusive one a flow without a condition is always taken (BPMN 2.0.2 §13.4.3).
"""

from lxml import etree

from engine.spiff.drawings import KINDS, local
from engine.spiff.normalise.texts import say
from engine.spiff.normalise.tokens import Foreign, quoted
from engine.spiff.normalise.work import Work, child, made, plain, text

DECIDING = frozenset({"user", "service", "rule", "send", "receive", "call", "subprocess", "inclusive"})


def mend(work: Work) -> None:
    """Empty conditions are none; then every gateway where more than one way is open without any."""
    for flow in work.flows():
        condition = child(flow, "conditionExpression")
        if condition is not None and not text(condition) and not len(condition):
            flow.remove(condition)
            work.mend("condition.empty_dropped", flow)
    leaving: dict[str | None, list[etree._Element]] = {}
    for flow in work.flows():
        leaving.setdefault(flow.get("sourceRef"), []).append(flow)
    for node in work.nodes():
        ways = leaving.get(node.get("id"), [])
        if KINDS[local(node)] == "exclusive":
            _asked(work, node, ways)
        elif KINDS[local(node)] not in DECIDING:
            _needless(work, ways)


def _asked(work: Work, node: etree._Element, ways: list[etree._Element]) -> None:
    default = node.get("default")
    free = [flow for flow in ways if child(flow, "conditionExpression") is None and flow.get("id") != default]
    if len(ways) == 1 or not free or (len(free) == 1 and default not in {flow.get("id") for flow in ways}):
        return  # one way is no choice; one without a condition is what is left
    name = f"choice_{plain(node.get('id', ''))}"
    labels = _labels(ways)
    for flow in free:
        label = labels[flow]
        say(work, made(flow, "conditionExpression"), f"{name} == {label}")
    work.mend("choice.asked", node, name=name, ways=[labels[flow][1:-1] for flow in free])


def _labels(ways: list[etree._Element]) -> dict[etree._Element, str]:
    """What each way is called, in quotes: its name, or its id if the name is not its own."""
    names = [" ".join(flow.get("name", "").split()) for flow in ways]
    found = {}
    for flow, name in zip(ways, names, strict=True):
        try:
            found[flow] = quoted(name, name if name and names.count(name) == 1 else flow.get("id", ""))
        except Foreign:
            found[flow] = f'"{plain(flow.get("id", ""))}"'
    return found


def _needless(work: Work, ways: list[etree._Element]) -> None:
    """Nothing is decided behind an event or a fork: a condition that always holds says nothing there."""
    for flow in ways:
        condition = child(flow, "conditionExpression")
        if condition is not None and text(condition).lower() in {"true", "${true}", "=true", "= true", "true()"}:
            flow.remove(condition)
            work.mend("condition.always_dropped", flow, found=text(condition))
