"""Whether a diagram drawn elsewhere runs here: mended, checked, compiled, started, and written out again unchanged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.spiff import diagrams, documents, drawings, dry, lint
from engine.spiff.drawings import Drawing
from engine.spiff.lint import Finding
from engine.spiff.normalise import Mend, export, normalise
from ground.errors import Refused


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file; it runs if nothing refused it."""

    mended: tuple[Mend, ...]
    refused: tuple[Finding, ...]
    unchanged: bool  # what was read, written and read again is the same, in canonical XML

    @property
    def runs(self) -> bool:
        """Whether every process of the file starts and comes to a wait or its end."""
        return not self.refused


def judge(body: bytes) -> Verdict:
    """Try one file; whatever stands in it, it is an answer and no exception."""
    try:
        unchanged = canonical(export(documents.parse(body))) == canonical(body)
        normal = normalise(body)
    except Refused as refused:
        return Verdict((), (_finding(refused.code, **refused.detail),), unchanged=True)  # it was never taken in
    processes = [each for each in _processes(normal.body) if each.nodes]
    found = [finding for each in processes for finding in _faults(each, {other.id: other for other in processes})]
    if not processes:
        found = [_finding("bpmn.no_process")]
    return Verdict(normal.mended, tuple(found), unchanged=unchanged)


def canonical(body: bytes) -> tuple[str, list[dict[str | None, str]]]:
    """The file in canonical XML (C14N 2.0): elements, attributes, texts and comments, whatever their spelling.

    Beside it the prefixes that hold at each element, since types and references in texts use them.
    """
    root = documents.parse(body)
    written = etree.canonicalize(documents.undeclared(documents.read(body)), with_comments=True)
    return written, [each.nsmap for each in root.iter()]


def _processes(body: bytes) -> list[Drawing]:
    try:
        first = drawings.read(body)
    except drawings.NoProcess:
        return []
    return [first, *drawings.beside(first).values()]


def _faults(drawing: Drawing, every: Mapping[str, Drawing]) -> list[Finding]:
    """What refuses one process: the linter, or a first move that comes to nothing."""
    errors = [finding for finding in lint.looked(drawing, every) if finding.severity == "error"]
    stuck = None if errors else dry.start(diagrams.build(drawing))
    return errors if stuck is None else [_finding(stuck.code, **stuck.detail)]


def _finding(code: str, **detail: Any) -> Finding:
    return Finding(code, "error", "", f"{detail.pop('element', '')}" or None, 0, detail)
