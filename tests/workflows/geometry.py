"""What a BPMN drawing looks like: shapes, lines and the lanes they lie in, for the tests that hold it readable."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engine.spiff import documents

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
DRAWN = (
    "participant",
    "lane",
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateCatchEvent",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "exclusiveGateway",
    "parallelGateway",
    "subProcess",
    "callActivity",
    "sendTask",
    "sequenceFlow",
)

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, other: "Box") -> bool:
        """Whether the other one lies wholly in this one."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.width <= self.x + self.width
            and other.y + other.height <= self.y + self.height
        )

    def overlaps(self, other: "Box") -> bool:
        """Whether they share more than an edge."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class Drawn:
    """The graphics of one file."""

    elements: dict[str, Any]
    shapes: dict[str, Box]
    labels: dict[str, Box]
    lines: dict[str, list[Point]]
    lanes: dict[str, str]

    def segments(self) -> Iterator[tuple[str, Point, Point]]:
        """Every straight piece of every line."""
        for flow, points in self.lines.items():
            yield from ((flow, first, second) for first, second in pairwise(points))


def read(body: bytes) -> Drawn:
    """The graphics of a diagram."""
    root = documents.parse(body)
    elements = {each.get("id"): each for tag in DRAWN for each in root.iter(BPMN + tag)}
    shapes = {each.get("bpmnElement"): _box(each.find(DC + "Bounds")) for each in root.iter(BPMNDI + "BPMNShape")}
    lines = {
        each.get("bpmnElement"): [(float(at.get("x")), float(at.get("y"))) for at in each.findall(DI + "waypoint")]
        for each in root.iter(BPMNDI + "BPMNEdge")
    }
    labels = {
        label.getparent().get("bpmnElement"): _box(label.find(DC + "Bounds"))
        for label in root.iter(BPMNDI + "BPMNLabel")
    }
    lanes = {
        reference.text: lane.get("id")
        for lane in root.iter(BPMN + "lane")
        for reference in lane.findall(BPMN + "flowNodeRef")
    }
    return Drawn(elements, shapes, labels, lines, lanes)


def meet(first: tuple[Point, Point], second: tuple[Point, Point]) -> bool:
    """Whether two upright or level pieces touch or cross."""
    one, other = _span(*first), _span(*second)
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def passes_through(piece: tuple[Point, Point], box: Box) -> bool:
    """Whether an upright or level piece runs through the inside of a box."""
    left, top, right, bottom = _span(*piece)
    return box.x < right and left < box.x + box.width and box.y < bottom and top < box.y + box.height


def _span(first: Point, second: Point) -> tuple[float, float, float, float]:
    (a, b), (c, d) = first, second
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _box(bounds: Any) -> Box:
    return Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))
