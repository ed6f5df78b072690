"""Whether a diagram drawn elsewhere runs here: mended, checked, compiled, started, and written out again unchanged."""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.spiff import diagrams, documents, drawings, dry, lint, second_reading, soundness
from engine.spiff.drawings import Drawing
from engine.spiff.lint import Finding
from engine.spiff.normalise import Mend, export, normalise
from ground.errors import Refused


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file; it runs if nothing refused it."""

    mended: tuple[Mend, ...] = ()
    refused: tuple[Finding, ...] = ()
    changed: bool = False  # whether what was read, written and read again differs, in canonical XML
    misread: tuple[str, ...] = ()  # what the compiled diagram says otherwise than the file; found by a second reading

    @property
    def runs(self) -> bool:
        """Whether every process of the file starts and comes to a wait or its end."""
        return not self.refused


def judge(body: bytes) -> Verdict:
    """Try one file; whatever stands in it, it is an answer and no exception."""
    try:
        changed = canonical(export(documents.parse(body))) != canonical(body)
        normal = normalise(body)
        processes = _processes(normal.body)
    except Refused as refused:
        return Verdict(refused=(_finding(refused.code, **refused.detail),))
    every = {each.id: each for each in processes}
    found = [finding for each in processes for finding in lint.looked(each, every) if finding.severity == "error"]
    found = found or [finding for each in processes for finding in (*_unsound(each), *_first_move(each))]
    if found:
        return Verdict(normal.mended, tuple(found), changed)
    touched = {str(each) for mend in normal.mended for each in (mend.element, *mend.params.values())}
    misread = second_reading.misread(normal.body, [diagrams.build(each) for each in processes])
    misread += second_reading.changed(body, normal.body, touched)
    return Verdict(normal.mended, (), changed, tuple(misread))


def canonical(body: bytes) -> tuple[str, list[dict[str | None, str]]]:
    """The file in canonical XML (C14N 2.0): elements, attributes, texts and comments, whatever their spelling.

    Beside it the prefixes that hold at each element, since types and references in texts use them.
    """
    root = documents.parse(body)
    written = etree.canonicalize(documents.undeclared(documents.read(body)), with_comments=True)
    return written, [each.nsmap for each in root.iter()]


def _processes(body: bytes) -> list[Drawing]:
    """Every process with something in it; a pool may well be an empty box, but not all of them."""
    first = drawings.read(body)
    found = [each for each in (first, *drawings.beside(first).values()) if each.nodes or each.flows]
    if not found:
        raise drawings.NoProcess
    return found


def _unsound(drawing: Drawing) -> list[Finding]:
    """What would be refused at publication because no run of it can end."""
    return [finding for finding in soundness.findings("", diagrams.build(drawing)) if finding.severity == "error"]


def _first_move(drawing: Drawing) -> list[Finding]:
    stuck = dry.start(diagrams.build(drawing))
    return [] if stuck is None else [_finding(stuck.code, **stuck.detail)]


def _finding(code: str, **detail: Any) -> Finding:
    return Finding(code, "error", "", f"{detail.pop('element', '')}" or None, 0, detail)
