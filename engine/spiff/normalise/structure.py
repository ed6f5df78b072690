"""What stands in a process: subprocesses without content, flows in the wrong scope, counts that mean nothing."""

from lxml import etree

from engine.spiff.drawings import BPMN, KINDS, SCOPES, local
from engine.spiff.normalise.work import Work, made, steps, text

QUANTITIES = ("startQuantity", "completionQuantity")


def mend(work: Work) -> None:
    """Every process."""
    for xml in work.nodes():
        _quantities(work, xml)
    _empty(work)
    _joined(work)
    _moved(work)


def _quantities(work: Work, xml: etree._Element) -> None:
    """The standard wants at least 1 (BPMN 2.0.2 table 10.3); some modelers write 0 for a number that nobody gave."""
    for name in QUANTITIES:
        if xml.get(name) in {"0", ""}:
            found = xml.attrib.pop(name)
            work.mend("quantity.dropped", xml, name=name, found=found)


def _empty(work: Work) -> None:
    """A collapsed subprocess, or a called process, that nobody has drawn out is one thing to be done by somebody."""
    called = {each.get("calledElement") for each in work.nodes("call")}
    hollow = [each for each in work.root.findall(f"{{{BPMN}}}process") if each.get("id") in called]
    hollow += [each for each in work.nodes() if KINDS[local(each)] in SCOPES - {"ad_hoc"}]
    for xml in hollow:
        if not any(True for _ in steps(xml)) and xml.get("triggeredByEvent") != "true":
            task = made(xml, "task", after=frozenset(map(local, xml)))
            task.set("id", work.fresh(f"{xml.get('id')}_work"))
            task.set("name", xml.get("name", ""))
            work.mend("subprocess.given_task", xml, task=task.get("id"))


def _joined(work: Work) -> None:
    """A flow that names no ends, where one node each says that it leaves or enters by it (BPMN 2.0.2 table 10.1)."""
    open_ = [flow for flow in work.flows() if flow.get("id") and not (flow.get("sourceRef") and flow.get("targetRef"))]
    for end, tag in (("sourceRef", "outgoing"), ("targetRef", "incoming")) if open_ else ():
        nodes: dict[str, list[str]] = {}
        for node in work.nodes():
            for each in node.findall(f"{{{BPMN}}}{tag}"):
                nodes.setdefault(text(each), []).append(node.get("id", ""))
        for flow in open_:
            found = nodes.get(flow.get("id", ""), [])
            if not flow.get(end) and len(found) == 1:
                flow.set(end, found[0])
                work.mend("flow.joined", flow, name=end, value=found[0])


def _moved(work: Work) -> None:
    """A flow belongs to the scope of both its ends; some modelers keep all of them in the process."""
    scopes = {each.get("id"): each.getparent() for each in work.nodes()}
    for flow in list(work.flows()):
        home = scopes.get(flow.get("sourceRef"))
        if home is not None and home is scopes.get(flow.get("targetRef")) and home is not flow.getparent():
            home.append(flow)
            work.mend("flow.moved", flow, scope=home.get("id"))
