"""Names of elements and references to them: one id each, references without spaces and prefixes, flags as words."""

from collections import Counter
from collections.abc import Mapping

from lxml import etree

from engine.spiff.drawings import BPMN, local
from engine.spiff.lint.findings import words
from engine.spiff.lint.nodes import LONGEST
from engine.spiff.normalise.work import Work, plain, text

# xsd:QName in the schema: another name space of the file's own may stand before the colon.
QUALIFIED = words("messageRef errorRef escalationRef signalRef attachedToRef calledElement processRef operationRef")
REFERENCES = QUALIFIED | words("id sourceRef targetRef default")
FLAGS = words(
    "isExecutable triggeredByEvent isSequential testBefore isForCompensation parallelMultiple cancelActivity "
    "isInterrupting isCollection instantiate"
)
BOOLEANS: Mapping[str, str] = {"1": "true", "0": "false"}
LISTED = words("incoming outgoing flowNodeRef eventDefinitionRef")


def mend(work: Work) -> None:
    """Spaces, prefixes and truth values; then ids that are missing, double or too long."""
    for xml in work.root.iter(f"{{{BPMN}}}*"):
        _references(work, xml)
        _flags(work, xml)
    _missing(work)
    _twice(work)
    _long(work)


def _references(work: Work, xml: etree._Element) -> None:
    for name in REFERENCES & set(map(str, xml.attrib)):
        found = xml.get(name, "")
        bare = _local(work, found.strip()) if name in QUALIFIED else found.strip()
        if bare != found:
            xml.set(name, bare)
            work.mend("reference.cleaned", xml, name=name, found=found, value=bare)


def _local(work: Work, name: str) -> str:
    """`tns:message` is the file's own `message`, if `tns` is what the file calls itself."""
    prefix, colon, rest = name.partition(":")
    own = work.root.get("targetNamespace")
    return rest if colon and own and work.root.nsmap.get(prefix) == own and name not in work.ids else name


def _flags(work: Work, xml: etree._Element) -> None:
    for name in FLAGS & set(map(str, xml.attrib)):
        found = xml.get(name, "")
        value = BOOLEANS.get(found.strip(), found.strip().lower())
        if value != found and value in {"true", "false"}:
            xml.set(name, value)
            work.mend("flag.written_out", xml, name=name, found=found)


def _missing(work: Work) -> None:
    """Whatever has no id is referred to by nothing."""
    for xml in [*work.processes(), *work.nodes()]:
        if not xml.get("id"):
            xml.set("id", work.fresh(f"{local(xml)}_{xml.sourceline}"))
            work.mend("id.given", xml)


def _twice(work: Work) -> None:
    """Only a default names a flow, and that of its own source; two nodes of one id stay for the linter to refuse."""
    nodes = {each.get("id"): each for each in work.nodes()}
    taken, left = set(nodes), Counter((each.get("sourceRef"), each.get("id")) for each in work.flows())
    for xml in list(work.flows()):
        old, source = xml.get("id"), nodes.get(xml.get("sourceRef"))
        if old is None or old not in taken:
            taken.add(old)
            continue
        xml.set("id", work.fresh(old))
        left[xml.get("sourceRef"), old] -= 1
        if source is not None and source.get("default") == old and not left[xml.get("sourceRef"), old]:
            source.set("default", xml.get("id", ""))
        work.mend("id.again", xml, found=old)


def _long(work: Work) -> None:
    shorter: dict[str, str] = {}
    for xml in work.nodes():
        old = xml.get("id", "")
        if len(old) > LONGEST and old not in shorter:
            shorter[old] = work.fresh(plain(old)[: LONGEST - 10])
            work.mend("id.shortened", xml, found=old, value=shorter[old])
    for xml in work.root.iter() if shorter else ():
        for name, value in xml.attrib.items():
            if value in shorter:
                xml.set(name, shorter[str(value)])
        if local(xml) in LISTED and text(xml) in shorter:
            xml.text = shorter[text(xml)]
