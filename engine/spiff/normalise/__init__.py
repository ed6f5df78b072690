"""Diagrams drawn elsewhere, made ours: what is legal but unusual is mended, and everything that was done is said.

The rest of the file stays as it was: elements, extension elements of other programs, documentation and layout. What
cannot be mended is left for the linter to refuse by name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from engine.spiff import documents
from engine.spiff.drawings import BPMN, JIDI
from engine.spiff.normalise import called, choices, events, ids, repeats, structure, texts, vendors
from engine.spiff.normalise.work import FOREIGN, Mend, Work

__all__ = ["Mend", "Normalised", "export", "normalise"]

MOST = 2_000
ROOT = re.compile(r"<[^\s/>]+")
# References first, since everything else follows them; conditions before choices, since an empty one asks for one.
MENDERS: tuple[Callable[[Work], None], ...] = (
    ids.mend,
    vendors.mend,
    called.mend,
    structure.mend,
    events.mend,
    repeats.mend,
    texts.mend,
    choices.mend,
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """The file as it can be run, in UTF-8, and what was changed; the same text if nothing was."""

    body: bytes
    mended: tuple[Mend, ...]


def normalise(body: bytes) -> Normalised:
    """Mend a file; refuses only what is no safe XML. A second time changes nothing."""
    root = documents.parse(body)
    if root.tag != f"{{{BPMN}}}definitions":
        return Normalised(body, ())
    work = Work(documents.parse(_declared(body, root)))
    if sum(1 for _ in (*work.nodes(), *work.flows())) > MOST:
        return Normalised(body, ())  # the linter refuses it for its size
    for mender in MENDERS:
        mender(work)
    changed = any(mend.code != FOREIGN for mend in work.mends)
    return Normalised(export(work.root) if changed else body, tuple(work.mends))


def export(root: etree._Element) -> bytes:
    """The file of a tree, with what stands before and behind its root; in UTF-8."""
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _declared(body: bytes, root: etree._Element) -> bytes:
    """The text with our own prefix on its root, so that our attributes read as ours; its lines stay where they are."""
    text = documents.undeclared(documents.read(body))
    name = ROOT.match(text, documents.prolog(text))
    if name is None or JIDI in root.nsmap.values() or "jidi" in root.nsmap:
        return body
    return f'{text[: name.end()]} xmlns:jidi="{JIDI}"{text[name.end() :]}'.encode()
