"""Small forms for tests."""

import json
from typing import Any

from engine.forms import Form, FormContext, Read, load, read

CONTEXT = FormContext(year=2025)


def body(*fields: dict[str, Any], **facts: Any) -> bytes:
    """The file of a form with these fields in one section; a label is added where one is missing."""
    labelled = [{"label": "标签", **field} for field in fields]
    return json.dumps({"title": "表", "sections": [{"title": "一", "fields": labelled}], **facts}).encode()


def form(*fields: dict[str, Any], **facts: Any) -> Form:
    """A form with these fields in one section."""
    return load(body(*fields, **facts))


def field(kind: str, name: str = "x", **options: Any) -> dict[str, Any]:
    """One field."""
    return {"name": name, "type": kind, **options}


def sent(what: Form, **raw: Any) -> Read:
    """What comes of sending this."""
    return read(what, raw, CONTEXT)


def wrong(found: Read) -> list[tuple[str, str]]:
    """Where and why it stops."""
    return [(each.path, each.code) for each in found.errors]
