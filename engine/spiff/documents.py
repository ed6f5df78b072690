"""XML that comes from outside, read safely: no document types, no entities, no network, and limits on everything.

UTF-8, UTF-16 with its mark, GB18030, ASCII and the Latin alphabets of older modelers are read; every other encoding is
refused by name. What is stored afterwards is the same text in UTF-8.
"""

import codecs
import re
from typing import Any

from lxml import etree

from ground.errors import Refused

BYTES = 1_000_000
DEPTH = 100
ATTRIBUTES = 50
NODES = 20_000

DECLARATION = re.compile(r"""<\?xml(?:[^?>]*?\sencoding\s*=\s*["']([^"']*)["'])?[^?>]*\?>""")
PROLOG = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso8859-15",
    "windows-1252": "cp1252",
}
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"+/v", ""),
)


class DocumentRefused(Refused):
    """This is not XML that we read."""

    code = "xml.refused"
    status = 422


class TooLarge(DocumentRefused):
    """The file is over its limit in bytes."""

    code = "xml.too_large"
    status = 413


class Encoding(DocumentRefused):
    """The file's encoding is unknown, not allowed, or not the one that it names."""

    code = "xml.encoding"


class DtdForbidden(DocumentRefused):
    """The file declares a document type, the door to entities and other files."""

    code = "xml.dtd_forbidden"


class Malformed(DocumentRefused):
    """The file is not well-formed XML."""

    code = "xml.malformed"


class TooDeep(DocumentRefused):
    """Elements are nested deeper than any diagram needs."""

    code = "xml.too_deep"


class TooMany(DocumentRefused):
    """There are more elements, or more attributes on one of them, than any diagram needs."""

    code = "xml.too_many"


def parse(body: bytes) -> etree._Element:
    """The root element, or a refusal that says why; nothing outside `body` is ever read."""
    text = read(body)
    if text.startswith("<!DOCTYPE", prolog(text)):
        raise DtdForbidden
    root: etree._Element
    try:
        root = etree.fromstring(undeclared(text).encode(), _parser())
    except etree.XMLSyntaxError as error:
        raise _why(error) from None
    _measure(root)
    return root


def read(body: bytes) -> str:
    """The text of a file, NFC or not, as it was written; only its encoding is settled."""
    if len(body) > BYTES:
        raise TooLarge(most=BYTES)
    if not body.strip():
        raise Malformed(reason="empty")
    text = _decoded(body)
    if "\0" in text:
        raise Malformed(reason="nul")
    return text


def undeclared(text: str) -> str:
    """The text without its XML declaration, whose line breaks stay, so that line numbers remain those of the file."""
    declared = DECLARATION.match(text)
    return text if declared is None else "\n" * declared.group().count("\n") + text[declared.end() :]


def prolog(text: str) -> int:
    """How many characters stand before the root element."""
    found = PROLOG.match(text)
    return found.end() if found else 0


def _decoded(body: bytes) -> str:
    for mark, codec in MARKS:
        if body.startswith(mark):
            if not codec:
                raise Encoding(found=mark.hex())
            return _decode(body[len(mark) :], codec)
    head = body[:200].decode("latin-1")
    declared = DECLARATION.match(head)
    named = (declared.group(1) if declared else None) or "utf-8"
    codec = CODECS.get(named.lower(), "")
    if not codec:
        raise Encoding(found=named[:40])
    return _decode(body, codec)


def _decode(body: bytes, codec: str) -> str:
    try:
        return body.decode(codec)
    except UnicodeDecodeError as error:
        raise Encoding(found=codec, at=error.start) from None


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_pis=True
    )


def _why(error: etree.XMLSyntaxError) -> DocumentRefused:
    line = error.lineno or 0
    if "depth" in (error.msg or ""):
        return TooDeep(most=DEPTH, line=line)
    return Malformed(reason="syntax", line=line)


def _measure(root: etree._Element) -> None:
    """Walk the tree without recursion; stop at the first thing that is over a limit."""
    nodes = 0
    level: list[etree._Element] = [root]
    depth = 1
    while level:
        nodes += len(level)
        if depth > DEPTH:
            raise TooDeep(most=DEPTH, line=level[0].sourceline)
        if nodes > NODES:
            raise TooMany(what="elements", most=NODES)
        for node in level:
            if len(node.attrib) > ATTRIBUTES:
                raise TooMany(what="attributes", most=ATTRIBUTES, line=node.sourceline)
        level = [child for node in level for child in node]
        depth += 1
