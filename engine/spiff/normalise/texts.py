"""Every expression of a file in our language: read as it is, translated, or named as foreign."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.spiff.drawings import BPMN, local
from engine.spiff.expressions import compile_expression, unwrap
from engine.spiff.languages import OURS, kind
from engine.spiff.lint.findings import words
from engine.spiff.lint.texts import EXPRESSIONS
from engine.spiff.normalise.reading import translate
from engine.spiff.normalise.tokens import FEEL, JUEL, LOOSE, Foreign
from engine.spiff.normalise.work import Work, plain, text
from engine.spiff.timers import LITERAL, QUOTED
from ground.errors import Refused

MOMENTS = words("timeDate timeDuration")
DATA = re.compile(r"""(getData(?:Object|Input|Output)\(\s*["'])([^"']*)""")
CLOUD = "Camunda Cloud"
# jBPM's conditions are the body of a method. A single value compared with numbers, by `equals` and by its own truth
# says the same in JUEL; Java compares texts by identity and divides whole numbers down.
RETURNED = re.compile(r"return\b\s*([^;]+?)\s*;?\s*")
OTHERWISE = re.compile(r"""/|[=!]=\s*["']|["']\s*[=!]=""")


def mend(work: Work) -> None:
    """Conditions, counts and moments of every process."""
    for xml in list(_expressions(work)):
        if local(xml).startswith("time") and iso(text(xml)):
            continue
        try:
            found = ours(work, text(xml), xml.get("language"))
        except Foreign as foreign:
            _foreign(work, xml, foreign)
            continue
        if found != text(xml) or xml.get("language") not in {None, OURS}:
            work.mend("expression.translated", xml, found=text(xml), text=found)
            say(work, xml, found)


def say(work: Work, xml: etree._Element, said: str) -> None:
    """Write a text of ours, and that it is ours where the file or the element says another language."""
    xml.text = said
    if xml.get("language") or _spoken(work, "", None):
        xml.set("language", OURS)


def _foreign(work: Work, xml: etree._Element, foreign: Foreign) -> None:
    """Prose that only repeats what is written on the flow is no condition; anything else is named."""
    flow = xml.getparent()
    if flow is not None and local(xml) == "conditionExpression" and _label(text(xml)) == _label(flow.get("name", "")):
        flow.remove(xml)
        work.mend("condition.label_dropped", flow, found=text(xml))
    else:
        work.foreign(xml, foreign)


def _label(said: str) -> str:
    return " ".join(said.split()).casefold()


def ours(work: Work, source: str, declared: str | None = None) -> str:
    """The same in our language, or the text itself if it reads the same there; Foreign if it cannot be said."""
    # BPMN's data functions take a name, and some modelers give them an id (BPMN 2.0.2 §10.4.3).
    bare = DATA.sub(
        lambda found: found.group(1) + plain(work.data.get(found.group(2)) or found.group(2)), unwrap(source)
    )
    language = _spoken(work, source, declared)
    if language == OURS or (not language and _compiles(bare)):
        return source.strip()
    if language in {"java", "mvel"}:
        bare, language = _returned(source, language), JUEL
    if language == "xpath":
        language = LOOSE
    if language not in {JUEL, FEEL, LOOSE, ""}:
        raise Foreign(source, language)
    found = translate(bare, language or LOOSE)
    return source.strip() if found == unwrap(source) else found


def _returned(source: str, language: str) -> str:
    """What a method of one `return` gives back, where JUEL reckons it alike."""
    found = RETURNED.fullmatch(source.strip())
    if found is None or OTHERWISE.search(found.group(1)):
        raise Foreign(source, language)
    return found.group(1)


def _spoken(work: Work, source: str, declared: str | None) -> str:
    """The language of a text; of XPath for the whole file, which every modeler writes by default, nothing follows."""
    start = source.lstrip()[:2]
    if start in {"${", "#{"}:
        return JUEL
    if declared:
        return kind(declared)
    platform = next((value for key, value in work.root.attrib.items() if str(key).endswith("executionPlatform")), "")
    feel = (start[:1] == "=" and start != "==") or platform == CLOUD
    return FEEL if feel or kind(work.root.get("expressionLanguage") or "") == FEEL else ""


def _expressions(work: Work) -> Iterator[etree._Element]:
    for process in work.root.findall(f"{{{BPMN}}}process"):
        for xml in process.iter(f"{{{BPMN}}}*"):
            if local(xml) in EXPRESSIONS | MOMENTS and text(xml):
                yield xml


def iso(source: str) -> bool:
    """Whether a text is a moment or a span in ISO 8601, which is the same in every language."""
    bare = unwrap(source)
    quoted = QUOTED.fullmatch(bare)
    return LITERAL.match(quoted.group(2) if quoted else bare) is not None


def _compiles(source: str) -> bool:
    try:
        compile_expression(source)
    except Refused:
        return False
    return True
