"""What other engines write beside the standard: who does a task, its form, its work, its list; read into ours.

Their own attributes and elements stay where they are; ours are added beside them. What has no counterpart is not
touched, and the linter says that nobody reads it.
"""

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from engine.spiff.drawings import KINDS, local
from engine.spiff.expressions import unwrap
from engine.spiff.normalise.texts import iso, ours
from engine.spiff.normalise.tokens import Foreign, quoted
from engine.spiff.normalise.work import Work, child, made

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
FAMILIES: Mapping[str, str] = {
    "http://camunda.org/schema/1.0/bpmn": "juel",
    "http://operaton.org/schema/1.0/bpmn": "juel",
    "http://activiti.org/bpmn": "juel",
    "http://flowable.org/bpmn": "juel",
    ZEEBE: "feel",
}
ROLE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
CLASS = re.compile(r"[\w$]+(\.[\w$]+)+")
UNFIT = re.compile(r"[^A-Za-z0-9_.\u4e00-\u9fff-]+")
FORMS = ("formKey", "formRef", "formId", "externalReference")
WORK = ("topic", "delegateExpression", "expression", "class")
LISTS = ("collection", "inputCollection")
TABLES = ("decisionRef", "decisionId", "decisionTableReferenceKey")


def mend(work: Work) -> None:
    """Every flow node."""
    messages = {each.get("id"): each for each in work.root if local(each) == "message"}
    for xml in list(work.nodes()):
        kind = KINDS[local(xml)]
        if kind == "user":
            _person(work, xml)
            _due(work, xml)
        if kind in {"receive", "catch", "boundary", "start"}:
            _correlation(work, xml, messages)
        if kind in {"user", "start"}:
            work.ours(xml, "form", _stem(said(xml, FORMS)), "form.read")
        if kind == "service":
            work.ours(xml, "step", _step(xml), "step.read")
        if kind == "rule":
            work.ours(xml, "table", _slug(said(xml, TABLES)), "table.read")
        _many(work, xml)


def said(xml: etree._Element, names: Iterable[str]) -> str:
    """What another engine says by one of these names: its attribute, or in Zeebe's way an extension element's."""
    extensions = child(xml, "extensionElements")
    below = [] if extensions is None else [each for each in extensions if str(each.tag).startswith(f"{{{ZEEBE}}}")]
    for name in names:
        found = [xml.get(f"{{{space}}}{name}", "") for space in FAMILIES] + [each.get(name, "") for each in below]
        value = next((each.strip() for each in found if each.strip()), "")
        if value:
            return value
    return ""


def _person(work: Work, xml: etree._Element) -> None:
    """One group is the role; an assignee is the person. Several groups, and lists of users, are nobody's alone."""
    group = _value(said(xml, ["candidateGroups"]))
    if ROLE.fullmatch(group):
        work.ours(xml, "role", group, "role.read")
    assignee = said(xml, ["assignee"])
    if not assignee:
        return
    try:
        who = ours(work, assignee) if computed(assignee) else quoted(assignee, assignee)
        work.ours(xml, "scope", f"person({unwrap(who)})", "person.read")
    except Foreign as foreign:
        work.foreign(xml, foreign)


def _due(work: Work, xml: etree._Element) -> None:
    """A day, a moment, a duration or an expression; the day to look at it again counts where it stands alone."""
    text = said(xml, ("dueDate", "followUpDate"))
    try:
        due = ours(work, text) if computed(text) and not iso(text) else unwrap(text)
    except Foreign as foreign:
        work.foreign(xml, foreign)
        return
    work.ours(xml, "due", due, "due.read")


def _correlation(work: Work, xml: etree._Element, messages: Mapping[str | None, etree._Element]) -> None:
    """`zeebe:subscription` at the message says what the message must be about."""
    holder = xml if local(xml) == "receiveTask" else child(xml, "messageEventDefinition")
    message = None if holder is None else messages.get(holder.get("messageRef"))
    key = "" if message is None else said(message, ["correlationKey"])
    try:
        work.ours(xml, "correlation", unwrap(ours(work, key)) if key else "", "correlation.read")
    except Foreign as foreign:
        work.foreign(xml, foreign)


def computed(value: str) -> bool:
    """Whether another engine would work this text out, rather than take it as it is."""
    return value.startswith("=") or value[:2] in {"${", "#{"}


def _value(value: str) -> str:
    """A text that FEEL may have in quotes."""
    bare = unwrap(value)
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else value


def _stem(key: str) -> str:
    """`embedded:app:forms/invoice.html` is the form `invoice`."""
    return "" if computed(key) else _slug(re.split(r"[:/]", key)[-1].rpartition(".")[0] or re.split(r"[:/]", key)[-1])


def _step(xml: etree._Element) -> str:
    """The name of the work: a topic, a job type, a bean or a class without its package."""
    bare = unwrap(said(xml, WORK) or _type(xml))
    name = bare.rpartition(".")[2] if CLASS.fullmatch(bare) else bare
    return _slug(name) if ROLE.fullmatch(_slug(name)) and "(" not in bare else ""


def _type(xml: etree._Element) -> str:
    """The job type of zeebe's `taskDefinition`, unless it is worked out."""
    extensions = child(xml, "extensionElements")
    types = [] if extensions is None else [each.get("type", "") for each in extensions if _defines(each)]
    return next((each for each in types if not computed(each)), "")


def _defines(xml: etree._Element) -> bool:
    return any(xml.tag == f"{{{space}}}taskDefinition" for space in FAMILIES)


def _slug(text_: str) -> str:
    return UNFIT.sub("_", text_.strip()).strip("_")[:80]


def _many(work: Work, xml: etree._Element) -> None:
    """`collection` and `elementVariable`, `inputCollection` and `inputElement`: our list and item."""
    multi = child(xml, "multiInstanceLoopCharacteristics")
    if multi is None:
        return
    for tag, item, lists, names in (
        ("loopDataInputRef", "inputDataItem", LISTS, ["elementVariable", "inputElement"]),
        ("loopDataOutputRef", "outputDataItem", ["outputCollection"], ["outputElement"]),
    ):
        source, name = _list(work, xml, said(multi, lists)), unwrap(said(multi, names))
        if child(multi, tag) is not None or not source:
            continue
        if tag == "loopDataOutputRef" and not (name.isidentifier() and source.isidentifier()):
            continue
        made(multi, tag, source, after=frozenset(["loopCardinality", "loopDataInputRef"]))
        if name.isidentifier() and child(multi, item) is None:
            order = frozenset(["loopCardinality", "loopDataInputRef", "loopDataOutputRef", "inputDataItem"])
            made(multi, item, after=order).set("name", name)
        work.mend("list.read", xml, list=source, item=name)


def _list(work: Work, xml: etree._Element, source: str) -> str:
    """A list by its name, or as `order.lines`; what another engine works out by its own functions is foreign."""
    try:
        return unwrap(ours(work, source)) if source else ""
    except Foreign as foreign:
        work.foreign(xml, foreign)
        return ""
