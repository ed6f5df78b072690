"""What differs between two drawings of one process: shapes added, removed, changed in their words, or moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.spiff import documents
from engine.spiff.drawings import BPMN, JIDI, KINDS, local

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
DRAWN = frozenset(KINDS) | {"sequenceFlow", "lane", "participant", "textAnnotation"}
# Said at the flow already, or worked out from it.
UNSAID = frozenset({"incoming", "outgoing", "flowNodeRef"})
NAMED = frozenset({"messageRef", "errorRef", "escalationRef", "signalRef"})
# What a modeler leaves out or writes as it likes: it means the same.
DEFAULTS = {"cancelActivity": "true", "isInterrupting": "true", "isSequential": "false", "triggeredByEvent": "false"}
NEAR = 2.0  # a shape that was nudged by less has not moved


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape or flow: what it says, by field, and where it stands."""

    id: str
    tag: str
    name: str
    says: Mapping[str, str]
    place: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: of a changed shape one for each field, with what stood there before and what stands there now."""

    kind: str
    id: str
    tag: str
    name: str
    field: str = ""
    before: str = ""
    after: str = ""


def changes(before: bytes, after: bytes) -> list[Change]:
    """In the order of the newer drawing, what was removed last; DocumentRefused for what is no drawing at all."""
    old, new = shapes(before), shapes(after)
    found: list[Change] = []
    for id_, shape in new.items():
        known = old.get(id_)
        found += _of(known, shape) if known else [Change(ADDED, id_, shape.tag, shape.name)]
    return found + [Change(REMOVED, id_, each.tag, each.name) for id_, each in old.items() if id_ not in new]


def shapes(body: bytes) -> dict[str, Shape]:
    """Every shape and flow of a drawing by its id, in the order of the file."""
    root = documents.parse(body)
    places = dict(_places(root))
    names = {each.get("id", ""): each.get("name", "") for each in root if each.get("id")}
    every = (each for each in root.iter() if isinstance(each.tag, str) and _drawn(each))
    return {each.get("id", ""): _shape(each, names, places) for each in every if each.get("id")}


def _drawn(xml: etree._Element) -> bool:
    return xml.tag.startswith(f"{{{BPMN}}}") and local(xml) in DRAWN


def _shape(xml: etree._Element, names: Mapping[str, str], places: Mapping[str, tuple[float, ...]]) -> Shape:
    id_ = xml.get("id", "")
    says = dict(_attributes(xml, ""))
    says.update(_below(xml, "", names))
    says.pop("id", None)
    says = {field: value for field, value in says.items() if DEFAULTS.get(field.rpartition(".")[2]) != value}
    return Shape(id_, local(xml), says.pop("name", ""), says, places.get(id_, ()))


def _attributes(xml: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    for key, value in xml.attrib.items():
        space, _, name = str(key).rpartition("}")
        if name not in {"id", "type"} or (name == "id" and not path):
            yield f"{path}{'jidi:' if space == f'{{{JIDI}' else ''}{name}", str(value)


def _below(xml: etree._Element, path: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What hangs below a shape and is no shape itself, each under the names on the way to it."""
    for each in xml:
        tag: Any = each.tag
        if not isinstance(tag, str) or local(each) in UNSAID or _drawn(each):
            continue
        step = f"{path}{local(each)}"
        if tag.startswith(f"{{{JIDI}}}"):
            yield f"{step}:{each.get('name', '')}", each.get("value", "")
            continue
        text = (each.text or "").strip()
        if text:
            yield step, names.get(text, text) if local(each) in NAMED else text
        for name, value in _attributes(each, f"{step}."):
            yield name, names.get(value, value) if name.rpartition(".")[2] in NAMED else value
        yield from _below(each, f"{step}.", names)


def _places(root: etree._Element) -> Iterator[tuple[str, tuple[float, ...]]]:
    for each in root.iter(f"{{{DI}}}BPMNShape"):
        bounds = each.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            yield (
                each.get("bpmnElement", ""),
                tuple(_number(bounds.get(side)) for side in ("x", "y", "width", "height")),
            )


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _of(before: Shape, after: Shape) -> list[Change]:
    old = {"tag": before.tag, "name": before.name, **before.says}
    new = {"tag": after.tag, "name": after.name, **after.says}
    fields = [*new, *(each for each in old if each not in new)]
    found = [
        Change(CHANGED, after.id, after.tag, after.name or before.name, each, old.get(each, ""), new.get(each, ""))
        for each in fields
        if old.get(each, "") != new.get(each, "")
    ]
    return found or ([Change(MOVED, after.id, after.tag, after.name)] if _moved(before.place, after.place) else [])


def _moved(before: tuple[float, ...], after: tuple[float, ...]) -> bool:
    return any(abs(a - b) >= NEAR for a, b in zip(before, after, strict=False))
