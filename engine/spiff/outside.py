"""Whether a diagram drawn elsewhere runs here: mended, checked, compiled, started, and written out again unchanged."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lxml import etree

from engine.spiff import diagrams, documents, drawings, dry, lint, second_reading, soundness
from engine.spiff.diagrams import Diagram, Linking
from engine.spiff.drawings import Drawing
from engine.spiff.lint import Finding, calls
from engine.spiff.normalise import Mend, export, normalise
from ground.errors import Refused

NONE: Mapping[str, Drawing] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file; it runs if nothing refused it."""

    mended: tuple[Mend, ...] = ()
    refused: tuple[Finding, ...] = ()
    changed: bool = False  # whether what was read, written and read again differs, in canonical XML
    misread: tuple[str, ...] = ()  # what the compiled diagram says otherwise than the file; found by a second reading
    called: tuple[str, ...] = ()  # the processes of other files with which it was tried

    @property
    def runs(self) -> bool:
        """Whether every process of the file starts and comes to a wait or its end."""
        return not self.refused


def judge(body: bytes, others: Mapping[str, Drawing] = NONE) -> Verdict:
    """Try one file; whatever stands in it, it is an answer and no exception.

    What it calls and does not have itself is taken from `others`, the processes of other files by id, and tried too.
    """
    try:
        changed = canonical(export(documents.parse(body))) != canonical(body)
        normal = normalise(body)
        own = _of_file(normal.body)
    except Refused as refused:
        return Verdict(refused=(_finding(refused.code, **refused.detail),))
    every = {**others, **{each.id: each for each in own}}
    called = _reached(own, every)
    found = [one for each in (*own, *called) for one in lint.looked(each, every) if one.severity == "error"]
    if not found:
        linking = Linking(every, diagrams.NO_CALLS, "", "")
        built = [linking.diagram(each, each.id, ()) for each in own]
        found = [one for each in built for one in (*_unsound(each), *_first_move(each))]
    names = tuple(each.id for each in called)
    if found:
        return Verdict(normal.mended, tuple(found), changed, called=names)
    touched = {str(each) for mend in normal.mended for each in (mend.element, *mend.params.values())}
    misread = second_reading.misread(normal.body, built) + second_reading.changed(body, normal.body, touched)
    return Verdict(normal.mended, (), changed, tuple(misread), names)


def processes(body: bytes) -> list[Drawing]:
    """The processes of a file as it is mended, for other files to call; Refused if it cannot be read."""
    return _of_file(normalise(body).body)


def canonical(body: bytes) -> tuple[str, list[dict[str | None, str]]]:
    """The file in canonical XML (C14N 2.0): elements, attributes, texts and comments, whatever their spelling.

    Beside it the prefixes that hold at each element, since types and references in texts use them.
    """
    root = documents.parse(body)
    written = etree.canonicalize(documents.undeclared(documents.read(body)), with_comments=True)
    return written, [each.nsmap for each in root.iter()]


def _of_file(body: bytes) -> list[Drawing]:
    """Every process with something in it; a pool may well be an empty box, but not all of them."""
    first = drawings.read(body)
    found = [each for each in (first, *drawings.beside(first).values()) if each.nodes or each.flows]
    if not found:
        raise drawings.NoProcess
    return found


def _reached(own: list[Drawing], every: Mapping[str, Drawing]) -> list[Drawing]:
    """The processes of other files that these call, also through one another."""
    mine = {each.id for each in own}
    found = {each.id: each for one in own for each in calls.reached(one, every)}
    return [each for id_, each in found.items() if id_ not in mine]


def _unsound(diagram: Diagram) -> list[Finding]:
    """What would be refused at publication because no run of it can end."""
    return [finding for finding in soundness.findings("", diagram) if finding.severity == "error"]


def _first_move(diagram: Diagram) -> list[Finding]:
    stuck = dry.start(diagram)
    return [] if stuck is None else [_finding(stuck.code, **stuck.detail)]


def _finding(code: str, **detail: Any) -> Finding:
    return Finding(code, "error", "", f"{detail.pop('element', '')}" or None, 0, detail)
