"""Call activities: what they call, and what goes in and comes out; a called thing that nobody drew out is one task."""

from collections.abc import Iterator

from lxml import etree

from engine.spiff.drawings import BPMN, JIDI, local
from engine.spiff.expressions import unwrap
from engine.spiff.normalise.texts import ours
from engine.spiff.normalise.tokens import Foreign
from engine.spiff.normalise.vendors import FAMILIES, computed, said
from engine.spiff.normalise.work import Work, child

# A task that several processes share is called like a process (BPMN 2.0.2 §10.3.6).
GLOBAL = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalBusinessRuleTask": "businessRuleTask",
    "globalScriptTask": "scriptTask",
}


def mend(work: Work) -> None:
    """Every call activity."""
    shared = {xml.get("id"): xml for xml in work.root if local(xml) in GLOBAL}
    made: dict[str | None, tuple[str, str]] = {}
    for node in work.nodes("call"):
        found = said(node, ["processId"])
        if found and not computed(found) and not node.get("calledElement"):
            node.set("calledElement", found)
            work.mend("called.read", node, called=found)
        _passage(work, node)
        name = node.get("calledElement", "").rpartition(":")[2]
        source = shared.get(name, node if not name else None)
        if source is not None:
            process, task = made.get(source.get("id")) or _process(work, source)
            made[source.get("id")] = process, task
            node.set("calledElement", process)
            work.mend("called.given_task", node, process=process, task=task)


def _process(work: Work, source: etree._Element) -> tuple[str, str]:
    """A process of one task, beside the others."""
    process = etree.Element(f"{{{BPMN}}}process", id=work.fresh(f"{source.get('id')}_process"))
    process.set("name", source.get("name", ""))
    task = etree.SubElement(process, f"{{{BPMN}}}{GLOBAL.get(local(source), 'task')}")
    task.set("id", work.fresh(f"{source.get('id')}_work"))
    task.set("name", source.get("name", ""))
    last = work.root.findall(f"{{{BPMN}}}process")[-1]
    process.tail = last.tail
    last.addnext(process)
    return process.get("id", ""), task.get("id", "")


def _passage(work: Work, node: etree._Element) -> None:
    """`camunda:in` and `camunda:out` are our `jidi:in` and `jidi:out`."""
    extensions = child(node, "extensionElements")
    if extensions is None or any(str(each.tag).startswith(f"{{{JIDI}}}") for each in extensions):
        return
    try:
        for way, name, value in list(_mappings(work, extensions)):
            made = etree.SubElement(
                extensions, f"{{{JIDI}}}{way}", {"name": name, "value": value} if name else {"all": "true"}
            )
            made.tail = extensions.text
            work.mend("passage.read", node, way=way, name=name, value=value)
    except Foreign as foreign:
        work.foreign(node, foreign)


def _mappings(work: Work, extensions: etree._Element) -> Iterator[tuple[str, str, str]]:
    for space, family in FAMILIES.items():
        for way in ("in", "out"):
            for each in extensions.findall(f"{{{space}}}{way}") if family == "juel" else []:
                source, expression = each.get("source"), each.get("sourceExpression")
                if each.get("variables") == "all":
                    yield way, "", ""
                elif each.get("target") and (source or expression):
                    yield way, each.get("target", ""), source or unwrap(ours(work, expression or ""))
