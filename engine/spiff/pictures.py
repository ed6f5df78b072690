"""The picture of a diagram as a browser has drawn it, stripped of all that is not drawing, to be printed.

What comes is somebody's upload: no script, no picture from elsewhere and nothing that leads outside is left in it.
"""

import re

from lxml import etree

from ground.errors import Refused

SVG = "{http://www.w3.org/2000/svg}"
DRAWING = frozenset(
    SVG + name
    for name in (
        "svg", "g", "defs", "marker", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
        "text", "tspan",
    )
)  # fmt: skip
HREF = re.compile(r"(^|\})href$")
OUTSIDE = re.compile(r"url\(\s*(?!['\"]?#)", re.IGNORECASE)
FONT = "Noto Serif SC"


class NoPicture(Refused):
    """What was sent is no drawing."""

    code = "printing.no_picture"
    status = 422


def drawing(body: bytes) -> str:
    """Only what draws, in the house's own font: no script, no picture from elsewhere, nothing that leads outside."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as no:
        raise NoPicture from no
    if root.tag != SVG + "svg":
        raise NoPicture
    for element in list(root.iter()):
        if element.tag not in DRAWING:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name, value in list(element.attrib.items()):
            if name.lower().startswith("on") or HREF.search(name) or OUTSIDE.search(value):
                del element.attrib[name]
        if "style" in element.attrib:
            element.set("style", re.sub(r"font-family:[^;]*", f"font-family: {FONT}", element.get("style", "")))
        if "font-family" in element.attrib:
            element.set("font-family", FONT)
    return etree.tostring(root, encoding="unicode")
