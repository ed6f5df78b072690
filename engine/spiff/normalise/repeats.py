"""Loops and multi-instances that do not say how often: the number, or whether once more, is asked for by name."""

from lxml import etree

from engine.spiff.drawings import BPMN
from engine.spiff.normalise.vendors import LISTS, said
from engine.spiff.normalise.work import Work, child, made, plain, text

ITEMS = ("loopDataInputRef", "loopDataOutputRef")


def mend(work: Work) -> None:
    """Every activity."""
    for node in work.nodes():
        multi, loop = child(node, "multiInstanceLoopCharacteristics"), child(node, "standardLoopCharacteristics")
        if multi is not None:
            _multi(work, node, multi)
        if loop is not None:
            _loop(work, node, loop)


def _multi(work: Work, node: etree._Element, multi: etree._Element) -> None:
    for tag in ("loopCardinality", "completionCondition", *ITEMS):
        found = child(multi, tag)
        if found is not None and not text(found):
            multi.remove(found)
            work.mend("repeat.empty_dropped", node, tag=tag)
    for ref, item in (("loopDataInputRef", "inputDataItem"), ("loopDataOutputRef", "outputDataItem")):
        _item(work, node, multi, ref, item)
    unread = said(multi, LISTS)  # a list that is worked out by another engine is not to be replaced by a number
    if child(multi, "loopCardinality") is None and child(multi, "loopDataInputRef") is None and not unread:
        name = f"times_{plain(node.get('id', ''))}"
        made(multi, "loopCardinality", name)
        work.mend("repeat.times_asked", node, name=name)


def _item(work: Work, node: etree._Element, multi: etree._Element, ref: str, item: str) -> None:
    """A list that is named by its place in the diagram is meant by its name; an item without a list or name is none."""
    found, each = child(multi, ref), child(multi, item)
    if found is not None:
        name = _source(work, node, text(found))
        if name != text(found):
            work.mend("repeat.list_named", node, found=text(found), name=name)
            found.text = name
    if each is not None and found is None:
        multi.remove(each)
        work.mend("repeat.item_dropped", node, tag=item)


def _source(work: Work, node: etree._Element, id_: str) -> str:
    """The name of the data that an activity's input or output comes from or goes to, or the text as it is."""
    for tag, here, there in (
        ("dataInputAssociation", "targetRef", "sourceRef"),
        ("dataOutputAssociation", "sourceRef", "targetRef"),
    ):
        for association in node.findall(f"{{{BPMN}}}{tag}"):
            if text(child(association, here)) == id_ and text(child(association, there)):
                id_ = text(child(association, there))
    name = work.data.get(id_, "")
    return name if name.isidentifier() else id_


def _loop(work: Work, node: etree._Element, loop: etree._Element) -> None:
    condition = child(loop, "loopCondition")
    if loop.get("loopMaximum") in {"", "0", "-1"}:
        loop.attrib.pop("loopMaximum")
        work.mend("repeat.empty_dropped", node, tag="loopMaximum")
    if text(condition) or loop.get("loopMaximum"):
        return
    if condition is not None:
        loop.remove(condition)
    name = f"again_{plain(node.get('id', ''))}"
    made(loop, "loopCondition", name)
    work.mend("repeat.again_asked", node, name=name)
