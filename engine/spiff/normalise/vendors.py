"""What other engines write beside the standard: who does a task, its form, its work, its list; read into ours.

Their own attributes and elements stay where they are; ours are added beside them. What has no counterpart is not
touched, and the linter says that nobody reads it.
"""

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from engine.spiff.drawings import KINDS, local
from engine.spiff.expressions import unwrap
from engine.spiff.normalise.texts import ours
from engine.spiff.normalise.tokens import Foreign, quoted
from engine.spiff.normalise.work import Work, child, made

FAMILIES: Mapping[str, str] = {
    "http://camunda.org/schema/1.0/bpmn": "juel",
    "http://operaton.org/schema/1.0/bpmn": "juel",
    "http://activiti.org/bpmn": "juel",
    "http://flowable.org/bpmn": "juel",
    "http://camunda.org/schema/zeebe/1.0": "feel",
}
ROLE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
UNFIT = re.compile(r"[^A-Za-z0-9_.\u4e00-\u9fff-]+")
FORMS = ("formKey", "formRef", "formId", "externalReference")
WORK = ("topic", "delegateExpression", "expression", "class")
TABLES = ("decisionRef", "decisionId", "decisionTableReferenceKey")


def mend(work: Work) -> None:
    """Every flow node."""
    for xml in list(work.nodes()):
        kind = KINDS[local(xml)]
        if kind == "user":
            _person(work, xml)
        if kind in {"user", "start"}:
            work.ours(xml, "form", _stem(_said(xml, FORMS)), "form.read")
        if kind == "service":
            work.ours(xml, "step", _step(xml), "step.read")
        if kind == "rule":
            work.ours(xml, "table", _slug(_said(xml, TABLES)), "table.read")
        if kind == "call":
            _called(work, xml)
        _many(work, xml)


def _said(xml: etree._Element, names: Iterable[str]) -> str:
    """What another engine's attribute of one of these names says, on the element or on what it has beneath."""
    extensions = child(xml, "extensionElements")
    holders = [xml, *([] if extensions is None else extensions.iter())]
    for name in names:
        for holder in holders:
            for space in FAMILIES:
                found = holder.get(f"{{{space}}}{name}") or (
                    holder.get(name) if str(holder.tag).startswith(f"{{{space}}}") else None
                )
                if found and found.strip():
                    return found.strip()
    return ""


def _person(work: Work, xml: etree._Element) -> None:
    """One group is the role; an assignee is the person. Several groups, and lists of users, are nobody's alone."""
    group = _value(_said(xml, ["candidateGroups"]))
    if ROLE.fullmatch(group):
        work.ours(xml, "role", group, "role.read")
    assignee = _said(xml, ["assignee"])
    if not assignee:
        return
    try:
        who = ours(work, assignee) if _computed(assignee) else quoted(assignee, assignee)
        work.ours(xml, "scope", f"person({unwrap(who)})", "person.read")
    except Foreign as foreign:
        work.mend("expression.foreign", xml, text=foreign.source[:200], why=foreign.why)


def _computed(value: str) -> bool:
    return value.startswith("=") or value[:2] in {"${", "#{"}


def _value(value: str) -> str:
    """A text that FEEL may have in quotes."""
    bare = unwrap(value)
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else value


def _stem(key: str) -> str:
    """`embedded:app:forms/invoice.html` is the form `invoice`."""
    return "" if _computed(key) else _slug(re.split(r"[:/]", key)[-1].rpartition(".")[0] or re.split(r"[:/]", key)[-1])


def _step(xml: etree._Element) -> str:
    """The name of the work: a topic, a job type, a bean or a class without its package."""
    found = _said(xml, WORK) or _type(xml)
    bare = unwrap(found)
    name = bare.rpartition(".")[2] if re.fullmatch(r"[\w$]+(\.[\w$]+)+", bare) else bare
    return _slug(name) if ROLE.fullmatch(_slug(name)) and "(" not in bare else ""


def _type(xml: etree._Element) -> str:
    extensions = child(xml, "extensionElements")
    for each in [] if extensions is None else extensions:
        if str(each.tag).endswith("}taskDefinition") and not _computed(each.get("type", "=")):
            return each.get("type", "")
    return ""


def _slug(text_: str) -> str:
    return UNFIT.sub("_", text_.strip()).strip("_")[:80]


def _called(work: Work, xml: etree._Element) -> None:
    found = _said(xml, ["processId"])
    if found and not _computed(found) and not xml.get("calledElement"):
        xml.set("calledElement", found)
        work.mend("called.read", xml, called=found)


def _many(work: Work, xml: etree._Element) -> None:
    """`collection` and `elementVariable`, `inputCollection` and `inputElement`: our list and item."""
    multi = child(xml, "multiInstanceLoopCharacteristics")
    if multi is None:
        return
    for tag, item, lists, names in (
        ("loopDataInputRef", "inputDataItem", ["collection", "inputCollection"], ["elementVariable", "inputElement"]),
        ("loopDataOutputRef", "outputDataItem", ["outputCollection"], ["outputElement"]),
    ):
        source, name = unwrap(_said(multi, lists)), unwrap(_said(multi, names))
        if not source or child(multi, tag) is not None or not source.isidentifier():
            continue
        if tag == "loopDataOutputRef" and not name.isidentifier():
            continue
        made(multi, tag, source, after=frozenset(["loopCardinality", "loopDataInputRef"]))
        if name.isidentifier() and child(multi, item) is None:
            order = frozenset(["loopCardinality", "loopDataInputRef", "loopDataOutputRef", "inputDataItem"])
            made(multi, item, after=order).set("name", name)
        work.mend("list.read", xml, list=source, item=name)
